/** What is mended in a cell's text, because nothing but the writing can have been meant; each mend is told. */
import { trimCell } from "./ids.js";
import type { RemAnomalyKind } from "./types.js";

/** Named entities of HTML 4 for U+00A0 to U+00FF, in that order. */
const LATIN =
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

const NAMED: ReadonlyMap<string, string> = new Map([
  ...LATIN.split(" ").map((name, index): [string, string] => [name, String.fromCharCode(0xa0 + index)]),
  ...Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", hellip: "…", euro: "€", bull: "•", rarr: "→" }),
  ...Object.entries({ lsquo: "‘", rsquo: "’", ldquo: "“", rdquo: "”", ndash: "–", mdash: "—", oelig: "œ", OElig: "Œ" }),
  ...Object.entries({ ge: "≥", le: "≤", ne: "≠", trade: "™", thinsp: "\u2009", ensp: "\u2002", emsp: "\u2003" }),
]);

/** `&eacute;`, `&#39;`, `&#xE9;`: with their semicolon only. */
const ENTITY = /&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z][A-Za-z0-9]{1,7}));/g;

/**
 * Entities decoded once: a cell has no markup, so one that stands in it was encoded once too often. `&amp;` first becomes `&`,
 * and an entity that this uncovers is of the same origin and decoded too. Unknown names stay as they are.
 */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&amp;(?=#?[A-Za-z0-9]{1,8};)/g, "&").replace(ENTITY, (all, decimal, hexadecimal, name) => {
    if (typeof name === "string") return NAMED.get(name) ?? all;
    const code = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hexadecimal), 16);
    const allowed = code === 9 || code === 10 || (code >= 0x20 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff));
    return allowed ? String.fromCodePoint(code) : String(all);
  });
}

/** Elements that the editor of the source tool writes; other angle brackets are placeholders of plain text (`<nom>`). */
const HTML = /<\/?(?:p|br|b|i|u|em|strong|ul|ol|li|span|div|a|h[1-6]|table|tr|td)(?:\s[^<>]{0,500})?\s?\/?>/i;

export interface MendedText {
  readonly text: string;
  /** Kinds of which `text` is the mended form, but `html_markup`: kept as found. */
  readonly kinds: readonly RemAnomalyKind[];
}

/** Entities first: `&nbsp;` at an end is outer white space too. */
export function mendText(found: string): MendedText {
  const markup = HTML.test(found);
  const decoded = markup ? found : decodeEntities(found);
  const text = trimCell(decoded);
  const kinds: RemAnomalyKind[] = markup ? ["html_markup"] : [];
  if (decoded !== found) kinds.push("double_encoded");
  if (text !== decoded) kinds.push("outer_space");
  return { text, kinds };
}

/** A version, date or number that its author left to fill in: `vXXXX`, `v X.Y`, `vX.X.X`. */
export function hasLinkPlaceholder(text: string): boolean {
  return /\bv\.? ?(?:x{2,}|x+(?:[._][xyz]+)+)\b/i.test(text);
}

/** Characters that XML cannot hold, but for line ends and tabs. */
export function hasControl(text: string): boolean {
  return /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(
    text,
  );
}
