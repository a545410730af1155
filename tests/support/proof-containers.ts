/** Files of proof of every kind, each made around a content: for tests of the privacy gate. */
import { deflateSync } from "node:zlib";
import { zipSync } from "fflate";
import { PDFDocument, StandardFonts } from "pdf-lib";

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const chunk = (type: string, data: Buffer): Buffer =>
  Buffer.concat([u32(data.length), Buffer.from(type), data, u32(0)]);
const png = (...chunks: Buffer[]): Buffer => {
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", Buffer.alloc(13)), ...chunks, chunk("IEND", Buffer.alloc(0))]);
};
const box = (type: string, ...content: Buffer[]): Buffer => {
  const data = Buffer.concat(content);
  return Buffer.concat([u32(data.length + 8), Buffer.from(type, "latin1"), data]);
};
export const zip = (files: Record<string, Buffer | string>): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([n, c]) => [n, Buffer.from(c)])), { level: 6 }));
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
/** As a word processor splits what was typed: a run for each half of a number. */
const runs = (text: string): string =>
  escaped(text)
    .replace(/\d{6}(?=\d)/, '$&</w:t></w:r><w:r w:rsidR="00AB12CD"><w:t>')
    .replaceAll("\n", "</w:t><w:br/><w:t>");

async function pdfOf(text: string): Promise<Buffer> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Courier);
  const page = document.addPage([2000, 2000]);
  for (const [line, content] of text.split("\n").entries())
    page.drawText(content, { x: 20, y: 1900 - 12 * line, size: 8, font });
  return Buffer.from(await document.save());
}

/** A PDF as office software makes them: glyph numbers that mean nothing, and a table that says which character each is. */
export function glyphPdf(text: string): Buffer {
  const letters = [...new Set(text)];
  const glyph = (letter: string): string => (letters.indexOf(letter) + 3).toString(16).padStart(4, "0");
  const code = (letter: string): string => letter.charCodeAt(0).toString(16).padStart(4, "0");
  const map =
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def " +
    "1 begincodespacerange <0000> <ffff> endcodespacerange " +
    `${letters.length} beginbfchar ${letters.map((one) => `<${glyph(one)}> <${code(one)}>`).join(" ")} endbfchar ` +
    "endcmap CMapName currentdict /CMap defineresource pop end end";
  // Glyph by glyph, with kerning between: neither the bytes nor their strings hold the number.
  const page = `BT /F1 10 Tf 20 700 Td [${[...text].map((one) => `<${glyph(one)}> -2`).join(" ")}] TJ ET`;
  const stream = (content: string): string => {
    const data = deflateSync(Buffer.from(content)).toString("latin1");
    return `<</Filter /FlateDecode /Length ${data.length}>>\nstream\n${data}\nendstream`;
  };
  const objects = [
    "<</Type /Catalog /Pages 2 0 R>>",
    "<</Type /Pages /Kids [3 0 R] /Count 1>>",
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 3000 800] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>",
    stream(page),
    "<</Type /Font /Subtype /Type0 /BaseFont /Fictive /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R>>",
    "<</Type /Font /Subtype /CIDFontType2 /BaseFont /Fictive /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor 8 0 R /DW 600>>",
    stream(map),
    "<</Type /FontDescriptor /FontName /Fictive /Flags 4 /FontBBox [0 0 600 800] /ItalicAngle 0 /Ascent 800 /Descent 0 /CapHeight 700 /StemV 80>>",
  ];
  let out = "%PDF-1.4\n";
  const offsets = objects.map((content, i) => {
    const at = out.length;
    out += `${i + 1} 0 obj\n${content}\nendobj\n`;
    return at;
  });
  const xref = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  out += offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  out += `trailer\n<</Size ${objects.length + 1} /Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`;
  return Buffer.from(out, "latin1");
}

export const mail = (content: Buffer, encoding: "base64" | "8bit"): Buffer => {
  const body = encoding === "8bit" ? content : Buffer.from(content.toString("base64").replace(/.{76}/g, "$&\r\n"));
  const head = `From: a@exemple.fr\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body, Buffer.from("\r\n")]);
};

export interface Container {
  readonly name: string;
  readonly file: string;
  readonly takes: "text" | "bytes";
  make(content: Buffer): Buffer | Promise<Buffer>;
}

export const CONTAINERS: readonly Container[] = [
  {
    name: "a text",
    file: "a.txt",
    takes: "text",
    make: (content) => Buffer.concat([Buffer.from("voir :\n"), content]),
  },
  { name: "a file as it is", file: "a.bin", takes: "bytes", make: (content) => content },
  {
    name: "a zip",
    file: "a.zip",
    takes: "bytes",
    make: (content) => zip({ "dossier/capture.txt": "x ".repeat(200), "dossier/contenu": content }),
  },
  {
    name: "a mail",
    file: "a.eml",
    takes: "bytes",
    // Fewer than 15 bytes of base64 are a word.
    make: (content) => mail(Buffer.concat([Buffer.from("Voir ceci :\n"), content]), "base64"),
  },
  {
    name: "a zip in a mail",
    file: "b.eml",
    takes: "bytes",
    make: (content) => mail(zip({ "IHE_XDM/DOC": content }), "base64"),
  },
  { name: "the source of a mail", file: "c.eml", takes: "text", make: (content) => mail(content, "8bit") },
  { name: "a PDF", file: "a.pdf", takes: "text", make: (content) => pdfOf(content.toString()) },
  {
    name: "a document",
    file: "a.docx",
    takes: "text",
    make: (content) =>
      zip({
        "word/document.xml": `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${runs(content.toString())}</w:t></w:r></w:p></w:body></w:document>`,
      }),
  },
  {
    name: "a workbook",
    file: "a.xlsx",
    takes: "text",
    make: (content) =>
      zip({
        "xl/sharedStrings.xml": `<sst><si><t>Preuve</t></si><si><t>${escaped(content.toString())}</t></si></sst>`,
      }),
  },
  {
    name: "an OpenDocument",
    file: "a.odt",
    takes: "text",
    make: (content) => zip({ "content.xml": `<text:p><text:span>${escaped(content.toString())}</text:span></text:p>` }),
  },
  {
    name: "the text of a picture",
    file: "a.png",
    takes: "text",
    make: (content) => png(chunk("tEXt", Buffer.concat([Buffer.from("Comment\0"), content]))),
  },
  {
    name: "the compressed text of a picture",
    file: "b.png",
    takes: "text",
    make: (content) => png(chunk("zTXt", Buffer.concat([Buffer.from("Comment\0\0"), deflateSync(content)]))),
  },
  {
    name: "the metadata of a video",
    file: "a.mp4",
    takes: "text",
    make: (content) =>
      Buffer.concat([
        box("ftyp", Buffer.from("isom\0\0\0\0isom")),
        box("moov", box("udta", box("\u00a9cmt", Buffer.from([0, 0, 0, 0]), content))),
      ]),
  },
  {
    name: "JSON",
    file: "a.json",
    takes: "text",
    make: (content) => Buffer.from(JSON.stringify({ trace: content.toString() })),
  },
  {
    name: "XML",
    file: "a.xml",
    takes: "text",
    make: (content) => Buffer.from(`<trace>${escaped(content.toString())}</trace>`),
  },
  {
    name: "a text in UTF-16",
    file: "b.txt",
    takes: "text",
    make: (content) => Buffer.from(`\ufeff${content.toString()}`, "utf16le"),
  },
];
