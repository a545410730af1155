import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parseXmlDocument } from "slimdom";
import { comparable, compare, VerdictDigest } from "./compare.js";
import { reach } from "./growing.js";
import { brokenCopies, grownCopies, type Sample, SampleShelf } from "./mutants.js";
import { readOptions } from "./options.js";
import { dice } from "./random.js";
import { readNumbered } from "./rules.js";
import { isOwn } from "./selection.js";
import { readSvrl } from "./svrl.js";

const CDA = `<ClinicalDocument xmlns="urn:hl7-org:v3"><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<id root="1.2.3"/><code code="11490-0" codeSystem="2.16.840.1.113883.6.1"/><effectiveTime value="20240229101010+0100"/>
<recordTarget><patientRole><id root="1.2.4" extension="7"/></patientRole></recordTarget>
<component><structuredBody><component><section><templateId root="1.2.5"/><title>One</title></section></component></structuredBody></component>
</ClinicalDocument>`;

const SVRL = `<svrl:schematron-output xmlns:svrl="http://purl.oclc.org/dsdl/svrl">
<svrl:active-pattern id="p"/><svrl:fired-rule context="x" id="r1"/>
<svrl:failed-assert id="a1" location="/x[1]"><svrl:text>  one
 two </svrl:text></svrl:failed-assert>
<svrl:fired-rule context="y" id="r2"/><svrl:fired-rule context="y" id="r2"/>
<svrl:successful-report id="a3" location="/y[1]"><svrl:text>three</svrl:text></svrl:successful-report></svrl:schematron-output>`;

