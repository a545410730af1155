/** `segur judge RUN`: judge a recording again, offline. */
import { conclude } from "../conclusion.js";
import { judgeRun } from "../judgement.js";
import type { ExitCode, Lang } from "../output.js";
import { findRun } from "../run-folder.js";
import { openSuite } from "../suite.js";

export interface JudgeOptions {
  readonly json?: boolean;
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
}

export function judge(run: string, options: JudgeOptions): ExitCode {
  const suite = openSuite();
  const judged = judgeRun(findRun(run), suite, (check, error) =>
    process.stderr.write(`! ${check}: ${String(error)}\n`),
  );
  return conclude(judged, suite, options);
}
