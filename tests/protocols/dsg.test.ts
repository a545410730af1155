import { createHash } from "node:crypto";
import { expect } from "chai";
import { SignedXml } from "xml-crypto";
import type { PkiEntry, PkiMaterial } from "../../core/model/index.js";
import { digestHolds, readDetachedSignature, type SignedReference } from "../../protocols/dsg.js";
import { testContext } from "../support/context.js";

const DS = "http://www.w3.org/2000/09/xmldsig#";
const WITH_COMMENTS = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";
const PURPOSE = "1.2.840.10065.1.12.1.14";

/** A detached signature made by xml-crypto: it shares no code with our reader. */
function signed(manifest: string, signer: PkiEntry): string {
  const signature = new SignedXml({
    privateKey: signer.keyPem,
    publicCert: signer.certPem,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: WITH_COMMENTS,
  });
  signature.addReference({
    xpath: "//*[@Id='IHEManifest']",
    transforms: [WITH_COMMENTS],
    digestAlgorithm: SHA256,
  });
  const holder = `<ds:Signature xmlns:ds="${DS}"><ds:Object>${manifest}</ds:Object><ds:Object><SignatureProperties><SignatureProperty Id="purposeOfSignature">${PURPOSE}</SignatureProperty></SignatureProperties></ds:Object></ds:Signature>`;
  signature.computeSignature(holder, { prefix: "ds" });
  // xml-crypto puts its own Signature inside: its parts become those of the holder.
  const whole = signature.getSignedXml();
  const inner = /<ds:Signature [^>]*>(<ds:SignedInfo>[\s\S]*<\/ds:KeyInfo>)<\/ds:Signature><\/ds:Signature>$/.exec(
    whole,
  );
  if (!inner?.[1]) throw new Error("no inner signature");
  return whole.replace(inner[0], "</ds:Signature>").replace(/(?<=^<ds:Signature [^>]*>)/, inner[1]);
}

const reference = (uri: string, digest: string): string =>
  `<ds:Reference URI="${uri}"><ds:DigestMethod Algorithm="${SHA256}"/><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`;
const MANIFEST = `<ds:Manifest Id="IHEManifest">${reference("urn:oid:1.2.3", "AA==")}${reference("urn:oid:1.2.4", "AQID")}</ds:Manifest>`;

describe("protocols/dsg", () => {
  let pki: PkiMaterial;
  before(async () => {
    const context = await testContext();
    pki = context.pki;
    context.dispose();
  });
  const read = (xml: string) => readDetachedSignature(Buffer.from(xml));

  it("verifies a signature of another library and hands back its manifest", () => {
    const found = read(signed(MANIFEST, pki.roles.sign));
    expect(found?.reason).to.equal(null);
    expect(found?.manifest?.map(({ uri }) => uri)).to.deep.equal(["urn:oid:1.2.3", "urn:oid:1.2.4"]);
    expect(found?.purposes).to.deep.equal([PURPOSE]);
    expect(found?.certificate?.subject).to.contain("SEGUR-TEST-SIGN");
  });

  it("sees what was changed after signing", () => {
    const xml = signed(MANIFEST, pki.roles.sign);
    expect(read(xml.replace("AQID", "AQIE"))?.reason).to.equal("digest_mismatch");
    expect(read(xml.replace(/SignatureValue>..../, "SignatureValue>AAAA"))?.reason).to.equal("signature_mismatch");
    expect(read(xml.replace(/<ds:KeyInfo>[\s\S]*<\/ds:KeyInfo>/, ""))?.reason).to.equal("no_certificate");
  });

  it("reads the manifest that is covered, not another one", () => {
    const xml = signed(MANIFEST, pki.roles.sign);
    const other = `<ds:Object><ds:Manifest Id="other">${reference("urn:oid:6.6.6", "AQID")}</ds:Manifest></ds:Object></ds:Signature>`;
    const found = read(xml.replace(/<\/ds:Signature>$/, other));
    expect(found?.reason).to.equal(null);
    expect(found?.manifest?.map(({ uri }) => uri)).to.not.include("urn:oid:6.6.6");
    const twin = other.replace('Id="other"', 'Id="IHEManifest"');
    expect(read(xml.replace(/<\/ds:Signature>$/, twin))?.reason).to.equal("duplicate_id");
  });

  it("takes nothing but a ds:Signature, and no transform outside its list", () => {
    expect(read("<a/>")).to.equal(null);
    expect(read("no XML")).to.equal(null);
    expect(read('<!DOCTYPE a><Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>')).to.equal(null);
    expect(read(`<Signature xmlns="${DS}"/>`)?.reason).to.equal("malformed");
    const xml = signed(MANIFEST, pki.roles.sign);
    const xslt = xml.replace(
      /Transform Algorithm="[^"]*"/,
      'Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"',
    );
    expect(read(xslt)?.reason).to.equal("transform");
  });

  describe("digest of a document", () => {
    const bytes = Buffer.from(`<?xml version="1.0"?>\r\n<!-- a --><a b="2" a='1'><c/></a>\n`);
    const canonical = '<!-- a -->\n<a a="1" b="2"><c></c></a>';
    const of = (data: string | Uint8Array, transforms: readonly string[] = []): SignedReference => ({
      uri: "urn:oid:1.2.4",
      type: null,
      transforms,
      prefixes: null,
      digestMethod: SHA256,
      digest: createHash("sha256").update(data).digest(),
    });

    it("is that of the canonical form when the reference names it", () => {
      expect(digestHolds(of(canonical, [WITH_COMMENTS]), bytes)).to.equal("holds");
      expect(digestHolds(of(bytes, [WITH_COMMENTS]), bytes)).to.equal("differs");
    });

    it("is that of the exclusive canonical form with the prefixes the reference names", () => {
      const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
      const xml = Buffer.from('<a xmlns:x="urn:x" t="x:y"/>');
      const kept = of('<a xmlns:x="urn:x" t="x:y"></a>', [exclusive]);
      expect(digestHolds({ ...kept, prefixes: ["x"] }, xml)).to.equal("holds");
      expect(digestHolds(kept, xml)).to.equal("differs");
    });

    it("is that of the bytes, or of the canonical form, without a transform", () => {
      expect(digestHolds(of(bytes), bytes)).to.equal("holds");
      expect(digestHolds(of(canonical), bytes)).to.equal("holds");
      expect(digestHolds(of(canonical.replace("<!-- a -->\n", "")), bytes)).to.equal("holds");
      expect(digestHolds(of("else"), bytes)).to.equal("differs");
      const pdf = Buffer.from("%PDF-1.4");
      expect(digestHolds(of(pdf), pdf)).to.equal("holds");
      expect(digestHolds(of(pdf, [WITH_COMMENTS]), pdf)).to.equal("differs");
    });

    it("is not judged beyond the known algorithms", () => {
      expect(digestHolds(of(bytes, ["urn:other"]), bytes)).to.equal("unjudged");
      expect(digestHolds({ ...of(bytes), digestMethod: "urn:md5" }, bytes)).to.equal("unjudged");
      expect(digestHolds({ ...of(bytes), digest: null }, bytes)).to.equal("differs");
    });
  });
});
