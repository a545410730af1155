import { expect } from "chai";
import type { BaselineCover } from "../../core/model/index.js";
import { attr, children, parseXml, select, text as textOf } from "../../protocols/xml.js";
import { baselineSummary } from "../../reports/baseline.js";
import { type ReportInput, renderReport } from "../../reports/index.js";
import { HOSTILE, sample } from "./sample.js";

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const COVER: BaselineCover = {
  file: "known.yaml",
  gate: "failing",
  named: ["dmp/existence-first", "mss/subject", "psc/logout"],
  covered: [
    {
      check: "mss/subject",
      outcome: "breached",
      reasons: [
        `${HOSTILE.script} ${HOSTILE.markdown} ${HOSTILE.bidi} ${HOSTILE.controls} ${HOSTILE.xml}`,
        "ticket 12",
      ],
      expires: "2026-12-31",
    },
    { check: "psc/logout", outcome: "unobserved", reasons: ["no logout yet"], expires: "2026-11-30" },
  ],
  uncovered: ["dmp/patient-identifier", "psc/nonce"],
  stale: [{ check: "dmp/existence-first", why: "not_failing", expires: "2026-12-31", messages: [] }],
  idle: ["mss/later"],
};

function withBaseline(input: ReportInput = sample({ lang: "en" }), baseline = COVER): ReportInput {
  return { ...input, baseline };
}

describe("reports, known failures", () => {
  it("are told in the text: known, not known, stale, and the gate with and without them", () => {
    const en = renderReport("text", withBaseline());
    expect(en).not.to.match(CONTROL);
    expect(en)
      .to.include(
        "Known failures (baseline): known.yaml\n  2 known failures\n    mss/subject  breached, until 2026-12-31",
      )
      .and.to.include("    psc/logout  unobserved, until 2026-11-30: no logout yet")
      .and.to.include("  2 checks fail and are not known to\n    dmp/patient-identifier\n    psc/nonce")
      .and.to.include("  1 entry to remove or review\n    dmp/existence-first  the check fails no more")
      .and.to.include("  1 entry is about checks that are no part of this run")
      .and.to.include("Gate of the checks: not passed: error of the suite")
      .and.to.include("known failures allowed: not passed: a check fails and is not known to");
    const fr = renderReport("text", withBaseline(sample()));
    expect(fr).to.include("2 écarts connus").and.to.include("le contrôle n'échoue plus");
    expect(renderReport("text", sample())).to.not.include("connus");
  });

  it("keep hostile reasons harmless in Markdown and HTML", () => {
    const md = renderReport("markdown", withBaseline());
    expect(md).to.include("## Known failures (baseline): `known.yaml`").and.to.include("**2 known failures**");
    const outside = md.replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, "");
    expect(outside).not.to.match(/<(?!\/?(?:details|summary)>)/);
    expect(outside).not.to.contain("https://").and.not.to.contain("@someone");
    const html = renderReport("html", withBaseline());
    expect(html).to.include("no logout yet").and.to.not.include("<script>alert");
  });

  it("are skipped cases in JUnit, with a suite that fails on stale entries only", () => {
    const root = parseXml(renderReport("junit", withBaseline()));
    const shape = (suite: string): Record<string, string> =>
      Object.fromEntries(
        select(root, "testsuite")
          .filter((one) => attr(one, "name") === suite)
          .flatMap((one) => children(one, "testcase"))
          .map((one) => [
            attr(one, "name"),
            ["failure", "error", "skipped"].find((n) => children(one, n).length > 0) ?? "passed",
          ]),
      );
    expect(shape("mss")).to.deep.equal({ "mss/message-id": "passed", "mss/subject": "skipped" });
    expect(shape("psc")).to.deep.equal({ "psc/logout": "skipped", "psc/nonce": "failure" });
    expect(shape("baseline")).to.deep.equal({
      "dmp/existence-first": "failure",
      "mss/subject": "passed",
      "psc/logout": "passed",
    });
    const subject = select(root, "testsuite/testcase").find(
      (one) => attr(one, "name") === "mss/subject" && attr(one, "classname") === "segur.mss",
    );
    expect(attr(children(subject, "skipped")[0], "message")).to.include("ticket 12");
    // What fires still stands there for who looks.
    expect(textOf(children(subject, "system-out")[0])).to.include("The subject is");
    const properties = new Map(
      select(root, "testsuite/properties/property").map((one) => [attr(one, "name"), attr(one, "value")]),
    );
    expect(properties.get("segur.gate.baseline")).to.equal("failing");
    expect(properties.get("segur.gate.checks")).to.equal("error");
  });

  it("are told in short where standard output is JSON", () => {
    expect(baselineSummary(COVER, "en").split("\n")).to.deep.equal([
      "Gate of the checks, known failures allowed: not passed: a check fails and is not known to (known.yaml, 2 known failures)",
      "2 checks fail and are not known to",
      "  dmp/patient-identifier",
      "  psc/nonce",
      "1 entry to remove or review",
      "  dmp/existence-first: the check fails no more: remove the entry",
      "",
    ]);
  });

  it("agree in number, from none to many", () => {
    const none: BaselineCover = { ...COVER, gate: "passed", covered: [], uncovered: [], stale: [], idle: [] };
    expect(renderReport("text", withBaseline(sample(), none))).to.include("0 écart connu\n");
    expect(renderReport("text", withBaseline(sample({ lang: "en" }), none))).to.include("0 known failures\n");
    expect(renderReport("markdown", withBaseline(sample({ lang: "en" }), none))).to.include("**0 known failures**");
  });
});

describe("reports, JUnit names", () => {
  /** Names and classes of the cases about checks: what a CI keeps its history by. */
  function names(input: ReportInput): string[] {
    return select(parseXml(renderReport("junit", input)), "testsuite/testcase")
      .filter((one) => attr(one, "classname") !== "segur.baseline")
      .map((one) => `${attr(one, "classname")} ${attr(one, "name")}`);
  }

  it("depend on the planned checks alone: not on language, findings, versions, masks or baselines", () => {
    const base = sample({ lang: "en" });
    const expected = names(base);
    expect(expected).to.deep.equal([
      "segur.dmp dmp/patient-identifier",
      "segur.dmp dmp/existence-first",
      "segur.ins ins/traits",
      "segur.ins ins/retries",
      "segur.mss mss/subject",
      "segur.mss mss/message-id",
      "segur.psc psc/nonce",
      "segur.psc psc/logout",
    ]);
    const newer: ReportInput = {
      ...base,
      meta: { ...base.meta, toolVersion: "9.9.9", generatedAt: "2030-01-01T00:00:00.000Z", runFolder: "other" },
      result: {
        ...base.result,
        ruleSet: "0".repeat(64),
        candidate: { vendor: "W", product: "Q", version: "2" },
        checks: base.result.checks.map((check) => ({ ...check, outcome: "met" as const, findings: [], reason: null })),
      },
    };
    for (const input of [sample({ lang: "fr" }), sample({ mask: true }), newer, withBaseline(base)]) {
      expect(names(input)).to.deep.equal(expected);
    }
  });
});
