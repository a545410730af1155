/** Mistakes in the files people write: what, where (file, line, path inside it) and the mend. All are told in one go. */
import { byCodeUnit, SuiteError, type SuiteErrorCode } from "../model/index.js";

export interface Problem {
  readonly what: string;
  /** `file:line:column (path.in.yaml)`. */
  readonly where: string;
  readonly mend: string;
}

/** A SuiteError for one or more mistakes; a printer that only knows `message`, `where` and `mend` shows them all. */
export class MistakesError extends SuiteError {
  readonly problems: readonly Problem[];
  constructor(code: SuiteErrorCode, found: readonly Problem[]) {
    const problems = [...found].sort(byPlace);
    const [first] = problems;
    if (problems.length === 1 && first) {
      super(code, first.what, { where: first.where, mend: first.mend });
    } else {
      const lines = problems.map((problem) => `  ${problem.where}: ${problem.what}. ${problem.mend}`);
      super(code, `${problems.length} mistakes\n${lines.join("\n")}`, { mend: "Correct each line named above." });
    }
    this.name = "MistakesError";
    this.problems = problems;
  }
}

/** File by file, from top to bottom. */
function byPlace(a: Problem, b: Problem): number {
  const parts = (where: string) => /^(.*?)(?::(\d+):(\d+))?(?: \(.*\))?$/s.exec(where) ?? [];
  const [, fileA = "", lineA = "0", columnA = "0"] = parts(a.where);
  const [, fileB = "", lineB = "0", columnB = "0"] = parts(b.where);
  return byCodeUnit(fileA, fileB) || Number(lineA) - Number(lineB) || Number(columnA) - Number(columnB);
}

/** Throws when there is at least one mistake. */
export function refuse(code: SuiteErrorCode, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new MistakesError(code, problems);
}

/** The known word nearest to a misspelt one, or undefined when none is near (more than a third of the letters differ). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters added, removed, replaced, or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const choices = [at(last, column - 1) + (same ? 0 : 1), at(last, column) + 1, at(current, column - 1) + 1];
      if (swapped) choices.push(at(beforeLast, column - 2) + 1);
      current.push(Math.min(...choices));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}

/** "Did you mean x? Known: a, b, c." */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  const list = known.length > 20 ? `${known.slice(0, 20).join(", ")}, …` : known.join(", ");
  return `${near === undefined ? "" : `Did you mean "${near}"? `}Known: ${list || "none"}.`;
}
