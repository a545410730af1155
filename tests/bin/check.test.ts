import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { type JudgedFile, judgeFile, linesIn } from "../../bin/commands/check.js";
import { openSuite } from "../../bin/suite.js";
import { openSchemas } from "../../core/plan/index.js";
import { viewOf } from "../../core/record/reader.js";
import { leafParts, readMail } from "../../protocols/mime.js";
import { readSmtp } from "../../protocols/smtp.js";
import { readXdm } from "../../protocols/xdm.js";
import { openStage } from "../selftest/stage.js";
import { segur } from "../support/cli.js";

/** Files as a vendor would give them: taken from one mail that the reference software really sent. */
describe("segur check", function () {
  const suite = openSuite();
  let folder: string;
  let mail: Buffer;
  let archive: Buffer;
  let cda: Buffer;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-check-"));
    const stage = await openStage(suite, path.join(folder, "pki"));
    try {
      const scenarios = suite.specs.scenarios.filter((scenario) => scenario.id === "mss-send-professional");
      const played = await stage.play(null, scenarios);
      const [sent] = viewOf(played.records, played.source).exchanges.filter((x) => x.operation === "mss.submit");
      if (!sent?.responseBytes) throw new Error("no mail was sent");
      const [transaction] = readSmtp(sent.requestBytes, sent.responseBytes, {
        part: "transaction",
        phase: "tls",
      }).transactions;
      mail = Buffer.from(transaction?.message ?? []);
    } finally {
      await stage.close();
    }
    const zip = leafParts(readMail(mail)).find((part) => part.mediaType === "application/zip");
    archive = Buffer.from(zip?.body ?? []);
    const read = readXdm(archive);
    if (!read.ok) throw new Error(read.reason);
    const documents = read.xdm.subsets
      .flatMap((subset) => subset.files)
      .filter((file) => /DOC.*\.XML$/i.test(file.name));
    cda = Buffer.from(documents[0]?.entry.data ?? []);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function judge(name: string, bytes: Uint8Array): JudgedFile {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return judgeFile(file, suite, "fr");
  }
  const broken = (bytes: Buffer, from: string | RegExp, to: string): Buffer => {
    const text = bytes.toString("latin1");
    const after = text.replace(from, to);
    expect(after).to.not.equal(text);
    return Buffer.from(after, "latin1");
  };

  it("recognises and passes a faithful mail, its archive and its document", () => {
    for (const [name, bytes, kind] of [
      ["sent.eml", mail, "mail"],
      ["IHE_XDM.zip", archive, "xdm"],
      ["doc.xml", cda, "cda"],
    ] as const) {
      const judged = judge(name, bytes);
      expect(judged.kind, name).to.equal(kind);
      expect(judged.findings.filter((finding) => finding.weight === "breach")).to.deep.equal([]);
      expect(judged.state, name).to.equal("clean");
    }
  });

  it("names check, place and requirement of a breach", () => {
    const judged = judge("bad.xml", broken(cda, /<realmCode code="FR"/, '<realmCode code="DE"'));
    expect(judged.state).to.equal("breach");
    const [finding] = judged.findings.filter((one) => one.weight === "breach");
    expect(finding?.check).to.match(/^cda\//);
    expect(finding?.text).to.include("DE");
    expect(finding?.location).to.be.a("string");
    const lines = cda.toString("utf8").split("\n");
    expect(lines[(finding?.line ?? 0) - 1]).to.include("<realmCode");
  });

  it("finds the line of the element a location names, among several of its name", () => {
    const lineOf = linesIn(Buffer.from("<a>\n<b/>\n<b xmlns='urn:other'/>\n<b>\n<c\n/></b>\n</a>"));
    for (const [location, line] of [
      ["/a", 1],
      ["/a/b[1]", 2],
      ["/a/b[2]/c", 5],
      ["/a/b[2]/c/@value", 5],
      ["/a/b[2]/c (text)", 5],
      ["/a/b[9]", null],
      ["/a/z", null],
      ["/z", null],
      ["Subject", null],
      ["IHE_XDM/DOC.XML /a", null],
    ] as const) {
      expect(lineOf(location), location).to.equal(line);
    }
    expect(linesIn(Buffer.from("not xml"))("/a")).to.equal(null);
  });

  it("gives a line for a document, and none for a mail", () => {
    const text = cda.toString("latin1");
    const judged = judge("bad-id.xml", broken(cda, /<languageCode[^>]*>/, ""));
    const [missing] = judged.findings.filter((one) => one.weight === "breach");
    expect(missing?.location).to.equal("/ClinicalDocument");
    expect(text.split("\n")[(missing?.line ?? 0) - 1]).to.include("<ClinicalDocument");
    const mailed = judge("bad.eml", broken(mail, /^X-MSS-NIL:.*\r\n/m, ""));
    expect(mailed.findings.map((one) => one.line)).to.include(null);
    expect(mailed.findings.filter((one) => one.line !== null)).to.deep.equal([]);
  });

  it("as SARIF: rules, results with line, files that cannot be judged; the exit codes stay", async () => {
    const bad = path.join(folder, "bad one.xml");
    writeFileSync(bad, broken(cda, /<realmCode code="FR"/, '<realmCode code="DE"'));
    const run = await segur(["check", "--format", "sarif", "--lang", "en", "bad one.xml", "absent"], { cwd: folder });
    expect(run.code, run.stderr).to.equal(2);
    const [only] = (JSON.parse(run.stdout) as { runs: { results: unknown[]; invocations: unknown[] }[] }).runs;
    expect(JSON.stringify(only?.results)).to.match(
      /"ruleId":"cda\/[a-z_/-]+".*"level":"error".*"uri":"bad%20one\.xml"},"region":{"startLine":\d+}/,
    );
    expect(JSON.stringify(only?.invocations))
      .to.include('"executionSuccessful":false')
      .and.to.include("cannot be read");
    const breach = await segur(["check", "--format", "sarif", bad], { cwd: path.dirname(folder) });
    expect(breach.code).to.equal(1);
  });

  it("does not judge what it cannot", () => {
    expect(judge("x.bin", Buffer.from([1, 2, 3]))).to.include({ state: "not_judged", reason: "unknown_kind" });
    expect(judgeFile(path.join(folder, "absent"), suite, "fr")).to.include({ reason: "unreadable" });
  });

  it("survives hostile and cut files", () => {
    for (const [name, bytes] of [
      ["cut.zip", archive.subarray(0, archive.length >> 1)],
      ["cut.eml", mail.subarray(0, mail.length >> 1)],
      ["cut.xml", cda.subarray(0, cda.length >> 1)],
      [
        "xxe.xml",
        broken(cda, "<ClinicalDocument", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ClinicalDocument'),
      ],
    ] as const) {
      const judged = judge(name, bytes);
      expect(judged.state, name).to.not.equal("clean");
      expect(judged.reason, name).to.not.equal("suite_error");
    }
  });

  it("as a command: JSON of the published schema, exit 0, 1 and 2, the worst counts", async () => {
    const good = path.join(folder, "good.eml");
    const bad = path.join(folder, "bad.eml");
    writeFileSync(good, mail);
    writeFileSync(bad, broken(mail, /^X-MSS-NIL:.*\r\n/m, ""));
    const clean = await segur(["check", "--json", good], { cwd: folder });
    expect(clean.code, clean.stderr).to.equal(0);
    const validate = openSchemas(path.join(suite.root, "specs", "schemas")).validator("check");
    expect(validate(JSON.parse(clean.stdout)), JSON.stringify(validate.errors)).to.equal(true);
    const breach = await segur(["check", good, bad], { cwd: folder });
    expect(breach.code).to.equal(1);
    expect(breach.stdout).to.include("X-MSS-NIL");
    const both = await segur(["check", "--json", bad, path.join(folder, "absent")], { cwd: folder });
    expect(both.code).to.equal(2);
    expect(validate(JSON.parse(both.stdout))).to.equal(true);
  });
});
