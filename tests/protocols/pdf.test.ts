import { expect } from "chai";
import fc from "fast-check";
import { PDFDocument } from "pdf-lib";
import { readPdf } from "../../protocols/pdf.js";

async function made(useObjectStreams: boolean): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage([200, 200]);
  return pdf.save({ useObjectStreams });
}

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");

describe("protocols/pdf", () => {
  it("recognises what a foreign library writes, with a table and with a stream", async () => {
    const table = readPdf(await made(false));
    expect(table).to.deep.include({ eof: true, xref: "table", encrypted: false, pdfA: null });
    expect(table.header).to.deep.equal({ version: "1.7", offset: 0 });
    const stream = readPdf(await made(true));
    expect(stream.xref).to.equal("stream");
    expect(stream.eof).to.equal(true);
  });

  it("accepts bytes before the header, as readers do", async () => {
    const facts = readPdf(Buffer.concat([bytes("\n\n"), await made(false)]));
    expect(facts.header?.offset).to.equal(2);
    expect(facts.xref).to.equal("table");
  });

  it("sees a cut, an empty and a foreign file", async () => {
    const whole = await made(false);
    const cut = readPdf(whole.subarray(0, whole.length - 40));
    expect(cut.header).to.not.equal(null);
    expect(cut.eof).to.equal(false);
    expect(readPdf(new Uint8Array()).header).to.equal(null);
    expect(readPdf(bytes("PK\x03\x04")).header).to.equal(null);
  });

  it("sees encryption in a trailer, not in a text", () => {
    const frame = (trailer: string, text = ""): Uint8Array =>
      bytes(`%PDF-1.4\nxref\n0 0\ntrailer\n<< ${trailer} >>\nstartxref\n9\n%%EOF\n${text}`);
    expect(readPdf(frame("/Size 1 /Encrypt 5 0 R")).encrypted).to.equal(true);
    expect(readPdf(frame("/Size 1")).encrypted).to.equal(false);
    expect(readPdf(frame("/Size 1 /EncryptMetadata false")).encrypted).to.equal(false);
    expect(
      readPdf(bytes("%PDF-1.4\n(about /Encrypt )\nxref\n0 0\ntrailer\n<< >>\nstartxref\n9\n%%EOF")).encrypted,
    ).to.equal(false);
  });

  it("reads the PDF/A part as attribute and as element", () => {
    expect(readPdf(bytes('x pdfaid:part="1" pdfaid:conformance="B"')).pdfA).to.deep.equal({
      part: "1",
      conformance: "B",
    });
    const element = "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>";
    expect(readPdf(bytes(element)).pdfA).to.deep.equal({ part: "3", conformance: "U" });
    expect(readPdf(bytes("pdfaid:part")).pdfA).to.equal(null);
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 4000 }), (value) => void readPdf(value)));
    fc.assert(
      fc.property(
        fc.string(),
        (value) => void readPdf(bytes(`%PDF-1.4 trailer startxref ${value} pdfaid:part ${value}`)),
      ),
    );
  });
});
