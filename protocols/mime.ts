/**
 * Mail as bytes: headers kept raw and decoded, MIME parts as a tree with their raw and decoded bytes (RFC 5322, 2045,
 * 2046, 2047, 2231). Nothing is repaired: what leaves the grammar is named in `problems` and reading goes on. Pure and
 * bounded; `readMail` throws MailError only when there is no mail to give back.
 */
import { decodeCharset, decodeTransfer, decodeWords, type EncodingProblem, lineBreakAt } from "./mime/encodings.js";
import { readParameters } from "./mime/fields.js";

export { decodeCharset, decodeQuotedPrintable, decodeWords } from "./mime/encodings.js";
export { isMessageId, type MailAddress, readAddresses, readParameters } from "./mime/fields.js";

export type MailErrorCode = "too_large" | "too_many_headers" | "too_deep" | "too_many_parts" | "not_mail";

export class MailError extends Error {
  readonly code: MailErrorCode;
  constructor(code: MailErrorCode, detail: string) {
    super(detail);
    this.name = "MailError";
    this.code = code;
  }
}

export type MailProblem =
  | "header_garbled"
  | "eight_bit_header"
  | "bare_line_feed"
  | "no_boundary"
  | "boundary_not_found"
  | "boundary_not_closed"
  | EncodingProblem;

export interface MailHeader {
  /** As written. */
  readonly name: string;
  /** Unfolded, trimmed, encoded words decoded. */
  readonly value: string;
  /** Unfolded and trimmed, not decoded; latin1, so bytes survive. */
  readonly encoded: string;
  /** The whole field, name to last line end. */
  readonly raw: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface MimePart {
  /** Numbered as IMAP does: "" for the whole mail, "2" its second part, "2.1" the first inside it. */
  readonly path: string;
  readonly headers: readonly MailHeader[];
  /** Lower case; `text/plain` when nothing is said (RFC 2045 section 5.2). */
  readonly mediaType: string;
  /** Content-Type parameters, names lower case, RFC 2231 decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  /** `attachment`, `inline`… lower case; null when there is no Content-Disposition. */
  readonly disposition: string | null;
  /** Decoded; from Content-Disposition `filename`, else Content-Type `name`. */
  readonly fileName: string | null;
  /** Lower case; `7bit` when nothing is said. */
  readonly encoding: string;
  /** Body as in the mail; offsets are those of the mail's bytes. */
  readonly rawBody: Uint8Array;
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Body with the transfer encoding removed; the raw bytes for a multipart or an unknown encoding. */
  readonly body: Uint8Array;
  readonly parts: readonly MimePart[];
  readonly problems: readonly MailProblem[];
}

export interface Mail extends MimePart {
  readonly bytes: Uint8Array;
}

export interface MailLimits {
  readonly maxBytes: number;
  readonly maxHeaders: number;
  /** Bytes of one header section. */
  readonly maxHeaderBytes: number;
  readonly maxDepth: number;
  readonly maxParts: number;
}

const DEFAULT_LIMITS: MailLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxHeaders: 1000,
  maxHeaderBytes: 1024 * 1024,
  maxDepth: 20,
  maxParts: 500,
};

export function readMail(bytes: Uint8Array, limits: Partial<MailLimits> = {}): Mail {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  if (bytes.length > bounds.maxBytes) throw new MailError("too_large", `more than ${bounds.maxBytes} bytes`);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = { parts: 0 };
  const root = readPart(buffer, 0, buffer.length, "", 0, bounds, count);
  if (root.headers.length === 0) throw new MailError("not_mail", "no header field at the start");
  return { ...root, bytes };
}

/** First header of that name, case aside; null when absent. */
export function mailHeader(part: MimePart, name: string): MailHeader | null {
  return mailHeaders(part, name)[0] ?? null;
}

export function mailHeaders(part: MimePart, name: string): MailHeader[] {
  const wanted = name.toLowerCase();
  return part.headers.filter((h) => h.name.toLowerCase() === wanted);
}

/** The part and everything below it, in order. */
export function allParts(part: MimePart): MimePart[] {
  return [part, ...part.parts.flatMap(allParts)];
}

/** Leaves only. */
export function leafParts(part: MimePart): MimePart[] {
  return allParts(part).filter((p) => p.parts.length === 0);
}

/** Decoded text of a text part; null when the bytes are not in the charset, or the charset is unknown. */
export function partText(part: MimePart): string | null {
  return decodeCharset(part.body, part.parameters.charset ?? "us-ascii");
}

