/**
 * A foreign `.xlsx` taken apart. Nothing is handed to the spreadsheet library but the XML parts of the workbook, inflated under
 * our bounds, checked by size and CRC, read once as strict XML: two readers cannot see two workbooks in one file.
 */
import { readZip, type ZipEntry, type ZipEntryProblem, type ZipReason } from "../zip.js";
import { WorkbookRefused, type WorkbookRefusalReason } from "./refusal.js";
import { partText, walkPart } from "./xml.js";

/** A REM holds some thousand rows; the largest working copies seen have 3 MB, 15 MB inflated: five to ten times that is enough. */
export const WORKBOOK_LIMITS = {
  fileBytes: 32 * 1024 * 1024,
  entries: 2000,
  entryBytes: 48 * 1024 * 1024,
  totalBytes: 80 * 1024 * 1024,
  /** Sheets are repetitive: 60 to 1 is seen in honest ones. */
  ratio: 250,
  sheets: 200,
  /** Last row, and last column, that holds anything. */
  rows: 100_000,
  columns: 2_000,
  /** Cells that hold something, over all sheets. */
  cells: 1_000_000,
  /** Rows times columns of one sheet, empty cells included. */
  area: 8_000_000,
  merges: 100_000,
  characters: 40_000_000,
} as const;

/** XML parts of the workbook by path, as text. */
export type Parts = ReadonlyMap<string, string>;

const OLE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const WORKBOOK = "xl/workbook.xml";

/** The parts the workbook is made of. WorkbookRefused on everything that is no honest `.xlsx` inside the bounds. */
export function openWorkbook(bytes: Uint8Array): Parts {
  if (bytes.length === 0) throw new WorkbookRefused("empty");
  if (bytes.length > WORKBOOK_LIMITS.fileBytes) {
    throw new WorkbookRefused("archive_too_large", null, { bytes: bytes.length, most: WORKBOOK_LIMITS.fileBytes });
  }
  if (OLE.every((byte, at) => bytes[at] === byte)) throw new WorkbookRefused("old_excel_or_password");
  const zip = readZip(bytes, {
    maxEntries: WORKBOOK_LIMITS.entries,
    maxEntryBytes: WORKBOOK_LIMITS.entryBytes,
    maxTotalBytes: WORKBOOK_LIMITS.totalBytes,
    maxRatio: WORKBOOK_LIMITS.ratio,
  });
  if (!zip.ok) throw notAnArchive(zip.reason, bytes);
  const { entries, duplicates } = zip.archive;
  refuseOtherFormats(entries);
  for (const entry of entries) if (entry.problem !== null) throw badEntry(entry.name, entry.problem);
  const twice = duplicates[0];
  if (twice !== undefined) throw new WorkbookRefused("archive_entry", twice, { problem: "name_twice" });

  const parts = new Map<string, string>();
  for (const { name, data } of entries) {
    if (data === null || !isPart(name)) continue;
    const text = partText(name, data);
    walkPart(name, text, {});
    parts.set(name, plainXml(text));
  }
  if (!parts.has(WORKBOOK)) throw new WorkbookRefused("no_workbook_parts");
  return parts;
}

/**
 * The same XML, said so that the library's parser cannot get it wrong: line ends as XML 1.0 section 2.11 has them (it keeps those
 * of the file), references above U+FFFF as their character (it cuts them to sixteen bits: another character), CDATA as escaped text.
 */
function plainXml(xml: string): string {
  return xml
    .replace(/\r\n?/g, "\n")
    .replace(
      /<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|&#(?:x([0-9A-Fa-f]+)|([0-9]+));/g,
      (all, cdata, hexadecimal, decimal) => {
        if (all.startsWith("<!--")) return "";
        if (typeof cdata === "string")
          return cdata.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
        const code = typeof hexadecimal === "string" ? Number.parseInt(hexadecimal, 16) : Number(decimal);
        return code > 0xffff ? String.fromCodePoint(code) : all;
      },
    );
}

/** What the library may read: the workbook, its relations, sheets, texts, styles; no drawing, macro, embedded file, custom XML. */
function isPart(name: string): boolean {
  return /^xl\/(?:_rels\/)?[^/]+\.(?:xml|rels)$/.test(name) || /^xl\/worksheets\/[^/]+\.xml$/.test(name);
}

function notAnArchive(reason: ZipReason, bytes: Uint8Array): WorkbookRefused {
  if (reason === "not_zip") return new WorkbookRefused(looksLikeText(bytes) ? "text_file" : "not_a_workbook");
  const large = reason === "too_large" || reason === "too_many_entries";
  return new WorkbookRefused(large ? "archive_too_large" : "archive_broken", null, { problem: reason });
}

/** Names in the archive tell the other formats that travel as zip. */
function refuseOtherFormats(entries: readonly ZipEntry[]): void {
  const mimetype = entries.find((entry) => entry.name === "mimetype")?.data;
  if (mimetype && Buffer.from(mimetype).toString("latin1").startsWith("application/vnd.oasis.opendocument")) {
    throw new WorkbookRefused("opendocument");
  }
  if (entries.some((entry) => entry.name === "xl/workbook.bin")) throw new WorkbookRefused("binary_excel");
  if (!entries.some((entry) => entry.name === WORKBOOK)) throw new WorkbookRefused("no_workbook_parts");
}

const PROBLEMS: Readonly<Record<ZipEntryProblem, WorkbookRefusalReason>> = {
  unsafe_name: "archive_entry",
  link: "archive_entry",
  encrypted: "archive_entry",
  unsupported_method: "archive_entry",
  header_broken: "archive_broken",
  too_large: "archive_too_large",
  ratio: "archive_too_large",
  bad_data: "archive_corrupt",
  size_differs: "archive_corrupt",
  crc_differs: "archive_corrupt",
};

function badEntry(name: string, problem: ZipEntryProblem): WorkbookRefused {
  return new WorkbookRefused(PROBLEMS[problem], printable(name), { problem });
}

/** A foreign name, safe to show. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e\u00a0-\uffff]/g, "?").slice(0, 120);
}

/** UTF-16 with a mark, or no control character other than white space in the first bytes. */
function looksLikeText(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true;
  return bytes.subarray(0, 4096).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
