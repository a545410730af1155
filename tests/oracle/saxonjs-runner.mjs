// Runs one compiled style sheet of SaxonJS on documents: `node saxonjs-runner.mjs JOBS`, where JOBS is { folder, sef, documents:
// [{ file, out }] }. Answers { milliseconds: [number or null when it failed], peakRss: bytes }.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const { folder, sef, documents } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const SaxonJS = createRequire(`${folder}/`)("saxon-js");
const stylesheetText = readFileSync(sef, "utf8");
const stylesheetInternal = JSON.parse(stylesheetText);
const milliseconds = [];
for (const { file, out } of documents) {
  const started = performance.now();
  try {
    const result = SaxonJS.transform({
      stylesheetInternal,
      stylesheetBaseURI: `file://${sef}`,
      sourceFileName: file,
      destination: "serialized",
      logLevel: 0,
    });
    milliseconds.push(performance.now() - started);
    if (out) writeFileSync(out, result.principalResult);
  } catch {
    milliseconds.push(null);
  }
}
process.stdout.write(JSON.stringify({ milliseconds, peakRss: process.resourceUsage().maxRSS * 1024 }));
