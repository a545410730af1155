/** `segur specs diff OLD NEW`: what another list of requirements changes, and what a run would be worth under it. Writes nothing. */
import { canonicalJson } from "../../core/model/index.js";
import type { ExitCode, Lang } from "../output.js";
import { findRun } from "../run-folder.js";
import { diffSpecs } from "../specs/diff.js";
import { openSide } from "../specs/side.js";
import { openSuite } from "../suite.js";
import { specsDiffText } from "../words/specs-diff.js";

export interface SpecsDiffOptions {
  /** Folder of a run, its name, or `last`. */
  readonly run?: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

/** 0 whenever it worked: a difference is no failure. */
export function specsDiff(before: string, after: string, options: SpecsDiffOptions): ExitCode {
  const own = openSuite();
  const run = options.run === undefined ? null : findRun(options.run);
  const found = diffSpecs(openSide(before, own), openSide(after, own), own, run, (check, error) =>
    process.stderr.write(`! ${check}: ${String(error)}\n`),
  );
  process.stdout.write(options.json ? canonicalJson(found) : specsDiffText(found, options.lang));
  return 0;
}
