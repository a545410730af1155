/**
 * Looks for a number in what a software sent, however it is wrapped: text, quoted-printable, base64, gzip, zip entries,
 * streams of a PDF. Bounded in depth, size and count; foreign bytes never make it throw.
 */
import { gunzipSync, inflateSync } from "node:zlib";
import { readHttpRequest } from "../../protocols/http.js";
import { readZip } from "../../protocols/zip.js";

const MAX_DEPTH = 6;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_PIECES = 5000;
/** All pieces together: pieces may lie inside each other or be the same bytes again. */
const MAX_TOTAL = 128 * 1024 * 1024;

interface Budget {
  pieces: number;
  bytes: number;
}

/** Where the number stands, from outside in: `["base64", "zip IHE_XDM/SUBSET01/DOC.XML"]`; null when it is nowhere. */
export function findNumber(bytes: Uint8Array, number: string, ignore?: RegExp): string[] | null {
  const budget = { pieces: MAX_PIECES, bytes: MAX_TOTAL };
  const pattern = spacedPattern(number);
  const whole = search(Buffer.from(bytes), pattern, ignore, budget, 0);
  // The body of a call is its own piece: cut in chunks or compressed as a whole, it does not show in the raw bytes.
  const body = whole ? null : readHttpRequest(bytes)?.body;
  return whole ?? (body && body.length > 0 ? search(Buffer.from(body), pattern, ignore, budget, 0) : null);
}

/** The characters of the number, each followed by at most one space, point, hyphen or no-break space. */
function spacedPattern(number: string): RegExp {
  return new RegExp([...number].join("(?:[ .-]|\\xc2?\\xa0)?"));
}

function search(
  bytes: Buffer,
  pattern: RegExp,
  ignore: RegExp | undefined,
  budget: Budget,
  depth: number,
): string[] | null {
  budget.pieces -= 1;
  budget.bytes -= bytes.length;
  if (depth > MAX_DEPTH || spent(budget) || bytes.length > MAX_BYTES) return null;
  const raw = bytes.toString("latin1");
  const shown = ignore ? raw.replace(ignore, "") : raw;
  if (pattern.test(shown)) return [];
  if (pattern.test(shown.replace(/=\r?\n/g, ""))) return ["quoted-printable"];
  if (shown.includes("\0") && pattern.test(shown.replaceAll("\0", ""))) return ["utf-16"];
  if (shown.includes("&#") && pattern.test(referencesUndone(shown))) return ["character references"];
  for (const { name, content } of piecesOf(bytes, raw, budget)) {
    const found = search(content, pattern, ignore, budget, depth + 1);
    if (found) return [name, ...found];
    if (spent(budget)) return null;
  }
  return null;
}

function spent(budget: Budget): boolean {
  return budget.pieces < 0 || budget.bytes < 0;
}

/** `&#49;` and `&#x31;` as the character they stand for, where it is one byte. */
function referencesUndone(text: string): string {
  return text.replace(/&#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}));/g, (whole, hex: string | undefined, decimal: string) => {
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code < 0x100 ? String.fromCharCode(code) : whole;
  });
}

interface Piece {
  readonly name: string;
  readonly content: Buffer;
}

/** A first line of base64 shorter than this, or a whole run shorter than that, holds no number worth looking for. */
const MIN_LINE = 20;
const MIN_RUN = 40;
const MAX_INDENT = 80;

function* piecesOf(bytes: Buffer, raw: string, budget: Budget): Generator<Piece> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const content = inflated(budget, () => gunzipSync(bytes, { maxOutputLength: MAX_BYTES }));
    if (content) yield { name: "gzip", content };
  }
  const zipAt = raw.indexOf("PK\x03\x04");
  if (zipAt >= 0) yield* zipPieces(bytes.subarray(zipAt), budget);
  if (raw.includes("%PDF-")) yield* pdfPieces(bytes, raw, budget);
  yield* base64Pieces(bytes);
}

