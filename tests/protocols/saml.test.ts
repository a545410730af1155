import { expect } from "chai";
import type { PkiMaterial } from "../../core/model/index.js";
import { readVihf, securityAssertions } from "../../protocols/saml.js";
import { readSoapEnvelope } from "../../protocols/soap.js";
import { envelope, sign, vihf } from "../services/dmp/client.js";
import { testContext } from "../support/context.js";

describe("protocols/saml", () => {
  let pki: PkiMaterial;
  before(async () => {
    const context = await testContext();
    pki = context.pki;
    context.dispose();
  });

  it("reads a VIHF", () => {
    const read = readVihf(Buffer.from(sign(vihf({ resourceId: "1^^^&2&ISO^NH", id: "_a" }), pki.roles.sign)));
    expect(read).to.deep.include({
      id: "_a",
      version: "2.0",
      nameId: "899900000011",
      resourceId: "1^^^&2&ISO^NH",
      signed: true,
    });
    expect(read?.issuer).to.contain("CN=SEGUR-TEST-SIGN");
    expect(read?.issuerFormat).to.contain("X509SubjectName");
    expect(read?.roles.map((r) => r.code)).to.deep.equal(["10", "SM26"]);
    expect(read?.roles[0]?.codeSystemName).to.equal(null);
    expect(read?.purposeOfUse?.code).to.equal("normal");
    expect(read?.attributes.get("Ressource_URN")).to.deep.equal(["urn:dmp"]);
    expect(read?.attributes.has("Authentification_mode")).to.equal(false);
    expect(read?.signerCertificate?.subject).to.contain("SEGUR-TEST-SIGN");
    expect([read?.audienceRestriction, read?.notOnOrAfter]).to.deep.equal([false, null]);
  });

  it("finds the signer in a chain, whatever its order", () => {
    const signed = sign(vihf({ resourceId: "1^^^&2&ISO^NH", id: "_a" }), pki.roles.sign);
    const [own = ""] = /<X509Certificate>[^<]+<\/X509Certificate>/.exec(signed) ?? [];
    const chain = [...pki.caBundlePem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)/g)].map(
      ([, text = ""]) => `<X509Certificate>${text.trim()}</X509Certificate>`,
    );
    expect(own).not.to.equal("");
    expect(chain.length).to.be.greaterThan(1);
    for (const order of [
      [own, ...chain],
      [...chain, own],
      ["<X509Certificate>x</X509Certificate>", own],
    ]) {
      const read = readVihf(Buffer.from(signed.replace(own, order.join(""))));
      expect(read?.signerCertificate?.subject).to.contain("SEGUR-TEST-SIGN");
    }
    expect(readVihf(Buffer.from(signed.replace(own, chain[0] ?? "")))?.signerCertificate?.subject).to.contain("AC");
  });

  it("keeps absent apart from empty", () => {
    const xml = `<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"><a:Issuer/><a:AttributeStatement><a:Attribute Name="x"/><a:Attribute Name="y"><a:AttributeValue/></a:Attribute></a:AttributeStatement><a:Conditions><a:AudienceRestriction/></a:Conditions></a:Assertion>`;
    const read = readVihf(Buffer.from(xml));
    expect([read?.id, read?.issuer, read?.nameId, read?.purposeOfUse, read?.signerCertificate]).to.deep.equal([
      null,
      "",
      null,
      null,
      null,
    ]);
    expect(read?.attributes.get("x")).to.deep.equal([]);
    expect(read?.attributes.get("y")).to.deep.equal([""]);
    expect(read?.audienceRestriction).to.equal(true);
  });

  it("finds the assertions of the security header only", () => {
    const assertion = vihf({ resourceId: "1" });
    const soap = (header: string, body: string) => readSoapEnvelope(Buffer.from(envelope("urn:x", header, body)));
    expect(securityAssertions(soap(assertion + assertion, ""))).to.have.length(2);
    expect(securityAssertions(soap("", assertion))).to.have.length(0);
    expect(readVihf(Buffer.from("<a/>"))).to.equal(null);
  });
});
