import { X509Certificate } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { PkiRole } from "../../../core/model/index.js";
import { EKU, readCertificate, valuesOf } from "../../../protocols/certificate.js";
import { ensurePki } from "../../../services/pki/pki.js";
import { makeVariant, type VariantKind } from "../../../services/pki/variants.js";

describe("services/pki", function () {
  const folders: string[] = [];
  const fresh = (): string => {
    const folder = mkdtempSync(path.join(tmpdir(), "segur-pki-"));
    folders.push(folder);
    return folder;
  };
  const facts = (pem: string) => readCertificate(new X509Certificate(pem).raw);
  const shared = fresh();

  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it("makes every role with the usages, names and extension of IGC-Santé", async () => {
    const pki = await ensurePki(shared, { names: ["psc.vendor.example", "10.1.2.3"] });
    const expected: Record<PkiRole, { cn: string; eku: string[]; usage: string[] }> = {
      server: {
        cn: "localhost",
        eku: [EKU.serverAuth, EKU.clientAuth],
        usage: ["digitalSignature", "keyEncipherment"],
      },
      vendor: {
        cn: "localhost",
        eku: [EKU.serverAuth, EKU.clientAuth],
        usage: ["digitalSignature", "keyEncipherment"],
      },
      auth: { cn: "SEGUR-TEST-AUTH-CLI", eku: [EKU.clientAuth], usage: ["digitalSignature", "keyEncipherment"] },
      insi: { cn: "INSI-AUTO", eku: [EKU.clientAuth], usage: ["digitalSignature", "keyEncipherment"] },
      sign: { cn: "SEGUR-TEST-SIGN", eku: [EKU.emailProtection], usage: ["digitalSignature", "nonRepudiation"] },
    };
    for (const [role, want] of Object.entries(expected)) {
      const leaf = facts(pki.roles[role as PkiRole].certPem);
      expect(valuesOf(leaf.subject, "CN"), role).to.deep.equal([want.cn]);
      expect(leaf.subject.map((a) => a.type)).to.deep.equal(["C", "ST", "O", "OU", "CN"]);
      expect(leaf.extendedKeyUsage, role).to.deep.equal(want.eku);
      expect(leaf.keyUsage, role).to.deep.equal(want.usage);
      expect(leaf.cardType, role).to.equal(0x83);
      expect(leaf.policies).to.deep.equal(["1.2.250.1.213.1.7.2.1.1.1.1"]);
      expect(valuesOf(leaf.issuer, "CN")).to.deep.equal(["TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS"]);
      expect(valuesOf(leaf.issuer, "O")).to.not.include("ASIP-SANTE");
    }
    const { names } = facts(pki.roles.server.certPem);
    expect(names).to.deep.equal([
      "localhost",
      "127.0.0.1",
      "0000:0000:0000:0000:0000:0000:0000:0001",
      "10.1.2.3",
      "psc.vendor.example",
    ]);
  });

  it("keeps what it made, keys readable by their owner only", async () => {
    const first = await ensurePki(shared);
    const second = await ensurePki(shared);
    expect(second).to.deep.equal(first);
    for (const entry of Object.values(first.roles)) {
      expect(statSync(entry.keyFile).mode & 0o777).to.equal(0o600);
      expect(statSync(entry.p12File).mode & 0o777).to.equal(0o600);
    }
    expect(new X509Certificate(readFileSync(first.rootCerFile)).ca).to.equal(true);
    expect(readFileSync(first.caBundleFile, "utf8")).to.equal(first.caBundlePem);
  });

  it("changes server certificates with the served names, and nothing else; their order does not matter", async () => {
    const a = await ensurePki(shared, { names: ["b.example", "a.example"] });
    const b = await ensurePki(shared, { names: ["a.example", "B.example"] });
    const c = await ensurePki(shared, { names: ["c.example"] });
    expect(b.roles.server.certPem).to.equal(a.roles.server.certPem);
    expect(c.roles.server.certPem).to.not.equal(a.roles.server.certPem);
    expect(c.roles.auth.certPem).to.equal(a.roles.auth.certPem);
    expect(c.caBundlePem).to.equal(a.caBundlePem);
  });

  it("gives one PKI to callers that start at the same time, and leaves no scrap", async () => {
    const folder = fresh();
    const all = await Promise.all([ensurePki(folder), ensurePki(folder)]);
    expect(all[1]).to.deep.equal(all[0]);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).to.deep.equal([]);
  });

  it("makes the next generation when a key is damaged, and when the authority is", async () => {
    const folder = fresh();
    const good = await ensurePki(folder);
    writeFileSync(good.roles.insi.keyFile, "not a key");
    const mended = await ensurePki(folder);
    expect(mended.roles.insi.certPem).to.not.equal(good.roles.insi.certPem);
    expect(mended.roles.server.certPem).to.equal(good.roles.server.certPem);
    writeFileSync(path.join(path.dirname(good.rootCerFile), "root.key"), "");
    const renewed = await ensurePki(folder);
    expect(renewed.caBundlePem).to.not.equal(good.caBundlePem);
    const issuer = new X509Certificate(readFileSync(path.join(path.dirname(renewed.rootCerFile), "intermediate.pem")));
    for (const entry of Object.values(renewed.roles)) {
      expect(new X509Certificate(entry.certPem).verify(issuer.publicKey)).to.equal(true);
    }
  });

  it("says where it failed when the folder cannot be used", async () => {
    const folder = fresh();
    const file = path.join(folder, "file");
    writeFileSync(file, "");
    const error = await ensurePki(file).catch((e: unknown) => e);
    expect(error).to.include({ code: "ERR_PKI", where: file });
    expect(existsSync(file)).to.equal(true);
  });

  describe("variants", () => {
    const leaf = async (kind: VariantKind) => facts((await makeVariant(shared, kind)).certPem);
    const intermediate = async () => {
      const pki = await ensurePki(shared);
      return new X509Certificate(readFileSync(path.join(path.dirname(pki.rootCerFile), "intermediate.pem")));
    };

    it("are wrong in one thing only", async () => {
      const now = new Date().toISOString();
      expect((await leaf("expired")).notAfter < now).to.equal(true);
      expect((await leaf("not-yet-valid")).notBefore > now).to.equal(true);
      expect(valuesOf((await leaf("wrong-organisation-unit")).subject, "OU")).to.deep.equal(["400000000000000"]);
      expect(valuesOf((await leaf("wrong-common-name")).subject, "CN")[0]).to.match(/\.invalid$/);
      expect((await leaf("wrong-usage")).extendedKeyUsage).to.deep.equal([EKU.emailProtection]);
    });

    it("come from a foreign authority with the same names, or lack their intermediate", async () => {
      const foreign = await makeVariant(shared, "foreign-authority");
      const certificate = new X509Certificate(foreign.certPem);
      expect(certificate.issuer).to.equal((await intermediate()).subject);
      expect(certificate.verify((await intermediate()).publicKey)).to.equal(false);
      const alone = await makeVariant(shared, "missing-intermediate");
      expect(alone.certPem.match(/BEGIN CERTIFICATE/g)).to.have.length(1);
      expect((await makeVariant(shared, "revoked")).crlPem?.match(/BEGIN X509 CRL/g)).to.have.length(2);
    });
  });
});
