/** Workbooks in words: why one is not read, and what was odd in one that was. */
import { SuiteError, type Text } from "../../core/model/index.js";
import type { RemAnomalyKind } from "../../protocols/rem/index.js";
import type { WorkbookRefusalReason, WorkbookRefused } from "../../protocols/workbook/refusal.js";

/** What is wrong, then what to do. */
interface RefusalWords {
  readonly what: Text;
  readonly mend: Text;
}

const SAVE_XLSX: Text = {
  en: "open it in a spreadsheet program and save it as .xlsx, without a password",
  fr: "ouvrez-le dans un tableur et enregistrez-le en .xlsx, sans mot de passe",
};
const GET_AGAIN: Text = {
  en: "get the file again, or open it in a spreadsheet program and save it anew",
  fr: "récupérez de nouveau le fichier, ou ouvrez-le dans un tableur et enregistrez-le de nouveau",
};
const SMALLER: Text = {
  en: "keep only the sheets and rows of the requirements",
  fr: "ne gardez que les feuilles et les lignes des exigences",
};
const OURS: Text = { en: "report it: it is a fault of the suite", fr: "signalez-le : c'est un défaut de la suite" };

export const WORKBOOK_REFUSAL_WORDS: Readonly<Record<WorkbookRefusalReason, RefusalWords>> = {
  empty: { what: { en: "the workbook is empty", fr: "le classeur est vide" }, mend: GET_AGAIN },
  old_excel_or_password: {
    what: {
      en: "this is an Excel 97 workbook, or one under a password",
      fr: "c'est un classeur Excel 97, ou protégé par un mot de passe",
    },
    mend: SAVE_XLSX,
  },
  opendocument: { what: { en: "this is an OpenDocument table", fr: "c'est un tableau OpenDocument" }, mend: SAVE_XLSX },
  binary_excel: {
    what: { en: "this is a binary workbook (.xlsb)", fr: "c'est un classeur binaire (.xlsb)" },
    mend: SAVE_XLSX,
  },
  text_file: {
    what: { en: "this is a text file, not a workbook", fr: "c'est un fichier texte, pas un classeur" },
    mend: SAVE_XLSX,
  },
  not_a_workbook: { what: { en: "this is not a workbook", fr: "ce n'est pas un classeur" }, mend: SAVE_XLSX },
  no_workbook_parts: {
    what: { en: "the archive holds no workbook", fr: "l'archive ne contient pas de classeur" },
    mend: SAVE_XLSX,
  },
  archive_broken: {
    what: {
      en: "the workbook is cut or its archive is broken",
      fr: "le classeur est tronqué ou son archive est abîmée",
    },
    mend: GET_AGAIN,
  },
  archive_too_large: {
    what: { en: "the workbook is larger than accepted", fr: "le classeur dépasse la taille admise" },
    mend: SMALLER,
  },
  archive_entry: {
    what: {
      en: "the archive of the workbook has an entry that no workbook has",
      fr: "l'archive du classeur a une entrée qu'aucun classeur n'a",
    },
    mend: GET_AGAIN,
  },
  archive_corrupt: {
    what: {
      en: "a part of the workbook is not what its archive promises",
      fr: "une partie du classeur n'est pas ce que son archive annonce",
    },
    mend: GET_AGAIN,
  },
  xml_doctype: {
    what: {
      en: "a part of the workbook declares a document type or entities",
      fr: "une partie du classeur déclare un type de document ou des entités",
    },
    mend: GET_AGAIN,
  },
  xml_broken: {
    what: {
      en: "a part of the workbook is no well-formed XML",
      fr: "une partie du classeur n'est pas du XML bien formé",
    },
    mend: GET_AGAIN,
  },
  content_invalid: {
    what: { en: "the content of the workbook makes no sense", fr: "le contenu du classeur n'a pas de sens" },
    mend: GET_AGAIN,
  },
  too_many_cells: {
    what: {
      en: "the workbook has more sheets, rows or cells than accepted",
      fr: "le classeur a plus de feuilles, de lignes ou de cellules qu'admis",
    },
    mend: SMALLER,
  },
  no_known_layout: {
    what: {
      en: "no sheet of the workbook has the columns of a REM",
      fr: "aucune feuille du classeur n'a les colonnes d'un REM",
    },
    mend: {
      en: "give a workbook with one of the three layouts of docs/rem-files.md, column names in one row",
      fr: "donnez un classeur dans l'une des trois mises en page de docs/rem-files.md, noms de colonnes sur une ligne",
    },
  },
  column_twice: {
    what: { en: "two columns of the workbook have one name", fr: "deux colonnes du classeur ont le même nom" },
    mend: { en: "keep one of them", fr: "gardez-en un" },
  },
  text_too_long: {
    what: { en: "a text is longer than a cell can hold", fr: "un texte est plus long que ce que tient une cellule" },
    mend: { en: "shorten it to 32,767 characters", fr: "réduisez-le à 32 767 caractères" },
  },
  sheet_name: {
    what: { en: "a sheet cannot have this name", fr: "une feuille ne peut pas porter ce nom" },
    mend: OURS,
  },
  row_shape: {
    what: { en: "a row has more cells than its sheet", fr: "une ligne a plus de cellules que sa feuille" },
    mend: OURS,
  },
};

