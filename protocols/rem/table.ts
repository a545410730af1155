/** Where the table of a workbook is: which sheet, which layout, which row is the header, what each column is for. */
import { cellKey, columnLetter, type RefusalFacts, type SheetCells, WorkbookRefused } from "../workbook/index.js";
import {
  type ColumnRole,
  columnsOf,
  DISTINGUISHING,
  headerKey,
  isInternal,
  LAYOUT_COLUMNS,
  layoutOf,
  PROOFS_PER_ROW,
} from "./columns.js";
import { trimCell } from "./ids.js";
import { type Notes, notesOf } from "./notes.js";
import type { RemLayout } from "./types.js";

/** The header is looked for in these first rows: titles, dates and legends stand above it. */
const HEADER_WITHIN = 60;
/** Rows of merged cells that are filled in, over one sheet. */
const MAX_MERGED = 1_000_000;

export interface TableColumn {
  /** From 1. */
  readonly index: number;
  /** Official name. */
  readonly name: string;
  readonly role: ColumnRole;
}

export interface FoundTable {
  readonly sheet: SheetCells;
  readonly layout: RemLayout;
  /** From 1. */
  readonly headerRow: number;
  /** Without internal notes and unknown columns. */
  readonly columns: readonly TableColumn[];
  /** By `cellKey` of an empty cell: the row of the merged cell it belongs to, in the same column. */
  readonly merged: ReadonlyMap<number, number>;
  readonly notes: Notes;
}

/** The first visible sheet with a known layout, else the first hidden one. WorkbookRefused `no_known_layout`, `column_twice`. */
export function findTable(sheets: readonly SheetCells[]): FoundTable {
  const found = sheets.flatMap((sheet) => {
    const header = findHeader(sheet);
    return header === null ? [] : [{ sheet, ...header }];
  });
  const chosen = found.find(({ sheet }) => !sheet.hidden) ?? found[0];
  if (!chosen) throw new WorkbookRefused("no_known_layout", null, nearest(sheets));
  const { sheet, layout, headerRow } = chosen;
  const notes = notesOf(sheet.name);
  if (sheet.hidden) notes.add("hidden", headerRow, "", sheet.name);
  for (const rest of found) if (rest !== chosen) notes.add("other_sheet", rest.headerRow, "", rest.sheet.name);
  if (headerRow > 1) notes.add("header_below", headerRow, "", String(headerRow));
  const columns = readHeader(chosen, notes);
  tellHidden(sheet, headerRow, columns, notes);
  return { sheet, layout, headerRow, columns, merged: mergedRows(sheet), notes };
}

/** Whether the first rows of a sheet hold the column names of a layout. */
export function hasLayout(sheet: SheetCells): boolean {
  return findHeader(sheet) !== null;
}

interface Header {
  readonly layout: RemLayout;
  readonly headerRow: number;
}

function findHeader(sheet: SheetCells): Header | null {
  for (const [index, row] of sheet.rows.slice(0, HEADER_WITHIN).entries()) {
    const layout = layoutOf(new Set(row.map(headerKey)));
    if (layout !== null) return { layout, headerRow: index + 1 };
  }
  return null;
}

/** The sheet and layout that lack fewest columns, and which: what somebody has to add or to rename. */
function nearest(sheets: readonly SheetCells[]): RefusalFacts {
  let best = { lacking: Infinity, facts: { sheets: sheets.length } as RefusalFacts };
  for (const sheet of sheets) {
    for (const row of sheet.rows.slice(0, HEADER_WITHIN)) {
      const keys = new Set(row.map(headerKey));
      for (const [layout, wanted] of DISTINGUISHING) {
        const lacking = wanted.filter((key) => !keys.has(key));
        if (lacking.length >= Math.min(best.lacking, wanted.length)) continue;
        const columns = LAYOUT_COLUMNS[layout].filter(({ name }) => lacking.includes(headerKey(name)));
        const missing = columns.map(({ name }) => name).join(", ");
        best = { lacking: lacking.length, facts: { sheets: sheets.length, sheet: sheet.name, layout, missing } };
      }
    }
  }
  return best.facts;
}

function readHeader(header: Header & { readonly sheet: SheetCells }, notes: Notes): readonly TableColumn[] {
  const { sheet, layout, headerRow } = header;
  const known = columnsOf(layout);
  const columns: TableColumn[] = [];
  for (const [position, cell] of (sheet.rows[headerRow - 1] ?? []).entries()) {
    const index = position + 1;
    const key = headerKey(cell);
    if (key === "") continue;
    if (isInternal(key)) {
      notes.add("internal_note", headerRow, columnLetter(index), trimCell(cell));
      continue;
    }
    const column = known.get(key);
    if (!column) {
      notes.add("column_unknown", headerRow, columnLetter(index), trimCell(cell));
      continue;
    }
    const twin = columns.find(({ name }) => name === column.name);
    if (twin) {
      const facts = { column: column.name, first: columnLetter(twin.index), second: columnLetter(index) };
      throw new WorkbookRefused("column_twice", sheet.name, facts);
    }
    if (trimCell(cell).normalize("NFC") !== column.name)
      notes.add("header_spelling", headerRow, column.name, cell, column.name);
    columns.push({ index, name: column.name, role: column.role });
  }
  for (const { name, role } of LAYOUT_COLUMNS[layout]) {
    if (columns.some((column) => column.name === name) || !isMissed(role, columns)) continue;
    notes.add("column_absent", headerRow, name, "");
  }
  return columns;
}

/** A table may stop before the tenth proof; half a pair is missed. */
function isMissed(role: ColumnRole, columns: readonly TableColumn[]): boolean {
  if (role.kind !== "proof" || role.proof === 0) return true;
  return columns.some(({ role: there }) => there.kind === "proof" && there.proof === role.proof);
}

function tellHidden(sheet: SheetCells, headerRow: number, columns: readonly TableColumn[], notes: Notes): void {
  for (const { index, name } of columns) {
    if (sheet.hiddenColumns.has(index)) notes.add("hidden", headerRow, name, columnLetter(index));
  }
  const rows = [...sheet.hiddenRows].filter((row) => row > headerRow && row <= sheet.rows.length).sort((a, b) => a - b);
  if (rows[0] !== undefined) notes.add("hidden", rows[0], "", String(rows.length));
}

/** Only cells below the top one, in the column where the merged cell begins: across columns it is a title. */
function mergedRows(sheet: SheetCells): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  let filled = 0;
  for (const { top, left, bottom } of sheet.merges) {
    for (let row = top + 1; row <= Math.min(bottom, sheet.rows.length); row += 1) {
      filled += 1;
      if (filled > MAX_MERGED)
        throw new WorkbookRefused("too_many_cells", sheet.name, { merged: filled, most: MAX_MERGED });
      found.set(cellKey(row, left), top);
    }
  }
  return found;
}

/** 0 where one row is one proof, else 1 to 10. */
export function proofNumbers(layout: RemLayout): readonly number[] {
  return layout === "convergence" ? [0] : Array.from({ length: PROOFS_PER_ROW }, (_, index) => index + 1);
}
