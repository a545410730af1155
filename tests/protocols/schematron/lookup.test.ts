/** Codes looked up in a large terminology: by its texts alone, in both evaluators, with the answer of a walk through the document. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import {
  compileSchematron,
  prepareDocument,
  runSchematron,
  type RuleFiles,
  type SchematronRun,
} from "../../../protocols/schematron/index.js";

const FILL = Array.from({ length: 700 }, (_, n) => `<d>${" ".repeat(200)}<s:code>F${n}</s:code></d>`).join("\n");
const SPECIAL =
  "<s:code>A&amp;B</s:code><s:code>left<!-- c -->right</s:code><s:code>x<![CDATA[y]]>z</s:code><s:code>in<b>side</b>out</s:code><code>none</code>";
const TERMINOLOGY = `<t xmlns:s="urn:s">${FILL}${SPECIAL}</t>`;

const LOOKUPS = [
  "exists(doc(concat('t', '.xml'))//s:code[text() = string($c)])",
  "not(doc-available('t.xml') and not(exists(doc('t.xml')//s:code[text() = string($c)])))",
  "exists(document('t.xml')//s:code[text() = $c])",
];
/** The same question, asked so that the document is walked. */
const WALKED = "doc('t.xml')//s:code/text() = string($c)";

function judge(
  test: string,
  codes: readonly string[],
  engine: "fast" | "fontoxpath",
  terminology = TERMINOLOGY,
): SchematronRun {
  const rules = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><ns prefix="s" uri="urn:s"/><pattern><rule context="a"><let name="c" value="@c"/><assert test="${test}"><value-of select="@c"/></assert></rule></pattern></schema>`;
  const files: Readonly<Record<string, string>> = { "r.sch": rules, "t.xml": terminology };
  const tree: RuleFiles = {
    read: (path) => (Object.hasOwn(files, path) ? new TextEncoder().encode(files[path]) : null),
    paths: () => Object.keys(files),
  };
  const document = `<r>${codes.map((code) => `<a c="${code}"/>`).join("")}</r>`;
  return runSchematron(compileSchematron(tree, "r.sch"), prepareDocument(new TextEncoder().encode(document)), {
    engine,
  });
}

const CODES = [
  "F0",
  "F699",
  "F700",
  "",
  "A&amp;B",
  "leftright",
  "left",
  "right",
  "xyz",
  "in",
  "inside",
  "out",
  "none",
  "side",
];
const UNKNOWN = ["F700", "", "leftright", "inside", "none", "side"];

describe("schematron: codes of a large terminology", () => {
  for (const engine of ["fast", "fontoxpath"] as const) {
    it(`are found by the text of the element, a comment parting two texts (${engine})`, () => {
      for (const test of [...LOOKUPS, WALKED]) {
        const { failures, errors } = judge(test, CODES, engine);
        expect(errors, test).to.deep.equal([]);
        expect(
          failures.map(({ text }) => text),
          test,
        ).to.deep.equal(UNKNOWN);
      }
    });

    it(`are an error, not a failure, when the terminology is missing or no XML (${engine})`, () => {
      const broken = judge(LOOKUPS[0] ?? "", ["F0"], engine, `${TERMINOLOGY}<`);
      expect(broken.failures).to.deep.equal([]);
      expect(broken.errors.map(({ code }) => code)).to.deep.equal(["bad_document"]);
      const missing = judge("exists(doc('u.xml')//s:code[text() = string($c)])", ["F0"], engine);
      expect(missing.failures).to.deep.equal([]);
      expect(missing.errors.map(({ code }) => code)).to.deep.equal(["missing_document"]);
      const unavailable = judge(LOOKUPS[1] ?? "", ["F0"], engine, `${TERMINOLOGY}<`);
      expect([unavailable.failures.length, unavailable.errors.length]).to.deep.equal([0, 0]);
    });
  }

  it("let go of the judged document, though one of them was missing", async () => {
    const rules = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><pattern><rule context="a"><assert test="doc-available('none.xml')"/></rule></pattern></schema>`;
    const schematron = compileSchematron(
      { read: (path) => (path === "r.sch" ? new TextEncoder().encode(rules) : null), paths: () => ["r.sch"] },
      "r.sch",
    );
    const judged = (): WeakRef<object> => {
      const input = prepareDocument(new TextEncoder().encode("<r><a/></r>"));
      expect(runSchematron(schematron, input).failures).to.have.length(1);
      const { tree } = input as unknown as { readonly tree: object };
      return new WeakRef(tree);
    };
    const held = judged();
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    // What a weak reference shows stays alive until the task ends.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    expect(held.deref()).to.equal(undefined);
    expect(schematron.assertions).to.equal(1);
  });
});
