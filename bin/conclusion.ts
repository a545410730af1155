/** The end common to demo, run and judge: write the renderings, print the summary, give the exit code. */

import { canonicalJson } from "../core/model/index.js";
import { exitCodeOf, type Judged } from "./judgement.js";
import { type ExitCode, type Lang, wantsColor } from "./output.js";
import { renderRun } from "./rendering.js";
import { writeFileAtomic } from "./run-folder.js";
import type { Suite } from "./suite.js";

export interface ConcludeOptions {
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
  readonly json?: boolean;
}

export function conclude(judged: Judged, suite: Suite, options: ConcludeOptions): ExitCode {
  const { folder } = judged;
  const common = { lang: options.lang, gate: options.gate };
  writeFileAtomic(folder.file("report.html"), renderRun(judged, suite, { ...common, format: "html" }));
  writeFileAtomic(folder.file("junit.xml"), renderRun(judged, suite, { ...common, format: "junit" }));
  writeFileAtomic(folder.file("summary.md"), renderRun(judged, suite, { ...common, format: "markdown" }));
  if (options.json) process.stdout.write(canonicalJson(judged.result));
  else process.stdout.write(renderRun(judged, suite, { ...common, format: "text", color: wantsColor(process.stdout) }));
  const label = options.lang === "fr" ? "Rapport :" : "Report:";
  process.stderr.write(`${label} ${folder.file("report.html")}\n`);
  return exitCodeOf(judged.result, options.gate);
}
