/** A REM read from a workbook: the three official layouts as one shape, and everything odd about it told. */
import { readWorkbook } from "../workbook/index.js";
import { headerKey, type RemField } from "./columns.js";
import { proofOddities, scenarioOddities } from "./ids.js";
import { tellRepeats } from "./repeats.js";
import { type ProofCells, type RemRow, readRows } from "./rows.js";
import { findTable, type FoundTable, hasLayout } from "./table.js";
import type { RemAnomaly, RemLine, RemTable } from "./types.js";

const NO_PROOF: ProofCells = { proofId: "", proof: "", columns: { proofId: "", proof: "" } };

/** What a row that begins with no requirement id takes from the line above. */
const OF_REQUIREMENT: readonly RemField[] = [
  "perimeter",
  "id",
  "chapter",
  "function",
  "statement",
  "comment",
  "nature",
  "profile",
  "historicalProfile",
  "criticality",
  "order",
];

/**
 * The first visible sheet with a known layout. A row with several proofs becomes several lines, one without becomes one line with
 * empty proof. Throws WorkbookRefused (named reason) for what is no workbook, is too big, or has no known layout.
 */
export async function readRem(file: Uint8Array): Promise<RemTable> {
  return readTable(findTable(await readWorkbook(file)));
}

/**
 * Every visible sheet with a known layout, in the order of the workbook; the first hidden one when none is visible. Throws as
 * `readRem` does.
 */
export async function readRemSheets(file: Uint8Array): Promise<readonly RemTable[]> {
  const sheets = await readWorkbook(file);
  const visible = sheets.filter((sheet) => !sheet.hidden && hasLayout(sheet)).map((sheet) => findTable([sheet]));
  return (visible.length > 0 ? visible : [findTable(sheets)]).map(readTable);
}

function readTable(table: FoundTable): RemTable {
  const lines: RemLine[] = [];
  let above: RemLine | null = null;
  for (const row of readRows(table)) {
    const made = linesOf(table, row, above);
    // After a title nothing is continued.
    above = made[made.length - 1] ?? null;
    lines.push(...made);
  }
  tellRepeats(lines, table.notes, columnName(table, "id"));
  const { layout, sheet, notes } = table;
  return { layout, sheet: sheet.name, lines, anomalies: inOrder(notes.list()) };
}

function linesOf(table: FoundTable, row: RemRow, above: RemLine | null): readonly RemLine[] {
  const { notes, sheet } = table;
  const of = (field: RemField): string => row.fields.get(field) ?? "";
  if (headerKey(of("statement")) !== "" && isHeaderAgain(table, row)) {
    notes.add("header_again", row.row, "", of("id"));
    return [];
  }
  const carries = row.proofs.length > 0 || of("scenarioId") !== "" || of("scenario") !== "";
  if (of("id") === "" && !carries && of("statement") === "") {
    notes.add(
      "no_id",
      row.row,
      "",
      [...row.fields.values(), ...Object.values(row.other)].find((text) => text !== "") ?? "",
    );
    return [];
  }
  const group = continued(table, row, above);
  const base = {
    at: { sheet: sheet.name, row: row.row },
    perimeter: group.of("perimeter"),
    id: group.of("id"),
    chapter: group.of("chapter"),
    function: group.of("function"),
    statement: group.of("statement"),
    comment: group.of("comment"),
    nature: group.of("nature"),
    profile: group.of("profile"),
    scenarioId: group.of("scenarioId"),
    scenario: group.of("scenario"),
    historicalProfile: group.of("historicalProfile"),
    criticality: group.of("criticality"),
    order: group.of("order"),
    other: group.other,
  };
  const proofs = row.proofs.length === 0 ? [NO_PROOF] : row.proofs;
  const lines = proofs.map(({ proofId, proof }): RemLine => ({ ...base, proofId, proof }));
  tellIds(table, base, row);
  return lines;
}

interface Group {
  readonly of: (field: RemField) => string;
  readonly other: Readonly<Record<string, string>>;
}

/**
 * A row without requirement id that has a scenario or a proof, and no statement of its own, continues the line above; when it has
 * no scenario of its own either, it continues that too.
 */
function continued(table: FoundTable, row: RemRow, above: RemLine | null): Group {
  const own = (field: RemField): string => row.fields.get(field) ?? "";
  if (own("id") !== "") return { of: own, other: row.other };
  const { notes } = table;
  const idColumn = columnName(table, "id");
  const ofAnother = own("statement") !== "" && own("statement") !== above?.statement;
  if (above === null || above.id === "" || ofAnother) {
    notes.add("no_id", row.row, idColumn, own("statement"));
    return { of: own, other: row.other };
  }
  notes.add("inherited", row.row, idColumn, "", above.id);
  const inherited = new Set<RemField>(OF_REQUIREMENT);
  if (own("scenarioId") === "" && own("scenario") === "") {
    inherited.add("scenarioId").add("scenario");
    if (above.scenarioId !== "") notes.add("inherited", row.row, columnName(table, "scenarioId"), "", above.scenarioId);
  }
  return {
    of: (field) => (own(field) === "" && inherited.has(field) ? above[field] : own(field)),
    other: { ...above.other, ...row.other },
  };
}

/** What is odd about ids beside each other in one row. */
function tellIds(table: FoundTable, line: Omit<RemLine, "proofId" | "proof">, row: RemRow): void {
  const { notes } = table;
  for (const kind of scenarioOddities(line.id, line.scenarioId)) {
    notes.add(kind, row.row, columnName(table, "scenarioId"), line.scenarioId);
  }
  if (row.proofs.length > 0 && line.scenarioId === "") {
    notes.add("proof_without_scenario", row.row, columnName(table, "scenarioId"), row.proofs[0]?.proofId ?? "");
  }
  for (const { proofId, proof, columns: names } of row.proofs) {
    for (const kind of proofOddities(line.id, line.scenarioId, proofId))
      notes.add(kind, row.row, names.proofId, proofId);
    if (proofId === "") notes.add("proof_without_id", row.row, names.proofId, proof);
    if (proof === "") notes.add("proof_without_text", row.row, names.proof, proofId);
  }
}

/** Official name of a field's column in this layout, "" when the table has none. */
function columnName({ columns }: FoundTable, field: RemField): string {
  return columns.find(({ role }) => role.kind === "field" && role.field === field)?.name ?? "";
}

/** Every field that holds something holds the name of its column. */
function isHeaderAgain({ columns }: FoundTable, row: RemRow): boolean {
  return columns.every(({ name, role }) => {
    const text = role.kind === "field" ? (row.fields.get(role.field) ?? "") : "";
    return text === "" || headerKey(text) === headerKey(name);
  });
}

/** By row; within a row as found. */
function inOrder(anomalies: readonly RemAnomaly[]): readonly RemAnomaly[] {
  return [...anomalies].sort((a, b) => a.at.row - b.at.row);
}
