/** Does a file carry an electronic signature? Presence only: nothing is verified here, and who signed is for a reviewer. */
import { readZip } from "../zip.js";

const MOST_RANGES = 64;
const REACH = 512 * 1024;

/** Null where the kind of file cannot carry one. */
export function isSigned(view: Buffer, type: string): boolean | null {
  if (type === "application/pdf") return pdfSigned(view);
  if (type === "application/xml") return xmlSigned(view);
  if (type === "message/rfc822")
    return /multipart\/signed|smime-type=signed-data/i.test(view.toString("latin1", 0, 65_536));
  if (type === "application/zip" || type.startsWith("application/vnd.")) return zipSigned(view);
  return null;
}

/**
 * A signature dictionary (ISO 32000-1, 12.8.1): a filled `/ByteRange` with `/Contents` beside it. An empty signature field has
 * neither; a time stamp alone (`/ETSI.RFC3161`) signs for nobody. Such a dictionary is never compressed: its bytes are patched.
 */
function pdfSigned(view: Buffer): boolean {
  let at = view.indexOf("/ByteRange");
  for (let count = 0; at >= 0 && count < MOST_RANGES; count += 1) {
    const [from, to] = dictionaryAround(view, at);
    const range = /\/ByteRange\s*\[\s*0\s+(\d{1,15})\s+(\d{1,15})\s+\d{1,15}\s*\]/.exec(
      view.toString("latin1", at, Math.min(at + 200, to)),
    );
    if (range !== null) {
      const head = view.toString("latin1", from, Math.min(to, from + 4096));
      const tail = view.toString("latin1", Math.max(from, to - 4096), to);
      // The hole of the byte range is the hexadecimal content: a signature not made yet is all zeros.
      const hole = view.toString("latin1", Number(range[1]), Math.min(Number(range[2]), Number(range[1]) + 4096));
      if (/^<[0-9A-Fa-f\s]*[1-9A-Fa-f]/.test(hole) && !`${head}${tail}`.includes("ETSI.RFC3161")) return true;
    }
    at = view.indexOf("/ByteRange", at + 10);
  }
  return false;
}

/** Bounds of the object that holds an offset; no farther than a large signature reaches. */
function dictionaryAround(view: Buffer, at: number): [number, number] {
  const first = Math.max(0, at - REACH);
  const last = Math.min(view.length, at + REACH);
  const from = view.subarray(first, at).lastIndexOf(" obj");
  const to = view.subarray(at, last).indexOf("endobj");
  return [from < 0 ? first : first + from, to < 0 ? last : at + to];
}

function xmlSigned(view: Buffer): boolean {
  const text = view.toString("latin1", 0, Math.min(view.length, 32 * 1024 * 1024));
  return text.includes("http://www.w3.org/2000/09/xmldsig#") && /<(?:[\w.-]{1,40}:)?SignatureValue[\s>]/.test(text);
}

/** Office documents, OpenDocument and ASiC keep their signatures in entries of their own. */
function zipSigned(view: Buffer): boolean {
  const read = readZip(view, { maxEntryBytes: 1, maxTotalBytes: 16 * 1024 * 1024, maxEntries: 5000 });
  if (!read.ok) return false;
  return read.archive.entries.some((entry) =>
    /^(?:_xmlsignatures\/sig\d*\.xml|META-INF\/(?:documentsignatures|signatures?\d*)\.(?:xml|p7s))$/i.test(entry.name),
  );
}
