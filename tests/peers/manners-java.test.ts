/** The software in Java writing everything otherwise, as legally; then with one mistake: the named check tells it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { compileJava, faults, met, playJava } from "./java/run.js";

describe("peers: a software in Java, its other manner and its mistakes", function () {
  this.timeout(600_000);
  let folder: string;
  let java: readonly string[];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-java-"));
    java = await compileJava(folder, "cabinet");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /**
   * Default namespaces, certificates from the root down, SHA-512, TLS 1.2, chunks, an envelope before its documents in base64
   * after a preamble, a CDA in Latin-1 with a comment before its root, an identifier with its extension, AUTH in two lines.
   */
  it("is judged the same in other words", async () => {
    const scenarios = [
      "dmp-submit-several",
      "dmp-replace",
      "dmp-retrieve",
      "dmp-update-mask",
      "mss-send-citizen",
      "ins-search-several-place",
    ];
    const { result } = await playJava(path.join(folder, "other"), java, scenarios, ["--manner", "other"]);
    expect(faults(result)).to.deep.equal([]);
    expect(met(result)).to.include.members(["dmp/vihf-signature", "dmp/vihf-issuer", "dmp/submission-signature"]);
    expect(met(result)).to.include.members([
      "dmp/document-hash",
      "dmp/document-description",
      "mss/archive",
      "mss/xoauth2",
      "ins/context-headers",
      "ins/transport",
    ]);
  });

  it("is told its mistakes by the checks they break, and by no other", async () => {
    const flaws = ["--flaws", "assertion-touched,hash-wrong,time-local,seal-swapped"];
    const { result } = await playJava(path.join(folder, "flaws"), java, ["dmp-submit-several"], flaws);
    const breached = result.checks.filter((each) => each.outcome === "breached");
    expect(
      [...new Set(breached.flatMap((each) => each.findings.map((f) => `${each.id}: ${f.message}`)))].sort(),
    ).to.deep.equal([
      "dmp/document-hash: hash_differs",
      "dmp/document-times: differs",
      "dmp/submission-signature: document_digest",
      "dmp/vihf-signature: invalid",
    ]);
  });
});
