/**
 * `npm run official:examples -- DIR`: every example document of a checkout of the agency's rules, judged by those rules and by ours.
 * Fails when one of our blocking rules breaches a document that the official rules accept. Writes docs/tables/official-examples.md:
 * names of files, our codes and counts, no official text.
 */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { judgeFile, type JudgedFile } from "../../bin/commands/check.js";
import { openOfficialJudge } from "../../bin/official/judge.js";
import { openOfficialTree } from "../../bin/official/tree.js";
import { openSuite } from "../../bin/suite.js";
import type { OfficialLayer } from "../../core/model/index.js";

const [folder] = process.argv.slice(2);
if (!folder) {
  process.stderr.write(
    "official:examples: give the folder of a checkout of the agency's rules (docs/official-rules.md)\n",
  );
  process.exit(2);
}
const suite = openSuite();
const official = openOfficialJudge(openOfficialTree(folder));
const examples = path.join(folder, "ExemplesCDA");
const files = readdirSync(examples)
  .filter((name) => name.endsWith(".xml"))
  .sort();
const judged = files.map((name) => ({ name, file: judgeFile(path.join(examples, name), suite, "en", official) }));
official.dispose();

const state = ({ official: reports }: JudgedFile): string => reports?.[0]?.state ?? "no CDA";
const breaches = ({ findings }: JudgedFile) => findings.filter(({ weight }) => weight === "breach");
const codes = (findings: JudgedFile["findings"]): string =>
  [...new Set(findings.map(({ check, message }) => `${check} ${message}`))].join(", ");

function open(layers: readonly OfficialLayer[]): string {
  return layers
    .filter((layer) => layer.state === "failed" || (layer.state === "not_run" && layer.applies))
    .map(({ id, state: ended, failed, reason }) =>
      ended === "failed" ? `${id}: ${failed}` : `${id}: ${reason?.code ?? ""}`,
    )
    .join(", ");
}

function voletOf({ official: reports }: JudgedFile): string {
  const volet = reports?.[0]?.volet;
  if (!volet) return "";
  const short = (entry: string): string => entry.replace(/^.*\/(?:CI-SIS_)?/, "").replace(/\.sch$/, "");
  const passes = volet.passes.length > 0 ? `; passes ${volet.passes.map(short).join(", ")}` : "";
  return `${short(volet.entry)} (${volet.choice}${passes})`;
}

const wrong = judged.filter(({ file }) => state(file) === "accepted" && breaches(file).length > 0);
const count = (wanted: string): number => judged.filter(({ file }) => state(file) === wanted).length;
const remarks = new Map<string, number>();
for (const { file } of judged) {
  for (const { check, message, weight } of file.findings) {
    if (weight === "remark") remarks.set(`${check} ${message}`, (remarks.get(`${check} ${message}`) ?? 0) + 1);
  }
}
const accepted = judged.filter(({ file }) => state(file) === "accepted" && file.findings.length === 0);
const lines = [
  "# Official example documents",
  "",
  `Written by \`npm run official:examples -- DIR\` on ${new Date().toISOString().slice(0, 10)}. Rules of digest`,
  `\`${official.tree.facts.digest}\`${official.tree.facts.commit ? `, commit \`${official.tree.facts.commit}\`` : ""}; rule set of ours \`${suite.ruleSet.slice(0, 16)}\`.`,
  "",
  `${judged.length} documents: ${count("accepted")} accepted by the official rules, ${count("rejected")} rejected, ${count("incomplete")} incomplete.`,
  `Accepted documents with a breach of ours: ${wrong.length}. Accepted and without any finding of ours: ${accepted.length}, not listed below.`,
  "",
  "| document | official | layers | volet | our breaches | our remarks |",
  "|---|---|---|---|---|---|",
  ...judged
    .filter((one) => !accepted.includes(one))
    .map(
      ({ name, file }) =>
        `| ${name} | ${state(file)} | ${open(file.official?.[0]?.layers ?? [])} | ${voletOf(file)} | ${codes(breaches(file))} | ${codes(file.findings.filter(({ weight }) => weight === "remark"))} |`,
    ),
  "",
  "## Remarks of ours",
  "",
  "A remark changes no verdict: its rule is not established well enough to be a breach, or the document is odd and allowed.",
  "",
  "| message | findings |",
  "|---|---|",
  ...[...remarks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([message, findings]) => `| ${message} | ${findings} |`),
  "",
];
const table = path.join(suite.root, "docs", "tables", "official-examples.md");
writeFileSync(table, lines.join("\n"));
process.stdout.write(`${table}\n`);
for (const { name, file } of wrong) process.stderr.write(`! ${name}: ${codes(breaches(file))}\n`);
process.exit(wrong.length > 0 ? 1 : 0);
