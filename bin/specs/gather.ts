/** Lines of a REM, one per proof, gathered into rows: one per requirement and wave, with what stands against taking it. */
import type { Perimeter } from "../../core/model/index.js";
import { normalRequirementId } from "../../protocols/rem/ids.js";
import type { RemLine } from "../../protocols/rem/index.js";
import { plainText } from "./proof-kinds.js";

type Wave = Perimeter["wave"];

/** A requirement of the workbook, in one wave. Texts are those of the file; lists keep its order, without doubles. */
export interface GatheredRow {
  readonly id: string;
  readonly wave: Wave;
  readonly lines: readonly RemLine[];
  /** First that is not empty; "" when none is. */
  readonly statement: string;
  /** Further statements under the same id. */
  readonly otherStatements: readonly string[];
  readonly profiles: readonly string[];
  readonly scenarios: readonly { readonly id: string; readonly text: string }[];
  readonly proofs: readonly { readonly id: string; readonly scenario: string; readonly text: string }[];
  readonly nature: "mandatory" | "optional" | null;
  /** The column `Exigence conditionnelle` says yes. */
  readonly conditional: boolean;
}

export interface Gathered {
  readonly rows: readonly GatheredRow[];
  /** Lines with no id: no row can be made of them. */
  readonly noId: readonly RemLine[];
  /** Rows that the file itself marks obsolete. */
  readonly obsolete: readonly { readonly id: string; readonly wave: Wave; readonly lines: readonly RemLine[] }[];
  /** Lines whose wave neither the file nor the user says. */
  readonly noWave: readonly RemLine[];
}

/** `wave`: of lines whose `Périmètre` says none. */
export function gather(lines: readonly RemLine[], wave: Wave | null): Gathered {
  const noId: RemLine[] = [];
  const noWave: RemLine[] = [];
  const groups = new Map<string, { readonly id: string; readonly wave: Wave; readonly lines: RemLine[] }>();
  for (const line of lines) {
    const its = waveOf(line.perimeter) ?? wave;
    if (line.id === "") noId.push(line);
    else if (its === null) noWave.push(line);
    else {
      const key = `${its} ${normalRequirementId(line.id)}`;
      const group = groups.get(key) ?? { id: line.id, wave: its, lines: [] };
      group.lines.push(line);
      groups.set(key, group);
    }
  }
  const all = [...groups.values()];
  return {
    rows: all.filter((group) => !isObsolete(group.lines)).map(rowOf),
    noId,
    obsolete: all.filter((group) => isObsolete(group.lines)),
    noWave,
  };
}

/** `Vague 1`, `vague2`; null where the cell names no wave, or both. */
function waveOf(perimeter: string): Wave | null {
  const found = new Set([...plainText(perimeter).matchAll(/\b(?:vague|va|v)\s*([12])\b/g)].map((match) => match[1]));
  if (found.size !== 1) return null;
  return found.has("1") ? "1" : "2";
}

function isObsolete(lines: readonly RemLine[]): boolean {
  return (
    lines.length > 0 &&
    lines.every((line) => plainText(column(line, /statut publication|evolution/)).startsWith("obsolete"))
  );
}

function rowOf({
  id,
  wave,
  lines,
}: {
  readonly id: string;
  readonly wave: Wave;
  readonly lines: readonly RemLine[];
}): GatheredRow {
  const statements = distinct(lines.map((line) => line.statement));
  return {
    id,
    wave,
    lines,
    statement: statements[0] ?? "",
    otherStatements: statements.slice(1),
    profiles: distinct(lines.flatMap((line) => profilesIn(line.profile))),
    scenarios: distinctBy(
      lines
        .map((line) => ({ id: line.scenarioId, text: line.scenario }))
        .filter((one) => one.id !== "" || one.text !== ""),
    ),
    proofs: distinctBy(
      lines
        .map((line) => ({ id: line.proofId, scenario: line.scenarioId, text: line.proof }))
        .filter((one) => one.id !== "" || one.text !== ""),
    ),
    nature: natureOf(lines),
    conditional: lines.some((line) => plainText(column(line, /conditionnelle/)) === "oui"),
  };
}

/** A cell may name several, one per line or with `;`. Names hold commas and slashes. `va2 Général` is `Général`. */
function profilesIn(cell: string): readonly string[] {
  const names = cell.split(/[\r\n;]+/).map((name) => name.replace(/\s+/g, " ").trim());
  return names
    .filter((name) => !/^[-–—]*$/.test(name))
    .map((name) => (/^(?:va[12] )?general$/.test(plainText(name)) ? "Général" : name));
}

/** The sterner one when lines disagree. */
function natureOf(lines: readonly RemLine[]): GatheredRow["nature"] {
  const said = lines.map((line) => plainText(line.nature));
  if (said.some((nature) => /^(?:exigence|obligatoire|cri\b|doit\b)/.test(nature))) return "mandatory";
  return said.some((nature) => /^(?:preco|peut\b|recommand)/.test(nature)) ? "optional" : null;
}

/** Of the columns that other layouts have: the first whose name, as plain text, matches. */
export function column(line: RemLine, name: RegExp): string {
  return Object.entries(line.other).find(([key]) => name.test(plainText(key)))?.[1] ?? "";
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== ""))];
}

function distinctBy<T extends object>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}
