/** Labels and lists verified by openssl, by the very recipe of docs/label.md; and a key made by openssl signs them. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { packageRoot } from "../../core/model/index.js";
import { readSigningKey, type SigningKey } from "../../core/seal/keys.js";
import { LABEL, LIST, sealed } from "../core/seal/label-cases.js";

describe("labels and openssl", () => {
  let folder: string;
  let key: SigningKey;
  const recipe = /```sh\n([\s\S]*?)```/.exec(
    readFileSync(join(packageRoot(import.meta.url), "docs", "label.md"), "utf8"),
  )?.[1];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "segur-openssl-"));
    const openssl = (...args: readonly string[]): Buffer =>
      execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "agency.key");
    openssl("pkey", "-in", "agency.key", "-pubout", "-out", "agency.pub");
    key = readSigningKey(readFileSync(join(folder, "agency.key"), "utf8"), "agency.key");
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  function follow(label: string, script = recipe): { code: number | null; said: string } {
    writeFileSync(join(folder, "candidate.label.json"), label);
    const done = spawnSync("bash", ["-c", script ?? "exit 99"], { cwd: folder, encoding: "utf8" });
    return { code: done.status, said: done.stdout + done.stderr };
  }

  it("verifies a label, a hundred times over: every length of its DER signature", () => {
    const first = follow(sealed("label", LABEL, key));
    expect(first.said).to.contain("Verified OK").and.to.contain(LABEL.id);
    expect(first.code).to.equal(0);
    const lengths = new Set<number>();
    for (let count = 0; count < 100; count++) {
      const { signatures } = JSON.parse(sealed("label", LABEL, key)) as { signatures: { sig: string }[] };
      const signature = Buffer.from(signatures[0]?.sig ?? "", "base64");
      lengths.add(signature.length);
      writeFileSync(join(folder, "signature.bin"), signature);
      const args = ["dgst", "-sha256", "-verify", "agency.pub", "-signature", "signature.bin", "signed.bin"];
      expect(execFileSync("openssl", args, { cwd: folder, encoding: "utf8" })).to.equal("Verified OK\n");
    }
    expect(lengths.size).to.be.greaterThan(1);
  });

  it("refuses an altered label", () => {
    const envelope = JSON.parse(sealed("label", LABEL, key)) as { payload: string };
    const payload = Buffer.from(envelope.payload, "base64").toString().replace("4.2", "4.3");
    const { code, said } = follow(JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString("base64") }));
    expect(said).to.contain("Verification failure");
    expect(code).to.equal(1);
  });

  it("verifies a list in the same way, and takes none for a label", () => {
    const list = sealed("revocations", LIST, key);
    const taken = follow(list);
    expect(taken.said).to.contain("AssertionError").and.to.not.contain("Verified OK");
    expect(taken.code).to.not.equal(0);
    const { code, said } = follow(list, recipe?.replace("vnd.segur.label+json", "vnd.segur.revocations+json"));
    expect(said).to.contain("Verified OK");
    expect(code).to.equal(0);
  });
});
