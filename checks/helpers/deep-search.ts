/**
 * Looks for a number in what a software sent, however it is wrapped: text, quoted-printable, base64, gzip, zip entries,
 * streams of a PDF. Bounded in depth, size and count; foreign bytes never make it throw.
 */
import { gunzipSync, inflateSync } from "node:zlib";
import { readZip } from "../../protocols/zip.js";

const MAX_DEPTH = 6;
const MAX_BYTES = 32 * 1024 * 1024;
const MAX_PIECES = 500;

/** Where the number stands, from outside in: `["base64", "zip IHE_XDM/SUBSET01/DOC.XML"]`; null when it is nowhere. */
export function findNumber(bytes: Uint8Array, number: string, ignore?: RegExp): string[] | null {
  return search(Buffer.from(bytes), spacedPattern(number), ignore, { left: MAX_PIECES }, 0);
}

/** The characters of the number, each followed by at most one space, point, hyphen or no-break space. */
function spacedPattern(number: string): RegExp {
  return new RegExp([...number].join("(?:[ .-]|\\xc2?\\xa0)?"));
}

function search(
  bytes: Buffer,
  pattern: RegExp,
  ignore: RegExp | undefined,
  budget: { left: number },
  depth: number,
): string[] | null {
  budget.left -= 1;
  if (depth > MAX_DEPTH || budget.left < 0 || bytes.length > MAX_BYTES) return null;
  const raw = bytes.toString("latin1");
  const shown = ignore ? raw.replace(ignore, "") : raw;
  if (pattern.test(shown)) return [];
  if (pattern.test(shown.replace(/=\r?\n/g, ""))) return ["quoted-printable"];
  for (const { name, content } of piecesOf(bytes, raw)) {
    const found = search(content, pattern, ignore, budget, depth + 1);
    if (found) return [name, ...found];
  }
  return null;
}

interface Piece {
  readonly name: string;
  readonly content: Buffer;
}

function* piecesOf(bytes: Buffer, raw: string): Generator<Piece> {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const content = inflated(() => gunzipSync(bytes, { maxOutputLength: MAX_BYTES }));
    if (content) yield { name: "gzip", content };
  }
  const zipAt = raw.indexOf("PK\x03\x04");
  if (zipAt >= 0) yield* zipPieces(bytes.subarray(zipAt));
  if (raw.includes("%PDF-")) yield* pdfPieces(bytes, raw);
  for (const match of raw.matchAll(/(?:[A-Za-z0-9+/]{4}[\r\n]{0,2}){15,}[A-Za-z0-9+/]{0,4}={0,2}/g)) {
    yield { name: "base64", content: Buffer.from(match[0], "base64") };
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

function pdfText(operators: string): Buffer {
  const parts: string[] = [];
  for (const match of operators.matchAll(/<([0-9A-Fa-f\s]+)>|\(((?:[^()\\]|\\[\s\S])*)\)/g)) {
    if (match[1] !== undefined) parts.push(Buffer.from(match[1].replace(/\s/g, ""), "hex").toString("latin1"));
    else parts.push((match[2] ?? "").replace(/\\([()\\])/g, "$1"));
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
