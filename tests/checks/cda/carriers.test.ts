/** The same checks, whatever carries the document: a file, an archive, a mail, a recorded transaction. */
import { expect } from "chai";
import yazl from "yazl";
import identification from "../../../checks/cda/identification.js";
import { document } from "../dmp-document/sample.js";
import { fileView, judge, said } from "./support.js";

async function archive(files: Readonly<Record<string, Uint8Array>>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of Object.entries(files)) zip.addBuffer(Buffer.from(bytes), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const METADATA = Buffer.from(
  `<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><rim:RegistryObjectList><rim:ExtrinsicObject id="D1" mimeType="text/xml"><rim:Slot name="URI"><rim:ValueList><rim:Value>DOC0001.XML</rim:Value></rim:ValueList></rim:Slot></rim:ExtrinsicObject></rim:RegistryObjectList></lcm:SubmitObjectsRequest>`,
);

function mail(zip: Buffer): string {
  const lines = zip.toString("base64").replace(/.{76}/g, "$&\r\n");
  return `From: a@cabinet.invalid\r\nTo: b@cabinet.invalid\r\nSubject: XDM/1.0/DDM\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\nContent-Type: text/plain\r\n\r\nBonjour\r\n--m\r\nContent-Type: application/zip; name="IHE_XDM.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n--m--\r\n`;
}

describe("checks/cda by carrier", () => {
  const place = "IHE_XDM/SUBSET01/DOC0001.XML";
  let good: Buffer;
  let zip: Buffer;
  before(async () => {
    good = (await document()).cda;
    zip = await archive({ "IHE_XDM/SUBSET01/METADATA.XML": METADATA, [place]: good });
  });

  it("looks at the document of an archive, and says which", async () => {
    expect(judge(identification, fileView(zip, "file.xdm")).observed.at[0]?.where).to.equal(place);
    const broken = await archive({ [place]: Buffer.from(good.toString("utf8").replace(/<setId [^>]*\/>/, "")) });
    expect(said(judge(identification, fileView(broken, "file.xdm")))).to.deep.equal([
      `missing@${place} /ClinicalDocument`,
    ]);
  });

  it("judges what the metadata call XML although it is none", async () => {
    const garbage = await archive({ "IHE_XDM/SUBSET01/METADATA.XML": METADATA, [place]: Buffer.from("not XML") });
    expect(said(judge(identification, fileView(garbage, "file.xdm")))).to.deep.equal([`not_xml@${place}`]);
  });

  it("looks at the document of a mail and of a recorded transaction", () => {
    const text = mail(zip);
    expect(judge(identification, fileView(Buffer.from(text), "file.mail")).outcome).to.equal("met");
    const session = `MAIL FROM:<a@cabinet.invalid>\r\nRCPT TO:<b@cabinet.invalid>\r\nDATA\r\n${text.replace(/\r\n\./g, "\r\n..")}\r\n.\r\n`;
    const view = fileView(Buffer.from(session), "mss.submit");
    const [exchange] = view.exchanges;
    const answered = {
      ...view,
      exchanges: exchange
        ? [{ ...exchange, responseBytes: Buffer.from("250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n") }]
        : [],
    };
    const result = judge(identification, answered);
    expect(result.outcome).to.equal("met");
    expect(result.observed.at[0]?.where).to.equal(place);
  });

  it("observes nothing where there is no document", async () => {
    const empty = await archive({ "README.TXT": Buffer.from("nothing") });
    expect(judge(identification, fileView(empty, "file.xdm")).outcome).to.equal("unobserved");
    expect(judge(identification, fileView(Buffer.from("garbage"), "file.xdm")).outcome).to.equal("unobserved");
    expect(judge(identification, fileView(Buffer.from("garbage"), "file.mail")).outcome).to.equal("unobserved");
    expect(judge(identification, fileView(Buffer.from("garbage"), "dmp.submit")).outcome).to.equal("unobserved");
  });

  it("breaches on a file that is no CDA", () => {
    expect(said(judge(identification, fileView(Buffer.from("<html/>"))))).to.deep.equal(["not_cda@"]);
    expect(said(judge(identification, fileView(Buffer.from("garbage"))))).to.deep.equal(["not_xml@"]);
  });
});
