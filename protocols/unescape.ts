/**
 * Escapes that stand inside text: quoted-printable (RFC 2045 §6.7), percent-encoding (RFC 3986 §2.1), character references
 * (XML 1.0 §4.1, and `&nbsp;` of HTML), escapes of JSON strings (RFC 8259 §7). Each is undone over a whole text that is not
 * known to be in it: what is no escape stays as it is, so nothing ever fails. Decoded characters are written as UTF-8.
 */

export type EscapeKind = "quoted-printable" | "percent-encoding" | "character-references" | "json-escapes";

export const ESCAPE_KINDS: readonly EscapeKind[] = [
  "quoted-printable",
  "percent-encoding",
  "character-references",
  "json-escapes",
];

/** What an escape stands for, and how many bytes it takes. Never more bytes than it takes. */
interface Escape {
  readonly length: number;
  readonly bytes: Uint8Array;
}

const LEAD: Readonly<Record<EscapeKind, number>> = {
  "quoted-printable": 0x3d, // =
  "percent-encoding": 0x25, // %
  "character-references": 0x26, // &
  "json-escapes": 0x5c, // \
};

const READ: Readonly<Record<EscapeKind, (text: Buffer, at: number) => Escape | null>> = {
  "quoted-printable": readQuoted,
  "percent-encoding": readPercent,
  "character-references": readReference,
  "json-escapes": readJson,
};

/** The text without its escapes of this kind; null when it has none. */
export function unescapeText(text: Buffer, kind: EscapeKind): Buffer | null {
  let out: Buffer | null = null;
  let length = 0;
  eachPiece(text, kind, (from, to, decoded) => {
    if (!out) {
      // Most texts have none: room is made at the first, for what stands before it too.
      if (!decoded) return true;
      out = Buffer.allocUnsafe(text.length);
      length = text.copy(out, 0, 0, from);
    }
    if (decoded) {
      out.set(decoded, length);
      length += decoded.length;
    } else length += text.copy(out, length, from, to);
    return true;
  });
  return (out as Buffer | null)?.subarray(0, length) ?? null;
}

/** Where in the escaped text the byte at `position` of the unescaped one comes from. */
export function escapedOffset(text: Buffer, kind: EscapeKind, position: number): number {
  let length = 0;
  let found = text.length;
  eachPiece(text, kind, (from, to, decoded) => {
    const size = decoded ? decoded.length : to - from;
    if (position < length + size) {
      found = decoded ? from : from + (position - length);
      return false;
    }
    length += size;
    return true;
  });
  return found;
}

/** Cuts the text into plain pieces (`decoded` null) and escapes, in order, until `take` says false. */
function eachPiece(
  text: Buffer,
  kind: EscapeKind,
  take: (from: number, to: number, decoded: Uint8Array | null) => boolean,
): void {
  const read = READ[kind];
  let from = 0;
  for (let at = text.indexOf(LEAD[kind]); at >= 0;) {
    const escape = read(text, at);
    if (!escape || !isInText(text, at)) {
      at = text.indexOf(LEAD[kind], at + 1);
      continue;
    }
    if (at > from && !take(from, at, null)) return;
    from = at + escape.length;
    if (!take(at, from, escape.bytes)) return;
    at = text.indexOf(LEAD[kind], from);
  }
  if (from < text.length) take(from, text.length, null);
}

/** Bytes looked at on either side of an escape. */
const AROUND = 16;

/**
 * False in the middle of binary bytes, where what looks like an escape stands by chance; undone, it would turn compressed data
 * into other data. Text has no control characters, and no more than a quarter of it is outside ASCII.
 */
function isInText(text: Buffer, at: number): boolean {
  const end = Math.min(text.length, at + AROUND);
  let outside = 0;
  for (let i = Math.max(0, at - AROUND); i < end; i += 1) {
    const byte = text[i] ?? 0;
    if (byte >= 0x80) outside += 1;
    else if (byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return false;
  }
  return outside <= (2 * AROUND) / 4;
}

const NOTHING = new Uint8Array(0);

function readQuoted(text: Buffer, at: number): Escape | null {
  const value = hexByte(text, at + 1);
  if (value !== null) return { length: 3, bytes: Uint8Array.of(value) };
  // A soft line break; transport padding may stand before it.
  let end = at + 1;
  while (end < at + 80 && (text[end] === 0x20 || text[end] === 0x09)) end += 1;
  if (text[end] === 0x0a) return { length: end + 1 - at, bytes: NOTHING };
  return text[end] === 0x0d && text[end + 1] === 0x0a ? { length: end + 2 - at, bytes: NOTHING } : null;
}

function readPercent(text: Buffer, at: number): Escape | null {
  const value = hexByte(text, at + 1);
  return value === null ? null : { length: 3, bytes: Uint8Array.of(value) };
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);

/** Longest reference looked at: leading zeros are allowed, so a little more than `&#x10FFFF;`. */
const LONGEST_REFERENCE = 16;

function readReference(text: Buffer, at: number): Escape | null {
  const end = text.subarray(at, at + LONGEST_REFERENCE).indexOf(0x3b);
  if (end < 0) return null;
  const body = text.toString("latin1", at + 1, at + end);
  const numeric = /^#(?:(\d+)|[xX]([0-9A-Fa-f]+))$/.exec(body);
  const character = numeric
    ? fromCode(numeric[1] === undefined ? Number.parseInt(numeric[2] ?? "", 16) : Number(numeric[1]))
    : NAMED.get(body);
  return character === undefined ? null : { length: end + 1, bytes: Buffer.from(character, "utf8") };
}

function fromCode(code: number): string | undefined {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : undefined;
}

const SHORT: ReadonlyMap<number, number> = new Map(
  [
    ['"', '"'],
    ["\\", "\\"],
    ["/", "/"],
    ["b", "\b"],
    ["f", "\f"],
    ["n", "\n"],
    ["r", "\r"],
    ["t", "\t"],
  ].map(([letter = "", meant = ""]) => [letter.charCodeAt(0), meant.charCodeAt(0)]),
);

function readJson(text: Buffer, at: number): Escape | null {
  const next = text[at + 1] ?? 0;
  const short = SHORT.get(next);
  if (short !== undefined) return { length: 2, bytes: Uint8Array.of(short) };
  if (next !== 0x75) return null;
  const code = /^[0-9A-Fa-f]{4}$/.exec(text.toString("latin1", at + 2, at + 6));
  // Halves of a pair become U+FFFD each: nobody looks for characters outside the basic plane.
  return code ? { length: 6, bytes: Buffer.from(String.fromCharCode(Number.parseInt(code[0], 16)), "utf8") } : null;
}

function hexByte(text: Buffer, at: number): number | null {
  const high = hexDigit(text[at] ?? 0);
  const low = hexDigit(text[at + 1] ?? 0);
  return high < 0 || low < 0 ? null : high * 16 + low;
}

/** Value of the digit, -1 when it is none. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : -1;
}
