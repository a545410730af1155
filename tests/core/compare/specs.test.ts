import { expect } from "chai";
import { compareJudged, compareSpecs, type SpecsSide } from "../../../core/compare/index.js";
import type { Couloir, Perimeter, PerimeterResult, Requirement, RowResult } from "../../../core/model/index.js";

const key = (id: string): string => id.replace(/^SC\./, "").toUpperCase().replaceAll("_", "-");

function row(id: string, more: Partial<Requirement> = {}): Requirement {
  return {
    id,
    aliases: [],
    wave: "2",
    domain: "MSS",
    couloirs: ["MDV/LGC"],
    obsoleteFor: [],
    profiles: ["Général"],
    level: "mandatory",
    title: { fr: `Exigence ${id}`, en: `Requirement ${id}` },
    verification: "observed",
    services: [],
    scenarios: [`${id}.01`],
    proofs: { ids: [`${id}.01.01`], kinds: ["attestation"] },
    checks: ["mss/subject"],
    supports: [],
    source: "https://example.invalid/",
    confidence: "verified",
    ...more,
  };
}

function side(requirements: readonly Requirement[], couloir: Couloir = "MDV/LGC"): SpecsSide {
  const text = { fr: "x", en: "x" };
  const perimeter: Perimeter = {
    id: "p",
    couloir,
    wave: "2",
    title: text,
    frozen: "2026-01-01",
    basis: "b",
    basisNote: text,
    knownGap: text,
    subProfiles: [],
    groups: [{ id: "g", title: text, rows: requirements.map(({ id }) => id) }],
  };
  return { perimeter, requirements };
}

const compare = (before: readonly Requirement[], after: readonly Requirement[]) =>
  compareSpecs(side(before), side(after), key);

describe("two lists of requirements compared", () => {
  it("finds nothing between a list and itself, whatever the order", () => {
    const [a, b] = [row("A.1", { profiles: ["x", "y"] }), row("B.1")];
    const found = compare([a, b], [b, { ...a, profiles: ["y", "x"] }]);
    expect(found).to.deep.equal({ added: [], removed: [], changed: [], moved: [], unchanged: 2, statementUnknown: 0 });
  });

  it("names rows added and removed, by id", () => {
    const found = compare([row("A.1"), row("C.1"), row("B.1")], [row("A.1"), row("D.1", { level: "optional" })]);
    expect(found.added.map(({ id, level }) => [id, level])).to.deep.equal([["D.1", "optional"]]);
    expect(found.removed.map(({ id }) => id)).to.deep.equal(["B.1", "C.1"]);
    expect(found.unchanged).to.equal(1);
  });

  const changes: readonly (readonly [string, Partial<Requirement>])[] = [
    ["title", { title: { fr: "Autre", en: "Requirement A.1" } }],
    ["level", { level: "optional" }],
    ["profiles", { profiles: ["Général", "IAM"] }],
    ["condition", { condition: "hosting-or-saas" }],
    ["verification", { verification: "artifact" }],
    ["scenarios", { scenarios: ["A.1.02"] }],
    ["proofs", { proofs: { ids: ["A.1.01.02"], kinds: ["attestation"] } }],
    ["proofKinds", { proofs: { ids: ["A.1.01.01"], kinds: [] } }],
    ["checks", { checks: [] }],
    ["supports", { supports: ["mss/message-id"] }],
    ["messages", { messages: { "mss/subject": ["m"] } }],
  ];
  for (const [aspect, change] of changes) {
    it(`tells that ${aspect} changed, and nothing else`, () => {
      const found = compare([row("A.1")], [row("A.1", change)]);
      expect(found.changed.map(({ id }) => id)).to.deep.equal(["A.1"]);
      expect(found.changed[0]?.changes.map((one) => one.aspect)).to.deep.equal([aspect]);
      expect(found.unchanged).to.equal(0);
    });
  }

  it("takes what the couloir of the perimeter states", () => {
    const variants = { "MDV/LGC": { fr: "Autre énoncé", en: "Another statement" } };
    const found = compare([row("A.1")], [row("A.1", { variants })]);
    const aspects = found.changed[0]?.changes.map((one) => one.aspect);
    expect(aspects).to.deep.equal(["title", "checks", "supports", "variant"]);
    const elsewhere = compareSpecs(side([row("A.1")], "HOP/DPI"), side([row("A.1", { variants })], "HOP/DPI"), key);
    expect(elsewhere.changed).to.deep.equal([]);
  });

  it("compares official statements where both sides have one, and says where only one does", () => {
    const stated = (statement: string) => row("A.1", { register: { statement } });
    const changed = compare([stated("Le système DOIT dire A.")], [stated("Le système DOIT dire B.")]);
    expect(changed.changed[0]?.changes).to.deep.equal([
      { aspect: "statement", before: "Le système DOIT dire A.", after: "Le système DOIT dire B." },
    ]);
    expect(compare([stated("Dire  A.\n")], [stated("Dire A.")]).unchanged).to.equal(1);
    const half = compare([row("A.1")], [stated("Le système DOIT dire A.")]);
    expect(half).to.include({ unchanged: 1, statementUnknown: 1 });
  });

  describe("follows a row to another id", () => {
    const moves: readonly (readonly [string, Requirement, Requirement, string])[] = [
      ["by an alias of the newer", row("A.1"), row("B.1", { aliases: ["SC.A.1"] }), "alias"],
      ["by an alias of the older", row("A.1", { aliases: ["B.1"] }), row("B.1"), "alias"],
      ["by another spelling", row("VI_SO.1"), row("VI-SO.1"), "alias"],
      ["by what it replaces", row("SSI/GEN.18"), row("PSC.14", { register: { replaces: ["SSI/GEN.18"] } }), "register"],
      ["by what replaced it", row("SSI/GEN.18", { register: { replaced_by: "SC.PSC.14" } }), row("PSC.14"), "register"],
      [
        "by its wave 1 number",
        row("INS.37", { wave: "1" }),
        row("INS/va1.53", { wave: "1", legacyIds: { "MDV/LGC": "INS.37" } }),
        "legacy",
      ],
    ];
    for (const [how, before, after, by] of moves) {
      it(how, () => {
        const found = compare([before], [after]);
        expect(found.moved.map((move) => [move.from, move.to, move.by])).to.deep.equal([[before.id, after.id, by]]);
        expect([found.added, found.removed]).to.deep.equal([[], []]);
      });
    }

    it("tells what changed with it", () => {
      const after = row("B.1", { aliases: ["A.1"], level: "optional" });
      const aspects = compare([row("A.1")], [after]).moved[0]?.changes.map((one) => one.aspect);
      expect(aspects).to.include.members(["title", "level", "scenarios", "proofs"]);
    });

    it("not by a wave 1 number of another couloir, nor in another wave", () => {
      const after = row("INS/va1.53", { wave: "1", legacyIds: { "HOP/DPI": "INS.37" } });
      expect(compare([row("INS.37", { wave: "1" })], [after]).moved).to.deep.equal([]);
      const own = { ...after, legacyIds: { "MDV/LGC": "INS.37" } };
      expect(compare([row("INS.37", { wave: "2" })], [own]).moved).to.deep.equal([]);
    });

    it("tells a row that was split, and one that went into a row both sides have", () => {
      const split = compare([row("A.1")], [row("B.1", { aliases: ["A.1"] }), row("C.1", { aliases: ["A.1"] })]);
      expect(split.moved.map((move) => move.to)).to.deep.equal(["B.1", "C.1"]);
      const into = compare([row("A.1"), row("B.1")], [row("B.1", { register: { replaces: "A.1" } })]);
      expect(into.removed.map(({ id, related }) => [id, related])).to.deep.equal([["A.1", ["B.1"]]]);
    });
  });
});

