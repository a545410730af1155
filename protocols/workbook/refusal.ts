/** Why bytes are not read as a workbook, or a table not written as one. One reason = one thing that is wrong. */

export const WORKBOOK_REFUSALS = [
  /** Nothing, or a folder's worth of nothing: zero bytes. */
  "empty",
  /** The format of Excel 97 to 2003 (an OLE compound file), or an `.xlsx` under a password, which is one too. */
  "old_excel_or_password",
  /** An OpenDocument table (`.ods`). */
  "opendocument",
  /** The binary workbook of Excel (`.xlsb`). */
  "binary_excel",
  /** A text file: CSV, HTML, XML of Excel 2003. */
  "text_file",
  /** Bytes of something else. */
  "not_a_workbook",
  /** A zip archive without the parts of a workbook. */
  "no_workbook_parts",
  /** The archive ends too early, or its directory is broken. */
  "archive_broken",
  /** More bytes, entries, or expansion than accepted. */
  "archive_too_large",
  /** An entry is a link, is encrypted, has an unsafe name, another method, or a name that occurs twice. */
  "archive_entry",
  /** Size or CRC of an entry differ from what the archive promises. */
  "archive_corrupt",
  /** A part declares a document type or entities. */
  "xml_doctype",
  /** A part is no well-formed XML. */
  "xml_broken",
  /** A part that the workbook names is absent, or its content makes no sense (cells out of order, unknown types). */
  "content_invalid",
  /** More sheets, rows, columns, cells or characters than accepted. */
  "too_many_cells",
  /** No visible or hidden sheet has the columns of a known layout. */
  "no_known_layout",
  /** Two columns of the header claim one and the same name. */
  "column_twice",
  /** Writing: a text is longer than the 32,767 characters a cell can hold. */
  "text_too_long",
  /** Writing: a sheet name is empty, longer than 31 characters, taken, or has one of `[]:*?/\` or an apostrophe at an end. */
  "sheet_name",
  /** Writing: a row has more cells than the sheet has columns, or a number is not finite. */
  "row_shape",
] as const;

export type WorkbookRefusalReason = (typeof WORKBOOK_REFUSALS)[number];

/** Facts of a refusal, for the sentence that people read: names, limits, what was found. */
export type RefusalFacts = Readonly<Record<string, string | number>>;

/**
 * A workbook that is not read, or not written. `reason` is stable; `at` says where (part of the archive, sheet and cell), null
 * where it is the whole file. The message is English, for logs; the sentences for people are made from `reason` and `facts`.
 */
export class WorkbookRefused extends Error {
  readonly reason: WorkbookRefusalReason;
  readonly at: string | null;
  readonly facts: RefusalFacts;
  constructor(reason: WorkbookRefusalReason, at: string | null = null, facts: RefusalFacts = {}) {
    const known = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
    super([`workbook refused: ${reason}`, ...(at === null ? [] : [`at ${at}`]), ...known].join(", "));
    this.name = "WorkbookRefused";
    this.reason = reason;
    this.at = at;
    this.facts = facts;
  }
}