/** Base64 over one or several lines, cut anywhere, indented or not. By hand: an expression overflows on long runs. */
function* base64Pieces(bytes: Buffer): Generator<Piece> {
  let at = 0;
  while (at < bytes.length) {
    const lineEnd = endOfRun(bytes, at);
    if (lineEnd - at < MIN_LINE) {
      at = lineEnd + 1;
      continue;
    }
    let end = lineEnd;
    for (let next = nextLine(bytes, end); next !== null; next = nextLine(bytes, end)) {
      const stop = endOfRun(bytes, next);
      if (stop === next) break;
      end = stop;
    }
    if (end - at >= MIN_RUN)
      yield { name: "base64", content: Buffer.from(bytes.toString("latin1", at, end), "base64") };
    at = end + 1;
  }
}

/** First position from `at` that is no character of base64. */
function endOfRun(bytes: Buffer, at: number): number {
  let end = at;
  while (end < bytes.length && isBase64(bytes[end] ?? 0)) end += 1;
  return end;
}

/** Start of the next line when only blanks and one line end stand before it. */
function nextLine(bytes: Buffer, at: number): number | null {
  let next = at;
  let feeds = 0;
  while (next < bytes.length && next - at < 2 * MAX_INDENT) {
    const byte = bytes[next];
    if (byte === 0x0a) feeds += 1;
    else if (byte !== 0x0d && byte !== 0x20 && byte !== 0x09) break;
    next += 1;
  }
  return feeds === 1 ? next : null;
}

function isBase64(byte: number): boolean {
  const letter = byte & 0xdf;
  return (letter >= 0x41 && letter <= 0x5a) || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b;
}

function* zipPieces(bytes: Buffer, budget: Budget): Generator<Piece> {
  const zip = readZip(bytes, { maxEntries: 200, maxEntryBytes: MAX_BYTES, maxTotalBytes: 2 * MAX_BYTES });
  if (!zip.ok) {
    if (zip.reason === "too_large") budget.bytes -= 2 * MAX_BYTES;
    return;
  }
  for (const entry of zip.archive.entries) {
    if (entry.data) yield { name: `zip ${entry.name}`, content: Buffer.from(entry.data) };
    else if (entry.problem === "ratio" || entry.problem === "too_large") budget.bytes -= MAX_BYTES;
  }
}

/** Streams of a PDF, inflated, and the text their show operators hold (hexadecimal or literal strings, joined). */
function* pdfPieces(bytes: Buffer, raw: string, budget: Budget): Generator<Piece> {
  let from = 0;
  for (let end = raw.indexOf("endstream"); end >= 0; end = raw.indexOf("endstream", from)) {
    // The word may stand in a string before the stream it opens: both ends of the choice are tried.
    const first = raw.indexOf("stream", from);
    const last = raw.lastIndexOf("stream", end - 1);
    for (const word of new Set([first, last])) {
      const begin = word < from || word >= end ? null : /^stream\r?\n/.exec(raw.slice(word, word + 8));
      if (!begin) continue;
      const packed = bytes.subarray(word + begin[0].length, end);
      const content = inflated(budget, () => inflateSync(packed, { maxOutputLength: MAX_BYTES })) ?? packed;
      yield { name: "pdf stream", content };
      yield { name: "pdf text", content: pdfText(content.toString("latin1")) };
    }
    from = end + "endstream".length;
  }
}

/** One pass: an opened string that is opened again begins anew, so that no text is looked at twice. */
function pdfText(operators: string): Buffer {
  const parts: string[] = [];
  const hexadecimal = /<([0-9A-Fa-f\s]+)>/y;
  let literal: string | null = null;
  for (let i = 0; i < operators.length; i += 1) {
    const c = operators.charAt(i);
    if (c === "(") literal = "";
    else if (c === ")") {
      if (literal !== null) parts.push(literal);
      literal = null;
    } else if (literal !== null) {
      if (c === "\\") i += 1;
      literal += c === "\\" && !/[()\\]/.test(operators.charAt(i)) ? c + operators.charAt(i) : operators.charAt(i);
    } else if (c === "<") {
      hexadecimal.lastIndex = i;
      const hex = hexadecimal.exec(operators)?.[1];
      if (hex !== undefined) parts.push(Buffer.from(hex.replace(/\s/g, ""), "hex").toString("latin1"));
    }
  }
  return Buffer.from(parts.join(""), "latin1");
}

function inflated(budget: Budget, inflate: () => Buffer): Buffer | null {
  try {
    return inflate();
  } catch (error) {
    // Not compressed that way; or larger than the bound, and the work was done.
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") budget.bytes -= MAX_BYTES;
    return null;
  }
}
