/** The fast evaluator gives what fontoxpath gives, on random documents and the shapes that published rules are made of. */
import { expect } from "chai";
import fc from "fast-check";
import {
  compileSchematron,
  prepareDocument,
  runSchematron,
  type RuleFiles,
} from "../../../protocols/schematron/index.js";

const TESTS = [
  "n:a",
  "n:a/n:b",
  ".//n:a[@c='1']",
  "not(@c) or @c='1' or @c='2'",
  "count(n:a) <= 1",
  "count(.//n:b[@c]) >= 2",
  "count(//n:a//n:b) = count(//n:b[ancestor::n:a])",
  "n:a[@c='1' and @d='1']/n:b[n:a/@c='2']/@d",
  "n:a[1]/@c = n:b[1]/@c",
  "n:a[2][@c]",
  "(n:a | n:b)[last()]/@c = '1'",
  "*[self::n:a or self::n:b][@c or @d]",
  "every $x in n:a satisfies $x/@c = $x/@d",
  "some $x in .//* satisfies (some $y in $x/n:b satisfies $y/@c = $x/@c)",
  "@c < @d",
  "@c > 1",
  "@c != @d",
  "../n:a/@c = @c",
  "preceding-sibling::*[1]/@c = following-sibling::*[last()]/@c",
  "count(* except n:a) = 0",
  "string-length(.) > 2 and normalize-space(.) != ''",
  "string-join(.//@c, '-') = '1-2'",
  "count(distinct-values(.//@c)) = count(.//@c)",
  "if (n:a) then n:a/@c = '1' else not(n:b)",
  "matches(@c, '^[12]$') and not(contains(@d, '1'))",
  "substring(@c, 1, 1) = substring(@d, 1, 1)",
  "n:a/(n:b[@c='1'] and n:a)",
  "not(.//n:a/n:b[position() = 2])",
  ".//n:a/n:b/@c = //n:b/n:a/@d",
  "empty(n:a/@c) or n:a/@c castable as xs:integer",
  "local-name(..) = 'a' or name(*[1]) = 'n:b'",
  "*:a[@c]/*:b or @*[. = '1']",
  "count(ancestor-or-self::*[@c]) mod 2 = 1",
];
const CONTEXTS = ["n:a", "*[n:b/@c = '1']", "n:a/n:b[@d]", "//n:b//n:a", "n:b[2]", "/n:r/*[not(@c)] | n:a[n:a]"];

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const rules = `<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><ns prefix="n" uri="urn:n"/>${CONTEXTS.map(
  (c, i) =>
    `<pattern id="p${i}"><rule context="${c}">${TESTS.map((t) => `<assert test="${escape(t)}"><value-of select="@c"/> <name/></assert>`).join("")}</rule></pattern>`,
).join("")}</schema>`;
const files: RuleFiles = {
  read: (path) => (path === "r.sch" ? new TextEncoder().encode(rules) : null),
  paths: () => ["r.sch"],
};

interface Made {
  readonly name: "a" | "b";
  readonly c: string | undefined;
  readonly d: string | undefined;
  readonly text: string;
  readonly inside: readonly Made[];
}

const value = fc.constantFrom(undefined, "1", "2", "10", "");
/** Elements nested at most so deep. */
function made(depth: number): fc.Arbitrary<Made> {
  return fc.record({
    name: fc.constantFrom("a" as const, "b" as const),
    c: value,
    d: value,
    text: fc.constantFrom("", "x", " 1 "),
    inside: depth === 0 ? fc.constant([]) : fc.array(made(depth - 1), { maxLength: 3 }),
  });
}

function write({ name, c, d, text, inside }: Made): string {
  const attributes = `${c === undefined ? "" : ` c="${c}"`}${d === undefined ? "" : ` d="${d}"`}`;
  return `<n:${name}${attributes}>${text}${inside.map(write).join("")}</n:${name}>`;
}

describe("schematron: two evaluators", () => {
  it("agree on random documents, rule by rule", () => {
    const schematron = compileSchematron(files, "r.sch");
    let failures = 0;
    let fired = 0;
    fc.assert(
      fc.property(fc.array(made(3), { maxLength: 4 }), (top) => {
        const text = `<n:r xmlns:n="urn:n">${top.map(write).join("")}</n:r>`;
        const input = prepareDocument(new TextEncoder().encode(text));
        const fast = runSchematron(schematron, input, { engine: "fast" });
        const full = runSchematron(schematron, input, { engine: "fontoxpath" });
        expect(fast.failures).to.deep.equal(full.failures);
        expect(fast.firedRules).to.equal(full.firedRules);
        expect(fast.errors.map((e) => [e.key, e.code, e.count])).to.deep.equal(
          full.errors.map((e) => [e.key, e.code, e.count]),
        );
        failures += fast.failures.length;
        fired += fast.firedRules;
      }),
      { numRuns: 25, seed: 20260101 },
    );
    // The rules did apply, and neither always hold nor always fail.
    expect(failures).to.be.greaterThan(200);
    expect(failures).to.be.lessThan(fired * TESTS.length - 200);
  });
});
