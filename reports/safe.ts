/**
 * Foreign text made fit to be read: bounded, masked on demand, with every character that could hide, reorder or command
 * something shown by a visible stand-in. Escaping for a format (HTML, XML, Markdown) comes after, in that format's room.
 */

/** Control, format (bidi, zero-width, tags), surrogate, line and paragraph separators, and code points that are no characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\ufdd0-\ufdef]|[\ufffe\uffff]/gu;
/** Spaces that are not the plain one look the same and are not. */
const ODD_SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
/** A pile of combining marks overprints the neighbouring lines. */
const MARK_PILE = /(\p{M}{3})\p{M}+/gu;

/** `lines`: keeps line feeds and tabs, and takes CR LF for a line feed. */
export function visible(text: string, options: { readonly lines?: boolean } = {}): string {
  const lines = options.lines ? text.replace(/\r\n/g, "\n") : text;
  return lines
    .replace(MARK_PILE, "$1[…]")
    .replace(ODD_SPACE, standIn)
    .replace(UNSEEN, (found) => (options.lines && (found === "\n" || found === "\t") ? found : standIn(found)));
}

/** Names of the controls people know; the others by their number. Brackets and letters are in every font and terminal. */
const NAMES: Readonly<Record<number, string>> = {
  0: "NUL",
  7: "BEL",
  8: "BS",
  9: "TAB",
  10: "LF",
  13: "CR",
  27: "ESC",
  127: "DEL",
  160: "NBSP",
  65279: "BOM",
};

/** `[ESC]`, `[U+202E]`. */
function standIn(found: string): string {
  const code = found.codePointAt(0) ?? 0;
  const name = NAMES[code];
  if (name !== undefined) return `[${name}]`;
  return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
}

/** First `max` UTF-16 units, never half a pair; `left` = how many were left out. */
export function cut(text: string, max: number): { readonly text: string; readonly left: number } {
  if (text.length <= max) return { text, left: 0 };
  const code = text.charCodeAt(max - 1);
  const end = code >= 0xd800 && code <= 0xdbff ? max - 1 : max;
  return { text: text.slice(0, end), left: text.length - end };
}

/** What stands where something was hidden. */
export const MASK = "▮▮▮";

/** Secret members of forms, JSON, headers and XML: the name stays, the value goes. */
const SECRET_NAMES =
  "access_token|refresh_token|id_token|id_token_hint|logout_token|client_secret|client_assertion|assertion|password|code|code_verifier|session_state";

const PATTERNS: readonly [RegExp, string][] = [
  // JWT, whole or cut.
  [/eyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,4}/g, MASK],
  [/\b(Bearer|Basic|DPoP|XOAUTH2|PLAIN|LOGIN)([ \t]+)[A-Za-z0-9._~+/=-]{6,}/gi, `$1$2${MASK}`],
  [/^((?:Set-)?Cookie:[ \t]*)[^\r\n]+/gim, `$1${MASK}`],
  [new RegExp(`\\b(${SECRET_NAMES})(=)[^&\\s"'<>]+`, "gi"), `$1$2${MASK}`],
  [new RegExp(`("(?:${SECRET_NAMES})"\\s*:\\s*")[^"]*`, "gi"), `$1${MASK}`],
  // Encoded words of mail headers and long base64 runs may hold anything.
  [/=\?[^?\s]{1,40}\?[BQ]\?[^?\s]*(?:\?=)?/gi, MASK],
  [/[A-Za-z0-9+/_-]{40,}={0,2}/g, MASK],
  // INS matricule: 13 characters with or without a key of two; all together, or set apart by spaces as on a card.
  [/(?<![A-Za-z0-9])[1-8]\d{4}(?:\d{2}|2[AB])\d{6}(?:\d{2})?(?![A-Za-z0-9])/gi, MASK],
  [
    /(?<![A-Za-z0-9])[1-8][ \u00a0]\d{2}[ \u00a0]\d{2}[ \u00a0](?:\d{2}|2[AB])(?:[ \u00a0]\d{3}){2}(?:[ \u00a0]\d{2})?(?![A-Za-z0-9])/gi,
    MASK,
  ],
  // National ids of professionals and of structures: 9 to 12 digits (ADELI, RPPS, FINESS, 8 + RPPS).
  [/(?<![A-Za-z0-9.])\d{9,12}(?![A-Za-z0-9])/g, MASK],
];

/**
 * Hides matricules, national ids, tokens and the given names. `cutStart` / `cutEnd`: the text is a piece of a longer one;
 * what touches such an edge may be half a secret and is hidden too.
 */
export function mask(
  text: string,
  names: readonly string[],
  edges: { readonly cutStart?: boolean; readonly cutEnd?: boolean } = {},
): string {
  let masked = text;
  if (edges.cutStart) masked = masked.replace(/^[A-Za-z0-9._~+/=-]{4,}/, MASK);
  if (edges.cutEnd) masked = masked.replace(/[A-Za-z0-9._~+/=-]{4,}(…?)$/, `${MASK}$1`);
  for (const [pattern, by] of PATTERNS) masked = masked.replace(pattern, by);
  for (const name of names) masked = maskName(masked, name);
  return masked;
}

/** Accents, case and the kind of separator do not matter; a name inside a longer word is left. */
function maskName(text: string, name: string): string {
  const words = fold(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  if (words.length === 0 || words.join("").length < 2) return text;
  const folded = foldSameLength(text);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${words.join("[^\\p{L}\\p{N}]{1,3}")}(?![\\p{L}\\p{N}])`, "giu");
  let result = "";
  let from = 0;
  for (const found of folded.matchAll(pattern)) {
    result += text.slice(from, found.index) + MASK;
    from = found.index + found[0].length;
  }
  return result + text.slice(from);
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Folded unit by unit, so that positions stay those of the original text. */
function foldSameLength(text: string): string {
  let folded = "";
  for (const unit of text.split("")) {
    const one = fold(unit);
    folded += one.length === 1 ? one : unit;
  }
  return folded;
}
