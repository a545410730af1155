/** What is too large, too deep or endless ends as a named refusal or a named error of the run. */
import { expect } from "chai";
import {
  compileSchematron,
  prepareDocument,
  runSchematron,
  SchematronError,
  type RuleFiles,
  type Schematron,
} from "../../../protocols/schematron/index.js";
import { translateRegex } from "../../../protocols/schematron/xpath-regex.js";
import { XmlError } from "../../../protocols/xml.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function tree(files: Readonly<Record<string, string>>): RuleFiles {
  return {
    read: (path) => (Object.hasOwn(files, path) ? bytes(files[path] ?? "") : null),
    paths: () => Object.keys(files),
  };
}

const schema = (body: string): string =>
  `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><ns prefix="n" uri="urn:n"/>${body}</schema>`;
const testing = (test: string): string =>
  schema(`<pattern id="p"><rule context="n:a"><assert test="${test}">x</assert></rule></pattern>`);
const compile = (text: string): Schematron => compileSchematron(tree({ "r.sch": text }), "r.sch");

function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof SchematronError || error instanceof XmlError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("schematron: hostile rules and documents", () => {
  it("refuses an expression that is too long, with its size", () => {
    const long = `@a = '${"x".repeat(70_000)}'`;
    expect(refusal(() => compile(testing(long)))).to.equal("limit");
    expect(refusal(() => compile(testing(`@a = '${"x".repeat(60_000)}'`)))).to.equal("accepted");
  });

  it("refuses an expression nested too deeply, and takes a long flat one", () => {
    expect(refusal(() => compile(testing(`${"(".repeat(300)}1${")".repeat(300)}`)))).to.equal("limit");
    const flat = compile(testing(Array.from({ length: 3000 }, (_, i) => `@a = '${i}'`).join(" or ")));
    const input = prepareDocument(bytes('<n:a xmlns:n="urn:n" a="2999"/>'));
    expect(runSchematron(flat, input).failures).to.have.length(0);
    expect(runSchematron(flat, prepareDocument(bytes('<n:a xmlns:n="urn:n" a="3000"/>'))).failures).to.have.length(1);
  });

  it("refuses rules nested deeper than XML may be here, and parameters that grow", () => {
    expect(refusal(() => compile(schema(`${"<p>".repeat(300)}${"</p>".repeat(300)}`)))).to.equal("limit");
    const params = Array.from(
      { length: 30 },
      (_, i) => `<param name="v${i}x" value="${`$v${i + 1}x`.repeat(2)}"/>`,
    ).join("");
    const body = `<pattern abstract="true" id="a"><rule context="n:a"><assert test="$v0x">x</assert></rule></pattern><pattern is-a="a" id="b">${params}</pattern>`;
    expect(refusal(() => compile(schema(body)))).to.equal("limit");
  });

  it("refuses more files, bytes or assertions than allowed", () => {
    const files = {
      "r.sch": schema('<include href="a.sch"/>'),
      "a.sch": '<pattern xmlns="http://purl.oclc.org/dsdl/schematron"/>',
    };
    const limited = (limits: object): string => refusal(() => compileSchematron(tree(files), "r.sch", { limits }));
    expect(limited({ maxFiles: 1 })).to.equal("limit");
    expect(limited({ maxFiles: 2 })).to.equal("accepted");
    expect(limited({ maxBytes: 150 })).to.equal("limit");
    const two = schema(
      '<pattern><rule context="*"><assert test="1">x</assert><assert test="2">x</assert></rule></pattern>',
    );
    expect(
      refusal(() => compileSchematron(tree({ "r.sch": two }), "r.sch", { limits: { maxAssertions: 1 } })),
    ).to.equal("limit");
  });

  it("refuses a document with a DTD, of bytes that are no XML, or too deep", () => {
    expect(refusal(() => prepareDocument(bytes('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>')))).to.equal("dtd");
    expect(refusal(() => prepareDocument(bytes("<a>")))).to.equal("not_xml");
    expect(refusal(() => prepareDocument(bytes(`${"<a>".repeat(300)}${"</a>".repeat(300)}`)))).to.equal("too_deep");
    expect(refusal(() => prepareDocument(Uint8Array.of(0x3c, 0xff, 0x3e)))).to.equal("bad_encoding");
  });

  it("takes a value set with a DTD for unreadable, never for empty", () => {
    const files = tree({
      "r.sch": testing("@c = doc('set.xml')//c/@code"),
      "set.xml": '<!DOCTYPE s><s><c code="1"/></s>',
    });
    for (const engine of ["fast", "fontoxpath"] as const) {
      const run = runSchematron(compileSchematron(files, "r.sch"), bytes('<n:a xmlns:n="urn:n" c="1"/>'), { engine });
      expect(run.failures).to.have.length(0);
      expect(run.errors.map((e) => e.code)).to.deep.equal(["bad_document"]);
    }
  });

  it("stops at a number of failures, and says so", () => {
    const rules = compile(testing("@b"));
    const input = prepareDocument(bytes(`<r xmlns:n="urn:n">${"<n:a/>".repeat(50)}</r>`));
    const run = runSchematron(rules, input, { maxFailures: 20 });
    expect(run.failures).to.have.length(20);
    expect(run.errors.map((e) => e.code)).to.deep.equal(["limit"]);
    expect(runSchematron(rules, input, { maxFailures: 50 }).errors).to.have.length(0);
  });

  it("stops after a number of steps, the same on every machine, and starts anew for the next document", () => {
    const rules = compile(testing("not(preceding-sibling::*[@b = '1'])"));
    const many = prepareDocument(bytes(`<r xmlns:n="urn:n">${"<n:a/>".repeat(2000)}</r>`));
    const stopped = runSchematron(rules, many, { maxSteps: 100_000 });
    expect(stopped.errors.map((e) => e.code)).to.deep.equal(["limit"]);
    expect(runSchematron(rules, many, { maxSteps: 100_000 })).to.deep.equal(stopped);
    const few = prepareDocument(bytes('<r xmlns:n="urn:n"><n:a b="1"/><n:a/></r>'));
    expect(runSchematron(rules, few, { maxSteps: 100_000 }).failures).to.have.length(1);
  });

  it("leaves to fontoxpath any regular expression that could explode", () => {
    for (const pattern of ["(a+)+$", "(a*)*", "((a|b)+c?)+", "(\\d+)*x", "(a{2,})+"])
      expect(translateRegex(pattern, ""), pattern).to.equal(null);
    for (const pattern of ["(?=a)a", "\\p{L}", "a+*", "[a-z-[b]]", "(a", "a)"])
      expect(translateRegex(pattern, ""), pattern).to.equal(null);
    for (const pattern of ["^(-a|b+)*$", "^(\\.1|2+)*$", "^(-[a-z-]+)*$", "^(,a+,)*$"]) {
      expect(translateRegex(pattern, ""), pattern).to.equal(null);
    }
    const language = translateRegex("^[a-z]{2,3}(-[a-z]{2})?|[ix](-[a-z\\d]{2,8})+$", "i");
    expect(["fr-FR", "x-klingon-1234", "1"].map((text) => language?.test(text))).to.deep.equal([true, true, false]);
    expect(translateRegex("^[0-2](\\.(0|[1-9]\\d*))*$", "")?.test("1.2.250")).to.equal(true);
    const rules = compile(testing("matches(@v, '^(a+)+$')"));
    const run = runSchematron(rules, bytes(`<n:a xmlns:n="urn:n" v="${"a".repeat(40)}!"/>`));
    expect(run.failures).to.have.length(1);
  });
});
