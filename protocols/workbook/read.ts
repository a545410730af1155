/**
 * Sheets of a foreign `.xlsx` as texts, with what is behind each cell that is no plain text. Values come from read-excel-file
 * (shared and rich texts, dates by number format); it is loaded on the first use, and sees only parts that were bounded before.
 */
import { strToU8, zipSync } from "fflate";
import { openWorkbook, type Parts, WORKBOOK_LIMITS } from "./open.js";
import { WorkbookRefused } from "./refusal.js";
import { cellKey, type Merge, scanSheets, type SheetScan } from "./scan.js";

export type CellNature = "number" | "boolean" | "date";

export interface SheetCells {
  readonly name: string;
  readonly hidden: boolean;
  readonly hiddenRows: ReadonlySet<number>;
  readonly hiddenColumns: ReadonlySet<number>;
  /** Row 1 first; a row ends with its last cell that holds something, the sheet with its last such row. */
  readonly rows: readonly (readonly string[])[];
  /** By `cellKey`: cells whose value is no text. */
  readonly natures: ReadonlyMap<number, CellNature>;
  /** By `cellKey`: cells computed by a formula; their stored result is read. */
  readonly formulas: ReadonlySet<number>;
  /** By `cellKey`: cells whose formula ended in an error; read as empty. */
  readonly errors: ReadonlySet<number>;
  readonly merges: readonly Merge[];
}

export interface SheetText {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

/** All sheets, hidden ones too, every cell as text (numbers in shortest notation, dates YYYY-MM-DD). WorkbookRefused. */
export async function readSheets(file: Uint8Array): Promise<readonly SheetText[]> {
  return (await readWorkbook(file)).map(({ name, rows }) => ({ name, rows }));
}

/** WorkbookRefused on anything but an honest `.xlsx` inside WORKBOOK_LIMITS. */
export async function readWorkbook(file: Uint8Array): Promise<readonly SheetCells[]> {
  const parts = openWorkbook(file);
  const scans = scanSheets(parts);
  const values = await readValues(parts);
  let left: number = WORKBOOK_LIMITS.characters;
  return scans.map((scan) => {
    const cells = cellsOf(scan, values.get(scan.name) ?? []);
    for (const row of cells.rows) for (const text of row) left -= text.length;
    if (left < 0) throw new WorkbookRefused("too_many_cells", scan.name, { characters: WORKBOOK_LIMITS.characters });
    return cells;
  });
}

/** Rows by sheet name, as the library gives them: one value per cell, null for an empty one. */
async function readValues(parts: Parts): Promise<ReadonlyMap<string, readonly (readonly unknown[])[]>> {
  const { default: readXlsxFile } = await import("read-excel-file/node");
  // Packed anew, without compression: the library gets what was checked, and nothing else of the file.
  const packed = zipSync(
    Object.fromEntries([...parts].map(([name, text]) => [name, strToU8(text)])),
    // Any date will do; the library does not look at it.
    { level: 0, mtime: new Date(1980, 0, 1) },
  );
  try {
    const sheets = await readXlsxFile(Buffer.from(packed), { trim: false });
    return new Map(sheets.map(({ sheet, data }) => [sheet, Array.isArray(data) ? data : []]));
  } catch (error) {
    // Its errors name the part or the cell; none of them is about our own code, the bytes were handed over whole.
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "").slice(0, 160) : "unreadable";
    throw new WorkbookRefused("content_invalid", null, { why });
  }
}

function cellsOf(scan: SheetScan, values: readonly (readonly unknown[])[]): SheetCells {
  const natures = new Map<number, CellNature>();
  const rows = values.map((row, rowIndex) => {
    const texts = row.map((value, columnIndex) => {
      const { text, nature } = textOf(value);
      if (nature !== null) natures.set(cellKey(rowIndex + 1, columnIndex + 1), nature);
      return text;
    });
    while (texts.length > 0 && texts[texts.length - 1] === "") texts.pop();
    return texts;
  });
  while (rows.length > 0 && rows[rows.length - 1]?.length === 0) rows.pop();
  return { ...scan, rows, natures };
}

function textOf(value: unknown): { readonly text: string; readonly nature: CellNature | null } {
  if (typeof value === "string") return { text: value, nature: null };
  // The shortest notation of the number: a file holds 1.1 as 1.1000000000000001.
  if (typeof value === "number") return { text: String(value), nature: "number" };
  if (typeof value === "boolean") return { text: value ? "VRAI" : "FAUX", nature: "boolean" };
  if (value instanceof Date && !Number.isNaN(value.getTime())) {
    const [day = "", time = ""] = value.toISOString().split("T");
    const clock = time.slice(0, 8);
    return { text: clock === "00:00:00" ? day : `${day} ${clock}`, nature: "date" };
  }
  return { text: "", nature: null };
}