describe("oracle", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-oracle-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const example = (shelf: SampleShelf): Sample => {
    const sample = shelf.put(Buffer.from(CDA), { name: "X", base: "X", grownFor: null, rank: 0 });
    if (!sample) throw new Error("the shelf was not empty");
    return sample;
  };

  it("reads what Saxon reports: rules applied, failures with rule, place and message", () => {
    const verdict = readSvrl(Buffer.from(SVRL));
    expect(verdict.fired).to.deep.equal({ r1: 1, r2: 2 });
    expect(verdict.failures).to.deep.equal([
      { assertion: "a1", rule: "r1", kind: "assert", location: "/x[1]", text: "one two" },
      { assertion: "a3", rule: "r2", kind: "report", location: "/y[1]", text: "three" },
    ]);
  });

  it("finds each kind of disagreement, and none where there is none", () => {
    const theirs = readSvrl(Buffer.from(SVRL));
    const ours = { errors: [], fired: 3, failures: theirs.failures };
    const kinds = (list: ReturnType<typeof compare>): string[] => list.map((each) => each.kind);
    const [first, second] = theirs.failures;
    if (!first || !second) throw new Error("two failures");
    const wrong = { code: "xpath", assertion: "r1/a1", detail: "" };
    const lacking = { ...wrong, code: "missing_document" };
    expect(compare(theirs, { ...ours, errors: [lacking], failures: [second] })).to.deep.equal([]);
    expect(kinds(compare(theirs, { ...ours, errors: [lacking], failures: [] }))).to.deep.equal(["only-theirs"]);
    expect(compare(theirs, ours)).to.deep.equal([]);
    expect(kinds(compare(theirs, { ...ours, fired: 2 }))).to.deep.equal(["fired"]);
    expect(kinds(compare(theirs, { ...ours, failures: [first] }))).to.deep.equal(["only-theirs"]);
    expect(kinds(compare(theirs, { ...ours, failures: [first, second, second] }))).to.deep.equal(["only-ours"]);
    expect(kinds(compare(theirs, { ...ours, failures: [{ ...first, text: "zz" }, second] }))).to.deep.equal(["text"]);
    const moved = [{ ...first, location: "/x[2]" }, second];
    expect(kinds(compare(theirs, { ...ours, failures: moved }))).to.have.members(["only-theirs", "only-ours"]);
    expect(kinds(compare(theirs, { ...ours, errors: [wrong] }))).to.deep.equal(["error"]);
    const gaveUp = { error: "FORG0001", fired: {}, failures: [] };
    expect(kinds(compare(gaveUp, ours))).to.deep.equal(["error"]);
    expect(compare(gaveUp, { ...ours, errors: [wrong] })).to.deep.equal([]);
  });

  it("takes another order of attributes in a message for the same, and nothing else", () => {
    expect(comparable('<a use="MC" value="x y"></a>')).to.equal(comparable('<a value="x y" use="MC"></a>'));
    expect(comparable('<a use="MC" value="x"/>')).not.to.equal(comparable('<a use="MC" value="y"/>'));
    expect(comparable("b a")).to.equal("b a");
  });

  it("digests verdicts without regard to their order, and with regard to all else", () => {
    const [first, second] = readSvrl(Buffer.from(SVRL)).failures;
    if (!first || !second) throw new Error("two failures");
    const digest = (failures: (typeof first)[], fired = 3): string => {
      const made = new VerdictDigest();
      made.add("d", false, fired, failures);
      return made.hex();
    };
    expect(digest([first, second])).to.equal(digest([second, first]));
    const others = [digest([first]), digest([first, second], 4), digest([first, { ...second, text: "zz" }])];
    for (const other of others) expect(other).not.to.equal(digest([first, second]));
  });

  it("numbers assertions as the rules are tried: abstract patterns gone, extended rules in their place, phases minded", () => {
    const file = path.join(folder, "numbered.xml");
    writeFileSync(
      file,
      `<schema xmlns="http://purl.oclc.org/dsdl/schematron" defaultPhase="f"><phase id="f"><active pattern="two"/></phase>
<pattern id="one"><rule id="r1" context="a"><assert id="a1" test="b"/></rule></pattern>
<pattern id="zero" abstract="true"><rule id="r2" context="a"><assert id="a2" test="b"/></rule></pattern>
<pattern id="two"><rule abstract="true" id="base"><assert id="a3" test="c"/></rule>
<rule id="r3" context="d"><extends rule="base"/><report id="a4" test="e" role="warning"/></rule></pattern></schema>`,
    );
    const { rules, active } = readNumbered(file);
    expect(rules.map((rule) => rule.id)).to.deep.equal(["r1", "r3"]);
    expect(active.map((rule) => [rule.id, rule.patternId, rule.place])).to.deep.equal([["r3", "two", 0]]);
    expect(active[0]?.assertions.map((each) => [each.id, each.kind, each.role])).to.deep.equal([
      ["a3", "assert", null],
      ["a4", "report", "warning"],
    ]);
  });

  it("breaks copies the same way from the same seed, otherwise from another", () => {
    const make = (seed: string, where: string): string[] => {
      const shelf = new SampleShelf(path.join(folder, where));
      return brokenCopies([example(shelf)], 12, seed, shelf).map((sample) => sample.sha256);
    };
    expect(make("1", "a")).to.deep.equal(make("1", "b"));
    expect(make("1", "c")).not.to.deep.equal(make("2", "d"));
    expect(new Set(make("1", "e")).size).to.be.greaterThan(8);
  });

  it("grows what the context of a rule asks for", () => {
    const document = parseXmlDocument(CDA);
    const context = "//cda:recordTarget/cda:patientRole[cda:patient]/cda:patient[not(@nullFlavor)]/cda:name[@use='L']";
    const element = reach(document, context, dice("x"));
    expect(element?.localName).to.equal("name");
    expect(element?.getAttribute("use")).to.equal("L");
    expect(element?.parentElement?.localName).to.equal("patient");
    const templated = reach(parseXmlDocument(CDA), '*[cda:templateId/@root="1.2.250.9"]', dice("x"));
    expect(templated?.children.some((child) => child.getAttribute("root") === "1.2.250.9")).to.equal(true);
  });

  it("writes grown copies that are well-formed and differ from their example", () => {
    const shelf = new SampleShelf(folder);
    const rule = {
      id: "r1",
      context: "cda:observation[cda:templateId/@root='1.2.7']/cda:value",
      pattern: 0,
      patternId: null,
      place: 0,
      assertions: [{ id: "a1", kind: "assert" as const, test: "@code='X' and cda:qualifier", role: null }],
    };
    const copies = grownCopies("ihe", [rule], [example(shelf)], "1", shelf);
    expect(copies).to.have.length(2);
    for (const copy of copies) expect(readFileSync(copy.file, "utf8")).to.include('root="1.2.7"');
  });

  it("knows whose example a file is by its name", () => {
    const sample = (base: string): Sample => ({ sha256: "", name: base, base, file: "", grownFor: null, rank: 0 });
    expect(isOwn("BIO-CR-BIO_2024.01", sample("BIO-CR-BIO_2021.01_Electrophorese"))).to.equal(true);
    expect(isOwn("IMG-CR-IMG_2024.01", sample("IMG_CR_IMG_2024.01"))).to.equal(true);
    expect(isOwn("VAC_2023.01", sample("VSM_1.4_2022.01"))).to.equal(false);
  });

  it("refuses words it does not know", () => {
    expect(readOptions(["dir", "--layers", "ihe"])).to.include({ dir: "dir", record: false });
    expect(readOptions(["dir"])).to.include({ record: true, fontoxpathEvery: 1 });
    expect(readOptions(["dir", "--fontoxpath-every", "8"])).to.include({ record: true, fontoxpathEvery: 8 });
    for (const words of [
      [],
      ["a", "b"],
      ["a", "--engines", "zz"],
      ["a", "--fontoxpath-every", "0"],
      ["a", "--mutants", "x"],
      ["a", "--zz"],
    ]) {
      expect(readOptions(words), words.join(" ")).to.be.a("string");
    }
  });
});
