/**
 * What a template leaves behind in a text that nobody finished: `vXXXX`, `[à compléter]`, `<NOM>`, dotted lines. Patterns are kept
 * narrow; `docs/proof-rules.md` says on which real texts they were measured.
 */

export interface Placeholder {
  /** What is left, as it stands, at most 60 characters. */
  readonly found: string;
  /** Line in the text, from 1. */
  readonly line: number;
}

/** How much of a text is a form to fill: a mask in a log is no placeholder, one in an attestation is. */
export type PlaceholderScope = "form" | "document" | "trace";

const TO_FILL =
  "(?:à|a) (?:compl[ée]ter|remplir|renseigner|pr[ée]ciser|d[ée]finir|confirmer|ins[ée]rer)|(?:ins[ée]rer|remplacer|indiquer|pr[ée]ciser|compl[ée]ter|renseigner) (?:ici|le|la|les|l['’]|votre)|to be (?:completed|filled in|defined|confirmed)|insert [a-z ]{1,30} here";
const WHAT =
  "nom|pr[ée]nom|date|jour|version|num[ée]ro|n°|[ée]diteur|logiciel|produit|soci[ée]t[ée]|raison sociale|adresse|ville|signature|signataire|fonction|qualit[ée]|auditeur|siret|siren|nil|nie|name|company|product|vendor|software|address|city|signatory|title";

/** Left over in whatever text. */
const ANYWHERE: readonly RegExp[] = [
  /\blorem ipsum\b/i,
  new RegExp(`(?:\\[|\\{|<|«\\s?)\\s*(?:${TO_FILL})[^\\]}>»\\n]{0,60}[\\]}>»]`, "i"),
];

/** Left over in a document that people read; masks and variables are ordinary in logs and configurations. */
const IN_DOCUMENTS: readonly RegExp[] = [
  /\bv\.? ?X{2,4}(?:\.X+)*\b|\bv?X+(?:\.X+)+\b|(?<![\w/.-])X{3,}(?![\w/.-])/,
  /(?<![\w/.-])x{4,}(?![\w/.-])/,
  /\{\{\s*[\p{L}_][^{}\n]{0,60}\}\}/u,
  /(?<![\w-])(?:TODO|FIXME|TBD|TBC)(?![\w-])/,
  /\b(?:texte|paragraphe|image) à (?:remplacer|insérer)\b/i,
];

/** Left over in a form or an attestation: what is ordinary in a manual (`<nom>` in a command, `JJ/MM/AAAA` in a format) is not there. */
const IN_FORMS: readonly RegExp[] = [
  new RegExp(
    `(?:<|\\[|«\\s?)\\s*(?:(?:le|la|les|l['’]|votre|your|the) ?)?(?:${WHAT})(?:[ '’_-][^<>\\[\\]«»@/="\\n]{0,40})?\\s*(?:>|\\](?!\\()|»)`,
    "i",
  ),
  /\((?:à|a) (?:compl[ée]ter|remplir|renseigner)[^)\n]{0,60}\)/i,
  /\bJJ ?[/.-] ?MM ?[/.-] ?AA(?:AA)?\b|\bDD ?[/.-] ?MM ?[/.-] ?YYYY\b/,
  // A dotted line to fill in, not one that leads to a page number, nor a line of a frame.
  /(?:[\p{L}\d:)»]|°)[ \t]*(?:\.{6,}|…{2,}|_{4,}|(?:\. ){5,}\.)(?![._…])(?![ \t]*(?:\d|[ivxlc]+\b))/iu,
];

const SCOPES: Readonly<Record<PlaceholderScope, readonly RegExp[]>> = {
  trace: ANYWHERE,
  document: [...ANYWHERE, ...IN_DOCUMENTS],
  form: [...ANYWHERE, ...IN_DOCUMENTS, ...IN_FORMS],
};

const MOST_FOUND = 100;
const LONGEST_LINE = 2000;

/** In the order of the text, at most a hundred, one a line. */
export function placeholdersIn(text: string, scope: PlaceholderScope): Placeholder[] {
  const found: Placeholder[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (const [index, whole] of lines.entries()) {
    if (found.length >= MOST_FOUND) break;
    // A line longer than any sentence is data; looking into all of it would let a file cost what it likes.
    const line = whole.slice(0, LONGEST_LINE);
    for (const pattern of SCOPES[scope]) {
      const hit = pattern.exec(line);
      if (hit === null) continue;
      found.push({ found: hit[0].trim().slice(0, 60), line: index + 1 });
      break;
    }
  }
  return found;
}
