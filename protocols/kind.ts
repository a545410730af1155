/** What a file given alone is, told from its first bytes and, where they do not say, from its name. Never throws. */

export type FileKind = "cda" | "xdm" | "mail" | "soap" | "hl7v2" | "datamatrix" | "unknown";

const HEAD = 256 * 1024;

/** Recognises a file; broken content keeps its kind, so that the checks of that kind can say what is broken. */
export function recogniseFile(bytes: Uint8Array, name: string): FileKind {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (
    view.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1")) ||
    view.subarray(0, 4).equals(Buffer.from("PK\x05\x06", "latin1"))
  ) {
    return view.includes("IHE_XDM") || view.includes("METADATA.XML") || /\.(zip|xdm)$/i.test(name) ? "xdm" : "unknown";
  }
  const head = headText(view);
  if (/^[\s\x0b]*(?:MSH|FHS|BHS)[^\w\s]/.test(head)) return "hl7v2";
  // INS datamatrix: `IS`, a version of two digits, 22 zeros (ins.md §6).
  if (/^\s*IS\d{24}S\d/.test(head)) return "datamatrix";
  const root = rootElement(head);
  if (root !== null) return kindOfXml(root, view);
  if (/^(?:[A-Z]+ \S+ HTTP\/1\.[01]|HTTP\/1\.[01] \d{3})/.test(head)) return holdsSoap(head) ? "soap" : "unknown";
  const fields = headerFields(head);
  const type = fields.get("content-type") ?? "";
  if (/application\/(?:xop|soap)\+xml/i.test(type) || (/^\s*--\S/.test(head) && holdsSoap(head))) return "soap";
  const mail = ["from", "to", "subject", "message-id", "received", "return-path", "mime-version", "date"];
  return mail.filter((field) => fields.has(field)).length >= 2 ? "mail" : "unknown";
}

function headText(view: Buffer): string {
  const head = view.subarray(0, HEAD);
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString("utf16le").replace(/^\ufeff/, "");
  if (head[0] === 0xfe && head[1] === 0xff) {
    return Buffer.from(head.subarray(0, head.length & ~1))
      .swap16()
      .toString("utf16le")
      .replace(/^\ufeff/, "");
  }
  return head.toString("latin1").replace(/^\xef\xbb\xbf/, "");
}

/** Local name of the first element, past declaration, comments, instructions and a DOCTYPE; null when the text is no XML. */
function rootElement(head: string): string | null {
  let text = head.trimStart();
  for (;;) {
    const skip = /^(?:<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*(?:\[[\s\S]*?\])?\s*>)\s*/i.exec(text);
    if (!skip) break;
    text = text.slice(skip[0].length);
  }
  return /^<(?:[^\s<>/:]+:)?([^\s<>/:]+)/.exec(text)?.[1] ?? null;
}

function kindOfXml(root: string, view: Buffer): FileKind {
  if (root === "ClinicalDocument") return "cda";
  if (root === "Envelope") return "soap";
  // An auto-presentable document: a style sheet with the CDA inside.
  if ((root === "stylesheet" || root === "transform") && view.includes("ClinicalDocument")) return "cda";
  return "unknown";
}

function holdsSoap(head: string): boolean {
  return (
    head.includes("http://www.w3.org/2003/05/soap-envelope") ||
    head.includes("http://schemas.xmlsoap.org/soap/envelope/")
  );
}

/** Header fields by lower-case name, first value, folding undone; empty when the text does not begin with one. */
function headerFields(head: string): Map<string, string> {
  const fields = new Map<string, string>();
  let last = "";
  for (const line of head.split(/\r?\n/)) {
    if (line === "") break;
    const field = /^([!-9;-~]{1,76}):(.*)$/.exec(line);
    if (field?.[1] !== undefined) {
      last = field[1].toLowerCase();
      if (!fields.has(last)) fields.set(last, (field[2] ?? "").trim());
    } else if (/^[ \t]/.test(line) && last !== "") fields.set(last, `${fields.get(last) ?? ""} ${line.trim()}`);
    else if (!/^From /.test(line)) return new Map();
  }
  return fields;
}
