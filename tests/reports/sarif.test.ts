import { expect } from "chai";
import type { MessageDef } from "../../core/model/index.js";
import { renderSarif, type SarifFile, type SarifFinding, type SarifInput } from "../../reports/sarif/index.js";
import { HOSTILE } from "./sample.js";

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

function definition(weight: MessageDef["weight"]): MessageDef {
  return {
    weight,
    source: "Texte, section 4.1",
    mark: weight === "breach" ? "verified" : "inferred",
    witness: "none",
    fr: "Le sujet est « {observed} » ; attendu {expected}.",
    en: "The subject is “{observed}”; expected {expected}.",
  };
}

const CHECKS: SarifInput["checks"] = [
  {
    id: "mss/subject",
    title: { fr: "Sujet du message", en: "Subject of the mail" },
    messages: { wrong: definition("breach"), odd: definition("remark") },
  },
];

function finding(change: Partial<SarifFinding> = {}): SarifFinding {
  return {
    check: "mss/subject",
    message: "wrong",
    weight: "breach",
    text: "The subject is “x”; expected y.",
    location: "/a/b[2]",
    line: 7,
    requirements: ["MSS/CONF.25"],
    ...change,
  };
}

function file(name: string, ...findings: readonly SarifFinding[]): SarifFile {
  return { file: name, uri: name, notJudged: null, findings };
}

interface Log {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] } };
      readonly invocations: readonly [
        { readonly executionSuccessful: boolean; readonly toolExecutionNotifications: readonly unknown[] },
      ];
      readonly artifacts: readonly { readonly location: { readonly uri: string } }[];
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly unknown[];
        readonly partialFingerprints: Readonly<Record<string, string>>;
      }[];
    },
  ];
}

function log(files: readonly SarifFile[], lang: "fr" | "en" = "en"): Log {
  return JSON.parse(renderSarif({ toolVersion: "0.1.0", lang, files, checks: CHECKS })) as Log;
}

describe("reports/sarif", () => {
  it("has the shape of SARIF 2.1.0 with one run, even without a finding", () => {
    const empty = log([file("good.xml")]);
    expect(empty.version).to.equal("2.1.0");
    expect(empty.$schema).to.match(/sarif-schema-2\.1\.0\.json$/);
    const [run] = empty.runs;
    expect(run.tool.driver).to.deep.equal({ name: "segur", version: "0.1.0", language: "en", rules: [] });
    expect(run.results).to.deep.equal([]);
    expect(run.artifacts).to.deep.equal([{ location: { uri: "good.xml" } }]);
    expect(run.invocations).to.deep.equal([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
  });

  it("gives each finding its rule, level, text, place and line", () => {
    const [run] = log([
      file("bad.xml", finding(), finding({ message: "odd", weight: "remark", line: null, location: null })),
    ]).runs;
    expect(run.tool.driver.rules.map((rule) => rule.id)).to.deep.equal(["mss/subject/odd", "mss/subject/wrong"]);
    expect(run.results).to.deep.equal([
      {
        ruleId: "mss/subject/wrong",
        ruleIndex: 1,
        level: "error",
        message: { text: "The subject is “x”; expected y." },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: "bad.xml" }, region: { startLine: 7 } },
            logicalLocations: [{ fullyQualifiedName: "/a/b[2]" }],
          },
        ],
        partialFingerprints: { "segurPlace/v1": "mss/subject/wrong@bad.xml#/a/b[2]" },
      },
      {
        ruleId: "mss/subject/odd",
        ruleIndex: 0,
        level: "note",
        message: { text: "The subject is “x”; expected y." },
        locations: [{ physicalLocation: { artifactLocation: { uri: "bad.xml" } } }],
        partialFingerprints: { "segurPlace/v1": "mss/subject/odd@bad.xml#" },
      },
    ]);
  });

  it("describes a rule in the language asked, without its placeholders", () => {
    const [run] = log([file("bad.xml", finding())], "fr").runs;
    expect(run.tool.driver.rules[0]).to.deep.equal({
      id: "mss/subject/wrong",
      shortDescription: { text: "Sujet du message" },
      fullDescription: { text: "Le sujet est « … » ; attendu …." },
      help: { text: "segur explain mss/subject" },
      defaultConfiguration: { level: "error" },
      properties: { source: "Texte, section 4.1", mark: "verified", tags: ["MSS/CONF.25"] },
    });
  });

  it("tells a file that was not judged as a notification, and the invocation as not successful", () => {
    const [run] = log([{ ...file("x.bin"), notJudged: "not recognised" }, file("bad.xml", finding())]).runs;
    expect(run.invocations[0].executionSuccessful).to.equal(false);
    expect(run.invocations[0].toolExecutionNotifications).to.deep.equal([
      {
        level: "error",
        message: { text: "x.bin: not recognised" },
        locations: [{ physicalLocation: { artifactLocation: { uri: "x.bin" } } }],
      },
    ]);
    expect(run.results).to.have.length(1);
  });

  it("lets foreign text make no placeholder, no link and nothing invisible", () => {
    const text = `{0} {{1}} ${HOSTILE.markdown} [b](7)`;
    const hostile = finding({ text, location: `/a${HOSTILE.bidi}${HOSTILE.controls}` });
    const raw = renderSarif({ toolVersion: "1", lang: "en", files: [file("a.xml", hostile)], checks: CHECKS });
    expect(raw.replace(/\n/g, "")).to.not.match(CONTROL);
    const said = (JSON.parse(raw) as Log).runs[0].results[0]?.message.text ?? "";
    expect(said).to.include("{{0}} {{{{1}}}}").and.to.not.include("](");
  });

  it("knows a finding of a check that the rule set no longer has", () => {
    const [run] = log([file("a.xml", finding({ check: "mss/gone", message: "old" }))]).runs;
    expect(run.results[0]?.ruleId).to.equal("mss/gone/old");
    expect(run.tool.driver.rules).to.have.length(1);
  });

  it("gives the same fingerprint when lines are added above, and the same bytes for the same input", () => {
    const print = (line: number): unknown =>
      log([file("a.xml", finding({ line }))]).runs[0].results[0]?.partialFingerprints;
    expect(print(7)).to.deep.equal(print(90));
    const input: SarifInput = { toolVersion: "1", lang: "fr", files: [file("a.xml", finding())], checks: CHECKS };
    expect(renderSarif(input)).to.equal(renderSarif(input));
  });
});
