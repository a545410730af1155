/** Rows of a table as texts by field: mended where certain, filled from merged cells, every oddity of a cell told. */
import { cellKey, MAX_CELL_TEXT } from "../workbook/index.js";
import type { RemField } from "./columns.js";
import { hasSpace } from "./ids.js";
import { hasControl, hasLinkPlaceholder, mendText } from "./mend.js";
import { type FoundTable, proofNumbers, type TableColumn } from "./table.js";

export interface ProofCells {
  readonly proofId: string;
  readonly proof: string;
  /** Official names of the two columns, for anomalies. */
  readonly columns: { readonly proofId: string; readonly proof: string };
}

export interface RemRow {
  /** From 1. */
  readonly row: number;
  readonly fields: ReadonlyMap<RemField, string>;
  /** Those that hold something. */
  readonly proofs: readonly ProofCells[];
  readonly other: Readonly<Record<string, string>>;
}

const IDS: readonly string[] = ["id", "scenarioId", "proofId"] satisfies readonly RemField[];

/** Rows below the header that hold something, in order. */
export function* readRows(table: FoundTable): Generator<RemRow> {
  const { sheet, headerRow, layout, columns } = table;
  for (let row = headerRow + 1; row <= sheet.rows.length; row += 1) {
    const texts = readRow(table, row);
    if (texts.size === 0) continue;
    const fields = new Map<RemField, string>();
    const other: Record<string, string> = {};
    for (const column of columns) {
      const text = texts.get(column) ?? "";
      if (column.role.kind === "field") fields.set(column.role.field, text);
      else if (column.role.kind === "other" && text !== "") other[column.name] = text;
    }
    const proofs = proofNumbers(layout).flatMap((number) => proofOf(columns, texts, number) ?? []);
    yield { row, fields, proofs, other };
  }
}

function proofOf(
  columns: readonly TableColumn[],
  texts: ReadonlyMap<TableColumn, string>,
  number: number,
): ProofCells | null {
  const of = (field: "proofId" | "proof"): { readonly name: string; readonly text: string } => {
    const column = columns.find(({ role }) => role.kind === "proof" && role.proof === number && role.field === field);
    return column ? { name: column.name, text: texts.get(column) ?? "" } : { name: "", text: "" };
  };
  const id = of("proofId");
  const proof = of("proof");
  if (id.text === "" && proof.text === "") return null;
  return { proofId: id.text, proof: proof.text, columns: { proofId: id.name, proof: proof.name } };
}

/** Texts of a row by column, without the empty ones. A row that holds nothing but what merged cells lend it holds nothing. */
function readRow(table: FoundTable, row: number): ReadonlyMap<TableColumn, string> {
  const { sheet, columns, merged, notes } = table;
  const texts = new Map<TableColumn, string>();
  const lent = new Map<TableColumn, string>();
  for (const column of columns) {
    const text = readCell(table, row, column);
    if (text !== "") {
      texts.set(column, text);
      continue;
    }
    const top = merged.get(cellKey(row, column.index));
    const above = top === undefined ? "" : mendText(sheet.rows[top - 1]?.[column.index - 1] ?? "").text;
    if (above !== "") lent.set(column, above);
  }
  if (texts.size === 0) return texts;
  const first = [...lent][0];
  if (first) notes.add("merged_cell", row, first[0].name, "", first[1]);
  return new Map([...lent, ...texts]);
}

/** Text of one cell, with its oddities told. */
function readCell(table: FoundTable, row: number, column: TableColumn): string {
  const { sheet, notes } = table;
  const key = cellKey(row, column.index);
  const found = sheet.rows[row - 1]?.[column.index - 1] ?? "";
  if (sheet.formulas.has(key)) notes.add("formula", row, column.name, found);
  if (sheet.errors.has(key)) notes.add("formula_error", row, column.name, "", "");
  if (found === "") return "";
  tellNature(table, row, column, found);
  if (hasControl(found)) notes.add("control_character", row, column.name, found);
  if (found.length > MAX_CELL_TEXT) notes.add("too_long", row, column.name, found);
  const { text, kinds } = mendText(found);
  for (const kind of kinds) {
    if (kind === "html_markup") notes.add(kind, row, column.name, found);
    else notes.add(kind, row, column.name, found, text);
  }
  if (hasLinkPlaceholder(text)) notes.add("link_placeholder", row, column.name, placeholderAround(text));
  if (isField(column, "id") && hasSpace(text)) notes.add("space_in_id", row, column.name, text);
  return text;
}

function tellNature({ sheet, notes }: FoundTable, row: number, column: TableColumn, text: string): void {
  const nature = sheet.natures.get(cellKey(row, column.index));
  if (nature === undefined) return;
  if (nature === "date") notes.add("date_as_text", row, column.name, text);
  else if ("field" in column.role && IDS.includes(column.role.field)) notes.add("number_as_id", row, column.name, text);
  // The order is a number in the official templates.
  else if (!isField(column, "order")) notes.add("number_as_text", row, column.name, text);
}

function isField(column: TableColumn, field: RemField): boolean {
  return column.role.kind === "field" && column.role.field === field;
}

/** The place in a long text that matters. */
function placeholderAround(text: string): string {
  const at = Math.max(0, text.search(/\bv\.? ?x/i) - 80);
  return text.slice(at, at + 180);
}
