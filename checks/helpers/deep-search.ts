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
  for (const { name, content } of piecesOf(bytes, raw)) {
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

/** Base64 over one or several lines, cut anywhere, indented or not. Shorter runs hold no number worth looking for. */
const BASE64 = /[A-Za-z0-9+/]{20,}(?:[ \t]{0,80}\r?\n[ \t]{0,80}[A-Za-z0-9+/]{4,})*={0,2}/g;
const MIN_BASE64 = 40;

function* piecesOf(bytes: Buffer, raw: string): Generator<Piece> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const content = inflated(() => gunzipSync(bytes, { maxOutputLength: MAX_BYTES }));
    if (content) yield { name: "gzip", content };
  }
  const zipAt = raw.indexOf("PK\x03\x04");
  if (zipAt >= 0) yield* zipPieces(bytes.subarray(zipAt));
  if (raw.includes("%PDF-")) yield* pdfPieces(bytes, raw);
  for (const match of raw.matchAll(BASE64)) {
    if (match[0].length >= MIN_BASE64) yield { name: "base64", content: Buffer.from(match[0], "base64") };
  }
}

function* zipPieces(bytes: Buffer): Generator<Piece> {
  const zip = readZip(bytes, { maxEntries: 200, maxEntryBytes: MAX_BYTES, maxTotalBytes: 2 * MAX_BYTES });
  if (!zip.ok) return;
  for (const entry of zip.archive.entries) {
    if (entry.data) yield { name: `zip ${entry.name}`, content: Buffer.from(entry.data) };
  }
}

/** Streams of a PDF, inflated, and the text their show operators hold (hexadecimal or literal strings, joined). */
function* pdfPieces(bytes: Buffer, raw: string): Generator<Piece> {
  for (const match of raw.matchAll(/stream\r?\n/g)) {
    const start = match.index + match[0].length;
    const end = raw.indexOf("endstream", start);
    if (end < 0) return;
    const packed = bytes.subarray(start, end);
    const content = inflated(() => inflateSync(packed, { maxOutputLength: MAX_BYTES })) ?? packed;
    yield { name: "pdf stream", content };
    yield { name: "pdf text", content: pdfText(content.toString("latin1")) };
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

function inflated(inflate: () => Buffer): Buffer | null {
  try {
    return inflate();
  } catch {
    return null; // not compressed that way, or larger than the bound
  }
}
