/**
 * multipart/related with XOP (RFC 2387, RFC 2046 §5.1, W3C XOP 1.0, SOAP MTOM): parts as views on the received bytes,
 * each with its offsets, so that a finding can cite bytes. Lenient about line ends and padding, strict about bounds.
 */
import type { XmlNode } from "./xml.js";
import { attr, descendants } from "./xml.js";

export const XOP_NS = "http://www.w3.org/2004/08/xop/include";

export type MultipartErrorCode = "not_multipart" | "no_boundary" | "no_part" | "too_many_parts" | "head_too_large";

/** Bytes that are no multipart/related we can cut. `offset`: where in the bytes. */
export class MultipartError extends Error {
  readonly code: MultipartErrorCode;
  readonly offset: number;
  constructor(code: MultipartErrorCode, offset: number, detail: string) {
    super(detail);
    this.name = "MultipartError";
    this.code = code;
    this.offset = offset;
  }
}

/** A media type: lower-case `type`, parameters by lower-case name with their value unquoted (first one wins). */
export interface ContentType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Part {
  /** From 0, in the order of the bytes. */
  readonly index: number;
  /** As on the wire: order and case kept, folding undone. */
  readonly headers: readonly (readonly [string, string])[];
  /** Without the angle brackets; null when absent. */
  readonly contentId: string | null;
  readonly contentType: ContentType | null;
  /** Lower case; null when absent (RFC 2045: 7bit, but bytes are taken as they are). */
  readonly transferEncoding: string | null;
  /** Offset of the first header byte. */
  readonly start: number;
  /** Offsets of the body, the line end before the delimiter excluded. */
  readonly bodyStart: number;
  readonly end: number;
  /** A view, not a copy; base64 and quoted-printable are not undone here (see `partContent`). */
  readonly body: Uint8Array;
}

export interface Multipart {
  readonly contentType: ContentType;
  readonly boundary: string;
  readonly parts: readonly Part[];
  /** The part named by `start`, else the first. */
  readonly root: Part;
  /** False when `start` names a part that is not there. */
  readonly startFound: boolean;
  /** True when the closing delimiter was seen. */
  readonly closed: boolean;
  /** Content-IDs borne by more than one part. */
  readonly duplicateContentIds: readonly string[];
}

export interface MultipartLimits {
  /** Default 100. */
  readonly maxParts?: number;
  /** Bytes of one part's headers; default 16384. */
  readonly maxHead?: number;
}

/** Reads a Content-Type value (RFC 2045 §5.1, quoted strings with backslash escapes); null when it is none. */
export function parseContentType(value: string | null | undefined): ContentType | null {
  const head = /^\s*([A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+*-]+)\s*(?=;|$)/.exec(value ?? "");
  if (!value || !head?.[1]) return null;
  const parameters: Record<string, string> = Object.create(null);
  const pattern = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))\s*/y;
  pattern.lastIndex = head[0].length;
  for (let found = pattern.exec(value); found; found = pattern.exec(value)) {
    const name = (found[1] ?? "").toLowerCase();
    const text = found[2] === undefined ? (found[3] ?? "") : found[2].replace(/\\(.)/g, "$1");
    if (!(name in parameters)) parameters[name] = text;
  }
  return { type: head[1].toLowerCase(), parameters };
}

/** Value of a part's header, case aside; null when absent. */
function partHeader(part: Pick<Part, "headers">, name: string): string | null {
  const wanted = name.toLowerCase();
  return part.headers.find(([n]) => n.toLowerCase() === wanted)?.[1] ?? null;
}

/** Cuts a multipart body. Throws MultipartError, and nothing else, on whatever bytes. */
export function readMultipart(bytes: Uint8Array, contentType: string | null, limits: MultipartLimits = {}): Multipart {
  const type = parseContentType(contentType);
  if (!type?.type.startsWith("multipart/")) {
    throw new MultipartError("not_multipart", 0, "the Content-Type is not multipart");
  }
  const boundary = type.parameters.boundary ?? "";
  if (boundary === "" || boundary.length > 200) throw new MultipartError("no_boundary", 0, "no usable boundary");
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const maxParts = limits.maxParts ?? 100;
  const parts: Part[] = [];
  let delimiter = nextDelimiter(view, boundary, 0);
  if (!delimiter) throw new MultipartError("no_part", 0, "the boundary never occurs");
  while (!delimiter.closing) {
    const next = nextDelimiter(view, boundary, delimiter.after);
    if (parts.length >= maxParts)
      throw new MultipartError("too_many_parts", delimiter.at, `more than ${maxParts} parts`);
    parts.push(readPart(view, parts.length, delimiter.after, next?.at ?? view.length, limits.maxHead ?? 16384));
    if (!next) break;
    delimiter = next;
  }
  const start = stripBrackets(type.parameters.start ?? null);
  const named = start === null ? undefined : parts.find((p) => p.contentId === start);
  const root = named ?? parts[0];
  if (!root) throw new MultipartError("no_part", delimiter.at, "the closing delimiter comes first");
  const ids = parts.map((p) => p.contentId).filter((id): id is string => id !== null);
  return {
    contentType: type,
    boundary,
    parts,
    root,
    startFound: start === null || named !== undefined,
    closed: delimiter.closing,
    duplicateContentIds: [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))],
  };
}

