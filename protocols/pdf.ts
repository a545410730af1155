/**
 * Is it a PDF, as far as its frame tells (ISO 32000-1 §7.5)? Header, end marker, cross-reference, encryption, and whether
 * it declares PDF/A in its XMP packet. Nothing is decompressed or rendered, and every search is bounded.
 */

export interface PdfFacts {
  /** Version after `%PDF-` and where the header stands; null when none lies in the first 1024 bytes. */
  readonly header: { readonly version: string; readonly offset: number } | null;
  /** `%%EOF` in the last 1024 bytes. */
  readonly eof: boolean;
  /** Offset after the last `startxref`; null when there is none. */
  readonly startxref: number | null;
  /** What lies there: a `table`, a cross-reference `stream`; null when neither. */
  readonly xref: "table" | "stream" | null;
  /** A trailer names an `/Encrypt` dictionary. */
  readonly encrypted: boolean;
  /** What the XMP packet declares (`part` 1, `conformance` B…). Null = not seen: absent, or in a compressed packet. */
  readonly pdfA: { readonly part: string; readonly conformance: string | null } | null;
}

const EDGE = 1024;
const TRAILER = 4096;

/** Facts about bytes that may be a PDF. Never throws. */
export function readPdf(bytes: Uint8Array): PdfFacts {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = /%PDF-(\d\.\d)/.exec(view.subarray(0, EDGE).toString("latin1"));
  const tail = view.subarray(Math.max(0, view.length - EDGE)).toString("latin1");
  const offsets = [...tail.matchAll(/startxref\s+(\d{1,15})/g)];
  const last = offsets[offsets.length - 1]?.[1];
  const startxref = last === undefined ? null : Number(last);
  const base = found?.index ?? 0;
  return {
    header: found?.[1] ? { version: found[1], offset: found.index } : null,
    eof: tail.includes("%%EOF"),
    startxref,
    // Offsets count from the header; with bytes before it, writers disagree, so both readings are tried.
    xref: startxref === null ? null : (xrefAt(view, startxref) ?? xrefAt(view, startxref + base)),
    encrypted: trailers(view, startxref).some((trailer) => /\/Encrypt(?=[\s<])/.test(trailer)),
    pdfA: declaredPdfA(view),
  };
}

function xrefAt(view: Buffer, offset: number): "table" | "stream" | null {
  if (offset >= view.length) return null;
  const text = view.subarray(offset, offset + 64).toString("latin1");
  if (/^\s*xref\s/.test(text)) return "table";
  return /^\s*\d+\s+\d+\s+obj\b/.test(text) ? "stream" : null;
}

/** Text of each trailer dictionary, and of the dictionary of the last cross-reference stream. At most 64 of them. */
function trailers(view: Buffer, startxref: number | null): string[] {
  const found: string[] = [];
  for (let at = view.indexOf("trailer"); at >= 0 && found.length < 64; at = view.indexOf("trailer", at + 7)) {
    const text = view.subarray(at, at + TRAILER).toString("latin1");
    found.push(text.slice(0, text.indexOf("startxref") >= 0 ? text.indexOf("startxref") : text.length));
  }
  if (startxref !== null && xrefAt(view, startxref) === "stream") {
    const text = view.subarray(startxref, startxref + TRAILER).toString("latin1");
    found.push(text.slice(0, text.indexOf("stream") >= 0 ? text.indexOf("stream") : text.length));
  }
  return found;
}

/** `pdfaid:part` as attribute or element, in a plain UTF-8 packet (PDF/A-1 forbids compressing it: ISO 19005-1). */
function declaredPdfA(view: Buffer): PdfFacts["pdfA"] {
  const at = view.indexOf("pdfaid:part");
  if (at < 0) return null;
  const text = view.subarray(Math.max(0, at - 512), at + 512).toString("latin1");
  const value = (name: string): string | null => {
    const hit = new RegExp(`pdfaid:${name}\\s*(?:=\\s*["']|>)\\s*([0-9A-Za-z]{1,3})`).exec(text);
    return hit?.[1] ?? null;
  };
  const part = value("part");
  return part === null ? null : { part, conformance: value("conformance") };
}
