/**
 * What a PDF holds that PDF/A-1 forbids (ISO 19005-1:2005), as far as its objects tell without rendering: dictionaries of the file
 * and of its object streams. Content streams, fonts and images are not opened. Never throws; every loop is bounded.
 */
import { inflateSync } from "node:zlib";

export interface PdfAFacts {
  /** What the standard forbids outright, by a name of ours. */
  readonly forbidden: readonly PdfAForbidden[];
  /** Names of fonts whose program is not in the file. */
  readonly fontsNotEmbedded: readonly string[];
  /** Transparency groups, soft masks or constant alpha below 1, by the key that says so. */
  readonly transparency: readonly string[];
  /** An output intent GTS_PDFA1 is there. Without it, colours must be device-independent. */
  readonly outputIntent: boolean;
  /** Entries of the document information that the XMP packet does not repeat. */
  readonly infoMismatches: readonly string[];
  /** Objects were left unread (a bound was reached, or a stream cannot be decompressed). */
  readonly partly: boolean;
}

/** `compressed_objects`: object streams or a cross-reference stream (PDF 1.5), in a format that is PDF 1.4. */
export type PdfAForbidden = "encryption" | "javascript" | "embedded_files" | "lzw" | "compressed_objects";

const MOST_STREAMS = 20_000;
const MOST_INFLATED = 16 * 1024 * 1024;
const MOST_XMP = 256 * 1024;
const END = "(?=[\\s/<>\\[\\]()]|$)";

const FORBIDDEN: readonly (readonly [PdfAForbidden, RegExp])[] = [
  ["encryption", new RegExp(`/Encrypt\\s*(?:\\d|<<)`)],
  ["javascript", new RegExp(`/(?:JavaScript|JS)${END}`)],
  ["embedded_files", new RegExp(`/EmbeddedFiles${END}|/EF\\s*(?:<<|\\d)`)],
  ["lzw", new RegExp(`/LZW(?:Decode)?${END}`)],
  ["compressed_objects", new RegExp(`/Type\\s*/(?:ObjStm|XRef)${END}`)],
];

export function readPdfA(bytes: Uint8Array): PdfAFacts {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const { text, partly } = objectsOf(file);
  const bare = withoutStrings(text);
  const dictionaries = topDictionaries(bare);
  return {
    forbidden: FORBIDDEN.flatMap(([name, pattern]) => (pattern.test(bare) ? [name] : [])),
    fontsNotEmbedded: [...new Set(dictionaries.flatMap(fontOutside))].slice(0, 20),
    transparency: TRANSPARENCY.flatMap(([key, pattern]) => (pattern.test(bare) ? [key] : [])),
    outputIntent: new RegExp(`/GTS_PDFA1${END}`).test(bare),
    infoMismatches: infoMismatches(file, text),
    partly,
  };
}

const TRANSPARENCY: readonly (readonly [string, RegExp])[] = [
  ["SMask", /\/SMask\s*(?:\d|<<)/],
  ["Group", new RegExp(`/S\\s*/Transparency${END}`)],
  ["ca", new RegExp(`/(?:CA|ca)\\s+(?:0?\\.\\d+|0)${END}`)],
];

/** The file without the content of its streams, then the objects of its object streams. */
function objectsOf(file: string): { readonly text: string; readonly partly: boolean } {
  const kept: string[] = [];
  let inflated = 0;
  let partly = false;
  let from = 0;
  for (let count = 0; ; count += 1) {
    const at = file.indexOf("stream", from);
    if (at < 0 || count >= MOST_STREAMS) {
      partly ||= at >= 0;
      kept.push(file.slice(from, at < 0 ? undefined : at));
      break;
    }
    kept.push(file.slice(from, at));
    const start = /^\r?\n/.exec(file.slice(at + 6, at + 8));
    if (!start || file.slice(at - 3, at) === "end") {
      from = at + 6;
      continue;
    }
    const begin = at + 6 + start[0].length;
    const head = dictionaryBefore(file, at);
    const end = endOfStream(file, begin, head);
    if (/\/Type\s*\/ObjStm/.test(head)) {
      const content = inflate(file.slice(begin, end), MOST_INFLATED - inflated);
      if (content === null) partly = true;
      else {
        inflated += content.length;
        kept.push(" ", content, " ");
      }
    }
    from = end;
  }
  return { text: kept.join(""), partly };
}

function dictionaryBefore(file: string, at: number): string {
  const before = file.slice(Math.max(0, at - 4096), at);
  return before.slice(Math.max(0, before.lastIndexOf(" obj")));
}

/** By `/Length` when it is written there and leads to `endstream`; else the next `endstream`. */
function endOfStream(file: string, begin: number, head: string): number {
  const length = /\/Length\s+(\d{1,10})(?!\s+\d+\s+R)/.exec(head)?.[1];
  if (length !== undefined) {
    const end = begin + Number(length);
    if (/^\s*endstream/.test(file.slice(end, end + 12))) return end;
  }
  const next = file.indexOf("endstream", begin);
  return next < 0 ? file.length : next;
}

