import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { baselineText, openBaseline, parseBaseline } from "../../bin/baseline.js";
import { openSuite } from "../../bin/suite.js";
import { MistakesError } from "../../core/plan/problems.js";
import { attr, children, parseXml, select } from "../../protocols/xml.js";
import { breached, check } from "../core/compare/sample.js";
import { type CliResult, segur } from "../support/cli.js";

const HEAD = "format: segur-baseline/1\nentries:\n";
const WRONG = '  - { check: mss/subject, reason: "ticket 12", expires: 2099-12-31 }\n';

describe("baseline file", () => {
  const suite = openSuite();
  const parse = (text: string) => parseBaseline(text, "known.yaml", suite);
  function mistakes(text: string): string[] {
    try {
      parse(text);
    } catch (error) {
      if (!(error instanceof MistakesError)) throw error;
      expect(error.code).to.equal("ERR_CONFIG");
      return error.problems.map(({ where, what }) => `${where}: ${what}`);
    }
    return [];
  }
  const message = Object.entries(suite.checks.find((one) => one.id === "mss/subject")?.messages ?? {}).find(
    ([, one]) => one.weight === "breach",
  )?.[0];

  it("reads entries, with and without messages", () => {
    expect(parse(`${HEAD}${WRONG}`)).to.deep.equal([
      { check: "mss/subject", messages: null, outcome: null, reason: "ticket 12", expires: "2099-12-31" },
    ]);
    const [entry] = parse(
      `${HEAD}  - check: mss/subject\n    messages: [${message}]\n    reason: r\n    expires: "2099-12-31"\n`,
    );
    expect(entry?.messages).to.deep.equal([message]);
    expect(parse("format: segur-baseline/1\nentries: []\n")).to.deep.equal([]);
  });

  it("names line and mend of what is wrong, all in one go", () => {
    const found = mistakes(
      [
        "format: segur-baseline/1",
        "entries:",
        "  - { check: mss/subjet, reason: r, expires: 2099-12-31 }",
        "  - { check: mss/subject, messages: [nothing-such], reason: r, expires: 2099-12-31 }",
        "  - { check: mss/subject, reason: to fill in, expires: 2099-12-31 }",
        "  - { check: mss/subject, reason: À compléter, expires: 2099-12-31 }",
        "  - { check: mss/subject, reason: '  ', expires: 2099-12-31 }",
        "  - { check: mss/subject, reason: r, expires: 2099-02-29 }",
        `  - { check: mss/subject, messages: [${message}], outcome: unobserved, reason: r, expires: 2099-12-31 }`,
      ].join("\n"),
    );
    expect(found.map((line) => line.replace(/^known\.yaml:(\d+):\d+ \([^)]*\)/, "$1"))).to.deep.equal([
      '3: there is no check "mss/subjet"',
      '4: the check mss/subject has no breach message "nothing-such"',
      "5: the reason is not filled in",
      "6: the reason is not filled in",
      "7: the reason is not filled in",
      '8: "2099-02-29" is not a day of the calendar',
      "9: a check that was not observed has no message",
    ]);
  });

  it("refuses what the schema does not know", () => {
    for (const [text, what] of [
      ["format: segur-baseline/2\nentries: []", "is not allowed"],
      [`${HEAD}  - { check: mss/subject, reason: r }`, '"expires" is missing'],
      [`${HEAD}  - { check: mss/subject, expires: 2099-12-31 }`, '"reason" is missing'],
      [`${HEAD}  - { check: mss/subject, reason: r, expires: never }`, "has not the expected form"],
      [`${HEAD}  - { check: mss/subject, reason: r, expires: 2099-12-31, until: 1 }`, 'unknown key "until"'],
      [`${HEAD}  - { check: mss/subject, outcome: error, reason: r, expires: 2099-12-31 }`, "not one of the known"],
      ["entries: [", "indentation"],
      ["- 1", "a list stands"],
    ] as const) {
      expect(mistakes(text).join("\n"), text).to.include(what);
    }
  });

  it("refuses a message that is a remark: it never fails a check", () => {
    const [id, remark] =
      suite.checks
        .map((one) => [one.id, Object.entries(one.messages).find(([, m]) => m.weight === "remark")?.[0]] as const)
        .find(([, name]) => name !== undefined) ?? [];
    expect(
      mistakes(`${HEAD}  - { check: ${id}, messages: [${remark}], reason: r, expires: 2099-12-31 }`)[0],
    ).to.include(`has no breach message "${remark}"`);
  });

  it("is written with every failing planned check, and refused until the reasons are given", () => {
    const checks = [
      check("mss/archive"),
      breached("mss/subject", message ?? "", message ?? ""),
      check("mss/message-id", { outcome: "unobserved", reason: "no_exchange" }),
      check("mss/metadata", { outcome: "error" }),
      check("mss/resend", { planned: false, outcome: "unobserved" }),
    ];
    const text = baselineText({ checks }, "2026-11-21", "en");
    expect(mistakes(text)).to.have.length(2);
    const entries = parse(text.replaceAll("to fill in", "ticket 12"));
    expect(entries.map((one) => [one.check, one.messages, one.outcome, one.expires])).to.deep.equal([
      ["mss/subject", [message], null, "2027-02-19"],
      ["mss/message-id", null, "unobserved", "2027-02-19"],
    ]);
    expect(mistakes(baselineText({ checks }, "2026-11-21", "fr"))).to.have.length(2);
  });

  it("goes with the gate of the checks only, and is read or written, not both", () => {
    const ask = (options: object) => () => openBaseline({ gate: "checks", lang: "en", ...options }, suite);
    expect(ask({ baseline: "k", gate: "wave" })).to.throw("cannot make a wave referencable");
    expect(ask({ baseline: "k", writeBaseline: "w" })).to.throw("either read or written");
    expect(ask({ baseline: "/nowhere/k.yaml" })).to.throw("cannot be read");
  });
});

