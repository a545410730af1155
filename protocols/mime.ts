/**
 * Mail as bytes: headers kept raw and decoded, MIME parts as a tree with their raw and decoded bytes (RFC 5322, 2045,
 * 2046, 2047, 2231). Nothing is repaired: what leaves the grammar is named in `problems` and reading goes on. Pure and
 * bounded; `readMail` throws MailError only when there is no mail to give back.
 */

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
  | "unknown_encoding"
  | "base64_garbage"
  | "quoted_printable_garbage";

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

const EQUALS = 0x3d;

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

/** Strict decoding; US-ASCII means seven bits here (a browser's decoder would take it for windows-1252). */
export function decodeCharset(bytes: Uint8Array, charset: string): string | null {
  const label = charset.trim().toLowerCase();
  if (label === "us-ascii" || label === "ascii") {
    return bytes.every((b) => b < 0x80) ? Buffer.from(bytes).toString("latin1") : null;
  }
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
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

function lineBreakAt(buffer: Buffer, at: number, end: number): number {
  if (buffer[at] === 0x0a && at < end) return 1;
  return buffer[at] === 0x0d && buffer[at + 1] === 0x0a && at + 1 < end ? 2 : 0;
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

function decodeTransfer(raw: Buffer, encoding: string, problems: Set<MailProblem>): Uint8Array {
  switch (encoding) {
    case "7bit":
    case "8bit":
    case "binary":
      return raw;
    case "base64": {
      const text = raw.toString("latin1").replace(/[\r\n \t]/g, "");
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) problems.add("base64_garbage");
      return Buffer.from(text, "base64");
    }
    case "quoted-printable":
      return decodeQuotedPrintable(raw, problems);
    default:
      problems.add("unknown_encoding");
      return raw;
  }
}

/** RFC 2045 section 6.7, byte by byte: expressions look at each space of a long run again and again. */
export function decodeQuotedPrintable(raw: Buffer, problems: Set<MailProblem>): Buffer {
  const out = Buffer.allocUnsafe(raw.length);
  let length = 0;
  let i = 0;
  while (i < raw.length) {
    const byte = raw[i] ?? 0;
    const isPadding = byte === 0x20 || byte === 0x09;
    if (byte === EQUALS || isPadding) {
      let after = i + 1;
      while (raw[after] === 0x20 || raw[after] === 0x09) after += 1;
      const lineBreak = lineBreakAt(raw, after, raw.length);
      if (byte === EQUALS && lineBreak > 0) {
        i = after + lineBreak; // a soft line break, transport padding between
        continue;
      }
      if (isPadding) {
        // Padding at the end of a line was added on the way.
        if (lineBreak === 0 && after < raw.length) length += raw.copy(out, length, i, after);
        i = after;
        continue;
      }
      const hex = raw.toString("latin1", i + 1, i + 3);
      if (/^[0-9A-Fa-f]{2}$/.test(hex)) {
        out[length] = Number.parseInt(hex, 16);
        length += 1;
        i += 3;
        continue;
      }
      problems.add("quoted_printable_garbage");
    }
    out[length] = byte;
    length += 1;
    i += 1;
  }
  return out.subarray(0, length);
}

/**
 * Decodes RFC 2047 encoded words in latin1 text. Words that follow each other (white space between them dropped) and
 * share a charset are joined as bytes first, because senders cut inside a character. Bytes outside ASCII that no
 * encoded word covers are read as UTF-8 when they are, else as latin1.
 */
export function decodeWords(text: string): string {
  const word = /=\?([^?\s]+)\?([bBqQ])\?([^?\s]*)\?=/g;
  let out = "";
  let from = 0;
  let pending: { charset: string; bytes: Buffer[] } | null = null;
  const flush = (): void => {
    if (!pending) return;
    const bytes = Buffer.concat(pending.bytes);
    out += decodeCharset(bytes, pending.charset) ?? bytes.toString("latin1");
    pending = null;
  };
  for (const hit of text.matchAll(word)) {
    const between = text.slice(from, hit.index);
    const charset = (hit[1] ?? "").replace(/\*.*$/, "").toLowerCase();
    const bytes = decodeWordBytes(hit[2] ?? "", hit[3] ?? "");
    const continues: boolean = pending !== null && /^[ \t]*$/.test(between);
    if (continues && pending !== null && (pending as { charset: string }).charset === charset) {
      (pending as { bytes: Buffer[] }).bytes.push(bytes);
    } else {
      flush();
      if (!continues) out += eightBit(between);
      pending = { charset, bytes: [bytes] };
    }
    from = hit.index + hit[0].length;
  }
  flush();
  return out + eightBit(text.slice(from));
}

function decodeWordBytes(encoding: string, payload: string): Buffer {
  if (encoding.toUpperCase() === "B") return Buffer.from(payload, "base64");
  return Buffer.from(
    payload
      .replace(/_/g, " ")
      .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );
}

function eightBit(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  return decodeCharset(Buffer.from(text, "latin1"), "utf-8") ?? text;
}

/** `value; name=x; other="y z"` with RFC 2231 continuations and charsets, and RFC 2047 words in values, decoded. */
export function readParameters(text: string): { value: string; parameters: Record<string, string> } {
  const pieces = splitOutsideQuotes(text, ";");
  const value = (pieces.shift() ?? "").replace(/\([^()]*\)/g, "").trim();
  // Without prototype: a parameter may be called `constructor` or `__proto__`.
  const plain: Record<string, string> = Object.create(null);
  const chunks = new Map<string, Map<number, { text: string; extended: boolean }>>();
  for (const piece of pieces) {
    const parsed = /^([^\s=*]+)(?:\*(\d{1,3}))?(\*)?\s*=([\s\S]*)$/.exec(piece.trim());
    if (!parsed) continue;
    const name = (parsed[1] ?? "").toLowerCase();
    const content = unquote((parsed[4] ?? "").trim());
    if (parsed[2] === undefined && parsed[3] === undefined) {
      plain[name] ??= decodeWords(content);
      continue;
    }
    const known = chunks.get(name) ?? new Map<number, { text: string; extended: boolean }>();
    known.set(Number(parsed[2] ?? 0), { text: content, extended: parsed[3] !== undefined });
    chunks.set(name, known);
  }
  for (const [name, known] of chunks) plain[name] = joinExtended(known);
  return { value, parameters: plain };
}

function joinExtended(chunks: Map<number, { text: string; extended: boolean }>): string {
  let charset = "utf-8";
  const bytes: Buffer[] = [];
  for (const index of [...chunks.keys()].sort((a, b) => a - b)) {
    const chunk = chunks.get(index);
    if (!chunk) continue;
    let content = chunk.text;
    if (chunk.extended) {
      const head = index === 0 ? /^([^']*)'[^']*'/.exec(content) : null;
      if (head) {
        charset = head[1] === "" || head[1] === undefined ? "us-ascii" : head[1];
        content = content.slice(head[0].length);
      }
      content = content.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      );
    }
    bytes.push(Buffer.from(content, "latin1"));
  }
  const all = Buffer.concat(bytes);
  return decodeCharset(all, charset) ?? all.toString("latin1");
}

function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  return text.replace(/^"|"$/g, "").replace(/\\([\s\S])/g, "$1");
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let piece = "";
  let quoted = false;
  let comment = 0;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (c === "\\" && (quoted || comment > 0)) {
      piece += c + text.charAt(i + 1);
      i += 1;
      continue;
    }
    if (c === '"' && comment === 0) quoted = !quoted;
    if (!quoted && c === "(") comment += 1;
    if (!quoted && c === ")" && comment > 0) comment -= 1;
    if (c === separator && !quoted && comment === 0) {
      pieces.push(piece);
      piece = "";
    } else piece += c;
  }
  pieces.push(piece);
  return pieces;
}

export interface MailAddress {
  /** Display name, decoded; "" when there is none. */
  readonly name: string;
  readonly address: string;
}

/** Addresses of a From, To, Reply-To… field, groups flattened (RFC 5322 section 3.4). `encoded` is the undecoded value. */
export function readAddresses(encoded: string): MailAddress[] {
  const out: MailAddress[] = [];
  for (const piece of splitOutsideQuotes(encoded, ",").flatMap((p) => splitOutsideQuotes(p, ";"))) {
    // `group: a@b` — the group name goes; a colon inside quotes or brackets stays.
    const entry = (splitOutsideQuotes(piece, ":").at(-1) ?? "").trim();
    if (entry === "") continue;
    const angled = /^([\s\S]*)<([^<>]*)>\s*(?:\([^()]*\)\s*)?$/.exec(entry);
    if (angled) {
      out.push({ name: decodeWords(unquoteWords((angled[1] ?? "").trim())), address: (angled[2] ?? "").trim() });
      continue;
    }
    const comment = /\(([^()]*)\)/.exec(entry);
    const address = entry.replace(/\([^()]*\)/g, "").trim();
    out.push({ name: decodeWords((comment?.[1] ?? "").trim()), address });
  }
  return out;
}

/** Quoted strings without their quotes and backslashes; a quote that is never closed stays with what follows it. */
function unquoteWords(text: string): string {
  let out = "";
  let open: { from: number; inner: string } | null = null;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (!open) {
      if (c === '"') open = { from: i, inner: "" };
      else out += c;
    } else if (c === '"') {
      out += open.inner;
      open = null;
    } else if (c === "\\") {
      i += 1;
      open.inner += text.charAt(i);
    } else open.inner += c;
  }
  return open ? out + text.slice(open.from) : out;
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const DOT_ATOM = `${ATOM}(?:\\.${ATOM})*`;
const MESSAGE_ID = new RegExp(`^<${DOT_ATOM}@(?:${DOT_ATOM}|\\[[\\x21-\\x5a\\x5e-\\x7e]*\\])>$`);

/** The `msg-id` of RFC 5322 section 3.6.4, obsolete forms left out; the field unfolded, comments around it allowed. */
export function isMessageId(value: string): boolean {
  const bare = value
    .slice(0, 998)
    .replace(/\([^()]*\)/g, "")
    .trim();
  return value.length <= 998 && MESSAGE_ID.test(bare);
}
