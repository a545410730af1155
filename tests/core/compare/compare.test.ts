import { expect } from "chai";
import fc from "fast-check";
import { compareResults, DIFFERENCE_KINDS, type Difference } from "../../../core/compare/index.js";
import { canonicalJson } from "../../../core/model/index.js";
import { type Leaf, leavesOf, sampleResult, setAt } from "./sample.js";

/** What a reader of a report calls the place a leaf stands in. */
function nameOf(differences: readonly Difference[]): string {
  return differences
    .map(({ kind, id, perimeter, detail }) => [kind, perimeter, id, detail].filter(Boolean).join(" "))
    .join("\n");
}

function find(differences: readonly Difference[], kind: Difference["kind"], id: string): Difference | undefined {
  return differences.find((one) => one.kind === kind && one.id === id);
}

describe("compareResults", () => {
  it("finds nothing between a result and itself, read back from its bytes", () => {
    expect(compareResults(JSON.parse(canonicalJson(sampleResult())), sampleResult())).to.deep.equal([]);
  });

  it("names the place of every leaf that is changed, one at a time, in both directions", () => {
    const base = sampleResult();
    const leaves = leavesOf(base);
    expect(leaves.length).to.be.greaterThan(100);
    for (const leaf of leaves) {
      const changed = setAt(base, leaf.path, otherThan(leaf));
      for (const found of [compareResults(changed, base), compareResults(base, changed)]) {
        expect(found, leaf.path.join(".")).to.not.have.length(0);
        expect(nameOf(found), leaf.path.join(".")).to.include(expectedName(base, leaf));
      }
    }
  });

  it("names every leaf and block that is taken away, and every one that is added", () => {
    const base = sampleResult();
    for (const leaf of leavesOf(base, "blocks too")) {
      const changed = setAt(base, leaf.path, undefined);
      expect(compareResults(changed, base), `without ${leaf.path.join(".")}`).to.not.have.length(0);
      expect(compareResults(base, changed), `with ${leaf.path.join(".")}`).to.not.have.length(0);
    }
  });

  it("is empty exactly when the canonical bytes are equal, for any JSON at all", () => {
    const odd = fc.oneof(fc.jsonValue({ maxDepth: 4 }), resultLike());
    fc.assert(
      fc.property(odd, odd, (a, b) => {
        expect(compareResults(a, b).length === 0).to.equal(canonicalJson(a) === canonicalJson(b));
        expect(compareResults(a, structuredClone(a))).to.deep.equal([]);
      }),
      { seed: 3, numRuns: 3000 },
    );
  });

  it("tells outcome, verdict and decision by name, with both sides", () => {
    const base = sampleResult();
    const check = setAt(base, ["checks", 1, "outcome"], "met");
    expect(find(compareResults(check, base), "check", "psc/b")).to.include({
      claimed: "met",
      recomputed: "breached",
      detail: "outcome",
      perimeter: null,
    });
    const row = setAt(base, ["perimeters", 0, "groups", 0, "rows", 1, "verdict"], "conform");
    expect(find(compareResults(row, base), "row", "PSC/2")).to.include({
      claimed: "conform",
      recomputed: "not_conform",
      perimeter: "one",
    });
    const decision = setAt(base, ["perimeters", 0, "decision"], "referencable");
    expect(find(compareResults(decision, base), "decision", "one")).to.include({
      claimed: "referencable",
      recomputed: "not_referencable",
    });
  });

  it("names checks and rows that one side lacks", () => {
    const base = sampleResult();
    const without = { ...base, checks: base.checks.filter((check) => check.id !== "psc/b") };
    expect(find(compareResults(without, base), "check_missing", "psc/b")).to.include({
      claimed: null,
      recomputed: "breached",
    });
    expect(find(compareResults(base, without), "check_unknown", "psc/b")).to.include({
      claimed: "breached",
      recomputed: null,
    });
    const rows = setAt(base, ["perimeters", 0, "groups", 0, "rows"], []);
    expect(find(compareResults(rows, base), "row_missing", "PSC/1")).to.include({ perimeter: "one", claimed: null });
    expect(find(compareResults(base, rows), "row_unknown", "PSC/1")).to.include({ recomputed: null });
    const group = setAt(base, ["perimeters", 0, "groups"], []);
    expect(find(compareResults(group, base), "row_missing", "PSC/2")).to.include({ recomputed: "not_conform" });
    const perimeter = { ...base, perimeters: [] };
    expect(find(compareResults(perimeter, base), "decision", "one")).to.include({
      claimed: null,
      recomputed: "not_referencable",
    });
  });

  it("sees a check that stands twice, and another order", () => {
    const base = sampleResult();
    const [first, second] = base.checks;
    const twice = { ...base, checks: [...base.checks, { ...second, outcome: "met" }] };
    expect(find(compareResults(twice, base), "check_unknown", "psc/b (2)")).to.include({ claimed: "met" });
    const turned = { ...base, checks: [second, first, ...base.checks.slice(2)] };
    expect(compareResults(turned, base)).to.deep.equal([
      { kind: "facts", id: "checks[0]", perimeter: null, claimed: "psc/b", recomputed: "psc/a", detail: "order" },
    ]);
  });

  it("stays whole on hostile JSON: deep, wide, with the names of the language", () => {
    const base = sampleResult();
    const deep = JSON.parse(`{"checks":${"[".repeat(20_000)}${"]".repeat(20_000)}}`) as unknown;
    expect(compareResults(deep, base)).to.not.have.length(0);
    expect(compareResults(deep, JSON.parse(`{"checks":${"[".repeat(20_000)}0${"]".repeat(20_000)}}`))).to.have.length(
      1,
    );
    const names = JSON.parse(
      '{"__proto__":{"id":"x"},"constructor":1,"toString":{},"checks":[{"__proto__":1}]}',
    ) as unknown;
    const ids = compareResults(names, base).map((one) => one.id);
    expect(ids).to.include.members(["__proto__", "constructor", "toString"]);
    expect(compareResults(names, {})).to.satisfy((found: Difference[]) => found.some((one) => one.id === "__proto__"));
    for (const value of [null, 1, "x", [], [1], true]) expect(compareResults(value, base)).to.have.length(1);
    const long = compareResults({ ...base, ruleSet: "r".repeat(1e6), checks: [{ id: "c".repeat(1e6) }] }, base);
    expect(JSON.stringify(long).length).to.be.lessThan(20_000);
  });

  it("sorts by kind, perimeter and id", () => {
    const base = sampleResult();
    const kinds = compareResults({}, base).map((one) => DIFFERENCE_KINDS.indexOf(one.kind));
    expect(kinds).to.deep.equal([...kinds].sort((a, b) => a - b));
    const checks = compareResults({ ...base, checks: [] }, base).map((one) => one.id);
    expect(checks).to.deep.equal(["psc/a", "psc/b", "psc/c"]);
  });
});

