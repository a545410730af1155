import { readFileSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import { expect } from "chai";
import { strToU8, zipSync } from "fflate";
import { packageRoot } from "../../core/model/index.js";
import { MOST_TEXT, textOf } from "../../protocols/document-text.js";
import { mediaOf } from "../../protocols/media.js";

const files = path.join(packageRoot(import.meta.url), "fixtures/dossier/files");
const read = async (bytes: Uint8Array | string, name = "x"): Promise<string | null> => {
  const content = typeof bytes === "string" ? Buffer.from(bytes) : bytes;
  return textOf(content, await mediaOf(content), name);
};
const fixture = (name: string): Promise<string | null> => read(readFileSync(path.join(files, name)), name);

/** A PDF of these objects, in order from 1. */
function pdf(objects: readonly (string | Buffer)[]): Buffer {
  const parts = [
    Buffer.from("%PDF-1.5\n"),
    ...objects.map((one, i) =>
      Buffer.concat([Buffer.from(`${i + 1} 0 obj `), Buffer.from(one), Buffer.from(" endobj\n")]),
    ),
  ];
  let at = 0;
  const starts = parts.map((part) => (at += part.length) - part.length).slice(1);
  const table = starts.map((start) => `${String(start).padStart(10, "0")} 00000 n \n`).join("");
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF`;
  return Buffer.concat([...parts, Buffer.from(end)]);
}
const stream = (dictionary: string, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`<<${dictionary}/Length ${data.length}>>stream\n`), data, Buffer.from("\nendstream")]);
const page = (content: Buffer): Buffer =>
  pdf([
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    content,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ]);

describe("text of documents", () => {
  it("reads the project's PDFs, mail, log and report", async () => {
    expect(await fixture("certificat-cnda-fictif.pdf")).to.include("Numéro du certificat : FICTIF-0001");
    expect(await fixture("test-intrusion-signe.pdf")).to.include("15/10/2026");
    expect(await fixture("journal-mss.log")).to.include("acteur=medecin.demo");
    expect(await fixture("message.eml")).to.match(/^XDM\/1\.0\/DDM\+Compte rendu[^]*Message fictif/);
    expect(await fixture("espace-de-test.txt")).to.include("CI-SIS-IHE-XDM-PMC-Sc1-INS");
    expect(await fixture("ecran-dmp.png")).to.equal(null);
    expect(await fixture("demonstration.mp4")).to.equal(null);
  });

  it("reads plain text in its encoding", async () => {
    expect(await read("é", "a.txt")).to.equal("é");
    expect(await read(Buffer.from("Préparé à la main, daté du 15", "latin1"))).to.equal(
      "Préparé à la main, daté du 15",
    );
    expect(await read(Buffer.from("\ufeffété et hiver", "utf16le"))).to.equal("été et hiver");
    expect(await read('{"a": "b"}')).to.equal('{"a": "b"}');
  });

  it("reads markup without its tags", async () => {
    expect(
      await read(
        "<html><head><style>p{}</style><script>var XXX</script></head><p>Un &amp; deux&#233;<br>tr<b>ois</b><!-- non --></html>",
      ),
    ).to.equal("\nUn & deuxé\ntrois");
    expect(
      await read("<?xml version='1.0'?><a xmlns='x'><paragraph>Un</paragraph><![CDATA[<deux>]]> 3 < 4</a>"),
    ).to.equal("\nUn\n<deux> 3 < 4");
  });

  it("reads office documents, words that their tags cut in two included", async () => {
    const docx = zipSync({
      "[Content_Types].xml": strToU8("<Types/>"),
      "word/document.xml": strToU8(
        "<w:document><w:p><w:r><w:t>[à com</w:t></w:r><w:r><w:t>pléter]</w:t></w:r></w:p></w:document>",
      ),
      "word/media/image1.png": new Uint8Array(10),
    });
    expect(await read(docx)).to.equal("\n[à compléter]\n");
    const odt = zipSync({
      mimetype: strToU8("application/vnd.oasis.opendocument.text"),
      "content.xml": strToU8("<office:text><text:p>Bonjour</text:p></office:text>"),
    });
    expect(await read(odt)).to.equal("\nBonjour\n");
    const xlsx = zipSync({
      "xl/workbook.xml": strToU8("<workbook/>"),
      "xl/sharedStrings.xml": strToU8("<sst><si><t>Oui</t></si></sst>"),
    });
    expect(await read(xlsx)).to.include("Oui");
  });

  it("reads the text of a mail, not what is attached", async () => {
    const mail = [
      "From: a@b.example",
      "Subject: =?utf-8?Q?=C3=89t=C3=A9?=",
      "MIME-Version: 1.0",
      'Content-Type: multipart/mixed; boundary="b"',
      "",
      "--b",
      "Content-Type: text/html; charset=utf-8",
      "",
      "<p>Bonjour</p>",
      "--b",
      "Content-Type: text/plain",
      'Content-Disposition: attachment; filename="a.txt"',
      "",
      "SECRET",
      "--b--",
      "",
    ].join("\r\n");
    expect(await read(mail)).to.match(/^Été\n\s*Bonjour\s*$/);
  });

  it("keeps at most a megabyte", async () => {
    expect((await read("a".repeat(3_000_000)))?.length).to.equal(MOST_TEXT);
    expect((await read(`<a>${"b".repeat(3_000_000)}</a>`))?.length).to.equal(MOST_TEXT);
  });

  it("opens no archive that swells", async () => {
    const bomb = zipSync({ "word/document.xml": new Uint8Array(20_000_000).fill(0x61) });
    expect(bomb.length).to.be.lessThan(40_000);
    expect(await read(bomb)).to.equal(null);
    const nested = zipSync({
      "word/document.xml": strToU8("<w:p>x</w:p>"),
      "word/embeddings/a.zip": zipSync({ "b.zip": bomb }),
    });
    expect(await read(nested)).to.equal("\nx\n");
    const cut = zipSync({ "word/document.xml": strToU8("<w:p>x</w:p>") });
    expect(await read(cut.subarray(0, cut.length - 5))).to.equal(null);
  });

  it("survives markup without end", async () => {
    for (const text of [
      "<a>".repeat(500_000),
      `<a>${"<".repeat(1_000_000)}`,
      "<a><!--",
      "<a><![CDATA[",
      "<html><script>",
      `<a ${"b='c' ".repeat(200_000)}`,
      `<a>${"&".repeat(1_000_000)}`,
    ]) {
      expect(await read(text)).to.be.a("string");
    }
  });

  it("reads several PDFs at once, each its own", async () => {
    const one = (word: string): Buffer => page(stream("", Buffer.from(`BT /F 12 Tf 10 10 Td (${word}) Tj ET`)));
    const words = ["un", "deux", "trois"];
    expect(await Promise.all(words.map((word) => read(one(word))))).to.deep.equal(words);
    expect(await read(one("quatre"))).to.equal("quatre");
  });

  it("gives up on a PDF that is cut, endless, nested or swelling", async () => {
    const good = page(stream("", Buffer.from("BT /F 12 Tf 10 10 Td (Bonjour) Tj ET")));
    expect(await read(good)).to.equal("Bonjour");
    expect(await read(good.subarray(0, 60))).to.equal(null);
    expect(await read("%PDF-1.7\n")).to.equal(null);
    expect(
      await read(pdf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>"])),
      "pages in a ring",
    ).to.equal(null);
    expect(
      await read(pdf([`<</Type/Catalog/Pages 2 0 R/X ${"[".repeat(200_000)}>>`, "<</Type/Pages/Kids[]/Count 0>>"])),
      "nested",
    ).to.equal(null);
    expect(
      await read(
        Buffer.from(
          `%PDF-1.4\n${Array.from({ length: 20_000 }, (_, i) => `${i} 0 obj<</A ${i + 1} 0 R>>endobj`).join("\n")}`,
        ),
      ),
      "objects",
    ).to.equal(null);
    const swelling = page(stream("/Filter/FlateDecode", deflateSync(Buffer.alloc(300_000_000, 0x20), { level: 1 })));
    expect(swelling.length).to.be.lessThan(2_000_000);
    expect(await read(swelling)).to.equal(null);
  });
});
