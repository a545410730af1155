/** A REM (the table of requirements, scenarios and proofs) as read from a workbook, and what was odd in it. */

/**
 * The three official column layouts: `rem-older` one row per scenario with up to ten proofs, the requirement id in `N° exigence`;
 * `rem-newer` the same with `Périmètre` and `ID`; `convergence` one row per proof. Source: the templates of the ANS plugin
 * repository (ansforge/segur-squash-plugins, segur-rapport and convergence-export).
 */
export type RemLayout = "rem-older" | "rem-newer" | "convergence";

/**
 * One proof of one scenario of one requirement. `proofId` and `proof` are "" where the source lists none. Texts are verbatim but
 * for outer white space, entities encoded twice and numbers in id columns; each such mend is an anomaly of the table.
 */
export interface RemLine {
  /** `row` starts at 1, as the spreadsheet shows it. */
  readonly at: { readonly sheet: string; readonly row: number };
  /** `Vague 1`…; "" in the older layout, which has no such column. */
  readonly perimeter: string;
  readonly id: string;
  /** `Chapitre`; in the older layout `Section`. */
  readonly chapter: string;
  readonly function: string;
  readonly statement: string;
  readonly comment: string;
  /** `EXIGENCE` or `PRECONISATION`; "" in the convergence layout, which has no such column. */
  readonly nature: string;
  readonly profile: string;
  readonly scenarioId: string;
  readonly scenario: string;
  readonly proofId: string;
  readonly proof: string;
  readonly historicalProfile: string;
  readonly criticality: string;
  readonly order: string;
  /** Columns that have no field, by official column name, mended like the rest; without empty cells; never "Note interne". */
  readonly other: Readonly<Record<string, string>>;
}

export const REM_ANOMALIES = [
  /** White space (also no-break spaces, zero-width characters, byte order marks) around a cell's text. Mended: taken off. */
  "outer_space",
  /** White space inside an identifier: `PSC 03.01`. Kept. */
  "space_in_id",
  /** `&eacute;`, `&#39;`, `&amp;lt;` in a cell without markup: HTML entities encoded once too often. Mended: decoded. */
  "double_encoded",
  /** The cell holds HTML (`<p>…</p>`). Kept, entities too: in markup they are what they should be. */
  "html_markup",
  /** A link that lost its version: `vXXXX`, `XX.YY`. Kept. */
  "link_placeholder",
  /** A proof id that does not begin with the id of its requirement. Kept. */
  "proof_not_prefixed",
  /** A scenario id that does not begin with the id of its requirement. Kept. */
  "scenario_not_prefixed",
  /** A scenario id that is its requirement's, or a proof id that is its scenario's: the last step was forgotten. Kept. */
  "step_missing",
  /** A proof id that begins with its requirement and not with its scenario. Kept. */
  "proof_of_other_scenario",
  /** A proof id that does not end in its scenario, a dot and two digits. Kept. */
  "proof_step_malformed",
  /** An id that is that of its requirement but for case, `_` against `-`, or white space: `VI_SO`, `VI-SO`. Kept. */
  "id_spelling",
  /** An id written in two spellings that differ by case, white space, `_` and `-` only. Kept. */
  "id_two_spellings",
  /** One requirement id with two statements within the same perimeter and profile. Kept; both lines stay. */
  "id_two_statements",
  /** Two requirement ids with the same statement. Kept. */
  "statement_two_ids",
  /** One proof id with two texts. Kept. */
  "proof_two_texts",
  /** The cell of an id holds a number: `1.10` became 1.1 for good. The shortest decimal notation is given. */
  "number_as_id",
  /** The cell of a text holds a number or a truth value: given in its shortest notation. */
  "number_as_text",
  /** The cell holds a date: given as YYYY-MM-DD (and hh:mm:ss). */
  "date_as_text",
  /** The cell holds a formula: its stored result is given; no formula is ever evaluated. */
  "formula",
  /** The cell holds an error of a formula (`#REF!`): read as empty. */
  "formula_error",
  /** Empty cells take the texts of the line above (an id written on the first line of a group only). Told once per row and level. */
  "inherited",
  /** Empty cells take the text of the merged cell they are part of. Told once per row. */
  "merged_cell",
  /** A row without a requirement id that continues no line above. Kept with an empty id, but for a title row: not a line. */
  "no_id",
  /** A proof text without a proof id. Kept, with an empty proof id. */
  "proof_without_id",
  /** A proof id without a text. Kept. */
  "proof_without_text",
  /** Proofs, and no scenario id. Kept. */
  "proof_without_scenario",
  /** A line that repeats another in every column. Kept. */
  "line_twice",
  /** Characters that XML cannot hold (written `_x0001_` in the file). Kept. */
  "control_character",
  /** More characters than a cell of Excel can hold (32,767). Kept. */
  "too_long",
  /** The header stands below the first row. */
  "header_below",
  /** A column name in another spelling than the official one. */
  "header_spelling",
  /** A column that no layout knows: not read. */
  "column_unknown",
  /** A column of the layout that is absent: read as empty. */
  "column_absent",
  /** The column of internal notes: never read. `value` is the column name, not its content. */
  "internal_note",
  /** The header row again, further down. Not a line. */
  "header_again",
  /** The table stands in a hidden sheet, or a column is hidden, or rows are (told once; `value` is how many). Read all the same. */
  "hidden",
  /** Another sheet with a known layout: not read. */
  "other_sheet",
] as const;

export type RemAnomalyKind = (typeof REM_ANOMALIES)[number];

export interface RemAnomaly {
  readonly kind: RemAnomalyKind;
  /** `row` starts at 1; `column` is the official column name, or the letter of a column that has none, "" for a whole row. */
  readonly at: { readonly sheet: string; readonly row: number; readonly column: string };
  /** As found, at most 200 characters. */
  readonly value: string;
  /** What was read instead, at most 200 characters; null when kept as found. */
  readonly mended: string | null;
}

export interface RemTable {
  readonly layout: RemLayout;
  readonly sheet: string;
  /** In the order of the sheet; proofs of a row from 1 to 10. */
  readonly lines: readonly RemLine[];
  /** In the order of rows, then columns; what concerns the whole table first. */
  readonly anomalies: readonly RemAnomaly[];
}

/** A sheet behind the first. Numbers are written as numbers, texts always as texts. Widths follow the contents. */
export interface ExtraSheet {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}
