/** What may be hidden in bytes, one reader per encoding: each finds its parts anywhere in a layer and decodes them. */
import { constants, inflateRawSync, inflateSync, type ZlibOptions } from "node:zlib";
import { readCutByTags, readScientific } from "./deep-joins.js";
import { type Bounds, joined, type Opened, type Part, type Piece, type Reader } from "./deep-parts.js";
import { isKeyContainer } from "./der-keys.js";
import { ESCAPE_KINDS, escapedOffset, hexDigit, unescapeText } from "./unescape.js";

const ZIP_HEAD = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const GZIP_HEAD = Buffer.from([0x1f, 0x8b, 0x08]);

// ---- base64 ------------------------------------------------------------------------------------------------------------

/** Below, a run of letters and digits is a word: 20 characters are 15 bytes, one INS. */
const LEAST_BASE64 = 20;
/** Lines of a folded text that are shorter than this are not one text: the last one may be. */
const LEAST_LINE = 32;
/** A run up to this long may be glued to what precedes it (a path, a length byte): every alignment is tried. */
const GLUED = 4096;

const DIGIT_OR_LETTER = 1;
const STANDARD = 2;
const URL_SAFE = 4;
const ALPHABET = new Uint8Array(256);
for (let byte = 0; byte < 256; byte += 1) {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z0-9]/.test(character)) ALPHABET[byte] = DIGIT_OR_LETTER;
  else if (character === "+" || character === "/") ALPHABET[byte] = STANDARD;
  else if (character === "-" || character === "_") ALPHABET[byte] = URL_SAFE;
}

function* readBase64(bytes: Buffer): Generator<Part> {
  yield* base64Runs(bytes, DIGIT_OR_LETTER | STANDARD, "base64");
  yield* base64Runs(bytes, DIGIT_OR_LETTER | URL_SAFE, "base64url");
}

function* base64Runs(bytes: Buffer, alphabet: number, name: "base64" | "base64url"): Generator<Part> {
  for (let from = nextRun(bytes, 0, alphabet), at = 0; from >= 0; from = nextRun(bytes, at, alphabet)) {
    let to = runEnd(bytes, from, alphabet);
    let line = to - from;
    // Folded lines: long ones, each followed by a line break and perhaps an indentation. Never in the URL-safe form.
    while (name === "base64" && line >= LEAST_LINE) {
      const next = nextLine(bytes, to);
      if (next === null || !inAlphabet(bytes[next], alphabet)) break;
      to = runEnd(bytes, next, alphabet);
      line = to - next;
    }
    at = to;
    const text = bytes.toString("latin1", from, to);
    // Without its own characters it is what the other alphabet reads too.
    if (name === "base64url" && !/[-_]/.test(text)) continue;
    for (const skipped of text.length <= GLUED ? [0, 1, 2, 3] : [0]) {
      const decoded = Buffer.from(skipped === 0 ? text : text.slice(skipped), "base64");
      if (isWorthwhile(decoded))
        yield { name, bytes: decoded, origin: (position) => charOffset(bytes, from + skipped, position) };
    }
  }
}

/**
 * Start of the next run that is long enough, -1 when there is none. `start`: no run goes through it. Looked at from the end of the
 * least a run takes, so that words are passed over without reading all their letters.
 */
function nextRun(bytes: Buffer, start: number, alphabet: number): number {
  let from = start;
  while (from + LEAST_BASE64 <= bytes.length) {
    let at = from + LEAST_BASE64 - 1;
    while (at >= from && ((ALPHABET[bytes[at] ?? 0] ?? 0) & alphabet) !== 0) at -= 1;
    if (at < from) return from;
    from = at + 1;
  }
  return -1;
}

function inAlphabet(byte: number | undefined, alphabet: number): boolean {
  return byte !== undefined && ((ALPHABET[byte] ?? 0) & alphabet) !== 0;
}

function runEnd(bytes: Buffer, from: number, alphabet: number): number {
  let to = from;
  while (to < bytes.length && ((ALPHABET[bytes[to] ?? 0] ?? 0) & alphabet) !== 0) to += 1;
  return to;
}

/** Start of the text of the next line when a line ends here; null when none does. */
function nextLine(bytes: Buffer, at: number): number | null {
  let next = at;
  if (bytes[next] === 0x0d) next += 1;
  if (bytes[next] !== 0x0a) return next === at ? null : next;
  next += 1;
  while (next < at + 80 && (bytes[next] === 0x20 || bytes[next] === 0x09)) next += 1;
  return next;
}

/** Offset of the character in which the byte at `position` begins; line breaks do not count. */
function charOffset(bytes: Buffer, from: number, position: number): number {
  let left = Math.floor((position * 4) / 3);
  let at = from;
  while (at < bytes.length) {
    if (ALPHABET[bytes[at] ?? 0] !== 0) {
      if (left === 0) return at;
      left -= 1;
    }
    at += 1;
  }
  return at;
}

/** Shortest run of readable bytes that makes decoded bytes more than noise. */
const READABLE_RUN = 10;

