/** Bytes and texts that mail writes in ASCII: transfer encodings (RFC 2045), charsets, encoded words (RFC 2047). */

export type EncodingProblem = "unknown_encoding" | "base64_garbage" | "quoted_printable_garbage";

/** Where what was found is put. */
interface Problems {
  add(problem: EncodingProblem): unknown;
}

const EQUALS = 0x3d;

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

/** A body without its transfer encoding; as it is when the encoding is unknown. */
export function decodeTransfer(raw: Buffer, encoding: string, problems: Problems): Uint8Array {
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
export function decodeQuotedPrintable(raw: Buffer, problems: Problems): Buffer {
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

export function lineBreakAt(buffer: Buffer, at: number, end: number): number {
  if (buffer[at] === 0x0a && at < end) return 1;
  return buffer[at] === 0x0d && buffer[at + 1] === 0x0a && at + 1 < end ? 2 : 0;
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
