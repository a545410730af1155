/** `segur judge RUN`: judge a recording again, offline. */
import { openBaseline } from "../baseline.js";
import { conclude } from "../conclusion.js";
import { judgeRun } from "../judgement.js";
import { openOfficial } from "../official/judge.js";
import { judgeToldRun } from "../official/run.js";
import { type ExitCode, type Lang, progressOn } from "../output.js";
import { findRun } from "../run-folder.js";
import { openToldSuite } from "../suite.js";

export interface JudgeOptions {
  readonly json?: boolean;
  /** Folder of a rule pack. */
  readonly specs?: string;
  /** File of trusted keys, to name the signer of the pack. */
  readonly trust?: string;
  /** File of known failures, and where to write a first one. */
  readonly baseline?: string;
  readonly writeBaseline?: string;
  /** Folder of a checkout of the agency's rules; official.json is then written beside result.json. */
  readonly official?: string;
  /** File name of the volet of that checkout to judge by. */
  readonly volet?: string;
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
}

export function judge(run: string, options: JudgeOptions): ExitCode {
  const suite = openToldSuite(options);
  const known = openBaseline(options, suite);
  const official = openOfficial(options);
  const judged = judgeRun(findRun(run), suite, (check, error) =>
    process.stderr.write(`! ${check}: ${String(error)}\n`),
  );
  if (official) judgeToldRun(judged, official, progressOn(process.stderr), options.lang);
  return conclude(judged, suite, { ...options, known });
}