/**
 * ASCII; NUL, of which UTF-16 is full; the bytes of no-break and thin spaces in UTF-8 and Latin-1, that stand between the
 * groups of a number.
 */
const READABLE = new Uint8Array(256);
for (let byte = 0x20; byte < 0x7f; byte += 1) READABLE[byte] = 1;
for (const byte of [0, 0x09, 0x0a, 0x0d, 0x80, 0x87, 0x89, 0xa0, 0xaf, 0xc2, 0xe2]) READABLE[byte] = 1;

/** Bytes that a text, an archive, a compressed stream or a private key may be; random bytes are seldom. */
function isWorthwhile(bytes: Buffer): boolean {
  if (bytes.includes(ZIP_HEAD) || bytes.includes(GZIP_HEAD) || isKeyContainer(bytes)) return true;
  let run = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x78 && isZlibHead(bytes[at + 1])) return true;
    run = READABLE[byte] === 1 ? run + 1 : 0;
    if (run >= READABLE_RUN) return true;
  }
  return false;
}

// ---- compressed --------------------------------------------------------------------------------------------------------

function* readZipMembers(bytes: Buffer, bounds: Bounds): Generator<Opened> {
  for (let at = bytes.indexOf(ZIP_HEAD); at >= 0; at = bytes.indexOf(ZIP_HEAD, at + 4)) {
    if (at + 30 > bytes.length) return;
    const flags = bytes.readUInt16LE(at + 6);
    const method = bytes.readUInt16LE(at + 8);
    const nameEnd = at + 30 + bytes.readUInt16LE(at + 26);
    const from = nameEnd + bytes.readUInt16LE(at + 28);
    const name = `zip:${printable(bytes.subarray(at + 30, nameEnd))}`;
    if ((flags & 1) === 1) yield { name, reason: "encrypted", offset: at };
    else if (method === 8) yield* inflated(name, at, bytes.subarray(from), inflateRawSync, bounds);
    // A stored member lies open in the layer itself.
    else if (method !== 0) yield { name, reason: "method", offset: at };
  }
}

/** A name of the archive, for people: bounded, and nothing but visible ASCII. */
function printable(name: Buffer): string {
  return name
    .subarray(0, 80)
    .toString("latin1")
    .replace(/[^\x21-\x7e]/g, "?");
}

function* readGzip(bytes: Buffer, bounds: Bounds): Generator<Opened> {
  for (let at = bytes.indexOf(GZIP_HEAD); at >= 0; at = bytes.indexOf(GZIP_HEAD, at)) {
    const from = gzipData(bytes, at);
    at = from + (yield* inflated("gzip", at, bytes.subarray(from), inflateRawSync, bounds));
    if (bounds.inflations.left <= 0) return;
  }
}

/**
 * Where the data of a member begins (RFC 1952 §2.3). Read here because the library refuses a member that anything follows, and
 * a body in a stream of HTTP is followed by the next message.
 */
function gzipData(bytes: Buffer, at: number): number {
  const flags = bytes[at + 3] ?? 0;
  let from = at + 10;
  if ((flags & 4) !== 0) from += 2 + (bytes[from] ?? 0) + 256 * (bytes[from + 1] ?? 0);
  // Name and comment, each ended by NUL.
  for (const field of [8, 16]) {
    if ((flags & field) === 0) continue;
    const end = bytes.indexOf(0, from);
    from = end < 0 ? bytes.length : end + 1;
  }
  return (flags & 2) === 0 ? from : from + 2;
}

/** Streams of a PDF (`FlateDecode`) and bodies of `Content-Encoding: deflate`. */
function* readZlib(bytes: Buffer, bounds: Bounds): Generator<Opened> {
  for (let at = bytes.indexOf(0x78); at >= 0; at = bytes.indexOf(0x78, at)) {
    if (isZlibHead(bytes[at + 1])) at += yield* inflated("zlib", at, bytes.subarray(at), inflateSync, bounds);
    else at += 1;
    if (bounds.inflations.left <= 0) return;
  }
}

/** Second byte of a zlib header with the usual window, for the four levels (RFC 1950 §2.2). */
function isZlibHead(byte: number | undefined): boolean {
  return byte === 0x01 || byte === 0x5e || byte === 0x9c || byte === 0xda;
}

/** With `info`, the functions of zlib give the engine too, which knows how much of the input it took. */
interface Informed {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * A compressed stream that begins with `input`; one cut short gives what there is of it. Gives how many bytes it takes: 1
 * when it is none, for then its head stood there by chance.
 */
function* inflated(
  name: string,
  at: number,
  input: Buffer,
  inflate: (input: Buffer, options: ZlibOptions) => unknown,
  { maxLayerBytes, budget, inflations }: Bounds,
): Generator<Opened, number> {
  if (inflations.left <= 0) return 1;
  inflations.left -= 1;
  if (inflations.left === 0) {
    yield { name, reason: "inflations", offset: at };
    return 1;
  }
  const maxOutputLength = Math.max(1, Math.min(maxLayerBytes, budget.bytes));
  let got: Informed;
  try {
    got = inflate(input, { maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH, info: true }) as Informed;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "ERR_BUFFER_TOO_LARGE") return 1;
    budget.bytes -= maxOutputLength;
    yield { name, reason: "layer_size", offset: at };
    return 1;
  }
  if (isWorthwhile(got.buffer)) yield { name, bytes: got.buffer, origin: () => at };
  else budget.bytes -= got.buffer.length;
  return Math.max(1, got.engine.bytesWritten);
}

