/** HTTP/1.1 framing and reading over recorded bytes. Pure: offsets in, offsets out. RFC 9112. */

export interface HttpMessage {
  readonly startLine: string;
  /** As on the wire: order, case, duplicates. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  /** Body with transfer coding removed. */
  readonly body: Uint8Array;
  /** Offset of the body in the message bytes (before chunk decoding). */
  readonly bodyStart: number;
  /** Where the next message starts. */
  readonly end: number;
  /** False when the bytes stop before the message does. */
  readonly complete: boolean;
}

export interface HttpRequest extends HttpMessage {
  readonly method: string;
  readonly target: string;
}

export interface HttpResponse extends HttpMessage {
  readonly status: number;
}

/** First value of a header, case aside; null when absent. */
export function header(message: HttpMessage | null | undefined, name: string): string | null {
  const wanted = name.toLowerCase();
  return message?.rawHeaders.find(([n]) => n.toLowerCase() === wanted)?.[1] ?? null;
}

export function headerValues(message: HttpMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  return message.rawHeaders.filter(([n]) => n.toLowerCase() === wanted).map(([, v]) => v);
}

/** Reads one request at `start`; null when its head is not complete or is not HTTP. */
export function readHttpRequest(bytes: Uint8Array, start = 0): HttpRequest | null {
  const head = readHead(bytes, start);
  const line = head && /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(head.startLine);
  if (!head || !line) return null;
  return { ...finish(bytes, head, 0), method: line[1] ?? "", target: line[2] ?? "" };
}

/**
 * Reads one response at `start`, interim (1xx) responses skipped; null when its head is not complete or is not HTTP.
 * `noBody`: the request was HEAD.
 */
export function readHttpResponse(bytes: Uint8Array, start = 0, noBody = false): HttpResponse | null {
  let from = start;
  for (;;) {
    const head = readHead(bytes, from);
    const line = head && /^HTTP\/1\.[01] (\d{3})(?: .*)?$/.exec(head.startLine);
    if (!head || !line) return null;
    const status = Number(line[1]);
    if (status >= 100 && status < 200 && status !== 101) {
      from = head.bodyStart;
      continue;
    }
    const bodyless = noBody || status === 204 || status === 304;
    if (bodyless) {
      return { ...head, body: new Uint8Array(0), end: head.bodyStart, complete: true, status };
    }
    return { ...finish(bytes, head, bytes.length - head.bodyStart), status };
  }
}

interface Head {
  readonly startLine: string;
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly bodyStart: number;
}

/** A longer head is not read: every server refuses one far shorter. */
const MAX_HEAD = 1024 * 1024;

function readHead(bytes: Uint8Array, start: number): Head | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stop = view.subarray(0, start + MAX_HEAD).indexOf("\r\n\r\n", start, "latin1");
  if (stop < 0) return null;
  // Header text is bytes; latin1 keeps them one to one.
  const lines = view.subarray(start, stop).toString("latin1").split("\r\n");
  const startLine = lines.shift() ?? "";
  const rawHeaders: [string, string][] = [];
  for (const line of lines) {
    const last = rawHeaders[rawHeaders.length - 1];
    if (/^[ \t]/.test(line) && last) {
      last[1] += ` ${line.trim()}`; // obsolete folding, still sent by some stacks
      continue;
    }
    const colon = line.indexOf(":");
    if (colon > 0) rawHeaders.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
  }
  return { startLine, rawHeaders, bodyStart: stop + 4 };
}

function finish(bytes: Uint8Array, head: Head, untilClose: number): HttpMessage {
  const message: HttpMessage = { ...head, body: new Uint8Array(0), end: head.bodyStart, complete: true };
  if (/(^|,)\s*chunked\s*$/i.test(header(message, "transfer-encoding") ?? "")) return unchunk(bytes, head);
  const declared = header(message, "content-length");
  const length = declared !== null && /^\d{1,15}$/.test(declared) ? Number(declared) : untilClose;
  const end = Math.min(head.bodyStart + length, bytes.length);
  return { ...head, body: bytes.subarray(head.bodyStart, end), end, complete: end - head.bodyStart === length };
}

function unchunk(bytes: Uint8Array, head: Head): HttpMessage {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let position = head.bodyStart;
  const cut = (end: number): HttpMessage => ({ ...head, body: Buffer.concat(parts), end, complete: false });
  for (;;) {
    const lineEnd = view.indexOf("\r\n", position, "latin1");
    if (lineEnd < 0) return cut(bytes.length);
    const sizeLine = view.subarray(position, Math.min(lineEnd, position + MAX_HEAD)).toString("latin1");
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(sizeLine);
    if (!size) return cut(position);
    const length = Number.parseInt(size[1] ?? "0", 16);
    position = lineEnd + 2;
    if (length === 0) {
      for (;;) {
        const trailerEnd = view.indexOf("\r\n", position, "latin1");
        if (trailerEnd < 0) return cut(bytes.length);
        const empty = trailerEnd === position;
        position = trailerEnd + 2;
        if (empty) return { ...head, body: Buffer.concat(parts), end: position, complete: true };
      }
    }
    if (position + length + 2 > bytes.length) {
      parts.push(bytes.subarray(position, Math.min(position + length, bytes.length)));
      return cut(bytes.length);
    }
    parts.push(bytes.subarray(position, position + length));
    position += length + 2;
  }
}
