/** The end common to demo, run and judge: write the renderings, print the summary, give the exit code. */

import { canonicalJson } from "../core/model/index.js";
import { baselineSummary } from "../reports/baseline.js";
import { visible } from "../reports/safe.js";
import { type Baseline, coverExitCode } from "./baseline.js";
import { exitCodeOf, type Judged } from "./judgement.js";
import { type ExitCode, type Lang, wantsColor } from "./output.js";
import { type RenderOptions, renderRun } from "./rendering.js";
import { writeFileAtomic } from "./run-folder.js";
import type { Suite } from "./suite.js";

export interface ConcludeOptions {
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
  readonly json?: boolean;
  /** Known failures to set against the result, read before the run. */
  readonly known?: Baseline;
}

export function conclude(judged: Judged, suite: Suite, options: ConcludeOptions): ExitCode {
  const { folder } = judged;
  const cover = options.known?.cover(judged.result) ?? null;
  const common = { lang: options.lang, gate: options.gate, baseline: cover };
  writeRenderings(judged, suite, common);
  if (options.json) process.stdout.write(canonicalJson(judged.result));
  else process.stdout.write(renderRun(judged, suite, { ...common, format: "text", color: wantsColor(process.stdout) }));
  if (options.json && cover) process.stderr.write(baselineSummary(cover, options.lang));
  const words = WORDS[options.lang];
  process.stderr.write(`${words.report} ${folder.file("report.html")}\n`);
  const written = options.known?.write(judged.result) ?? null;
  if (written) process.stderr.write(`${words.written} ${visible(written)}\n`);
  return cover ? coverExitCode(cover.gate) : exitCodeOf(judged.result, options.gate);
}

/** The files beside result.json. */
export function writeRenderings(judged: Judged, suite: Suite, common: Omit<RenderOptions, "format">): void {
  const { folder } = judged;
  writeFileAtomic(folder.file("report.html"), renderRun(judged, suite, { ...common, format: "html" }));
  writeFileAtomic(folder.file("junit.xml"), renderRun(judged, suite, { ...common, format: "junit" }));
  writeFileAtomic(folder.file("summary.md"), renderRun(judged, suite, { ...common, format: "markdown" }));
}

const WORDS = {
  fr: { report: "Rapport :", written: "Écarts connus écrits (donnez chaque raison) :" },
  en: { report: "Report:", written: "Known failures written (give each its reason):" },
} as const;