describe("one run under two lists", () => {
  const judged = (id: string, more: Partial<RowResult> = {}): RowResult => ({
    id,
    level: "mandatory",
    verdict: "conform",
    reason: null,
    strength: "witnessed",
    dossier: "none_demanded",
    proofs: { accepted: [], toReview: [], owed: [] },
    checks: [],
    cause: null,
    justification: null,
    ...more,
  });
  const zero = { conform: 0, total: 0 };
  const result = (rows: readonly RowResult[], more: Partial<PerimeterResult> = {}): PerimeterResult => ({
    id: "p",
    couloir: "MDV/LGC",
    wave: "2",
    basis: "b",
    decision: "referencable",
    reason: null,
    deciding: { notConform: [], undetermined: [], notTested: [], toReview: [], dossierOwed: [] },
    groups: [{ id: "g", rows }],
    score: {
      all: {
        mandatory: zero,
        optional: zero,
        machine: { proved: 0, provable: 0 },
        proofs: { accepted: 0, demanded: 0 },
      },
      byDomain: {},
    },
    ...more,
  });

  it("tells verdicts, dossiers, reasons and levels that turn, and no others", () => {
    const before = result([judged("A.1"), judged("B.1"), judged("C.1"), judged("D.1"), judged("E.1")]);
    const after = result([
      judged("A.1"),
      judged("B.1", { verdict: "not_tested", reason: "B.1.01.01" }),
      judged("C.1", { dossier: "owed" }),
      judged("D.1", { level: "optional" }),
      judged("E.1", { strength: "answered" }),
    ]);
    const found = compareJudged(before, after, []);
    expect(found.rows.map(({ from }) => from)).to.deep.equal(["B.1", "C.1", "D.1"]);
    expect(found.rows[0]?.after).to.deep.include({ verdict: "not_tested", reason: "B.1.01.01" });
    expect(found.decision.changes).to.equal(false);
  });

  it("follows moved rows, and keeps the lone ones apart", () => {
    const before = result([judged("A.1"), judged("GONE.1")]);
    const after = result([judged("B.1", { verdict: "not_conform" }), judged("NEW.1", { verdict: "not_tested" })]);
    const found = compareJudged(before, after, [{ from: "A.1", to: "B.1" }]);
    expect(found.rows.map(({ from, to }) => [from, to])).to.deep.equal([["A.1", "B.1"]]);
    expect(found.added.map(({ id, verdict }) => [id, verdict])).to.deep.equal([["NEW.1", "not_tested"]]);
    expect(found.removed.map(({ id }) => id)).to.deep.equal(["GONE.1"]);
  });

  it("tells a decision that turns", () => {
    const found = compareJudged(result([]), result([], { decision: "not_referencable", reason: "owed" }), []);
    expect(found.decision).to.deep.include({ changes: true });
    expect(found.decision.after).to.include({ decision: "not_referencable", reason: "owed" });
  });
});