// ---- HTTP chunks, PDF strings, UTF-16 ----------------------------------------------------------------------------------

/** Bytes between the field and the end of the head. */
const LONGEST_HEAD = 64 * 1024;

/** Bodies sent in chunks (RFC 9112 §7.1), put together. */
function* readChunked(bytes: Buffer): Generator<Part> {
  for (
    let field = bytes.indexOf("hunked", 0, "latin1");
    field >= 0;
    field = bytes.indexOf("hunked", field + 6, "latin1")
  ) {
    const end = bytes.indexOf("\r\n\r\n", field, "latin1");
    if (end < 0 || end - field > LONGEST_HEAD) continue;
    const pieces: Piece[] = [];
    let at = end + 4;
    for (;;) {
      const head = /^([0-9A-Fa-f]{1,8})[^\r\n]{0,200}\r\n/.exec(bytes.toString("latin1", at, at + 220));
      const size = head ? Number.parseInt(head[1] ?? "", 16) : 0;
      if (!head || size === 0) break;
      const from = at + head[0].length;
      pieces.push({ from, bytes: bytes.subarray(from, from + size) });
      at = from + size + 2;
    }
    if (pieces.length > 1) yield joined("chunked", pieces, 0);
  }
}

/** Digits of the shortest string in angle brackets that is taken for text: `<` and a name of hexadecimal letters is seldom. */
const LEAST_HEX = 20;

/** Strings written in hexadecimal in the content of a page (ISO 32000-1 §7.3.4.3), one per line. */
function* readPdfStrings(bytes: Buffer): Generator<Part> {
  const pieces: Piece[] = [];
  for (let at = bytes.indexOf(0x3c); at >= 0; at = bytes.indexOf(0x3c, at + 1)) {
    let end = at + 1;
    while (hexDigit(bytes[end] ?? 0) >= 0) end += 1;
    if (bytes[end] !== 0x3e || end - at - 1 < LEAST_HEX) continue;
    pieces.push({ from: at + 1, bytes: Buffer.from(`${bytes.toString("latin1", at + 1, end)}0a`, "hex") });
  }
  if (pieces.length > 0) yield joined("pdf-string", pieces, 2);
}

/** Characters in a row that make bytes UTF-16. */
const LEAST_UTF16 = 8;

/** Texts in UTF-16, of either byte order: stretches in which every second byte is NUL, from the first to the last. */
function* readUtf16(bytes: Buffer): Generator<Part> {
  if (!bytes.includes(0)) return;
  for (const order of ["LE", "BE"] as const) {
    const even = utf16Stretch(bytes, order, 0);
    const odd = utf16Stretch(bytes, order, 1);
    for (const stretch of [even, odd]) {
      if (!stretch) continue;
      const units = Buffer.from(bytes.subarray(stretch.from, stretch.to));
      if (order === "BE") units.swap16();
      const text = Buffer.from(units.toString("utf16le"), "utf8");
      yield {
        name: "utf-16",
        bytes: text,
        origin: (position) => stretch.from + 2 * text.toString("utf8", 0, position).length,
      };
    }
  }
}

/** From the first to the last run of eight characters of ASCII, at even or odd offsets; null when there is none. */
function utf16Stretch(bytes: Buffer, order: "LE" | "BE", parity: 0 | 1): { from: number; to: number } | null {
  const high = order === "LE" ? 1 : 0;
  let run = 0;
  let from = -1;
  let to = -1;
  for (let at = parity; at + 1 < bytes.length; at += 2) {
    const low = bytes[at + 1 - high] ?? 0;
    const ascii = bytes[at + high] === 0 && (low >= 0x20 ? low < 0x7f : low === 0x0a || low === 0x0d || low === 0x09);
    run = ascii ? run + 1 : 0;
    if (run < LEAST_UTF16) continue;
    if (from < 0) from = at - 2 * (LEAST_UTF16 - 1);
    to = at + 2;
  }
  return from < 0 ? null : { from, to };
}

// ---- escapes -----------------------------------------------------------------------------------------------------------

function* readEscapes(bytes: Buffer): Generator<Part> {
  for (const kind of ESCAPE_KINDS) {
    const plain = unescapeText(bytes, kind);
    if (plain) yield { name: kind, bytes: plain, origin: (position) => escapedOffset(bytes, kind, position) };
  }
}

export const READERS: readonly Reader[] = [
  readZipMembers,
  readGzip,
  readZlib,
  readChunked,
  readBase64,
  readPdfStrings,
  readUtf16,
  readEscapes,
  readCutByTags,
  readScientific,
];