interface Delimiter {
  /** Where the part before it ends: the line end that belongs to the delimiter is not content. */
  readonly at: number;
  readonly after: number;
  readonly closing: boolean;
}

/** A delimiter stands at the start of a line and is followed by padding and a line end, or by `--`. */
function nextDelimiter(view: Buffer, boundary: string, from: number): Delimiter | null {
  const mark = Buffer.from(`--${boundary}`, "latin1");
  let found = view.indexOf(mark, from);
  while (found >= 0) {
    const lineStart = found === from || view[found - 1] === 0x0a;
    let after = found + mark.length;
    const closing = view[after] === 0x2d && view[after + 1] === 0x2d;
    if (closing) after += 2;
    while (view[after] === 0x20 || view[after] === 0x09) after += 1;
    if (view[after] === 0x0d) after += 1;
    const lineEnd = view[after] === 0x0a || after >= view.length;
    if (lineStart && lineEnd) {
      let at = found;
      if (at > from && view[at - 1] === 0x0a) at -= 1;
      if (at > from && view[at - 1] === 0x0d && at < found) at -= 1;
      return { at, after: Math.min(after + 1, view.length), closing };
    }
    found = view.indexOf(mark, found + 1);
  }
  return null;
}

function readPart(view: Buffer, index: number, start: number, end: number, maxHead: number): Part {
  const headers: [string, string][] = [];
  let position = start;
  let bodyStart = end;
  while (position < end) {
    const newline = view.indexOf(0x0a, position);
    const lineEnd = newline < 0 || newline >= end ? end : newline;
    if (lineEnd - start > maxHead)
      throw new MultipartError("head_too_large", start, `more than ${maxHead} bytes of headers`);
    const line = view.subarray(position, lineEnd).toString("latin1").replace(/\r$/, "");
    position = Math.min(lineEnd + 1, end);
    if (line.trim() === "") {
      bodyStart = position;
      break;
    }
    const last = headers[headers.length - 1];
    const colon = line.indexOf(":");
    if (/^[ \t]/.test(line) && last) last[1] = `${last[1]} ${line.trim()}`;
    else if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return {
    index,
    headers,
    contentId: stripBrackets(partHeader({ headers }, "content-id")),
    contentType: parseContentType(partHeader({ headers }, "content-type")),
    transferEncoding: partHeader({ headers }, "content-transfer-encoding")?.toLowerCase() ?? null,
    start,
    bodyStart,
    end,
    body: view.subarray(bodyStart, end),
  };
}

function stripBrackets(id: string | null): string | null {
  return id === null ? null : (/^\s*<(.*)>\s*$/.exec(id)?.[1] ?? id.trim());
}

/** The part's content with its transfer encoding undone (base64 only; the others are taken as they are). */
export function partContent(part: Part): Uint8Array {
  if (part.transferEncoding !== "base64") return part.body;
  return Buffer.from(Buffer.from(part.body).toString("latin1"), "base64");
}

/** Content-ID a `cid:` URL names (RFC 2392: percent-encoded); null when it is no `cid:` URL or badly encoded. */
export function contentIdOf(href: string): string | null {
  const found = /^cid:(.+)$/is.exec(href.trim());
  if (!found?.[1]) return null;
  try {
    return decodeURIComponent(found[1]);
  } catch {
    return null;
  }
}

/** The one part an `xop:Include/@href` names: null when none, or when several bear the Content-ID. */
export function resolveXop(multipart: Multipart, href: string): Part | null {
  const id = contentIdOf(href);
  const raw = href.trim().slice(4);
  // Some stacks write the identifier unencoded although it holds a percent sign: the literal form is tried too.
  const found = multipart.parts.filter((p) => p.contentId !== null && (p.contentId === id || p.contentId === raw));
  return id !== null && found.length === 1 ? (found[0] ?? null) : null;
}

/** All `xop:Include` under a node with the part each names. */
export function xopIncludes(
  node: XmlNode,
  multipart: Multipart | null,
): { readonly node: XmlNode; readonly href: string | null; readonly part: Part | null }[] {
  return descendants(node, "Include", XOP_NS).map((include) => {
    const href = attr(include, "href");
    return { node: include, href, part: href !== null && multipart ? resolveXop(multipart, href) : null };
  });
}
