import { expect } from "chai";
import type { PkiEntry, PkiMaterial } from "../../core/model/index.js";
import { parseXml } from "../../protocols/xml.js";
import { type SignatureOptions, verifyXmlSignature } from "../../protocols/xmldsig.js";
import { type SigningOptions, sign, vihf } from "../services/dmp/client.js";
import { testContext } from "../support/context.js";

const INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";

describe("protocols/xmldsig", () => {
  let pki: PkiMaterial;
  before(async () => {
    const context = await testContext();
    pki = context.pki;
    context.dispose();
  });
  const signer = (): PkiEntry => pki.roles.sign;
  const xml = (): string => vihf({ resourceId: "1^^^&1.2.250.1.213.1.4.10&ISO^NH", id: "_a" });
  const signed = (options?: SigningOptions, source = xml()): string => sign(source, signer(), options);
  const reason = (text: string, options?: SignatureOptions): string => {
    const result = verifyXmlSignature(Buffer.from(text), options);
    expect(result.valid).to.equal(result.reason === null);
    expect(result.signedBytes === null).to.equal(!result.valid);
    return result.reason ?? "valid";
  };

  it("accepts what a foreign library signed, in every algorithm of the list that it knows", () => {
    expect(reason(signed())).to.equal("valid");
    expect(
      reason(
        signed({
          signature: "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
          digest: "http://www.w3.org/2000/09/xmldsig#sha1",
        }),
      ),
    ).to.equal("valid");
    expect(
      reason(signed({ signature: `${MORE}rsa-sha512`, digest: "http://www.w3.org/2001/04/xmlenc#sha512" })),
    ).to.equal("valid");
    expect(reason(signed({ canonicalization: INCLUSIVE }))).to.equal("valid");
  });

  it("follows InclusiveNamespaces, also inside an envelope that declares more", () => {
    const alone = signed({ prefixes: ["saml2", "xsi", "ds"] });
    expect(reason(alone)).to.equal("valid");
    const wrapped = `<e:Envelope xmlns:e="urn:e"><e:Header xmlns:other="urn:o">${alone}</e:Header></e:Envelope>`;
    expect(reason(wrapped, { id: "_a" })).to.equal("valid");
    // A prefix of the list that the envelope declares becomes part of the canonical form: the signature no longer holds.
    const polluted = `<e:Envelope xmlns:e="urn:e" xmlns:ds="urn:o">${alone}</e:Envelope>`;
    expect(reason(polluted, { id: "_a" })).to.equal("digest_mismatch");
  });

  it("hands back the bytes that were signed, without the signature, and the certificate", () => {
    const result = verifyXmlSignature(Buffer.from(signed()), { id: "_a" });
    const text = Buffer.from(result.signedBytes ?? []).toString();
    expect(text).to.contain("<saml2:NameID>899900000011</saml2:NameID>");
    expect(text).not.to.contain("SignatureValue");
    expect(parseXml(text).name).to.equal("Assertion");
    expect(result.certificate?.subject).to.contain("CN=SEGUR-TEST-SIGN");
    expect(result.algorithms?.signature).to.equal(`${MORE}rsa-sha256`);
  });

  it("is indifferent to what canonicalization undoes", () => {
    const text = signed()
      .replace('Version="2.0"', "Version = '2.0'")
      .replace("<saml2:NameID>", "<saml2:NameID><!-- comment -->")
      .replace(">CAMILLE EXEMPLE<", "><![CDATA[CAMILLE EXEMPLE]]><");
    expect(reason(text)).to.equal("valid");
  });

  it("refuses a changed letter, a changed attribute and an added element", () => {
    const text = signed();
    expect(reason(text.replace("CAMILLE EXEMPLE", "CAMILLE EXEMPLF"))).to.equal("digest_mismatch");
    expect(reason(text.replace('Version="2.0"', 'Version="2.1"'))).to.equal("digest_mismatch");
    expect(reason(text.replace("</saml2:Assertion>", "<x/></saml2:Assertion>"))).to.equal("digest_mismatch");
  });

  it("refuses a signature value of another key or of other bytes", () => {
    const text = signed();
    const other = sign(xml(), pki.roles.auth);
    const signatureOf = (from: string): string => /<SignatureValue>([^<]+)</.exec(from)?.[1] ?? "";
    expect(reason(text.replace(signatureOf(text), signatureOf(other)))).to.equal("signature_mismatch");
    expect(reason(text.replace(signatureOf(text), "AAAA"))).to.equal("signature_mismatch");
    expect(reason(text.replace(signatureOf(text), "*"))).to.equal("malformed");
  });

  it("refuses a digest changed together with the content", () => {
    const source = xml();
    const forged = signed(undefined, source.replace("CAMILLE", "MALLORY"));
    const digest = /<DigestValue>([^<]+)</.exec(forged)?.[1] ?? "";
    const text = signed(undefined, source)
      .replace(/<DigestValue>[^<]+</, `<DigestValue>${digest}<`)
      .replace("CAMILLE", "MALLORY");
    expect(reason(text)).to.equal("signature_mismatch");
    // The comment of CVE-2025-29775: it must not hide the forged value from whoever reads the digest.
    expect(reason(text.replace("<DigestValue>", "<DigestValue><!--x-->"))).to.equal("signature_mismatch");
  });

  it("refuses two SignedInfo (CVE-2025-29774), two references and two bearers of the ID", () => {
    const text = signed();
    const info = /<SignedInfo>.*<\/SignedInfo>/s.exec(text)?.[0] ?? "";
    expect(reason(text.replace(info, info + info))).to.equal("malformed");
    const reference = /<Reference .*<\/Reference>/s.exec(text)?.[0] ?? "";
    expect(reason(text.replace(reference, reference + reference))).to.equal("several_references");
    expect(reason(`<w><x ID="_a"/>${text}</w>`)).to.equal("duplicate_id");
    expect(reason(`<w><x xml:id="_a"/>${text}</w>`)).to.equal("duplicate_id");
  });

  it("refuses a wrapped signature: another element of the wanted ID, the signed one moved away", () => {
    const text = signed();
    const signature = /<Signature .*<\/Signature>/s.exec(text)?.[0] ?? "";
    const evil = xml()
      .replace('ID="_a"', 'ID="_evil"')
      .replace("CAMILLE", "MALLORY")
      .replace("</saml2:Issuer>", `</saml2:Issuer>${signature}`);
    const moved = text.replace(signature, "");
    expect(reason(`<w>${evil}<hidden>${moved}</hidden></w>`, { id: "_evil" })).to.equal("not_covering");
    expect(reason(`<w>${evil}<hidden>${moved}</hidden></w>`, { id: "_a" })).to.equal("no_signature");
  });

  it("does not judge what is outside its list", () => {
    const text = signed();
    expect(reason(text.replace("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"))).to.equal("algorithm");
    expect(reason(text.replace("xmlenc#sha256", "xmlenc#ripemd160"))).to.equal("algorithm");
    expect(reason(text.replace("xmldsig#enveloped-signature", "xmldsig#base64"))).to.equal("transform");
    expect(reason(text.replace('URI="#_a"', 'URI="http://example.org/a"'))).to.equal("reference_kind");
    expect(reason(text.replace(/<KeyInfo>.*<\/KeyInfo>/s, ""))).to.equal("no_certificate");
    expect(reason(text.replace('URI="#_a"', 'URI="#_b"'))).to.equal("not_found");
  });

  it("refuses what holds no signature, two of them, a DTD or no XML, and reads no file", () => {
    expect(reason(xml())).to.equal("no_signature");
    expect(reason(`<w>${signed()}${signed().replaceAll("_a", "_b")}</w>`)).to.equal("several_signatures");
    expect(reason("<a")).to.equal("not_xml");
    expect(reason("")).to.equal("not_xml");
    expect(reason(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;${signed()}</x>`)).to.equal("dtd");
  });
});
