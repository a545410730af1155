import { expect } from "chai";
import { attr, children, parseXml, select, text as textOf } from "../../protocols/xml.js";
import { renderReport } from "../../reports/index.js";
import { code, plain } from "../../reports/markdown/write.js";
import { HOSTILE, sample } from "./sample.js";

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

describe("reports/text", () => {
  const fr = renderReport("text", sample());

  it("holds no control but line feeds, whatever the values", () => {
    expect(fr).not.to.match(CONTROL);
    expect(fr).to.contain("FIN[U+202E][U+2066]rovne[U+2069] DEBUT");
  });

  it("colours only when asked, and then with colours of its own only", () => {
    const coloured = renderReport("text", sample({ color: true }));
    expect(coloured).to.contain("\u001b[1m");
    expect(coloured.replace(/\u001b\[(?:1|2|22|3[123]|39)m/g, "")).to.equal(fr);
  });

  it("says both gates, both decisions, basis, gap and the notice", () => {
    const en = renderReport("text", sample({ lang: "en", gate: "wave" }));
    expect(en).to.contain("Gate of the checks: not passed: error of the suite\n");
    expect(en).to.contain("Gate of the waves: not passed [Gate asked for]");
    expect(en.split("Not referencable (according to this self-assessment)").length - 1).to.equal(2);
    expect(en.split("working-draft-2023-02").length - 1).to.equal(2);
    expect(en.split("A public analysis counts 198 rows").length - 1).to.equal(2);
    expect(en).to.contain("not a decision of the agency");
  });

  it("agrees in number", () => {
    expect(fr).to.contain("12 conformes, 22 non testées, 11 à examiner");
    expect(fr).to.contain("1 sans objet, 1 erreur de la suite · 1 remarque · 1 contrôle non prévu");
  });
});

describe("reports/markdown", () => {
  const md = renderReport("markdown", sample({ lang: "en" }));

  it("keeps foreign values in code spans, where nothing is markup", () => {
    expect(md).not.to.match(CONTROL);
    const outside = md.replace(/(`+)[\s\S]*?[^`]\1(?!`)/g, "");
    expect(outside).not.to.match(/<(?!\/?(?:details|summary)>)/);
    expect(outside).not.to.contain("@someone");
    expect(outside).not.to.contain("https://");
  });

  it("fences a code span with more backticks than it holds", () => {
    expect(code("a`b")).to.equal("``a`b``");
    expect(code("```x")).to.equal("```` ```x ````");
    expect(code("")).to.equal("`  `");
  });

  it("escapes markup in text of ours", () => {
    expect(plain("a_b *c* [d](e) <f> & #1")).to.equal("a\\_b \\*c\\* \\[d\\](e) \\<f\\> &amp; \\#1");
  });

  it("stays far below what a job summary may hold", () => {
    expect(Buffer.byteLength(md)).to.be.lessThan(100_000);
  });
});

describe("reports/junit", () => {
  const input = sample({ lang: "en" });
  const root = parseXml(renderReport("junit", input));

  it("is XML a strict reader takes, with a suite per slice and a case per planned check", () => {
    expect(children(root, "testsuite").map((suite) => attr(suite, "name"))).to.deep.equal(["dmp", "ins", "mss", "psc"]);
    const names = select(root, "testsuite/testcase").map((one) => attr(one, "name"));
    expect(names).to.have.members(input.result.checks.filter((check) => check.planned).map((check) => check.id));
    expect(attr(select(root, "testsuite/testcase")[0], "classname")).to.equal("segur.dmp");
  });

  it("says each outcome in JUnit's words, and counts agree", () => {
    const shape = Object.fromEntries(
      select(root, "testsuite/testcase").map((one) => {
        const part = ["failure", "error", "skipped"].flatMap((name) => children(one, name))[0];
        return [attr(one, "name"), part ? `${part.name}:${attr(part, "type")}` : "passed"];
      }),
    );
    expect(shape).to.deep.equal({
      "dmp/patient-identifier": "failure:breach",
      "dmp/existence-first": "passed",
      "mss/subject": "failure:breach",
      "mss/message-id": "passed",
      "psc/nonce": "failure:unobserved",
      "psc/logout": "failure:unobserved",
      "ins/traits": "skipped:null",
      "ins/retries": "error:suite",
    });
    expect(attr(root, "tests")).to.equal("8");
    expect(attr(root, "failures")).to.equal("4");
    expect(attr(root, "errors")).to.equal("1");
    expect(attr(root, "skipped")).to.equal("1");
  });

  it("carries decision and basis of each perimeter", () => {
    const suite = children(root, "testsuite")[0];
    const properties = new Map(select(suite, "properties/property").map((p) => [attr(p, "name"), attr(p, "value")]));
    expect(properties.get("segur.perimeter.mdv-lgc-wave-2.decision")).to.equal("not_referencable");
    expect(properties.get("segur.perimeter.mdv-lgc-wave-2.basis")).to.equal("working-draft-2023-02");
    expect(properties.get("segur.notice")).to.contain("not a decision of the agency");
  });

  it("keeps remarks out of failures", () => {
    const one = select(root, "testsuite/testcase").find((c) => attr(c, "name") === "mss/message-id");
    expect(children(one, "failure")).to.have.length(0);
    expect(textOf(children(one, "system-out")[0])).to.contain("Message-ID of unusual shape");
  });

  it("gives hostile values back as they were made visible", () => {
    const one = select(root, "testsuite/testcase").find((c) => attr(c, "name") === "mss/subject");
    const failure = children(one, "failure")[0];
    expect(attr(failure, "message")).to.equal(`The subject is “${HOSTILE.breakout}”.`);
    expect(textOf(failure)).to.contain("removed-message");
  });

  it("has the same names whatever the run saw", () => {
    const idle = sample({ lang: "fr" });
    const checks = idle.result.checks.map((check) => ({ ...check, outcome: "unobserved" as const, findings: [] }));
    const other = parseXml(renderReport("junit", { ...idle, result: { ...idle.result, checks } }));
    const names = (xml: typeof root): (string | null)[] =>
      select(xml, "testsuite/testcase").map((c) => attr(c, "name"));
    expect(names(other)).to.deep.equal(names(root));
    expect(attr(other, "failures")).to.equal("8");
  });

  it("adds a case per perimeter when the gate is the wave", () => {
    const wave = parseXml(renderReport("junit", sample({ lang: "en", gate: "wave" })));
    const suite = children(wave, "testsuite").find((one) => attr(one, "name") === "perimeters");
    const cases = children(suite, "testcase");
    expect(cases.map((one) => attr(one, "name"))).to.deep.equal(["mdv-lgc-wave-1", "mdv-lgc-wave-2"]);
    expect(cases.map((one) => attr(children(one, "failure")[0], "type"))).to.deep.equal(["owed", "breach"]);
    expect(attr(children(cases[0], "failure")[0], "message")).to.contain("according to this self-assessment");
  });
});
