/** The type of a file, from its bytes alone. Never throws. */
import { recogniseFile } from "../kind.js";
import { readPdf } from "../pdf.js";
import { readZip, type ZipEntry } from "../zip.js";

const HEAD = 64 * 1024;

/** Names that tell an office document from a plain archive. */
const OFFICE: readonly (readonly [string, string])[] = [
  ["word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
  ["xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
  ["ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"],
];

/** Media type, or null when the bytes are neither a known binary format nor text. */
export async function sniffType(view: Buffer): Promise<string | null> {
  if (view.length === 0) return null;
  // First: such a mark also begins the frames of some sounds.
  if (wideText(view.subarray(0, HEAD)) !== null) return textType(view);
  const known = await knownFormat(view.subarray(0, HEAD));
  // A zip is told apart by its directory, which stands at the end of the file.
  if (view.subarray(0, 2).toString("latin1") === "PK") return zipType(view) ?? known;
  if (known !== null && !/^(?:application|text)\/(?:[\w.-]+\+)?xml$/.test(known)) return known;
  // Up to 1024 bytes may stand before the header of a PDF (ISO 32000-1, annex H).
  if (readPdf(view).header !== null) return "application/pdf";
  if (isPkcs7(view)) return "application/pkcs7-signature";
  return textType(view);
}

async function knownFormat(head: Buffer): Promise<string | null> {
  try {
    // Loaded at need: most commands never look into a file.
    const { fileTypeFromBuffer } = await import("file-type");
    return (await fileTypeFromBuffer(head))?.mime ?? null;
  } catch {
    return null;
  }
}

function zipType(view: Buffer): string | null {
  // Names and tiny entries only: nothing large is inflated here.
  const read = readZip(view, { maxEntryBytes: 256, maxTotalBytes: 16 * 1024 * 1024, maxEntries: 5000 });
  if (!read.ok) return read.reason === "not_zip" ? null : "application/zip";
  const names = new Set(read.archive.entries.map((entry) => entry.name));
  const office = OFFICE.find(([name]) => names.has(name));
  if (office) return office[1];
  return declaredType(read.archive.entries) ?? "application/zip";
}

/** OpenDocument and ASiC write their type in an entry `mimetype`. */
function declaredType(entries: readonly ZipEntry[]): string | null {
  const entry = entries.find((one) => one.name === "mimetype");
  if (!entry?.data) return null;
  const type = Buffer.from(entry.data).toString("latin1").trim();
  return /^application\/[\w.+-]{1,120}$/.test(type) ? type : null;
}

/** DER of a CMS SignedData (RFC 5652): a sequence that begins with the object identifier 1.2.840.113549.1.7.2. */
function isPkcs7(view: Buffer): boolean {
  return view[0] === 0x30 && view.subarray(0, 32).includes(Buffer.from("06092a864886f70d010702", "hex"));
}

function textType(view: Buffer): string | null {
  const head = view.subarray(0, HEAD);
  const wide = wideText(head);
  if (wide === null && !looksLikeText(head)) return null;
  const start = (wide ?? head.toString("utf8")).replace(/^[\ufeff\s]+/, "").slice(0, 2000);
  if (/^-----BEGIN PGP SIGNATURE-----/.test(start)) return "application/pgp-signature";
  if (/^-----BEGIN (?:PKCS7|CMS)-----/.test(start)) return "application/pkcs7-signature";
  if (
    /^<(?:!doctype\s+html|html[\s>])/i.test(start) ||
    /^<\?xml[^>]*>\s*(?:<!doctype\s+html|<html[\s>])/i.test(start)
  ) {
    return "text/html";
  }
  if (/^<(?:\?xml|[A-Za-z_][\w.:-]*[\s/>]|!--)/.test(start)) return "application/xml";
  if (/^(?:\{\s*(?:"|\})|\[\s*(?:[{"[\]\d-]|true|false|null))/.test(start) && isJsonLine(start))
    return "application/json";
  if (recogniseFile(view, "") === "mail") return "message/rfc822";
  return "text/plain";
}

/** `[2026-01-05 10:00:00] …` begins as an array would, and is a line of a log. */
function isJsonLine(start: string): boolean {
  return !/^\[[^\]"{]{1,80}\]\s*[^\s,\]]/.test(start);
}

/** UTF-16 with its mark; null when it is something else. */
function wideText(head: Buffer): string | null {
  const little = head[0] === 0xff && head[1] === 0xfe;
  if (!little && !(head[0] === 0xfe && head[1] === 0xff)) return null;
  const text = new TextDecoder(little ? "utf-16le" : "utf-16be").decode(head.subarray(0, head.length & ~1));
  const odd = text.match(/[\0-\x08\x0e-\x1a\ufffd]/g)?.length ?? 0;
  return odd * 100 < text.length ? text : null;
}

/** No NUL, and less than one byte in a hundred that is a control character other than white space and escape. */
function looksLikeText(head: Buffer): boolean {
  let odd = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 11 && byte !== 12 && byte !== 13 && byte !== 27) odd += 1;
  }
  return odd * 100 < head.length;
}
