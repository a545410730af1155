/** Workbooks made part by part, so that a test can say exactly what is odd in one. */
import { zipSync } from "fflate";

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

export interface MadeSheet {
  readonly name: string;
  readonly hidden?: boolean;
  /** Rows from 1. A string is a text; an object is a `<c>` with that type, style and content. */
  readonly rows: readonly (readonly MadeCell[])[];
  /** XML after the sheet data: merged cells. */
  readonly after?: string;
  /** XML before the sheet data: hidden columns. */
  readonly before?: string;
  readonly hiddenRows?: readonly number[];
}

export type MadeCell = string | number | null | { readonly t?: string; readonly s?: number; readonly inner: string };

export interface MadeWorkbook {
  readonly sheets: readonly MadeSheet[];
  /** Parts that replace or join the made ones; null removes. */
  readonly parts?: Readonly<Record<string, string | Uint8Array | null>>;
}

export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");
}

export function letter(column: number): string {
  return column < 26 ? String.fromCharCode(65 + column) : letter(Math.floor(column / 26) - 1) + letter(column % 26);
}

function cellXml(cell: MadeCell, row: number, column: number): string {
  if (cell === null || cell === "") return "";
  const at = `r="${letter(column)}${row}"`;
  if (typeof cell === "string") {
    return `<c ${at} t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`;
  }
  if (typeof cell === "number") return `<c ${at}><v>${cell}</v></c>`;
  const type = cell.t === undefined ? "" : ` t="${cell.t}"`;
  const style = cell.s === undefined ? "" : ` s="${cell.s}"`;
  return `<c ${at}${type}${style}>${cell.inner}</c>`;
}

function sheetXml(sheet: MadeSheet): string {
  const rows = sheet.rows.map((cells, index) => {
    const hidden = sheet.hiddenRows?.includes(index + 1) ? ' hidden="1"' : "";
    const inner = cells.map((cell, column) => cellXml(cell, index + 1, column)).join("");
    return `<row r="${index + 1}"${hidden}>${inner}</row>`;
  });
  return `<worksheet xmlns="${MAIN}">${sheet.before ?? ""}<sheetData>${rows.join("")}</sheetData>${sheet.after ?? ""}</worksheet>`;
}

/** Style 0 general, 1 a date, 2 two decimals. */
const STYLES = `<styleSheet xmlns="${MAIN}"><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="2" applyNumberFormat="1"/></cellXfs></styleSheet>`;

export function makeParts(book: MadeWorkbook): Map<string, Uint8Array> {
  const parts = new Map<string, string | Uint8Array>();
  parts.set("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`);
  const listed = book.sheets.map(({ name, hidden }, index) => {
    const state = hidden ? ' state="hidden"' : "";
    return `<sheet name="${escape(name)}" sheetId="${index + 1}"${state} r:id="rId${index + 1}"/>`;
  });
  parts.set(
    "xl/workbook.xml",
    `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${listed.join("")}</sheets></workbook>`,
  );
  const related = book.sheets.map(
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  parts.set(
    "xl/_rels/workbook.xml.rels",
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${related.join("")}<Relationship Id="rIdS" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
  );
  parts.set("xl/styles.xml", STYLES);
  for (const [index, sheet] of book.sheets.entries()) parts.set(`xl/worksheets/sheet${index + 1}.xml`, sheetXml(sheet));
  for (const [name, part] of Object.entries(book.parts ?? {})) {
    if (part === null) parts.delete(name);
    else parts.set(name, part);
  }
  const bytes = (part: string | Uint8Array): Uint8Array => (typeof part === "string" ? Buffer.from(part) : part);
  return new Map([...parts].map(([name, part]) => [name, Uint8Array.from(bytes(part))]));
}

export function makeWorkbook(book: MadeWorkbook, level: 0 | 6 = 6): Uint8Array {
  return zipSync(Object.fromEntries(makeParts(book)), { level, mtime: new Date(1980, 0, 1) });
}
