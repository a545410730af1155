import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { type OfficialJudge, openOfficialJudge } from "../../bin/official/judge.js";
import { openOfficialTree } from "../../bin/official/tree.js";
import type { OfficialLayer, OfficialLayerId, OfficialReport } from "../../core/model/index.js";
import {
  HEADER,
  J07,
  TEMPLATE,
  type TinyDocument,
  tinyCda,
  tinyTree,
  VOLET,
  volet,
  writeTree,
} from "../support/official-tree.js";

const EVERY = "1.2.250.1.213.1.1.1.1";
const LEVEL_1 = "1.3.6.1.4.1.19376.1.2.20";

describe("judging by official rules", () => {
  let folder: string;
  let judges: OfficialJudge[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-official-"));
    judges = [];
  });
  afterEach(() => {
    for (const judge of judges) judge.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(tree = tinyTree(), options: { volet?: string } = {}): OfficialJudge {
    const judge = openOfficialJudge(openOfficialTree(writeTree(mkdtempSync(path.join(folder, "t-")), tree)), options);
    judges.push(judge);
    return judge;
  }
  const judged = (facts: TinyDocument = {}, judge = open()): OfficialReport => judge.judge(tinyCda(facts));
  function layer(report: OfficialReport, id: OfficialLayerId): OfficialLayer {
    const found = report.layers.find((one) => one.id === id);
    if (!found) throw new Error(`no layer ${id}`);
    return found;
  }
  const states = (report: OfficialReport): string =>
    report.layers.map(({ id, state, reason }) => `${id} ${state}${reason ? ` ${reason.code}` : ""}`).join(", ");
  const without = (...names: string[]): Map<string, string> => {
    const tree = tinyTree();
    for (const name of names) expect(tree.delete(name), name).to.equal(true);
    return tree;
  };

  it("accepts a document every layer passes, and says what was rebuilt, mended and not looked at", () => {
    const report = judged();
    expect(states(report)).to.equal(
      "xsd passed, header passed, ihe passed, models passed, ans-models passed, terminologies passed, volet passed",
    );
    expect(report).to.include({ state: "accepted", problem: null, unwrapped: false });
    expect(layer(report, "header").rebuilt).to.deep.equal(["JDV_J07"]);
    expect(layer(report, "ihe").caseFixes).to.equal(1);
    expect(layer(report, "terminologies").unchecked).to.deep.equal(["2.16.840.1.113883.6.1"]);
  });

  it("names rule, place and line of a failure", () => {
    const report = judged({ realm: "DE" });
    expect(report.state).to.equal("rejected");
    const header = layer(report, "header");
    expect(header).to.include({ state: "failed", failed: 1, warned: 0 });
    expect(header.failures[0]).to.include({ text: "the realm is not FR", path: "/ClinicalDocument", line: 1 });
    expect(states(report)).to.match(/^xsd passed, header failed, ihe passed/);
  });

  it("holds a code against the rebuilt vocabulary: listed passes, unlisted fails with its value", () => {
    const header = layer(judged({ code: "0-0" }), "header");
    expect(header.failures.map(({ text, role, line }) => [text, role, line])).to.deep.equal([
      ["the code 0-0 is not listed", "error", 6],
    ]);
  });

  it("shows a rule that calls itself a warning, and lets the layer pass", () => {
    const report = judged({ title: "" });
    expect(report.state).to.equal("accepted");
    expect(layer(report, "header")).to.include({ state: "passed", failed: 0, warned: 1 });
    expect(layer(report, "header").warnings[0]?.text).to.equal("no title");
  });

  it("does not take the silence of the header rules over a wrong typeId for a pass", () => {
    const report = judged({ typeId: "POCD_HD000041" });
    expect(layer(report, "header").state).to.equal("not_run");
    expect(layer(report, "header").reason?.code).to.equal("silenced");
    expect(report.state).to.equal("incomplete");
    // A header that fails all the same was not silenced.
    expect(layer(judged({ typeId: "POCD_HD000041", realm: "DE" }), "header").state).to.equal("failed");
  });

  it("tells a failure of the XSD by codes of ours, with place and line", () => {
    const xsd = layer(judged({ realm: "FRANCE" }), "xsd");
    expect(xsd.state).to.equal("failed");
    expect(xsd.failures[0]).to.deep.equal({
      key: "bad_value",
      role: null,
      path: "/ClinicalDocument/realmCode",
      line: 2,
      text: "@code",
    });
  });

  it("looks a code up where the tree has its terminology", () => {
    const body = (code: string): string =>
      `<component><code code="${code}" codeSystem="2.16.840.1.113883.6.73"/></component>`;
    expect(layer(judged({ body: body("A01") }), "terminologies").state).to.equal("passed");
    expect(layer(judged({ body: body("Z99") }), "terminologies")).to.include({ state: "failed", failed: 1 });
  });

  describe("the volet", () => {
    const chosen = (facts: TinyDocument, judge = open()) => judged(facts, judge).volet;

    it("is that of the template and version the document writes", () => {
      expect(chosen({})).to.include({
        entry: VOLET("2022.01"),
        choice: "version",
        template: TEMPLATE,
        asked: "2022.01",
      });
      expect(chosen({ templates: [EVERY, `${TEMPLATE} 2023.01`] })).to.include({ entry: VOLET("2023.01") });
      expect(chosen({})?.others).to.deep.equal([VOLET("2023.01")]);
    });

    it("is the newest when no version is written, and says which older ones the document passes", () => {
      const templates = [EVERY, TEMPLATE];
      expect(chosen({ templates })).to.include({ entry: VOLET("2023.01"), choice: "newest", asked: null });
      const report = judged({ templates, body: "<x/>" });
      expect(report.state).to.equal("rejected");
      expect(layer(report, "volet").failures[0]?.text).to.equal("no body, as of 2023.01");
      expect(report.volet?.passes).to.deep.equal([VOLET("2022.01")]);
    });

    it("is the newest, and says the version asked for, when the tree lacks that one", () => {
      const report = judged({ templates: [EVERY, `${TEMPLATE} 2013.10`] });
      expect(report.volet).to.include({ entry: VOLET("2023.01"), choice: "newest", asked: "2013.10" });
    });

    it("is the one the user names, whatever the document says", () => {
      const judge = open(tinyTree(), { volet: "LDL-EES_2022.01" });
      const report = judged({}, judge);
      expect(report.volet).to.include({ entry: "schematrons/CI-SIS_LDL-EES_2022.01.sch", choice: "given" });
      expect(layer(report, "volet").failures[0]?.text).to.equal("template missing");
      expect(() => open(tinyTree(), { volet: "NONE_2022.01" })).to.throw(/no volet NONE_2022.01/);
    });

    it("is none for a level 1 document: that is no open point", () => {
      const report = judged({ templates: [EVERY, LEVEL_1] });
      expect(layer(report, "volet")).to.include({ state: "not_run", applies: false });
      expect(layer(report, "volet").reason?.code).to.equal("no_volet");
      expect(report.state).to.equal("accepted");
    });

    it("of a level 1 document that its volet demands is found by the code", () => {
      const tree = tinyTree();
      const rule = `<pattern id="own"><rule context="cda:ClinicalDocument"><assert test="cda:code[@code='85208-7']">code</assert></rule></pattern>`;
      tree.set("schematrons/CI-SIS_TLM-CR_2022.01.sch", volet(LEVEL_1, rule));
      tree.set(J07, (tree.get(J07) ?? "").replace("11490-0", "85208-7"));
      const judge = open(tree);
      const report = judged({ templates: [EVERY, LEVEL_1], code: "85208-7" }, judge);
      expect(report.volet).to.include({ entry: "schematrons/CI-SIS_TLM-CR_2022.01.sch", choice: "code" });
      expect(judged({ templates: [EVERY, LEVEL_1] }, judge).volet).to.equal(null);
    });

    it("unknown or ambiguous is an open point, never a pass", () => {
      const unknown = judged({ templates: [EVERY, "1.2.250.1.213.1.1.1.45"] });
      expect(unknown.state).to.equal("incomplete");
      expect(layer(unknown, "volet").reason).to.deep.equal({ code: "volet_unknown", where: "1.2.250.1.213.1.1.1.45" });
      expect(judged({ templates: [EVERY] }).state).to.equal("incomplete");
      const both = judged({ templates: [EVERY, TEMPLATE, "1.2.250.1.213.1.1.1.21"] });
      expect(layer(both, "volet").reason?.code).to.equal("volet_ambiguous");
      expect(both.state).to.equal("incomplete");
    });
  });

  describe("a tree with holes", () => {
    it("says which included file is missing, and does not pass", () => {
      const tree = tinyTree();
      tree.set(VOLET("2022.01"), volet(TEMPLATE, '<include href="include/gone.sch"/>'));
      const report = judged({}, open(tree));
      expect(report.state).to.equal("incomplete");
      expect(layer(report, "volet").state).to.equal("not_run");
      expect(layer(report, "volet").reason?.code).to.equal("missing_include");
      expect(layer(report, "volet").reason?.where).to.contain("include/gone.sch");
    });

    it("says that a vocabulary is missing and could not be rebuilt", () => {
      const report = judged({}, open(without(J07)));
      expect(layer(report, "header").state).to.equal("not_run");
      expect(layer(report, "header").reason?.code).to.equal("missing_document");
      expect(report.state).to.equal("incomplete");
    });

    it("says that a whole schematron is not there", () => {
      const report = judged({}, open(without("schematrons/profils/IHE.sch")));
      expect(states(report)).to.contain("ihe not_run not_in_tree");
    });

    it("says that a file of the XSD is missing, imported ones too", () => {
      const included = layer(judged({}, open(without("infrastructure/cda/general/types.xsd"))), "xsd");
      expect(included.reason).to.deep.equal({ code: "missing_include", where: "infrastructure/cda/general/types.xsd" });
      const tree = tinyTree();
      const entry = "infrastructure/cda/CDA_extended.xsd";
      const text = (tree.get(entry) ?? "").replace(
        "<xs:include",
        '<xs:import namespace="urn:x" schemaLocation="x.xsd"/><xs:include',
      );
      const imported = layer(judged({}, open(tree.set(entry, text))), "xsd");
      expect(imported.reason).to.deep.equal({ code: "missing_include", where: "infrastructure/cda/x.xsd" });
    });

    it("says that rules are no rules", () => {
      const bad = tinyTree()
        .set("schematrons/profils/IHE.sch", "<not xml")
        .set("infrastructure/cda/CDA_extended.xsd", "<x/>");
      expect(states(judged({}, open(bad)))).to.match(/^xsd not_run bad_rules, header passed, ihe not_run bad_rules/);
    });

    it("says that a rule cannot be evaluated, where the official engine would stop", () => {
      const rule = `<pattern id="own"><rule context="cda:ClinicalDocument"><assert test="xs:integer(cda:code/@code) = 1">n</assert></rule></pattern>`;
      const text = volet(TEMPLATE, `<ns prefix="xs" uri="http://www.w3.org/2001/XMLSchema"/>${rule}`);
      const report = judged({}, open(tinyTree().set(VOLET("2022.01"), text)));
      expect(layer(report, "volet").state).to.equal("not_run");
      expect(layer(report, "volet").reason?.code).to.equal("rule_errors");
    });

    it("lists what cannot be used of the whole tree", () => {
      const judge = open(without(HEADER).set("schematrons/CI-SIS_LDL-EES_2022.01.sch", "<x/>"));
      expect(judge.unusable().map(({ name, code }) => `${name} ${code}`)).to.deep.equal([
        `${HEADER} not_in_tree`,
        "schematrons/CI-SIS_LDL-EES_2022.01.sch bad_rules",
      ]);
    });
  });

  describe("a self-presenting document", () => {
    const wrapped = (cda: string, around = ""): Buffer =>
      Buffer.from(`<?xml version="1.0"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:c="urn:hl7-org:v3"${around}>
<xsl:template match="/"><html/></xsl:template>
<data>${cda}</data>
</xsl:stylesheet>`);

    it("is judged by its ClinicalDocument, lines being those of the file", () => {
      const judge = open();
      const good = judge.judge(wrapped(tinyCda().toString()));
      expect(good).to.include({ state: "accepted", unwrapped: true });
      const bad = judge.judge(wrapped(tinyCda({ code: "0-0" }).toString()));
      expect(layer(bad, "header").failures[0]).to.include({ line: 9, path: "/ClinicalDocument/code" });
    });

    it("keeps the prefixes declared around it", () => {
      const prefixed = tinyCda()
        .toString()
        .replace(' xmlns="urn:hl7-org:v3"', "")
        .replace(/<(\/?)(?=[a-zA-Z])/g, "<$1c:");
      expect(open().judge(wrapped(prefixed)).state).to.equal("accepted");
      expect(open().judge(wrapped(prefixed, ' xmlns:q="urn:a&amp;b"')).state).to.equal("accepted");
    });

    it("without one is not judged", () => {
      expect(open().judge(wrapped("<x/>"))).to.include({ state: "not_judged", problem: "not_cda" });
    });
  });

  it("says why hostile bytes are not judged, and never reads a file they name", () => {
    const judge = open();
    const cases: readonly (readonly [string | Buffer, string])[] = [
      ["", "not_xml"],
      ["not xml", "not_xml"],
      ["<x/>", "not_cda"],
      [
        '<!DOCTYPE ClinicalDocument [<!ENTITY a SYSTEM "file:///etc/passwd">]><ClinicalDocument xmlns="urn:hl7-org:v3">&a;</ClinicalDocument>',
        "dtd",
      ],
      [
        `<ClinicalDocument xmlns="urn:hl7-org:v3">${"<a>".repeat(5000)}${"</a>".repeat(5000)}</ClinicalDocument>`,
        "too_deep",
      ],
      [Buffer.from([0xff, 0xfe, 0x00]), "bad_encoding"],
    ];
    for (const [bytes, problem] of cases) {
      const report = judge.judge(Buffer.from(bytes));
      expect(report).to.include({ state: "not_judged", problem });
      expect(report.layers).to.deep.equal([]);
    }
  });

  it("never lets a schema of the tree read the disk", () => {
    const entry = "infrastructure/cda/CDA_extended.xsd";
    const types = "infrastructure/cda/general/types.xsd";
    // Were it read, the schema would be whole and the layer would pass.
    const outside = path.join(folder, "types.xsd");
    writeFileSync(outside, tinyTree().get(types) ?? "");
    for (const location of [`file://${outside}`, outside, `../../../../../../../../..${outside}`]) {
      const tree = without(types);
      tree.set(entry, (tree.get(entry) ?? "").replace("general/types.xsd", location));
      const xsd = layer(judged({}, open(tree)), "xsd");
      expect(xsd.state, location).to.equal("not_run");
      expect(xsd.reason?.code, location).to.be.oneOf(["missing_include", "bad_rules"]);
    }
  });

  it("counts what it does not list", () => {
    const body = `<component>${"<section/>".repeat(80)}</component>`;
    const ihe = layer(judged({ body }), "ihe");
    expect(ihe.failed).to.equal(80);
    expect(ihe.failures).to.have.length(50);
  });
});