function inflate(content: string, most: number): string | null {
  if (most <= 0) return null;
  try {
    return inflateSync(Buffer.from(content, "latin1"), { maxOutputLength: most }).toString("latin1");
  } catch {
    return null;
  }
}

/** Literal and hexadecimal strings and comments are emptied: a text may speak of JavaScript. */
function withoutStrings(text: string): string {
  const out: string[] = [];
  let from = 0;
  for (const { start, end } of stringsOf(text)) {
    out.push(text.slice(from, start), "()");
    from = end;
  }
  out.push(text.slice(from));
  return out.join("");
}

function* stringsOf(text: string): Generator<{ readonly start: number; readonly end: number }> {
  const opener = /[(%]|<(?!<)/g;
  for (let found = opener.exec(text); found; found = opener.exec(text)) {
    const start = found.index;
    // `<<` is no string: its second sign must not open one.
    if (found[0] === "<" && text[start - 1] === "<") continue;
    let end: number;
    if (found[0] === "(") end = endOfLiteral(text, start);
    else {
      const close = found[0] === "%" ? /[\r\n]/g : />/g;
      close.lastIndex = start;
      const hit = close.exec(text);
      end = hit ? hit.index + 1 : text.length;
    }
    yield { start, end };
    opener.lastIndex = end;
  }
}

function endOfLiteral(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === "(") depth += 1;
    else if (char === ")" && --depth === 0) return at + 1;
  }
  return text.length;
}

function topDictionaries(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  const signs = /<<|>>/g;
  for (let sign = signs.exec(text); sign; sign = signs.exec(text)) {
    if (sign[0] === "<<") {
      if (depth === 0) start = sign.index;
      depth += 1;
    } else if (depth > 0) {
      depth -= 1;
      if (depth === 0) found.push(text.slice(start, sign.index + 2));
    }
  }
  return found;
}

/** Name of a font whose program is not in the file; empty for everything else. */
function fontOutside(dictionary: string): string[] {
  const name = (key: string): string => new RegExp(`/${key}\\s*/([^\\s/<>\\[\\]()]+)`).exec(dictionary)?.[1] ?? "?";
  if (new RegExp(`/Type\\s*/FontDescriptor${END}`).test(dictionary)) {
    return new RegExp(`/FontFile[23]?${END}`).test(dictionary) ? [] : [name("FontName")];
  }
  const simple = /\/Subtype\s*\/(?:Type1|MMType1|TrueType)(?![A-Za-z0-9])/.test(dictionary);
  const isFont = new RegExp(`/Type\\s*/Font${END}`).test(dictionary) && simple;
  return isFont && !new RegExp(`/FontDescriptor${END}`).test(dictionary) ? [name("BaseFont")] : [];
}

// ---- document information against XMP (ISO 19005-1 §6.7.3) ------------------------------------------------------------

const INFO: readonly (readonly [string, RegExp])[] = [
  ["Title", /<dc:title>[\s\S]{0,200}?<rdf:li[^>]*>([^<]*)</],
  ["Author", /<dc:creator>[\s\S]{0,200}?<rdf:li[^>]*>([^<]*)</],
  ["Producer", /pdf:Producer(?:>|\s*=\s*["'])([^<"']*)/],
  ["Creator", /xmp:CreatorTool(?:>|\s*=\s*["'])([^<"']*)/],
];

function infoMismatches(file: string, objects: string): string[] {
  const start = file.indexOf("<x:xmpmeta");
  const end = start < 0 ? -1 : file.indexOf("</x:xmpmeta>", start);
  const packet = end < 0 || end - start > MOST_XMP ? undefined : file.slice(start, end);
  const number = /\/Info\s+(\d{1,10})\s+\d+\s+R/.exec(objects)?.[1];
  if (packet === undefined || number === undefined) return [];
  const xmp = Buffer.from(packet, "latin1").toString("utf8");
  const at = new RegExp(`(?:^|\\s)${number}\\s+\\d+\\s+obj`).exec(objects);
  if (!at) return [];
  const info = objects.slice(at.index, at.index + 4096).split("endobj")[0] ?? "";
  return INFO.flatMap(([key, inXmp]) => {
    const written = literal(info, key);
    const repeated = inXmp.exec(xmp)?.[1];
    return written === null || (repeated !== undefined && unescaped(repeated) === written) ? [] : [key];
  });
}

/** Text of a literal string entry; null when there is none, when it is empty, or when it needs more than this reads. */
function literal(info: string, key: string): string | null {
  const at = new RegExp(`/${key}\\s*\\(`).exec(info);
  if (!at) return null;
  const start = at.index + at[0].length - 1;
  const raw = info.slice(start + 1, endOfLiteral(info, start) - 1);
  if (raw === "" || raw.includes("\\") || !/^[\x20-\x7e]*$/.test(raw)) return null;
  return raw;
}

function unescaped(xml: string): string {
  const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
  return xml.replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => entities[name] ?? whole).trim();
}
