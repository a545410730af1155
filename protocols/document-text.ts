/**
 * Text of a supplied document: plain text, logs, mails, HTML, XML, JSON, DOCX, ODT, XLSX, PPTX, PDF. At most a megabyte; bounded in
 * time and memory, and never throws: null when it holds none that we can read.
 */
import type { MediaFacts } from "../core/model/index.js";
import { markupText } from "./document-text/markup.js";
import { officeText } from "./document-text/office.js";
import { pdfText } from "./document-text/pdf.js";
import { leafParts, mailHeader, partText, readMail } from "./mime.js";

/** Characters kept. */
export const MOST_TEXT = 1_000_000;
/** Bytes looked at of a plain text. */
const MOST_BYTES = 4_000_000;
/** Bytes of a PDF handed to its reader. */
const MOST_PDF = 100_000_000;

/** `name` tells apart nothing that the bytes do; it only lets a text without any mark of its own be read as markup. */
export async function textOf(bytes: Uint8Array, media: MediaFacts | null, name: string): Promise<string | null> {
  if (media === null) return null;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = await read(view, media.type, name);
  if (text === null) return null;
  const kept = text.slice(0, MOST_TEXT);
  return kept.trim() === "" && media.type === "application/pdf" ? null : kept;
}

async function read(view: Buffer, type: string, name: string): Promise<string | null> {
  switch (type) {
    case "application/pdf":
      return view.length > MOST_PDF ? null : pdfText(view, MOST_TEXT);
    case "message/rfc822":
      return mailText(view);
    case "text/html":
    case "application/xml":
      return markupText(decodeText(view), MOST_TEXT);
    case "text/plain":
      return /\.(?:x?html?|xml)$/i.test(name) ? markupText(decodeText(view), MOST_TEXT) : decodeText(view);
    case "application/json":
      return decodeText(view);
    default:
      return type.startsWith("application/vnd.o") ? officeText(view, MOST_TEXT) : null;
  }
}

/** By its byte order mark, else UTF-8, else Windows-1252: a reader for people must not fail on one odd byte. */
function decodeText(view: Buffer): string {
  const head = view.subarray(0, MOST_BYTES);
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder("utf-16le").decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder("utf-16be").decode(head);
  try {
    // `stream`: a character cut in two by the bound is no error.
    return new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
  } catch {
    return new TextDecoder("windows-1252").decode(head);
  }
}

/** Subject, then the text of each part; the raw source when it cannot be read as a mail. */
function mailText(view: Buffer): string {
  try {
    const mail = readMail(view);
    const parts = leafParts(mail).flatMap((part) => {
      const text = part.fileName === null ? partText(part) : null;
      if (text === null) return [];
      return [part.mediaType === "text/html" ? markupText(text, MOST_TEXT) : text];
    });
    return [mailHeader(mail, "Subject")?.value ?? "", ...parts].join("\n");
  } catch {
    return decodeText(view);
  }
}
