/** `segur report RUN`: render again, from a fresh judgement of the recording. */
import { canonicalJson } from "../../core/model/index.js";
import type { ReportFormat } from "../../reports/index.js";
import { judgeRun } from "../judgement.js";
import { type ExitCode, type Lang, wantsColor } from "../output.js";
import { renderRun } from "../rendering.js";
import { findRun, writeFileAtomic } from "../run-folder.js";
import { openSuite } from "../suite.js";

export interface ReportOptions {
  readonly format: ReportFormat | "json";
  readonly output?: string;
  readonly mask?: boolean;
  /** Folder of a rule pack. */
  readonly specs?: string;
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
}

export function report(run: string, options: ReportOptions): ExitCode {
  const suite = openSuite(options);
  const judged = judgeRun(findRun(run), suite);
  const { format } = options;
  const text =
    format === "json"
      ? canonicalJson(judged.result)
      : renderRun(judged, suite, {
          format,
          lang: options.lang,
          gate: options.gate,
          mask: options.mask ?? false,
          color: format === "text" && !options.output && wantsColor(process.stdout),
        });
  // A masked page never replaces the full one of the run.
  const inRun = format === "html" ? judged.folder.file(options.mask ? "report-masked.html" : "report.html") : undefined;
  const file = options.output ?? inRun;
  if (file) {
    writeFileAtomic(file, text);
    process.stderr.write(`${file}\n`);
  } else process.stdout.write(text);
  return 0;
}
