/** French of the errors around lists of requirements (see errors-fr.ts). */
import { WORKBOOK_PAIRS } from "./words/workbook.js";

export const SPECS_PAIRS: readonly (readonly [english: string, french: string])[] = [
  // Two lists compared.
  ["there is no perimeter, folder or file {}", "il n'y a ni périmètre, ni dossier, ni fichier {}"],
  ["the suite has: {}", "la suite a : {}"],
  ["the rule pack brings no perimeter", "ces règles n'apportent pas de périmètre"],
  ["the rule pack brings several perimeters", "ces règles apportent plusieurs périmètres"],
  ["name one of the suite: FOLDER#ID", "nommez-en un de la suite : DOSSIER#ID"],
  ["name one: {}", "nommez-en un : {}"],
  ["the rule pack has no perimeter {}", "ces règles n'ont pas de périmètre {}"],
  ['there is no row "{}"', "il n'y a pas d'exigence « {} »"],
  [
    "give the folder of the rule pack that brings this row",
    "donnez le dossier des règles qui apportent cette exigence",
  ],
  ["this is not the file of a perimeter", "ce n'est pas un fichier de périmètre"],
  [
    "give the id of a perimeter, the folder of a rule pack, or the YAML file of a perimeter",
    "donnez un identifiant de périmètre, un dossier de règles, ou le fichier YAML d'un périmètre",
  ],
  // A workbook made a draft.
  ["the folder for the draft is not empty", "le dossier du brouillon n'est pas vide"],
  [
    "give the name of a folder that does not exist: nothing is ever written over",
    "donnez le nom d'un dossier qui n'existe pas : rien n'est jamais remplacé",
  ],
  ["the folder of the draft cannot be written", "le dossier du brouillon ne peut pas être écrit"],
  [
    "check that the folder above it exists, is writable and has room",
    "vérifiez que le dossier au-dessus existe, accepte l'écriture et a de la place",
  ],
  ["a requirement of the workbook holds too much text", "une exigence du classeur contient trop de texte"],
  [
    "shorten its texts in the workbook: a row is written in 250,000 characters at most",
    "raccourcissez ses textes dans le classeur : une exigence s'écrit en 250 000 caractères au plus",
  ],
  ["the suite has a perimeter {}", "la suite a un périmètre {}"],
  ["{} is no id of a perimeter", "{} n'est pas un identifiant de périmètre"],
  [
    "give another one: lower case letters, digits and hyphens",
    "donnez-en un autre : minuscules, chiffres et traits d'union",
  ],
  ["the workbook does not say the wave of {} lines", "le classeur ne dit pas la vague de {} lignes"],
  ["give it with --wave 1 or --wave 2", "donnez-la avec --wave 1 ou --wave 2"],
  [
    "the workbook holds no requirement that can be taken",
    "le classeur ne contient aucune exigence qui puisse être reprise",
  ],
  [
    "check that its rows stand under the columns of a REM; docs/rem-files.md lists them",
    "vérifiez que ses lignes sont sous les colonnes d'un REM ; docs/rem-files.md les donne",
  ],
  ["the workbook holds more requirements than a list has", "le classeur contient plus d'exigences qu'une liste n'en a"],
  ["keep 5,000 at most", "gardez-en 5 000 au plus"],
  ["the workbook is too large", "le classeur est trop volumineux"],
  ["keep it under 50 MB", "restez sous 50 Mo"],
  ["the workbook cannot be read", "le classeur ne peut pas être lu"],
  [
    "give the path of an .xlsx file, and check who may read it",
    "donnez le chemin d'un fichier .xlsx, et vérifiez qui peut le lire",
  ],
  ...WORKBOOK_PAIRS,
];
