/** What can only be seen over the whole table: one id with two texts, one text under two ids, lines that repeat another. */
import { normalRequirementId } from "./ids.js";
import type { Notes } from "./notes.js";
import type { RemLine } from "./types.js";

/** Statements shorter than this repeat by themselves (`Idem`). */
const TELLING = 24;

/** Tells each repetition once, at the line where it is seen first. `idColumn`: name of the column of requirement ids. */
export function tellRepeats(lines: readonly RemLine[], notes: Notes, idColumn: string): void {
  const statements = new Map<string, string>();
  const spellings = new Map<string, string>();
  const holders = new Map<string, string>();
  const proofs = new Map<string, string>();
  const seen = new Set<string>();
  const told = new Set<string>();
  const once = (key: string, tell: () => void): void => {
    if (told.has(key)) return;
    told.add(key);
    tell();
  };
  for (const line of lines) {
    const { row } = line.at;
    const statement = squeezed(line.statement);
    const whole = wholeLine(line);
    if (seen.has(whole)) notes.add("line_twice", row, "", line.proofId === "" ? line.id : line.proofId);
    seen.add(whole);
    if (line.proofId !== "" && line.proof !== "") {
      const known = first(proofs, line.proofId, squeezed(line.proof));
      if (known !== squeezed(line.proof)) {
        once(`proof ${line.proofId} ${squeezed(line.proof)}`, () =>
          notes.add("proof_two_texts", row, "Preuve", line.proofId),
        );
      }
    }
    if (line.id === "") continue;
    const id = normalRequirementId(line.id);
    const spelling = first(spellings, id, line.id);
    if (spelling !== line.id) {
      once(`spelling ${line.id}`, () => notes.add("id_two_spellings", row, idColumn, `${line.id} / ${spelling}`));
    }
    if (statement === "") continue;
    if (first(statements, `${line.perimeter} ${id}`, statement) !== statement) {
      once(`statement ${line.perimeter} ${id} ${statement}`, () =>
        notes.add("id_two_statements", row, idColumn, line.id),
      );
    }
    if (statement.length < TELLING) continue;
    const holder = first(holders, statement, id);
    if (holder !== id)
      once(`holder ${id} ${statement}`, () => notes.add("statement_two_ids", row, idColumn, `${line.id} / ${holder}`));
  }
}

/** The value kept for a key: this one when it is the first. */
function first(map: Map<string, string>, key: string, value: string): string {
  const known = map.get(key);
  if (known !== undefined) return known;
  map.set(key, value);
  return value;
}

/** Line ends and indents say nothing. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function wholeLine({ at: _at, other, ...fields }: RemLine): string {
  return JSON.stringify([fields, other]);
}
