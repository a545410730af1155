/** OpenSSL judges the test PKI: chain, purposes, PKCS#12, key pairs, and the variants that must fail. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { PkiMaterial, PkiRole } from "../../core/model/index.js";
import { ensurePki } from "../../services/pki/pki.js";
import { makeVariant, type VariantKind } from "../../services/pki/variants.js";

const run = promisify(execFile);

describe("peers: openssl and the test PKI", () => {
  let folder: string;
  let pki: PkiMaterial;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-openssl-"));
    pki = await ensurePki(path.join(folder, "pki"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Standard output and error of openssl, whatever its exit code. */
  const openssl = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await run("openssl", args).catch((error: { stdout: string; stderr: string }) => error);
    return `${stdout}${stderr}`;
  };
  const authority = (name: string): string => path.join(path.dirname(pki.rootCerFile), name);
  const verify = (file: string, ...more: string[]): Promise<string> =>
    openssl("verify", "-CAfile", authority("root.pem"), "-untrusted", authority("intermediate.pem"), ...more, file);

  it("accepts every chain, in its strict mode and for its purpose", async () => {
    const purposes: Record<PkiRole, string> = {
      server: "sslserver",
      vendor: "sslserver",
      auth: "sslclient",
      insi: "sslclient",
      sign: "smimesign",
    };
    for (const [role, purpose] of Object.entries(purposes)) {
      const { certFile } = pki.roles[role as PkiRole];
      expect(await verify(certFile, "-x509_strict", "-purpose", purpose), role).to.equal(`${certFile}: OK\n`);
    }
  });

  it("refuses the client certificate of the INSi role as a server, and the signature certificate in TLS", async () => {
    expect(await verify(pki.roles.insi.certFile, "-purpose", "sslserver")).to.include("unsuitable certificate purpose");
    expect(await verify(pki.roles.sign.certFile, "-purpose", "sslclient")).to.include("unsuitable certificate purpose");
  });

  it("opens every PKCS#12 without its legacy provider, and finds the whole chain in it", async () => {
    for (const [role, entry] of Object.entries(pki.roles)) {
      const pem = await openssl("pkcs12", "-in", entry.p12File, "-passin", `pass:${entry.p12Password}`, "-nodes");
      expect(pem.match(/BEGIN CERTIFICATE/g), role).to.have.length(3);
      expect(pem, role).to.match(/BEGIN (RSA )?PRIVATE KEY/);
    }
  });

  it("reads the exported root as DER, with the look of the real one and another organisation", async () => {
    const text = await openssl("x509", "-inform", "DER", "-in", pki.rootCerFile, "-noout", "-subject");
    expect(text).to.match(/OU ?= ?IGC-SANTE TEST, CN ?= ?TEST AC RACINE IGC-SANTE ELEMENTAIRE/);
    expect(text).to.not.include("ASIP");
  });

  const refusals: Partial<Record<VariantKind, string>> = {
    expired: "certificate has expired",
    "not-yet-valid": "certificate is not yet valid",
    "foreign-authority": "unable to get local issuer certificate",
    "wrong-usage": "unsuitable certificate purpose",
  };
  for (const [kind, reason] of Object.entries(refusals)) {
    it(`refuses the variant ${kind}`, async () => {
      const file = path.join(folder, `${kind}.pem`);
      writeFileSync(file, (await makeVariant(path.join(folder, "pki"), kind as VariantKind)).certPem);
      expect(await verify(file, "-purpose", "sslclient")).to.include(reason);
    });
  }

  it("refuses the revoked variant with its lists, and no other certificate", async () => {
    const revoked = await makeVariant(path.join(folder, "pki"), "revoked");
    const file = path.join(folder, "revoked.pem");
    const lists = path.join(folder, "crl.pem");
    writeFileSync(file, revoked.certPem);
    writeFileSync(lists, revoked.crlPem ?? "");
    const checked = ["-crl_check_all", "-CRLfile", lists];
    expect(await verify(file, ...checked)).to.include("certificate revoked");
    expect(await verify(pki.roles.auth.certFile, ...checked)).to.include(": OK");
  });
});
