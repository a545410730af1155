/** A submission signed as the editor kit does: met when it holds, breached when it leaves something out. */
import { createHash } from "node:crypto";
import { expect } from "chai";
import {
  type ManifestLine,
  signatureEntry,
  type SignatureOptions,
  signatureXml,
} from "../../../checks/dmp/helpers/signed-upload.js";
import type { PkiMaterial } from "../../../core/model/index.js";
import { testContext } from "../../support/context.js";
import { DOCUMENT_ID, fired, judge, recordingOf, SET_ID, uploadXml } from "./upload.js";

const CHECK = "dmp/submission-signature";
const CONTENT = Buffer.from('<?xml version="1.0"?>\n<a b="2" a="1"><c/><!-- x --></a>\n');
const CANONICAL = '<a a="1" b="2"><c></c><!-- x --></a>';
const WITH_COMMENTS = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("base64");

describe(CHECK, () => {
  let pki: PkiMaterial;
  before(async () => {
    const context = await testContext();
    pki = context.pki;
    context.dispose();
  });

  const set: ManifestLine = { uri: `urn:oid:${SET_ID}`, digest: "AA==" };
  const document: ManifestLine = { uri: `urn:oid:${DOCUMENT_ID}`, digest: sha256(CANONICAL), transform: WITH_COMMENTS };
  const entry = signatureEntry("279035121518989^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH", "1.2.3.4.3").replaceAll(
    "SubmissionSet01",
    "Set01",
  );
  const signed = (lines: readonly ManifestLine[], options: SignatureOptions = {}, objects = entry) => {
    const { keyPem: key, certPem: cert } = pki.roles.sign;
    const content = Buffer.from(signatureXml(lines, { key, cert }, options)).toString("base64");
    const documents = `<x:Document id="Signature01">${content}</x:Document>`;
    return judge(CHECK, recordingOf(uploadXml({ content: CONTENT, objects, documents })));
  };

  it("does not apply to a submission without a signature", () => {
    expect(judge(CHECK, recordingOf(uploadXml())).outcome).to.equal("inapplicable");
  });

  it("is met by a signature over the canonical form of the document, without a remark", () => {
    const result = signed([set, document]);
    expect(result.outcome).to.equal("met");
    expect(result.findings).to.deep.equal([]);
  });

  it("is met by a digest of the bytes as they are", () => {
    expect(fired(signed([set, { uri: document.uri, digest: sha256(CONTENT) }]))).to.deep.equal([]);
  });

  it("takes a signature of one document that says nothing of the set", () => {
    const linked = entry.replace(/(?<=signs" sourceObject="Signature01" targetObject=")Set01/, "Document01");
    expect(fired(signed([document], {}, linked))).to.deep.equal(["not_linked"]);
    expect(fired(signed([set], {}, linked))).to.have.members(["not_linked", "breach not_covered"]);
  });

  it("wants the set and every document in the manifest", () => {
    expect(fired(signed([document]))).to.deep.equal(["breach set_not_covered"]);
    expect(fired(signed([set]))).to.deep.equal(["breach not_covered"]);
  });

  it("says nothing of what a broken signature covers", () => {
    const afterwards = (xml: string): string => xml.replace(`urn:oid:${SET_ID}`, "urn:oid:6.6.6");
    expect(fired(signed([set, document], { afterwards }))).to.deep.equal(["breach invalid"]);
  });

  it("tells a digest of another document", () => {
    expect(fired(signed([set, { ...document, digest: sha256("else") }]))).to.deep.equal(["breach document_digest"]);
  });
});
