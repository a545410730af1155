/** The public MTOM requests of the corpus (NIST toolkit): raw, written by other stacks, line ends as stored. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { dmpDocumentChecks } from "../../checks/dmp/document/index.js";
import { dmpChecks } from "../../checks/dmp/index.js";
import { evaluate } from "../../core/evaluate/evaluate.js";
import { binaryContent } from "../../protocols/mtom.js";
import { readSoapEnvelope } from "../../protocols/soap.js";
import { readSubmitObjects } from "../../protocols/xds.js";
import { fileView } from "../checks/cda/support.js";

const folder = path.join(process.env.SEGUR_CORPUS ?? "", "mtom");

/** The `*-body.txt` files were stored without their HTTP head; the boundary is their first delimiter line. */
function load(name: string): { body: Buffer; contentType: string } {
  const bytes = readFileSync(path.join(folder, name));
  const head = /^Content-Type: (multipart\/related.*)$/m.exec(bytes.subarray(0, 1000).toString("latin1"))?.[1];
  if (head) return { body: bytes.subarray(bytes.indexOf("\n--") + 1), contentType: head.trim() };
  const boundary = /^--(\S+)/m.exec(bytes.subarray(0, 300).toString("latin1"))?.[1] ?? "";
  return { body: bytes, contentType: `multipart/related; type="application/xop+xml"; boundary="${boundary}"` };
}

describe("corpus/mtom", () => {
  const cases = [
    { name: "http-mtom-pnr.txt", parts: 2, content: "Four score" },
    { name: "Xop-body.txt", parts: 2, content: "This is my document." },
    { name: "encodedURL-body.txt", parts: 2, content: "This is my document." },
    { name: "NoXop-body.txt", parts: 1, content: null },
    { name: "dicom-body.txt", parts: 1, content: null },
  ];
  for (const { name, parts, content } of cases) {
    it(`reads ${name}`, () => {
      const { body, contentType } = load(name);
      const envelope = readSoapEnvelope(body, contentType);
      expect(envelope.version).to.equal("1.2");
      expect(envelope.addressing.action).to.equal("urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b");
      expect(envelope.multipart?.parts).to.have.length(parts);
      expect(envelope.multipart?.closed).to.equal(true);
      const submission = readSubmitObjects(envelope.body);
      expect(submission.submissionSet?.uniqueId).to.match(/^[0-9.]+$/);
      expect(submission.documents).to.have.length(1);
      const [document] = submission.contents;
      expect(document?.id).to.equal(submission.documents[0]?.id);
      const held = document ? binaryContent(document.node, envelope.multipart) : null;
      if (!held) throw new Error("the document leads nowhere");
      expect(held.part === null).to.equal(content === null);
      if (content === null) expect(held.bytes.length).to.be.greaterThan(20);
      else expect(Buffer.from(held.bytes).toString("utf8")).to.contain(content);
    });
  }

  /** Checks of what France asks: a foreign message cannot follow it. */
  const FRENCH = [
    "dmp/author-form",
    "dmp/class-code",
    "dmp/document-description",
    "dmp/existence-first",
    "dmp/patient-identifier",
    "dmp/vihf-presence",
  ];
  for (const { name } of cases) {
    it(`holds nothing against the SOAP, MIME and ebRIM of ${name}`, () => {
      const { body, contentType } = load(name);
      const type = contentType.includes("start-info")
        ? contentType
        : `${contentType}; start-info="application/soap+xml"`;
      const head = `POST /repository HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
      const view = fileView(Buffer.concat([Buffer.from(head), body]), "dmp.submit");
      const results = evaluate(
        view,
        [...dmpChecks, ...dmpDocumentChecks].map((check) => ({ check, planned: true })),
      );
      const breached = results.filter(({ outcome }) => outcome === "breached").map(({ id }) => id);
      expect(breached.filter((id) => !FRENCH.includes(id))).to.deep.equal([]);
      expect(breached).to.include("dmp/vihf-presence");
      expect(results.find(({ id }) => id === "dmp/document-parts")?.outcome).to.equal("met");
    });
  }
});
