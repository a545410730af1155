import { expect } from "chai";
import { archiveFiles, asArchive, asMail, COMPOUND, document, judgeFiles, mail, PDF, ZOE, zip } from "./support.js";

const MAIL_CHECKS = [
  "mss/archive",
  "mss/cda-code-header",
  "mss/from-label",
  "mss/ins-header",
  "mss/message-id",
  "mss/metadata",
  "mss/one-patient",
  "mss/pdf-copy",
  "mss/product-identifier",
  "mss/subject",
  "mss/text-encoding",
];

async function saidOf(documents = [document()], change: Record<string, unknown> = {}): Promise<readonly string[]> {
  return judgeFiles(asMail(await mail(documents, change))).said;
}

describe("checks/mss on files", () => {
  it("judges a saved mail alone, and leaves what only a session shows unobserved", async () => {
    const { outcomes, said } = judgeFiles(asMail(await mail([document()])));
    expect(said).to.deep.equal([]);
    const met = [...outcomes].filter(([, outcome]) => outcome === "met").map(([id]) => id);
    expect(met).to.deep.equal(MAIL_CHECKS);
    expect(new Set([...outcomes.values()])).to.deep.equal(new Set(["met", "unobserved"]));
  });

  it("judges an archive alone", () => {
    const { outcomes, said } = judgeFiles(asArchive(zip(archiveFiles([document()]))));
    expect(said).to.deep.equal([]);
    const met = [...outcomes].filter(([, outcome]) => outcome === "met").map(([id]) => id);
    expect(met).to.deep.equal(["mss/archive", "mss/metadata", "mss/one-patient"]);
    const { "README.TXT": _readme, ...others } = archiveFiles([document()]);
    expect(judgeFiles(asArchive(zip(others))).said).to.deep.equal(["archive root-file-absent"]);
    expect(judgeFiles(asArchive(Buffer.from("no zip"))).said).to.deep.equal(["archive unreadable"]);
  });

  it("ends with findings, not with a crash, on what is no mail and no archive", () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from("\r\nhello"),
      Buffer.alloc(1000, 0xff),
      Buffer.from("PK\x03\x04"),
    ]) {
      expect(judgeFiles(asMail(bytes)).said).to.deep.equal(["message-id not-a-mail"]);
      expect(judgeFiles(asArchive(bytes)).said).to.deep.equal(["archive unreadable"]);
    }
  });

  it("accepts several documents, an unqualified identity, and a mail without document", async () => {
    const two = [document(), document({ id: "2.25.101", code: "34112-3", label: "CR hospitalier" })];
    expect(await saidOf(two)).to.deep.equal([]);
    expect(await saidOf([document({ person: { ...ZOE, matricule: null } })])).to.deep.equal([]);
    expect(await saidOf([])).to.deep.equal([]);
  });

  it("compares a compound name without stumbling on it", async () => {
    const documents = [document({ person: COMPOUND })];
    expect(await saidOf(documents)).to.deep.equal([]);
    const subject = (text: string) => saidOf(documents, { subject: `XDM/1.0/DDM+${text}` });
    const label = "CR ou fiche de consultation ou de visite";
    expect(await subject(`${label} DE VINCI-ECETINSI PIERRE-ALAIN`)).to.deep.equal([]);
    expect(await subject(`${label} DE VINCI-ECETINSI Pierre-Alain 14/07/2009`)).to.deep.equal([]);
    expect(await subject(`${label} DE VINCI ECETINSI PIERRE ALAIN`)).to.deep.equal(["subject name-separators"]);
    expect(await subject(`${label} De Vinci-Ecetinsi PIERRE-ALAIN`)).to.deep.equal(["subject name-form"]);
    expect(await subject(`${label} VINCI PIERRE-ALAIN`)).to.deep.equal(["subject patient"]);
    expect(await subject(`${label} DE VINCI-ECETINSI PIERRE-ALAIN 14/07/2008`)).to.deep.equal(["subject birth-date"]);
  });

  it("wants the label cut at 40 characters, blank at the cut or not", async () => {
    const label = "Compte rendu d'imagerie médicale avec un titre long";
    const cut = "Compte rendu d'imagerie médicale avec un";
    const documents = [document({ label })];
    const subject = (text: string) => saidOf(documents, { subject: `XDM/1.0/DDM+${text} ADRUN ZOE` });
    expect(cut).to.have.length(40);
    expect(await subject(cut)).to.deep.equal([]);
    expect(await subject(label)).to.deep.equal(["subject label"]);
    expect(await subject(cut.slice(0, 30))).to.deep.equal(["subject label"]);
  });

  it("only remarks on the subject of a replacing document, whose mention has no settled form", async () => {
    const more =
      '<relatedDocument typeCode="RPLC"><parentDocument><id root="2.25.1"/></parentDocument></relatedDocument>';
    const subject = "XDM/1.0/DDM+ANNULE ET REMPLACE CR ADRUN ZOE";
    expect(await saidOf([document({ more })], { subject })).to.deep.equal(["subject replacement"]);
    expect(await saidOf([document({ more })], { subject: "ANNULE ET REMPLACE" })).to.deep.equal(["subject prefix"]);
  });

  it("tolerates the case of the archive's name and other ZIP attachments, not two archives", async () => {
    const archive = {
      filename: "IHE_XDM.ZIP",
      content: zip(archiveFiles([document()])),
      contentType: "application/zip",
    };
    const pdf = { filename: "20240102_CR_ADRUN_ZOE.pdf", content: PDF, contentType: "application/pdf" };
    const other = {
      filename: "photos.zip",
      content: zip({ "A.JPG": Buffer.from("x") }),
      contentType: "application/zip",
    };
    expect(await saidOf([document()], { attachments: [other, archive, pdf] })).to.deep.equal([]);
    expect(await saidOf([document()], { attachments: [archive, archive, pdf] })).to.deep.equal(["archive several"]);
    const lower = Object.fromEntries(
      Object.entries(archiveFiles([document()])).map(([name, bytes]) => [name.toLowerCase(), bytes]),
    );
    const said = await saidOf([document()], { attachments: [{ ...archive, content: zip(lower) }, pdf] });
    expect(said).to.deep.equal(["archive names"]);
  });

  it("compares times as instants: the day before in UTC is the same moment", () => {
    const facts = document({ time: "20240101003000+0100" });
    expect(judgeFiles(asArchive(zip(archiveFiles([facts])))).said).to.deep.equal([]);
    const files = archiveFiles([facts]);
    const metadata =
      files["IHE_XDM/SUBSET01/METADATA.XML"]?.toString().replace("20231231233000", "20240101003000") ?? "";
    const local = { ...files, "IHE_XDM/SUBSET01/METADATA.XML": Buffer.from(metadata) };
    expect(judgeFiles(asArchive(zip(local))).said).to.deep.equal(["metadata creation-time"]);
  });

  it("holds a PDF/A-1 conversion against nobody, another PDF against its sender", async () => {
    const send = (embedded: Buffer, content: Buffer) => {
      const documents = [document({ pdf: embedded })];
      return saidOf(documents, {
        attachments: [
          { filename: "IHE_XDM.zip", content: zip(archiveFiles(documents)), contentType: "application/zip" },
          { filename: "20240102_CR_ADRUN_ZOE.pdf", content, contentType: "application/pdf" },
        ],
      });
    };
    const converted = Buffer.from('%PDF-1.4\n<rdf:Description pdfaid:part="1" pdfaid:conformance="B"/>\n%%EOF');
    expect(await send(PDF, converted)).to.deep.equal(["pdf-copy differs-by-conversion"]);
    expect(await send(converted, PDF)).to.deep.equal(["pdf-copy differs"]);
    expect(await send(PDF, Buffer.from("%PDF-1.7\nother"))).to.deep.equal(["pdf-copy differs"]);
  });

  it("reads one identity from ids or traits, and sees two when they are two", () => {
    const judge = (one: typeof ZOE, two: typeof ZOE) =>
      judgeFiles(asArchive(zip(archiveFiles([document({ person: one }), document({ person: two, id: "2.25.101" })]))))
        .said;
    const local = { ...ZOE, matricule: null };
    // Same person: the set's identifiers differ, which METADATA shows.
    expect(judge(ZOE, local)).to.deep.equal(["one-patient metadata-differ"]);
    expect(judge(local, { ...local, localId: "IPP-0002" })).to.deep.equal(["one-patient metadata-differ"]);
    expect(judge(local, COMPOUND)).to.deep.equal(["one-patient documents-differ"]);
    expect(judge(ZOE, { ...ZOE, matricule: "110086322083060" })).to.deep.equal(["one-patient documents-differ"]);
  });

  it("takes components after the authority of a patientId for the same patient", () => {
    const files = archiveFiles([document()]);
    const metadata = "IHE_XDM/SUBSET01/METADATA.XML";
    const text = (files[metadata] ?? Buffer.alloc(0)).toString("utf8");
    const last = text.lastIndexOf("ISO^NH") + "ISO^NH".length;
    files[metadata] = Buffer.from(`${text.slice(0, last)}^^20100907${text.slice(last)}`);
    expect(judgeFiles(asArchive(zip(files))).said).to.deep.equal([]);
  });

  it("does not say that a mail has no CDA when it could not read one", async () => {
    const [plain, odd] = [await saidOf(), (await mail([document()])).toString("latin1")];
    expect(plain).to.deep.equal([]);
    const broken = odd.replace(/UEsDB[A-Za-z0-9+/]{8}/, "AAAAAAAAAAAAA");
    const { said } = judgeFiles(asMail(Buffer.from(broken, "latin1")));
    expect(said).to.include("archive entry-damaged");
    expect(said.filter((message) => message.endsWith("unwanted"))).to.deep.equal([]);
  });

  it("sees a Message-ID used for two mails, and the same mail saved twice", async () => {
    const messageId = "<fixed@b.example>";
    const first = asMail(await mail([document()], { messageId }));
    const other = asMail(await mail([document({ id: "2.25.101" })], { messageId }));
    expect(judgeFiles(first, other).said).to.deep.equal(["message-id reused"]);
    const again = asMail(await mail([document()], { messageId, date: "Fri, 01 Mar 2024 10:00:00 +0000" }));
    expect(judgeFiles(first, again).said).to.deep.equal([]);
  });

  it("tells text that is not UTF-8 from text that merely does not say so", async () => {
    const raw = (head: string, body: string) =>
      judgeFiles(
        asMail(
          Buffer.from(`Message-ID: <a@b>\r\nFrom: A_EXEMPLE <a@b>\r\nX-MSS-NIL: 1\r\n${head}\r\n\r\n${body}`, "latin1"),
        ),
      ).said;
    expect(raw("Content-Type: text/plain; charset=UTF-8", "\xc3\xa9")).to.deep.equal([]);
    expect(raw("Content-Type: text/plain; charset=UTF-8", "\xe9")).to.deep.equal(["text-encoding not-utf8"]);
    expect(raw("Content-Type: text/plain; charset=iso-8859-15", "x")).to.deep.equal(["text-encoding charset"]);
    expect(raw("Subject: x", "hello")).to.deep.equal(["text-encoding charset-ascii"]);
    expect(raw("Subject: x", "\xe9")).to.deep.equal(["text-encoding not-utf8"]);
    expect(raw("Subject: \xe9\r\nContent-Type: text/plain; charset=utf-8", "x")).to.deep.equal([
      "text-encoding eight-bit-header",
    ]);
  });
});
