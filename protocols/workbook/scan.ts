/**
 * What the spreadsheet library does not tell, read from the parts themselves: which sheets, rows and columns are hidden, where
 * formulas, errors and merged cells are; and the bounds, before a cell is kept.
 */
import { type Parts, WORKBOOK_LIMITS } from "./open.js";
import { WorkbookRefused } from "./refusal.js";
import { unescapeCellText } from "./text.js";
import { walkPart } from "./xml.js";

/** Rows and columns start at 1. */
export interface Merge {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export interface SheetScan {
  readonly name: string;
  readonly hidden: boolean;
  readonly hiddenRows: ReadonlySet<number>;
  readonly hiddenColumns: ReadonlySet<number>;
  readonly merges: readonly Merge[];
  /** By `cellKey`. */
  readonly formulas: ReadonlySet<number>;
  readonly errors: ReadonlySet<number>;
}

const MAX_COLUMN = 16_384;
const MAX_ROW = 1_048_576;

/** One number for a cell. */
export function cellKey(row: number, column: number): number {
  return row * (MAX_COLUMN + 1) + column;
}

/** `BC12` as row and column, null when it is no cell of a sheet. */
export function parseAddress(address: string): { readonly row: number; readonly column: number } | null {
  const found = /^\$?([A-Z]{1,3})\$?([0-9]{1,7})$/.exec(address);
  if (!found) return null;
  const [, letters = "", digits = ""] = found;
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  const row = Number(digits);
  return row >= 1 && row <= MAX_ROW && column <= MAX_COLUMN ? { row, column } : null;
}

/** 1 as `A`, 27 as `AA`. */
export function columnLetter(column: number): string {
  let letters = "";
  for (let left = column; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return letters;
}

/** Sheets in the order of the workbook. Chart and dialogue sheets have no cells and are left out. */
export function scanSheets(parts: Parts): readonly SheetScan[] {
  const relations = scanRelations(parts);
  const budget = { cells: WORKBOOK_LIMITS.cells as number };
  const names = new Set<string>();
  const targets = new Set<string>();
  return listSheets(parts).flatMap(({ name, hidden, relation }) => {
    if (names.has(name.toLowerCase())) throw new WorkbookRefused("content_invalid", name, { why: "sheet name twice" });
    names.add(name.toLowerCase());
    const target = relations.get(relation);
    // The library would give the cells to one of the two and leave the other empty.
    if (target !== undefined && targets.has(target)) {
      throw new WorkbookRefused("content_invalid", name, { why: "two sheets in one part" });
    }
    if (target !== undefined) targets.add(target);
    const text = target === undefined ? undefined : parts.get(target);
    if (text === undefined) return [];
    return [{ name, hidden, ...scanSheet(name, target ?? "", text, budget) }];
  });
}

interface ListedSheet {
  readonly name: string;
  readonly hidden: boolean;
  readonly relation: string;
}

function listSheets(parts: Parts): readonly ListedSheet[] {
  const sheets: ListedSheet[] = [];
  const part = "xl/workbook.xml";
  walkPart(part, parts.get(part) ?? "", {
    open: (element, attributes) => {
      if (element !== "sheet") return;
      sheets.push({
        name: unescapeCellText(attributes.get("name") ?? ""),
        hidden: (attributes.get("state") ?? "visible") !== "visible",
        relation: attributes.get("id") ?? "",
      });
    },
  });
  if (sheets.length === 0) throw new WorkbookRefused("content_invalid", part, { why: "no sheet" });
  if (sheets.length > WORKBOOK_LIMITS.sheets) {
    throw new WorkbookRefused("too_many_cells", part, { sheets: sheets.length, most: WORKBOOK_LIMITS.sheets });
  }
  return sheets;
}

/** Worksheet parts by relation id. */
function scanRelations(parts: Parts): ReadonlyMap<string, string> {
  const part = "xl/_rels/workbook.xml.rels";
  const found = new Map<string, string>();
  walkPart(part, parts.get(part) ?? "<none/>", {
    open: (element, attributes) => {
      if (element !== "Relationship" || !(attributes.get("Type") ?? "").endsWith("/worksheet")) return;
      const target = attributes.get("Target") ?? "";
      found.set(attributes.get("Id") ?? "", target.startsWith("/") ? target.slice(1) : `xl/${target}`);
    },
  });
  return found;
}

function scanSheet(
  name: string,
  part: string,
  text: string,
  budget: { cells: number },
): Omit<SheetScan, "name" | "hidden"> {
  const hiddenRows = new Set<number>();
  const hiddenColumns = new Set<number>();
  const merges: Merge[] = [];
  const formulas = new Set<number>();
  const errors = new Set<number>();
  let row = 0;
  let last = { row: 0, column: 0 };
  let cell: { readonly key: number; readonly row: number; readonly column: number; readonly type: string } | null =
    null;
  const tooMany = (facts: Readonly<Record<string, number>>): never => {
    throw new WorkbookRefused("too_many_cells", name, facts);
  };
  walkPart(part, text, {
    open: (element, attributes) => {
      if (element === "row") {
        row = attributes.has("r") ? Number(attributes.get("r")) : row + 1;
        if (!(row >= 1 && row <= MAX_ROW)) throw new WorkbookRefused("content_invalid", name, { why: "row number" });
        if (isTrue(attributes.get("hidden"))) hiddenRows.add(row);
      } else if (element === "c") {
        const at = parseAddress(attributes.get("r") ?? "");
        if (!at) throw new WorkbookRefused("content_invalid", name, { why: "cell address" });
        cell = { ...at, key: cellKey(at.row, at.column), type: attributes.get("t") ?? "n" };
      } else if (cell && element === "f") formulas.add(cell.key);
      else if (cell && (element === "v" || element === "is")) {
        budget.cells -= 1;
        if (budget.cells < 0) tooMany({ most: WORKBOOK_LIMITS.cells });
        last = { row: Math.max(last.row, cell.row), column: Math.max(last.column, cell.column) };
        if (cell.type === "e") errors.add(cell.key);
      } else if (element === "col" && isTrue(attributes.get("hidden"))) {
        const from = Number(attributes.get("min"));
        const to = Math.min(Number(attributes.get("max")), WORKBOOK_LIMITS.columns);
        for (let column = from; column <= to; column += 1) hiddenColumns.add(column);
      } else if (element === "mergeCell") {
        const merge = parseRange(attributes.get("ref") ?? "");
        if (merge) merges.push(merge);
        if (merges.length > WORKBOOK_LIMITS.merges) tooMany({ merges: merges.length, most: WORKBOOK_LIMITS.merges });
      }
    },
    close: (element) => {
      if (element === "c") cell = null;
    },
  });
  if (last.row > WORKBOOK_LIMITS.rows) tooMany({ rows: last.row, most: WORKBOOK_LIMITS.rows });
  if (last.column > WORKBOOK_LIMITS.columns) tooMany({ columns: last.column, most: WORKBOOK_LIMITS.columns });
  if (last.row * last.column > WORKBOOK_LIMITS.area) {
    tooMany({ area: last.row * last.column, most: WORKBOOK_LIMITS.area });
  }
  return { hiddenRows, hiddenColumns, merges, formulas, errors };
}

function parseRange(range: string): Merge | null {
  const [from = "", to = from] = range.split(":");
  const first = parseAddress(from);
  const second = parseAddress(to);
  if (!first || !second) return null;
  return { top: first.row, left: first.column, bottom: second.row, right: second.column };
}

function isTrue(value: string | undefined): boolean {
  return value === "1" || value === "true";
}
