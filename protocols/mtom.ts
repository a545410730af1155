/**
 * multipart/related with XOP (RFC 2387, RFC 2046 §5.1, W3C XOP 1.0, SOAP MTOM): parts as views on the received bytes,
 * each with its offsets, so that a finding can cite bytes. Lenient about line ends and padding, strict about bounds. A
 * reference never leads out of the message: `cid:` only, and what a part holds is not searched for further references.
 */
import { decodeQuotedPrintable } from "./mime.js";
import { attr, descendants, elements, text, type XmlNode } from "./xml.js";

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
  let at = head[0].length;
  while (at >= 0 && at < value.length) {
    pattern.lastIndex = at;
    const found = pattern.exec(value);
    if (found) {
      const name = (found[1] ?? "").toLowerCase();
      const content = found[2] === undefined ? (found[3] ?? "") : found[2].replace(/\\(.)/g, "$1");
      if (!(name in parameters)) parameters[name] = content;
      at = pattern.lastIndex;
      // An empty parameter (`;;`) or a comment must not hide those that follow.
    } else at = value.indexOf(";", value[at] === ";" ? at + 1 : at);
  }
  joinContinuations(parameters);
  return { type: head[1].toLowerCase(), parameters };
}

/** RFC 2231 §3: a value cut in `name*0`, `name*1`… */
function joinContinuations(parameters: Record<string, string>): void {
  for (const first of Object.keys(parameters).filter((name) => name.endsWith("*0"))) {
    const name = first.slice(0, -2);
    if (name in parameters) continue;
    let whole = "";
    for (let i = 0; `${name}*${i}` in parameters; i += 1) whole += parameters[`${name}*${i}`] ?? "";
    parameters[name] = whole;
  }
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
  if (boundary === "" || boundary.length > 200 || /[\x00-\x1f\x7f]/.test(boundary)) {
    throw new MultipartError("no_boundary", 0, "no usable boundary");
  }
  const mark = Buffer.from(`\n--${boundary}`, "latin1");
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const maxParts = limits.maxParts ?? 100;
  const parts: Part[] = [];
  let delimiter = nextDelimiter(view, mark, 0);
  if (!delimiter) throw new MultipartError("no_part", 0, "the boundary never occurs");
  while (!delimiter.closing) {
    const next = nextDelimiter(view, mark, delimiter.after);
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

/**
 * A delimiter stands at the start of a line and is followed by padding and a line end, or by `--`. `mark`: line feed,
 * `--` and the boundary: with the line feed in it no byte is looked at twice, whatever the boundary. `from`: a line start.
 */
function nextDelimiter(view: Buffer, mark: Buffer, from: number): Delimiter | null {
  const lineWithMark = (start: number): number => {
    const feed = view.indexOf(mark, start);
    return feed < 0 ? -1 : feed + 1;
  };
  const here = view.subarray(from, from + mark.length - 1).equals(mark.subarray(1));
  for (let line = here ? from : lineWithMark(from); line >= 0; line = lineWithMark(line)) {
    let after = line + mark.length - 1;
    const closing = view[after] === 0x2d && view[after + 1] === 0x2d;
    if (closing) after += 2;
    while (view[after] === 0x20 || view[after] === 0x09) after += 1;
    if (view[after] === 0x0d) after += 1;
    if (view[after] !== 0x0a && after < view.length) continue;
    let at = line;
    if (at > from && view[at - 1] === 0x0a) at -= 1;
    if (at > from && view[at - 1] === 0x0d && at < line) at -= 1;
    return { at, after: Math.min(after + 1, view.length), closing };
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
    if (/^[ \t]/.test(line) && last) last[1] = `${last[1]} ${line.trim()}`.trim();
    else if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return {
    index,
    headers,
    contentId: stripBrackets(partHeader({ headers }, "content-id")),
    contentType: parseContentType(partHeader({ headers }, "content-type")),
    transferEncoding:
      /^[^\s;(]+/.exec(partHeader({ headers }, "content-transfer-encoding") ?? "")?.[0].toLowerCase() ?? null,
    start,
    bodyStart,
    end,
    body: view.subarray(bodyStart, end),
  };
}

/** `<id>`, with comments around it or not (RFC 5322 §3.6.4), or the id alone. */
function stripBrackets(id: string | null): string | null {
  if (id === null) return null;
  const open = id.indexOf("<");
  const close = id.lastIndexOf(">");
  const around = [id.slice(0, Math.max(open, 0)), id.slice(close + 1)].map((s) => s.trim());
  const bracketed =
    open >= 0 && close > open && around.every((s) => s === "" || (s.startsWith("(") && s.endsWith(")")));
  return (bracketed ? id.slice(open + 1, close) : id).trim();
}

/** Kept, since any number of references may name one part: it is decoded once, and all share the bytes. */
const decoded = new WeakMap<Part, Uint8Array>();

/** The part's content with base64 or quoted-printable undone; for any other encoding `body` itself, not a copy. */
export function partContent(part: Part): Uint8Array {
  if (part.transferEncoding !== "base64" && part.transferEncoding !== "quoted-printable") return part.body;
  let content = decoded.get(part);
  if (!content) {
    const raw = Buffer.from(part.body.buffer, part.body.byteOffset, part.body.byteLength);
    content = part.transferEncoding === "base64" ? decodeBase64(raw) : decodeQuotedPrintable(raw, new Set());
    decoded.set(part, content);
  }
  return content;
}

/** Characters turned to text at a time: a whole document as text would double its memory. */
const SLICE = 1024 * 1024;

/** RFC 2045 §6.8: what is not of the alphabet is passed over, the first `=` ends the data. */
function decodeBase64(raw: Buffer): Buffer {
  const out = Buffer.allocUnsafe(Math.ceil(raw.length / 4) * 3);
  let length = 0;
  let rest = "";
  for (let at = 0; at < raw.length; at += SLICE) {
    const [data = "", padding] = raw.toString("latin1", at, at + SLICE).split("=", 2);
    const clean = rest + data.replace(/[^A-Za-z0-9+/]+/g, "");
    const last = padding !== undefined || at + SLICE >= raw.length;
    const whole = last ? clean.length : clean.length & ~3;
    length += out.write(clean.slice(0, whole), length, "base64");
    if (last) break;
    rest = clean.slice(whole);
  }
  return out.subarray(0, length);
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

const identified = new WeakMap<Multipart, ReadonlyMap<string, readonly Part[]>>();

function partsById(multipart: Multipart): ReadonlyMap<string, readonly Part[]> {
  const known = identified.get(multipart);
  if (known) return known;
  const parts = new Map<string, Part[]>();
  for (const part of multipart.parts) {
    if (part.contentId) parts.set(part.contentId, [...(parts.get(part.contentId) ?? []), part]);
  }
  identified.set(multipart, parts);
  return parts;
}

/** The one part an `xop:Include/@href` names: null when none, or when several bear the Content-ID. */
export function resolveXop(multipart: Multipart, href: string): Part | null {
  const literal = /^\s*cid:(.+)$/is.exec(href)?.[1]?.trim();
  if (literal === undefined) return null;
  const parts = partsById(multipart);
  // Some stacks write the identifier the same way in both places, percent signs included: the literal form is tried too.
  const found = parts.get(contentIdOf(href) ?? "") ?? parts.get(literal);
  return found?.length === 1 ? (found[0] ?? null) : null;
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

/**
 * Bytes of an element of type xs:base64Binary: the part its `xop:Include` names, or its own text decoded. Null when the
 * reference leads nowhere, and when the element holds something else (the `cid:` of SOAP with Attachments is no base64).
 */
export function binaryContent(
  node: XmlNode,
  multipart: Multipart | null,
): { readonly bytes: Uint8Array; readonly part: Part | null } | null {
  const include = xopIncludes(node, multipart)[0];
  if (include) return include.part ? { bytes: partContent(include.part), part: include.part } : null;
  const inline = text(node) ?? "";
  if (elements(node).length > 0 || /[^A-Za-z0-9+/=\s]/.test(inline)) return null;
  return { bytes: Buffer.from(inline, "base64"), part: null };
}
