import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { judgeFile } from "../../bin/commands/check.js";
import { errorText } from "../../bin/output.js";
import { openSuite } from "../../bin/suite.js";
import { SuiteError } from "../../core/model/index.js";
import { readYaml } from "../../core/plan/yaml.js";

describe("hostile input to the command line", () => {
  const suite = openSuite();
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-hostile-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const judged = (name: string): readonly (string | null)[] => {
    const { state, reason } = judgeFile(path.join(folder, name), suite, "en");
    return [state, reason];
  };

  it("does not wait for a pipe, a device, a folder or a link to itself", () => {
    execFileSync("mkfifo", [path.join(folder, "pipe")]);
    mkdirSync(path.join(folder, "folder"));
    symlinkSync("loop", path.join(folder, "loop"));
    symlinkSync("/dev/zero", path.join(folder, "zero"));
    for (const name of ["pipe", "folder", "loop", "zero", "nothing"]) {
      expect(judged(name), name).to.deep.equal(["not_judged", "unreadable"]);
    }
    writeFileSync(path.join(folder, "empty"), "");
    expect(judged("empty")).to.deep.equal(["not_judged", "unknown_kind"]);
  });

  // The time it may take is the test's own: work that grows with the square of the authors would take minutes.
  it("judges a document of many wrong authors", () => {
    const authors = "<author><assignedAuthor><id root='1'/></assignedAuthor></author>".repeat(20_000);
    writeFileSync(
      path.join(folder, "authors.xml"),
      `<ClinicalDocument xmlns="urn:hl7-org:v3">${authors}</ClinicalDocument>`,
    );
    expect(judged("authors.xml")[0]).to.equal("breach");
  }).timeout(60_000);

  it("does not tell a mail beyond the bounds from no mail at all", () => {
    const head = "From: a@b\r\nTo: c@d\r\nMessage-ID: <a@b>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";
    writeFileSync(path.join(folder, "parts.eml"), head + "--b\r\n\r\n".repeat(2000));
    const { findings } = judgeFile(path.join(folder, "parts.eml"), suite, "en");
    expect(findings.map((finding) => finding.message)).not.to.include("not-a-mail");
  });

  it("shows escape sequences of foreign text, and does not send them to the terminal", () => {
    const text = errorText(
      new SuiteError("ERR_CONFIG", "answer \u001b[2J", { where: "a\u202eb", mend: "c\u0007" }),
      "en",
    );
    expect(text).to.include("[ESC][2J").and.to.include("[U+202E]").and.to.include("[BEL]");
    expect(text.replaceAll("\n", "")).to.match(/^[\x20-\x7e]+$/);
  });

  it("refuses YAML that is a bomb, nested or large, in our words", () => {
    const problem = (text: string): string | undefined => readYaml(text, "segur.yaml").problems[0]?.what;
    const lol = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`);
    expect(problem(["a0: &a0 x", ...lol].join("\n"))).to.equal("the aliases cannot be resolved");
    expect(problem("[".repeat(100_000))).to.equal("the file is nested too deep");
    expect(problem("- ".repeat(100_000))).to.equal("the file is nested too deep");
    expect(problem("a: b\n".repeat(200_000))).to.equal("the file is too large");
    expect(problem("a: 1\na: 2")).to.equal("the same key stands twice");
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
    readYaml("__proto__:\n  polluted: yes", "segur.yaml");
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });
});