function readPart(
  buffer: Buffer,
  start: number,
  end: number,
  path: string,
  depth: number,
  limits: MailLimits,
  count: { parts: number },
): MimePart {
  count.parts += 1;
  if (count.parts > limits.maxParts) throw new MailError("too_many_parts", `more than ${limits.maxParts} parts`);
  if (depth > limits.maxDepth) throw new MailError("too_deep", `more than ${limits.maxDepth} nested parts`);
  const problems = new Set<MailProblem>();
  const { headers, bodyStart } = readHeaders(buffer, start, end, limits, problems);
  const first = (name: string): string | null => headers.find((h) => h.name.toLowerCase() === name)?.encoded ?? null;
  const type = readParameters(first("content-type") ?? "");
  const disposition = readParameters(first("content-disposition") ?? "");
  const mediaType = /^[^\s/;]+\/[^\s/;]+$/.test(type.value) ? type.value.toLowerCase() : "text/plain";
  const encoding = (first("content-transfer-encoding") ?? "7bit").trim().toLowerCase();
  const rawBody = buffer.subarray(bodyStart, end);
  const parts: MimePart[] = [];
  let body: Uint8Array = rawBody;
  if (mediaType.startsWith("multipart/")) {
    const boundary = type.parameters.boundary;
    if (!boundary) problems.add("no_boundary");
    else {
      const ranges = splitMultipart(buffer.subarray(0, end), bodyStart, boundary, limits, problems);
      for (const [index, range] of ranges.entries()) {
        const name = path === "" ? String(index + 1) : `${path}.${index + 1}`;
        parts.push(readPart(buffer, range.start, range.end, name, depth + 1, limits, count));
      }
    }
  } else {
    body = decodeTransfer(rawBody, encoding, problems);
  }
  return {
    path,
    headers,
    mediaType,
    parameters: type.parameters,
    disposition: disposition.value === "" ? null : disposition.value.toLowerCase(),
    fileName: disposition.parameters.filename ?? type.parameters.name ?? null,
    encoding,
    rawBody,
    bodyStart,
    bodyEnd: end,
    body,
    parts,
    problems: [...problems],
  };
}

function readHeaders(
  buffer: Buffer,
  start: number,
  end: number,
  limits: MailLimits,
  problems: Set<MailProblem>,
): { headers: MailHeader[]; bodyStart: number } {
  const headers: MailHeader[] = [];
  let at = start;
  while (at < end) {
    const blank = lineBreakAt(buffer, at, end);
    if (blank > 0) return { headers, bodyStart: at + blank };
    const fieldStart = at;
    for (;;) {
      const feed = buffer.indexOf(0x0a, at);
      const lineEnd = feed < 0 || feed >= end ? end : feed + 1;
      if (lineEnd <= end && buffer[lineEnd - 1] === 0x0a && buffer[lineEnd - 2] !== 0x0d)
        problems.add("bare_line_feed");
      at = lineEnd;
      if (at - start > limits.maxHeaderBytes) {
        throw new MailError("too_many_headers", `more than ${limits.maxHeaderBytes} bytes of header fields`);
      }
      const next = buffer[at];
      if (at >= end || (next !== 0x20 && next !== 0x09)) break;
    }
    const raw = buffer.subarray(fieldStart, at);
    const text = raw.toString("latin1");
    const parsed = /^([\x21-\x39\x3b-\x7e]+)[ \t]*:([\s\S]*)$/.exec(text);
    if (!parsed) {
      problems.add("header_garbled");
      // Not a header line: the rest is taken for the body, as receivers do.
      return { headers, bodyStart: fieldStart };
    }
    if (/[\x80-\xff]/.test(text)) problems.add("eight_bit_header");
    const encoded = unfold(parsed[2] ?? "");
    headers.push({
      name: parsed[1] ?? "",
      value: decodeWords(encoded),
      encoded,
      raw,
      start: fieldStart,
      end: at,
    });
    if (headers.length > limits.maxHeaders) {
      throw new MailError("too_many_headers", `more than ${limits.maxHeaders} header fields`);
    }
  }
  return { headers, bodyStart: end };
}

function unfold(value: string): string {
  return value.replace(/\r?\n(?=[ \t])/g, "").trim();
}

/** Ranges of the parts between the delimiter lines; the line end before a delimiter belongs to the delimiter. */
function splitMultipart(
  buffer: Buffer,
  start: number,
  boundary: string,
  limits: MailLimits,
  problems: Set<MailProblem>,
): { start: number; end: number }[] {
  const end = buffer.length;
  const delimiter = Buffer.from(`--${boundary}`, "latin1");
  const ranges: { start: number; end: number }[] = [];
  let open: number | null = null;
  let at = start;
  for (;;) {
    const hit = buffer.indexOf(delimiter, at);
    if (hit < 0) break;
    at = hit + delimiter.length;
    if (hit !== start && buffer[hit - 1] !== 0x0a) continue;
    const closing = buffer.subarray(at, at + 2).toString("latin1") === "--";
    const feed = buffer.indexOf(0x0a, at);
    const lineEnd = feed < 0 || feed >= end ? end : feed + 1;
    const rest = buffer.subarray(at + (closing ? 2 : 0), lineEnd).toString("latin1");
    // A longer boundary that merely starts the same is not ours.
    if (!/^[ \t]*\r?\n?$/.test(rest)) continue;
    if (open !== null) {
      const cut = buffer[hit - 2] === 0x0d ? hit - 2 : hit - 1;
      ranges.push({ start: open, end: Math.max(open, cut) });
      if (ranges.length > limits.maxParts) throw new MailError("too_many_parts", `more than ${limits.maxParts} parts`);
    }
    open = closing ? null : lineEnd;
    at = lineEnd;
    if (closing) return ranges;
  }
  if (open === null) problems.add("boundary_not_found");
  else {
    problems.add("boundary_not_closed");
    ranges.push({ start: open, end });
  }
  return ranges;
}
