/** keys.yaml: every mistake named with its line, and no key in a place it must not have. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { errorText } from "../../bin/output.js";
import { loadPrivateKey, loadTrust } from "../../bin/trust.js";
import { packageRoot, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { generateKeyPem } from "../../core/seal/keys.js";
import { makeCertificate } from "./label-certificates.js";

describe("label: keys.yaml and private keys", () => {
  let folder: string;
  const schemas = openSchemas(join(packageRoot(import.meta.url), "specs", "schemas"));
  const vendor = generateKeyPem("ed25519");
  const agency = generateKeyPem("ecdsa-p256");

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "segur-trust-"));
    writeFileSync(join(folder, "vendor.pub"), vendor.publicPem);
    writeFileSync(join(folder, "vendor.key"), vendor.privatePem, { mode: 0o600 });
    writeFileSync(join(folder, "agency.pub"), agency.publicPem);
    writeFileSync(join(folder, "agency.key"), agency.privatePem, { mode: 0o600 });
    writeFileSync(join(folder, "note.txt"), "no key\n");
    writeFileSync(join(folder, "ca.pem"), await makeCertificate({ ca: true }));
    writeFileSync(join(folder, "leaf.pem"), await makeCertificate({ ca: false }));
    writeFileSync(
      join(folder, "rsa.pub"),
      (await import("node:crypto"))
        .generateKeyPairSync("rsa", { modulusLength: 2048 })
        .publicKey.export({ type: "spki", format: "pem" }),
    );
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  function write(yaml: string): string {
    const file = join(folder, "keys.yaml");
    writeFileSync(file, yaml);
    return file;
  }

  function refused(yaml: string): SuiteError {
    try {
      loadTrust(write(yaml), schemas);
    } catch (error) {
      if (error instanceof SuiteError) return error;
      throw error;
    }
    throw new Error("nothing was refused");
  }

  const block = (pem: string): string =>
    `|\n${pem
      .trim()
      .split("\n")
      .map((line) => `      ${line}`)
      .join("\n")}\n`;

  it("reads keys in place and from files, authorities, roles and dates", () => {
    const trust = loadTrust(
      write(`format: segur-trust/1
candidates:
  - vendor: Exemple
    product: Essai
    key: ${block(vendor.publicPem)}    from: 2026-01-01
    until: 2026-12-31
  - vendor: Exemple
    caFile: ca.pem
    subject: CN=Exemple
agencies:
  - name: Agence
    keyFile: agency.pub
    roles: [label, review]
`),
      schemas,
    );
    expect(trust.candidates.map((one) => one.key?.keyid)).to.deep.equal([vendor.keyid, undefined]);
    expect(trust.candidates[0]).to.include({ product: "Essai", from: "2026-01-01", until: "2026-12-31" });
    expect(trust.candidates[1]?.ca?.ca).to.equal(true);
    expect(trust.candidates[1]?.subject).to.equal("CN=Exemple");
    expect(trust.agencies.map(({ name, key, roles }) => [name, key.keyid, roles])).to.deep.equal([
      ["Agence", agency.keyid, ["label", "review"]],
    ]);
  });

  const candidate = (lines: string): string => `format: segur-trust/1\ncandidates:\n  - vendor: X\n    ${lines}\n`;
  const agencyOf = (lines: string): string => `format: segur-trust/1\nagencies:\n  - name: A\n    ${lines}\n`;
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    ["no format", "candidates: []\n", "1:1", /"format" is missing/],
    ["another format", "format: segur-trust/2\n", "1:9", /is not allowed/],
    ["an unknown key", candidate("keyfile: vendor.pub"), "4:5", /unknown key "keyfile"/],
    ["an unknown role", agencyOf("keyFile: agency.pub\n    roles: [labels]"), "5:13", /not one of the known values/],
    ["no role", agencyOf("keyFile: agency.pub\n    roles: []"), "5:12", /list is empty/],
    ["no key", candidate("product: Y"), "3:5", /neither key nor authority/],
    ["two keys", candidate("keyFile: vendor.pub\n    caFile: ca.pem"), "3:5", /several keys/],
    ["an agency without key", agencyOf("roles: [review]"), "3:5", /the agency has no key/],
    ["a file that is not there", candidate("keyFile: nowhere.pub"), "4:14", /"nowhere.pub" cannot be read/],
    ["a folder for a file", candidate("keyFile: ."), "4:14", /"." cannot be read/],
    ["a private key in a file", candidate("keyFile: vendor.key"), "4:14", /private key stands where a public/],
    [
      "a private key in place",
      candidate(`key: ${block(vendor.privatePem)}`),
      "4:10",
      /private key stands where a public/,
    ],
    ["no key at all", candidate("keyFile: note.txt"), "4:14", /this is not a public key/],
    [
      "two keys in one file",
      candidate(`key: ${block(vendor.publicPem + agency.publicPem)}`),
      "4:10",
      /more than one key/,
    ],
    ["an RSA key", candidate("keyFile: rsa.pub"), "4:14", /neither Ed25519 nor ECDSA/],
    ["a certificate for a key", candidate("keyFile: ca.pem"), "4:14", /certificate stands where a public key/],
    ["a key for an authority", candidate("caFile: vendor.pub"), "4:13", /this is not a certificate/],
    ["an authority without a subject", candidate("caFile: ca.pem"), "4:13", /without "subject"/],
    ["a certificate of no authority", candidate("caFile: leaf.pem"), "4:13", /not that of an authority/],
    ["a subject without authority", candidate("keyFile: vendor.pub\n    subject: CN=X"), "5:14", /stands without "ca"/],
    [
      "a revocation without authority",
      candidate("keyFile: vendor.pub\n    revoked: [{ serial: 0a }]"),
      "5:14",
      /stands without "ca"/,
    ],
    [
      "a revocation on a day that is none",
      candidate("caFile: ca.pem\n    subject: CN=X\n    revoked: [{ serial: 0a, on: 2026-02-30 }]"),
      "6:",
      /"2026-02-30" is not a day/,
    ],
    ["a day that is none", candidate("keyFile: vendor.pub\n    from: 2026-02-30"), "5:11", /"2026-02-30" is not a day/],
    ["a day in words", candidate("keyFile: vendor.pub\n    from: tomorrow"), "5:11", /expected form/],
    [
      "an end before the beginning",
      candidate("keyFile: vendor.pub\n    from: 2026-02-02\n    until: 2026-02-01"),
      "6:12",
      /"until" is before "from"/,
    ],
    ["labels with Ed25519", agencyOf("keyFile: vendor.pub\n    roles: [label]"), "4:14", /not ECDSA on P-256/],
    [
      "a vendor that could sign as the agency",
      `${candidate("keyFile: agency.pub")}agencies:\n  - { name: A, keyFile: agency.pub, roles: [review] }\n`,
      "3:5",
      /for a candidate and for an agency/,
    ],
    [
      "one key for two agencies",
      `${agencyOf("keyFile: agency.pub\n    roles: [review]")}  - { name: B, keyFile: agency.pub, roles: [review] }\n`,
      "6:5",
      /for two agencies/,
    ],
  ];
  for (const [name, yaml, place, what] of cases) {
    it(`refuses ${name}, with its line and what to do`, () => {
      const error = refused(yaml);
      expect(error.code).to.equal("ERR_CONFIG");
      expect(error.message).to.match(what);
      expect(error.where).to.contain(`keys.yaml:${place}`);
      const told = errorText(error, "fr");
      expect(told).to.not.contain(error.message, "no French sentence");
      expect(told).to.not.contain(error.mend ?? "", "no French mend");
    });
  }

  it("tells all mistakes at once", () => {
    const error = refused(`${candidate("keyFile: vendor.key")}  - vendor: Y\n    keyFile: nowhere.pub\n`);
    expect(error.message).to.contain("2 mistakes").and.to.contain("keys.yaml:4:14").and.to.contain("keys.yaml:6:14");
  });

  it("reads a private key, and refuses what is none", () => {
    expect(loadPrivateKey(join(folder, "vendor.key")).keyid).to.equal(vendor.keyid);
    for (const [file, what] of [
      ["vendor.pub", /not a private key/],
      ["nowhere", /no such file/],
      [".", /no such file/],
    ] as const) {
      expect(() => loadPrivateKey(join(folder, file)))
        .to.throw(SuiteError, what)
        .with.property("code", "ERR_KEY");
    }
    expect(() => loadPrivateKey(join(folder, "vendor.key"), join(folder, "leaf.pem"))).to.throw(
      SuiteError,
      /not that of the key/,
    );
  });
});
