/** xmlsec1 and our verifier agree: both accept what a third library signed, both refuse what was touched afterwards. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { PkiMaterial } from "../../core/model/index.js";
import { verifyXmlSignature } from "../../protocols/xmldsig.js";
import { envelope, type SigningOptions, sign, vihf } from "../services/dmp/client.js";
import { testContext } from "../support/context.js";

const run = promisify(execFile);
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
const INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

describe("peers: xmlsec1 and our verifier", () => {
  let pki: PkiMaterial;
  let folder: string;

  before(async () => {
    const context = await testContext();
    pki = context.pki;
    context.dispose();
    folder = mkdtempSync(path.join(tmpdir(), "segur-xmlsec-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const signed = (options: SigningOptions = {}): string =>
    sign(vihf({ resourceId: "275126322074974^^^&1.2.250.1.213.1.4.10&ISO^NH", id: "_a" }), pki.roles.sign, options);

  const xmlsec = async (xml: string): Promise<boolean> => {
    const file = path.join(folder, "message.xml");
    writeFileSync(file, xml);
    const assertion = "urn:oasis:names:tc:SAML:2.0:assertion:Assertion";
    // One certificate per file: xmlsec1 reads the first only.
    const authorities = pki.caBundlePem.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g) ?? [];
    const trust = authorities.flatMap((pem, index) => {
      const authority = path.join(folder, `authority-${index}.pem`);
      writeFileSync(authority, pem);
      return ["--trusted-pem", authority];
    });
    try {
      await run("xmlsec1", ["--verify", "--id-attr:ID", assertion, ...trust, file]);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw error;
      return false;
    }
  };
  const ours = (xml: string): boolean => verifyXmlSignature(Buffer.from(xml), { id: "_a" }).valid;

  const good: Record<string, () => string> = {
    "RSA-SHA256, exclusive": () => signed(),
    "RSA-SHA512, exclusive": () =>
      signed({ signature: `${MORE}rsa-sha512`, digest: "http://www.w3.org/2001/04/xmlenc#sha512" }),
    "RSA-SHA1, as the kit's samples": () =>
      signed({
        signature: "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        digest: "http://www.w3.org/2000/09/xmldsig#sha1",
      }),
    "inclusive canonicalization": () => signed({ canonicalization: INCLUSIVE }),
    "InclusiveNamespaces, inside an envelope": () =>
      envelope("urn:x", signed({ prefixes: ["ds", "saml2", "#default", "xsi"] }), "<x/>"),
    "a comment added afterwards": () => signed().replace("<saml2:NameID>", "<saml2:NameID><!-- x -->"),
    "attribute quotes and empty tags rewritten": () =>
      signed()
        .replace('Version="2.0"', "Version='2.0'")
        .replace(/(<Role [^>]*)\/>/, "$1></Role>"),
  };
  for (const [name, make] of Object.entries(good)) {
    it(`accept ${name}`, async () => {
      const xml = make();
      expect(await xmlsec(xml), "xmlsec1").to.equal(true);
      expect(ours(xml), "ours").to.equal(true);
    });
  }

  const bad: Record<string, () => string> = {
    "a letter changed": () => signed().replace("CAMILLE", "CAMILLF"),
    "an attribute changed": () => signed().replace('code="normal"', 'code="centre_15"'),
    "a space added in a text": () => signed().replace("urn:dmp<", "urn:dmp <"),
    "an element added": () => signed().replace("</saml2:Assertion>", "<x/></saml2:Assertion>"),
    "another digest": () => signed().replace(/DigestValue>[^<]{4}/, "DigestValue>AAAA"),
    "another signature value": () => signed().replace(/SignatureValue>[^<]{4}/, "SignatureValue>AAAA"),
    "the certificate of somebody else": () => {
      const other = sign(vihf({ resourceId: "x", id: "_a" }), pki.roles.auth);
      const certificate = /X509Certificate>[^<]+/.exec(other)?.[0] ?? "";
      return signed().replace(/X509Certificate>[^<]+/, certificate);
    },
    "a listed prefix declared by the envelope": () =>
      `<w xmlns:ds="urn:o">${signed({ prefixes: ["ds", "saml2"] })}</w>`,
    "the element moved under another identifier": () => signed().replace(' ID="_a"', ' ID="_b"'),
  };
  for (const [name, make] of Object.entries(bad)) {
    it(`refuse ${name}`, async () => {
      const xml = make();
      expect(await xmlsec(xml), "xmlsec1").to.equal(false);
      expect(ours(xml), "ours").to.equal(false);
    });
  }
});