function otherThan({ value }: Leaf): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  return value === null ? "something" : `${String(value)}x`;
}

/** The word a difference must hold: the id that was there, or the path. */
function expectedName(base: unknown, { path }: Leaf): string {
  const at = (length: number): unknown =>
    path.slice(0, length).reduce<unknown>((value, part) => (value as Record<string | number, unknown>)[part], base);
  const idAt = (length: number, name: string): string => String((at(length) as Record<string, unknown>)[name]);
  if (path[0] === "checks") return idAt(2, "id");
  if (path[0] === "scenarios") return idAt(2, "key");
  if (path[0] === "perimeters") return path[4] === "rows" ? idAt(6, "id") : idAt(2, "id");
  return String(path[0]);
}

/** JSON with the members of a result and odd things inside. */
function resultLike(): fc.Arbitrary<unknown> {
  const word = fc.constantFrom("a", "b", "__proto__", "");
  const entry = fc.oneof(
    fc.record({ id: word, key: word, outcome: word, rows: fc.array(fc.record({ id: word })) }),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const list = fc.oneof(fc.array(entry, { maxLength: 3 }), word);
  const perimeter = fc.record({ id: word, decision: word, groups: list }, { requiredKeys: ["id"] });
  return fc.record(
    { checks: list, scenarios: list, perimeters: fc.array(fc.oneof(perimeter, entry), { maxLength: 2 }), gate: entry },
    { requiredKeys: [] },
  );
}
