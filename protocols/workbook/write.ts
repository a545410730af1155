/**
 * A workbook written: texts as texts (never as formulas, whatever they begin with), numbers as numbers; a header row in bold that
 * stays in sight; widths by content. The same tables give the same bytes: no date, no clock, no name of a program in the file.
 */
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import type { Cell, Row } from "write-excel-file/node";
import { WorkbookRefused } from "./refusal.js";
import { columnLetter } from "./scan.js";
import { escapeCellText, guardText, MAX_CELL_TEXT, unguardTexts } from "./text.js";

export interface WrittenSheet {
  readonly name: string;
  readonly columns: readonly string[];
  /** A row may be shorter than the columns, never longer. */
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Width of a column in characters: as its longest line, within these. */
const MIN_WIDTH = 9;
const MAX_WIDTH = 60;
const HEADER_COLOUR = "#DCE6F1";
/** The part that holds the texts of all sheets. */
const TEXTS = "xl/sharedStrings.xml";

/** WorkbookRefused `text_too_long`, `sheet_name`, `row_shape` (with sheet and cell). */
export async function writeWorkbook(sheets: readonly WrittenSheet[]): Promise<Uint8Array> {
  holdNames(sheets.map((sheet) => sheet.name));
  const described = sheets.map((sheet) => ({
    data: [headerRow(sheet), ...sheet.rows.map((row, index) => dataRow(sheet, row, index + 2))],
    sheet: sheet.name,
    stickyRowsCount: 1,
    columns: sheet.columns.map((_, column) => ({ width: widthOf(sheet, column) })),
  }));
  const { default: writeXlsxFile } = await import("write-excel-file/node");
  return packAgain(await writeXlsxFile(described).toBuffer());
}

function headerRow(sheet: WrittenSheet): Row {
  return sheet.columns.map((name, column) => {
    const value = textFor(sheet.name, name, 1, column);
    return {
      value,
      type: String,
      fontWeight: "bold",
      backgroundColor: HEADER_COLOUR,
      wrap: true,
      alignVertical: "top",
    };
  });
}

function dataRow(sheet: WrittenSheet, row: readonly (string | number)[], number: number): Row {
  if (row.length > sheet.columns.length) {
    const facts = { cells: row.length, columns: sheet.columns.length };
    throw new WorkbookRefused("row_shape", `${sheet.name}!${number}`, facts);
  }
  return row.map((value, column): Cell => {
    if (typeof value === "number") {
      if (!Number.isFinite(value)) throw new WorkbookRefused("row_shape", placeOf(sheet.name, number, column));
      return { value, type: Number, alignVertical: "top" };
    }
    if (value === "") return null;
    // Format "@" tells spreadsheet programs to keep it a text when somebody edits the cell: `39.01` stays what it is.
    const text = textFor(sheet.name, value, number, column);
    return { value: text, type: String, format: "@", wrap: true, alignVertical: "top" };
  });
}

function textFor(sheet: string, text: string, row: number, column: number): string {
  if (text.length > MAX_CELL_TEXT) {
    const facts = { characters: text.length, most: MAX_CELL_TEXT };
    throw new WorkbookRefused("text_too_long", placeOf(sheet, row, column), facts);
  }
  return guardText(escapeCellText(text));
}

/** `column` from 0. */
function placeOf(sheet: string, row: number, column: number): string {
  return `${sheet}!${columnLetter(column + 1)}${row}`;
}

function widthOf(sheet: WrittenSheet, column: number): number {
  let longest = (sheet.columns[column] ?? "").length;
  for (const row of sheet.rows) {
    for (const line of String(row[column] ?? "")
      .slice(0, 400)
      .split("\n"))
      longest = Math.max(longest, line.length);
  }
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, longest + 2));
}

/** The rules of Excel, which repairs (and so rewrites) a workbook that breaks them. */
function holdNames(names: readonly string[]): void {
  const taken = new Set<string>();
  for (const name of names) {
    const bad = name.trim() === "" || name.length > 31 || /[[\]:*?/\\\0-\x1f]|^'|'$/.test(name);
    if (bad || taken.has(name.toLowerCase())) throw new WorkbookRefused("sheet_name", name);
    taken.add(name.toLowerCase());
  }
}

/** The library stamps its archive with the clock: packed again with one fixed date, which every reader ignores. */
function packAgain(archive: Uint8Array): Uint8Array {
  const files = unzipSync(archive);
  const texts = files[TEXTS];
  if (texts) files[TEXTS] = strToU8(unguardTexts(strFromU8(texts)));
  return zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) });
}
