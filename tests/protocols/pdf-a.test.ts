/** What PDF/A-1 forbids is seen in objects, wherever they stand, and not in texts that speak of it. */
import { deflateSync } from "node:zlib";
import { expect } from "chai";
import { PDFDocument, StandardFonts } from "pdf-lib";
import { readPdfA } from "../../protocols/pdf-a.js";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const object = (content: string, number = 1): string => `${number} 0 obj\n${content}\nendobj\n`;

describe("protocols/pdf-a", () => {
  it("finds each thing forbidden by its dictionary", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["javascript", "<</S /JavaScript /JS (app.alert)>>"],
      ["embedded_files", "<</Names <</EmbeddedFiles 4 0 R>>>>"],
      ["embedded_files", "<</Type /Filespec /EF <</F 5 0 R>>>>"],
      ["lzw", "<</Filter /LZWDecode /Length 0>>"],
      ["encryption", "<</Size 1 /Encrypt 5 0 R>>"],
    ];
    for (const [name, content] of cases)
      expect(readPdfA(bytes(object(content))).forbidden, content).to.deep.equal([name]);
  });

  it("is not taken in by texts, comments and longer names", () => {
    const text =
      "<</Title (on /JavaScript and \\) /LZWDecode \\( <</EF <<>>) /Producer <2f4c5a57> /JSX 1 /SMask /None>>\n% /EmbeddedFiles 1 0 R\n";
    const facts = readPdfA(bytes(object(text)));
    expect(facts.forbidden).to.deep.equal([]);
    expect(facts.transparency).to.deep.equal([]);
  });

  it("looks into object streams, not into other streams", () => {
    const packed = deflateSync(bytes("1 0 <</S /JavaScript /JS 2 0 R>>")).toString("latin1");
    const stream = object(
      `<</Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${packed.length}>>\nstream\n${packed}\nendstream`,
    );
    expect(readPdfA(bytes(stream)).forbidden).to.deep.equal(["javascript", "compressed_objects"]);
    const content = object("<</Length 14>>\nstream\n/JavaScript Do\nendstream");
    expect(readPdfA(bytes(content)).forbidden).to.deep.equal([]);
  });

  it("says when an object stream cannot be read", () => {
    expect(readPdfA(bytes(object("<</Type /ObjStm /Length 3>>\nstream\nabc\nendstream"))).partly).to.equal(true);
  });

  it("names fonts without their program, and transparency", () => {
    const facts = readPdfA(
      bytes(
        object("<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>") +
          object("<</Type /FontDescriptor /FontName /Arial>>", 2) +
          object("<</Type /FontDescriptor /FontName /Good /FontFile2 9 0 R>>", 3) +
          object("<</Group <</S /Transparency>> /ca .5 /CA 1.0>>", 4),
      ),
    );
    expect(facts.fontsNotEmbedded).to.deep.equal(["Helvetica", "Arial"]);
    expect(facts.transparency).to.deep.equal(["Group", "ca"]);
    expect(facts.outputIntent).to.equal(false);
  });

  it("compares document information with XMP", () => {
    const xmp =
      "<x:xmpmeta><pdf:Producer>Segur &amp; Co</pdf:Producer><dc:title><rdf:Alt><rdf:li xml:lang='x'>Autre</rdf:li></rdf:Alt></dc:title></x:xmpmeta>";
    const info = object("<</Title (Titre) /Producer (Segur & Co) /Author ()>>", 7);
    const file = `%PDF-1.4\n${info}${object(`<</Type /Metadata /Length ${xmp.length}>>\nstream\n${xmp}\nendstream`, 8)}trailer <</Info 7 0 R>>`;
    expect(readPdfA(bytes(file)).infoMismatches).to.deep.equal(["Title"]);
  });

  it("reads what a PDF library writes", async () => {
    const pdf = await PDFDocument.create();
    pdf.addPage().drawText("Bonjour", { font: await pdf.embedFont(StandardFonts.Helvetica) });
    const plain = readPdfA(await pdf.save({ useObjectStreams: false }));
    expect(plain).to.deep.include({ forbidden: [], fontsNotEmbedded: ["Helvetica"], partly: false });
    expect(readPdfA(await pdf.save({ useObjectStreams: true }))).to.deep.include({
      forbidden: ["compressed_objects"],
      partly: false,
    });
  });

  it("ends on hostile bytes", () => {
    for (const text of [
      "(".repeat(200_000),
      "<<".repeat(200_000),
      "stream\n".repeat(50_000),
      "<x:xmpmeta".repeat(20_000),
      "/Length 9 ".repeat(20_000),
    ]) {
      expect(() => readPdfA(bytes(`${text}/Info 1 0 R`))).to.not.throw();
    }
  });
});