/** One real run of one scenario with a wrong subject, judged again with several files. */
describe("segur run --baseline", function () {
  let folder: string;
  let run: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-baseline-"));
    writeFileSync(path.join(folder, "known.yaml"), `${HEAD}${WRONG}`);
    const words = ["--runs", "runs", "--only", "mss/subject", "--defect", "mss-subject-wrong"];
    const demo = await segur(["demo", ...words, "--baseline", "known.yaml", "--lang", "en"], { cwd: folder });
    expect(demo.code, demo.stderr).to.equal(0);
    expect(demo.stdout)
      .to.include("Gate of the checks: not passed: at least one breach")
      .and.to.include("known failures allowed: passed")
      .and.to.include("mss/subject  breached, until 2099-12-31: ticket 12");
    run = path.join("runs", readdirSync(path.join(folder, "runs"))[0] ?? "");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const judge = (...words: string[]): Promise<CliResult> =>
    segur(["judge", run, "--lang", "en", ...words], { cwd: folder });
  const file = (name: string): string => readFileSync(path.join(folder, run, name), "utf8");
  const write = (entries: string): string => {
    writeFileSync(path.join(folder, "this.yaml"), HEAD + entries);
    return "this.yaml";
  };

  it("is red without a file, and result.json does not know of any", async () => {
    const covered = file("result.json");
    expect((await judge()).code).to.equal(1);
    expect(file("result.json")).to.equal(covered);
    expect(file("summary.md")).to.not.include("Known failures");
  });

  it("marks the known failure as skipped with its reason, never as passed, and says so in the summary and the page", async () => {
    expect((await judge("--baseline", "known.yaml")).code).to.equal(0);
    const root = parseXml(file("junit.xml"));
    const one = select(root, "testsuite/testcase").find((c) => attr(c, "name") === "mss/subject");
    expect(children(one, "failure")).to.have.length(0);
    expect(attr(children(one, "skipped")[0], "message"))
      .to.include("ticket 12")
      .and.to.include("2099-12-31");
    expect(attr(root, "failures")).to.equal("0");
    expect(file("summary.md")).to.include("- `mss/subject` breached, until 2099-12-31: `ticket 12`");
    expect(file("report.html")).to.include("passed: everything that fails is known").and.to.include("ticket 12");
  });

  it("is red on a stale entry and names it", async () => {
    const stale = await judge(
      "--baseline",
      write(
        "  - { check: mss/subject, reason: r, expires: 2026-01-01 }\n  - { check: psc/state-fresh, reason: r, expires: 2000-01-01 }\n",
      ),
    );
    expect(stale.code).to.equal(1);
    expect(stale.stdout).to.include("psc/state-fresh  the entry expired on 2000-01-01");
    expect(file("junit.xml")).to.match(/classname="segur\.baseline"[^>]*>\s*<failure type="stale"/);
    const unseen = await judge(
      "--baseline",
      write(`${WRONG}  - { check: mss/subject, outcome: unobserved, reason: r, expires: 2099-12-31 }\n`),
      "--json",
    );
    expect(unseen.code).to.equal(1);
    expect(unseen.stdout).to.equal(file("result.json"));
    expect(unseen.stderr).to.include("an entry of the file no longer holds").and.to.include("fails in another way");
  });

  it("is a mistake of the user (2) when the file is wrong, before anything is run", async () => {
    const wrong = await segur(["demo", "--runs", "none", "--baseline", write("  - { check: mss/x }\n")], {
      cwd: folder,
    });
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.match(/this\.yaml:3/);
    expect(existsSync(path.join(folder, "none"))).to.equal(false);
  });

  it("writes a first file that covers this run once the reasons are given", async () => {
    const written = await judge("--write-baseline", "first.yaml");
    expect(written.code).to.equal(1);
    expect(written.stderr).to.include("first.yaml");
    expect((await judge("--baseline", "first.yaml")).code).to.equal(2);
    const first = path.join(folder, "first.yaml");
    writeFileSync(first, readFileSync(first, "utf8").replaceAll("to fill in", "ticket 12"));
    expect((await judge("--baseline", "first.yaml")).code).to.equal(0);
    expect((await judge("--write-baseline", "first.yaml")).code).to.equal(2);
  });
});
