/**
 * Column names of the official layouts and how a header is recognised: by its words, whatever the accents, the case, the
 * apostrophes, the line breaks and the way `N°` is written. Names and order: templates of ansforge/segur-squash-plugins.
 */
import type { RemLayout, RemLine } from "./types.js";

/** A text field of a line, without the place and the other columns. */
export type RemField = Exclude<keyof RemLine, "at" | "other">;

/** Proofs of one row in the layouts with one row per scenario. */
export const PROOFS_PER_ROW = 10;

export const CONVERGENCE_COLUMNS: readonly string[] = [
  "Périmètre",
  "ID",
  "Chapitre",
  "Fonction",
  "Exigence",
  "Commentaire",
  "Profil",
  "N° scénario",
  "Scénario de conformité",
  "N° preuve",
  "Preuve",
  "Profil historique",
  "Criticité",
  "Ordre",
];

/** What a column is for. `proof` counts from 1; 0 in the layout with one row per proof. */
export type ColumnRole =
  | { readonly kind: "field"; readonly field: RemField }
  | { readonly kind: "proof"; readonly field: "proofId" | "proof"; readonly proof: number }
  | { readonly kind: "other" }
  | { readonly kind: "internal" };

interface KnownColumn {
  readonly name: string;
  readonly role: ColumnRole;
}

const field = (name: string, of: RemField): KnownColumn => ({ name, role: { kind: "field", field: of } });
const other = (name: string): KnownColumn => ({ name, role: { kind: "other" } });

const SCENARIO: readonly KnownColumn[] = [
  field("N° scénario", "scenarioId"),
  field("Scénario de conformité", "scenario"),
];
const PROOF_PAIRS: readonly KnownColumn[] = Array.from({ length: PROOFS_PER_ROW }, (_, index) => index + 1).flatMap(
  (proof): KnownColumn[] => [
    { name: `N° preuve ${proof}`, role: { kind: "proof", field: "proofId", proof } },
    { name: `Preuve ${proof}`, role: { kind: "proof", field: "proof", proof } },
  ],
);
const ONE_PROOF: readonly KnownColumn[] = [
  { name: "N° preuve", role: { kind: "proof", field: "proofId", proof: 0 } },
  { name: "Preuve", role: { kind: "proof", field: "proof", proof: 0 } },
];

/** The columns each layout has, in order. */
export const LAYOUT_COLUMNS: Readonly<Record<RemLayout, readonly KnownColumn[]>> = {
  "rem-older": [
    other("Exigence conditionnelle OUI/NON"),
    field("Profil", "profile"),
    other("ID Section"),
    field("Section", "chapter"),
    other("Bloc"),
    field("Fonction", "function"),
    field("Nature de l'exigence", "nature"),
    field("N° exigence", "id"),
    field("Énoncé de l'exigence (DOIT) ou de la préconisation (PEUT)", "statement"),
    ...SCENARIO,
    ...PROOF_PAIRS,
  ],
  "rem-newer": [
    field("Périmètre", "perimeter"),
    field("ID", "id"),
    field("Chapitre", "chapter"),
    field("Fonction", "function"),
    field("Exigence", "statement"),
    field("Commentaire", "comment"),
    field("Nature de l'exigence", "nature"),
    field("Profil", "profile"),
    ...SCENARIO,
    ...PROOF_PAIRS,
    other("Statut publication"),
    other("VA N-1"),
    field("Criticité", "criticality"),
    field("Ordre", "order"),
  ],
  convergence: [
    field("Périmètre", "perimeter"),
    field("ID", "id"),
    field("Chapitre", "chapter"),
    field("Fonction", "function"),
    field("Exigence", "statement"),
    field("Commentaire", "comment"),
    field("Profil", "profile"),
    ...SCENARIO,
    ...ONE_PROOF,
    field("Profil historique", "historicalProfile"),
    field("Criticité", "criticality"),
    field("Ordre", "order"),
  ],
};

/**
 * What may stand beside the columns of a layout: those of the others and the additions for the committee before publication.
 * Absent they are not missed.
 */
const EXTRAS: readonly KnownColumn[] = [
  field("Commentaire", "comment"),
  field("Nature de l'exigence", "nature"),
  field("Profil historique", "historicalProfile"),
  field("Criticité", "criticality"),
  field("Ordre", "order"),
  field("Périmètre", "perimeter"),
  other("Exigence conditionnelle OUI/NON"),
  other("ID Section"),
  other("Bloc"),
  other("Statut publication"),
  other("VA N-1"),
  other("bon pour publication"),
  other("référence exigence"),
  other("référence cas de test"),
  other("référence exigence socle"),
  other("points de vérification"),
  other("Rem Ségur"),
];

/** Longer texts name no column. */
const MAX_NAME = 250;

/** Words of a column name: letters and digits only, no accents, lower case; `N°`, `No`, `Numéro de` before a noun are one. */
export function headerKey(text: string): string {
  if (text.length > MAX_NAME) return "";
  const plain = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/°/g, " ")
    .toLowerCase()
    .replace(/([a-z])(?=[0-9])/g, "$1 ")
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
  const numbered = plain
    .replace(/^(?:n|no|num|numero)(?: (?:de|du|d|de la|de l|des))? (?=preuve|scenario|exigence)/, "n ")
    .replace(/(?: (?:n|no|numero))? 0*([0-9]+)$/, " $1");
  // The long name of the older layout was cut and reworded in some copies.
  return /^enonce de l exigence\b/.test(numbered) ? "enonce de l exigence" : numbered;
}

/** Columns by key. Names win that the layout itself has. */
export function columnsOf(layout: RemLayout): ReadonlyMap<string, KnownColumn> {
  const known = [...EXTRAS, ...LAYOUT_COLUMNS[layout]];
  return new Map(known.map((column) => [headerKey(column.name), column]));
}

export function isInternal(key: string): boolean {
  return /^notes? internes?\b/.test(key);
}

/** Keys of `headerKey` that a header must all have to be of that layout, and by which the layouts differ. First match wins. */
export const DISTINGUISHING: readonly (readonly [RemLayout, readonly string[]])[] = [
  ["rem-older", ["n exigence", "enonce de l exigence", "n scenario"]],
  ["rem-newer", ["id", "exigence", "n scenario", "n preuve 1", "preuve 1"]],
  ["convergence", ["id", "exigence", "n scenario", "n preuve", "preuve"]],
];

/** Null when no layout has all its distinguishing columns there. */
export function layoutOf(keys: ReadonlySet<string>): RemLayout | null {
  return DISTINGUISHING.find(([, wanted]) => wanted.every((key) => keys.has(key)))?.[0] ?? null;
}