/** A refusal as an error of the command line. */
export function workbookRefused(cause: WorkbookRefused, file: string): SuiteError {
  const words = WORKBOOK_REFUSAL_WORDS[cause.reason];
  const where = cause.at === null ? file : `${file} (${cause.at})`;
  return new SuiteError("ERR_FILE", words.what.en, { where, mend: words.mend.en, cause });
}

/** For the French of errors. */
export const WORKBOOK_PAIRS: readonly (readonly [english: string, french: string])[] = Object.values(
  WORKBOOK_REFUSAL_WORDS,
).flatMap(({ what, mend }) => [
  [what.en, what.fr],
  [mend.en, mend.fr],
]);

export const ANOMALY_WORDS: Readonly<Record<RemAnomalyKind, Text>> = {
  outer_space: { fr: "espaces autour d'une cellule", en: "white space around a cell" },
  space_in_id: { fr: "espace dans un identifiant", en: "white space inside an id" },
  double_encoded: { fr: "entités HTML encodées deux fois", en: "HTML entities encoded twice" },
  html_markup: { fr: "balises HTML dans un texte", en: "HTML markup in a text" },
  link_placeholder: { fr: "lien resté sans sa version (vXXXX)", en: "link left without its version (vXXXX)" },
  proof_not_prefixed: {
    fr: "preuve dont le numéro ne commence pas par son exigence",
    en: "proof id that does not begin with its requirement",
  },
  scenario_not_prefixed: {
    fr: "scénario dont le numéro ne commence pas par son exigence",
    en: "scenario id that does not begin with its requirement",
  },
  proof_of_other_scenario: {
    fr: "preuve dont le numéro ne commence pas par son scénario",
    en: "proof id that does not begin with its scenario",
  },
  proof_step_malformed: { fr: "dernier nombre d'une preuve mal formé", en: "malformed last step of a proof id" },
  step_missing: { fr: "numéro de preuve qui est celui de son scénario", en: "proof id that is the id of its scenario" },
  id_spelling: {
    fr: "numéro qui n'est celui de l'exigence qu'à la casse, aux espaces, à « _ » ou « - » près",
    en: "id that is the requirement's but for case, spaces, “_” or “-”",
  },
  id_two_spellings: { fr: "identifiant écrit de deux façons", en: "id written in two spellings" },
  id_two_statements: { fr: "un identifiant, deux énoncés", en: "one id, two statements" },
  statement_two_ids: { fr: "un énoncé, deux identifiants", en: "one statement, two ids" },
  proof_two_texts: { fr: "une preuve, deux textes", en: "one proof id, two texts" },
  number_as_id: { fr: "nombre à la place d'un identifiant", en: "number in the place of an id" },
  number_as_text: { fr: "nombre à la place d'un texte", en: "number in the place of a text" },
  date_as_text: { fr: "date à la place d'un texte", en: "date in the place of a text" },
  formula: { fr: "formule : son résultat enregistré est lu", en: "formula: its stored result is read" },
  formula_error: { fr: "erreur de formule, lue comme vide", en: "error of a formula, read as empty" },
  inherited: { fr: "cellule vide, reprise de la ligne au-dessus", en: "empty cell, taken from the line above" },
  merged_cell: { fr: "cellule fusionnée", en: "merged cell" },
  no_id: { fr: "ligne sans identifiant d'exigence", en: "line without requirement id" },
  proof_without_id: { fr: "preuve sans numéro", en: "proof without id" },
  proof_without_text: { fr: "numéro de preuve sans texte", en: "proof id without text" },
  proof_without_scenario: { fr: "preuve sans scénario", en: "proof without scenario" },
  line_twice: { fr: "ligne répétée", en: "repeated line" },
  control_character: { fr: "caractère de contrôle", en: "control character" },
  too_long: { fr: "texte plus long qu'une cellule", en: "text longer than a cell" },
  header_below: { fr: "en-tête sous la première ligne", en: "header below the first row" },
  header_spelling: { fr: "nom de colonne écrit autrement", en: "column name in another spelling" },
  header_again: { fr: "en-tête répété dans le tableau", en: "header repeated inside the table" },
  column_unknown: { fr: "colonne inconnue, non lue", en: "unknown column, not read" },
  column_absent: { fr: "colonne absente, lue comme vide", en: "absent column, read as empty" },
  internal_note: { fr: "notes internes, non lues", en: "internal notes, not read" },
  hidden: { fr: "feuille, ligne ou colonne masquée", en: "hidden sheet, row or column" },
  other_sheet: { fr: "autre feuille de REM, non lue", en: "another sheet of a REM, not read" },
};
