import { expect } from "chai";
import {
  type CheckResult,
  canonicalJson,
  type PerimeterResult,
  packageRoot,
  type Requirement,
  SuiteError,
  statedIn,
} from "../../../core/model/index.js";
import { openSchemas } from "../../../core/plan/index.js";
import { gateOfChecks, gateOfWaves, type ScoreAnswers, scorePerimeters } from "../../../core/score/index.js";
import { met, perimeterOf, proof, result, row } from "./support.js";

const NOTHING: ScoreAnswers = { subProfiles: [], conditions: {}, proofs: {} };

function score(
  rows: readonly Requirement[],
  checks: readonly CheckResult[],
  answers: Partial<ScoreAnswers> = {},
): PerimeterResult {
  const [one] = scorePerimeters({
    perimeters: [perimeterOf(rows)],
    requirements: rows,
    checks,
    answers: { ...NOTHING, ...answers },
  });
  if (!one) throw new Error("no result");
  return one;
}

const A = row("A.01", { checks: ["a"] });
const B = row("B.01", { checks: ["b"] });
/** As A, with ids that the schema admits. */
const NAMED = row("A.01", { checks: ["ins/a"] });
const PROOFS = { ids: ["A.01.01.01"], kinds: ["documentation"] };

describe("the decision of a wave", () => {
  type Line = readonly [
    string,
    readonly Requirement[],
    readonly CheckResult[],
    ScoreAnswers["proofs"],
    string,
    string | null,
  ];
  const lines: readonly Line[] = [
    ["all conform", [A, B], [result("a", "met"), result("b", "met")], {}, "referencable", null],
    [
      "a breach wins over an error",
      [A, B],
      [result("a", "breached"), result("b", "error")],
      {},
      "not_referencable",
      "breach",
    ],
    [
      "an error wins over what is owed",
      [A, B],
      [result("a", "unobserved"), result("b", "error")],
      {},
      "undetermined",
      "error",
    ],
    ["not tested is owed", [A, B], [result("a", "unobserved"), result("b", "met")], {}, "not_referencable", "owed"],
    [
      "awaiting review is owed",
      [row("A.01", { proofs: PROOFS })],
      [],
      { "A.01.01.01": proof() },
      "not_referencable",
      "owed",
    ],
    [
      "a machine verdict does not replace the proof owed",
      [row("A.01", { checks: ["a"], proofs: PROOFS })],
      [result("a", "met")],
      {},
      "not_referencable",
      "owed",
    ],
    [
      "nor the proof awaiting review",
      [row("A.01", { checks: ["a"], proofs: PROOFS })],
      [result("a", "met")],
      { "A.01.01.01": proof() },
      "not_referencable",
      "owed",
    ],
    [
      "both accepted",
      [row("A.01", { checks: ["a"], proofs: PROOFS })],
      [result("a", "met")],
      { "A.01.01.01": proof("accepted") },
      "referencable",
      null,
    ],
    [
      "an optional row decides nothing",
      [A, row("B.01", { level: "optional", checks: ["b"], proofs: PROOFS })],
      [result("a", "met"), result("b", "breached")],
      {},
      "referencable",
      null,
    ],
    [
      "a conditional row decides",
      [row("A.01", { level: "conditional", checks: ["a"] })],
      [result("a", "breached")],
      {},
      "not_referencable",
      "breach",
    ],
    [
      "a row of unknown level decides",
      [row("A.01", { level: "unknown", checks: ["a"] })],
      [result("a", "breached")],
      {},
      "not_referencable",
      "breach",
    ],
    [
      "a row that does not apply decides nothing",
      [A, row("B.01", { profiles: ["Sub"], checks: ["b"] })],
      [result("a", "met"), result("b", "breached")],
      {},
      "referencable",
      null,
    ],
  ];
  for (const [name, rows, checks, proofs, decision, reason] of lines) {
    it(name, () => expect(score(rows, checks, { proofs })).to.include({ decision, reason, basis: "working-draft" }));
  }

  it("names the rows that decide, by what they lack, sorted", () => {
    const rows = [
      row("E.01", { proofs: { ids: ["e"], kinds: [] } }),
      row("D.01", { checks: ["d"], proofs: { ids: ["d"], kinds: [] } }),
      row("C.01", { checks: ["c"] }),
      B,
      A,
      row("F.01", { level: "optional", checks: ["a"] }),
    ];
    const checks = [result("a", "breached"), result("b", "error"), result("c", "unobserved"), result("d", "met")];
    expect(score(rows, checks, { proofs: { e: proof(), d: proof() } }).deciding).to.deep.equal({
      notConform: ["A.01"],
      undetermined: ["B.01"],
      notTested: ["C.01"],
      toReview: ["D.01", "E.01"],
      dossierOwed: [],
    });
    expect(score(rows, checks).deciding.dossierOwed).to.deep.equal(["D.01", "E.01"]);
  });
});

describe("the score of a wave", () => {
  const rows = [
    row("A.01", { checks: ["a"], domain: "INS", proofs: { ids: ["p", "q"], kinds: [] } }),
    row("A.02", { domain: "INS", verification: "answered", proofs: { ids: ["r"], kinds: [] } }),
    row("B.01", { checks: ["b"], domain: "DMP", level: "unknown" }),
    row("B.02", { checks: ["a"], domain: "DMP", level: "optional" }),
    row("B.03", { domain: "DMP", verification: "demonstration", level: "conditional" }),
    row("B.04", { checks: ["a"], domain: "DMP", profiles: ["Sub"] }),
  ];
  const proofs = { p: proof("accepted"), q: proof(), r: proof("accepted") };
  const all = score(rows, [met("a", "witnessed"), result("b", "breached")], { proofs });

  it("counts conform among applicable mandatory rows, optional rows apart", () => {
    expect(all.score.all.mandatory).to.deep.equal({ conform: 2, total: 4 });
    expect(all.score.all.optional).to.deep.equal({ conform: 1, total: 1 });
  });

  it("counts as proved by machine only what a machine proved", () => {
    expect(all.score.all.machine).to.deep.equal({ proved: 2, provable: 4 });
  });

  it("counts proofs accepted among those demanded", () => {
    expect(all.score.all.proofs).to.deep.equal({ accepted: 2, demanded: 3 });
  });

  it("adds up over the domains", () => {
    expect(Object.keys(all.score.byDomain)).to.deep.equal(["DMP", "INS"]);
    expect(all.score.byDomain.DMP).to.deep.equal({
      mandatory: { conform: 0, total: 2 },
      machine: { proved: 1, provable: 2 },
      proofs: { accepted: 0, demanded: 0 },
      optional: { conform: 1, total: 1 },
    });
  });
});

describe("the result of a perimeter", () => {
  it("has the same bytes whatever the order of rows and checks", () => {
    const rows = [A, B, row("C.01", { checks: ["b", "a"] })];
    const checks = [result("a", "met"), result("b", "breached")];
    const one = canonicalJson(score(rows, checks));
    const perimeter = perimeterOf([...rows].reverse());
    const back = scorePerimeters({
      perimeters: [perimeter],
      requirements: [...rows].reverse(),
      checks: [...checks].reverse(),
      answers: NOTHING,
    });
    expect(canonicalJson(back[0])).to.equal(one);
  });

  it("fits the schema of result.json", () => {
    const validate = openSchemas(`${packageRoot()}/specs/schemas`).validator("result", "perimeter");
    const one = score([NAMED], [result("ins/a", "met")]);
    expect(validate(JSON.parse(canonicalJson(one))), JSON.stringify(validate.errors)).to.equal(true);
  });

  it("refuses a perimeter that names a row nobody loaded", () => {
    const call = () =>
      scorePerimeters({ perimeters: [perimeterOf([A])], requirements: [], checks: [], answers: NOTHING });
    expect(call).to.throw(SuiteError, /no row "A\.01"/);
  });
});

describe("the gates", () => {
  const planned = (outcome: CheckResult["outcome"]) => result("a", outcome);
  const state = (outcomes: readonly CheckResult["outcome"][], executed = true) =>
    gateOfChecks(outcomes.map(planned), executed).checks;

  it("checks: passes on met and inapplicable only", () => {
    expect(state(["met", "inapplicable"])).to.equal("passed");
    expect(state(["met", "unobserved"])).to.equal("unobserved");
    expect(state(["unobserved", "breached"])).to.equal("breach");
    expect(state(["breached", "error"])).to.equal("error");
  });

  it("checks: nothing executed, or nothing planned, is empty whatever the outcomes", () => {
    expect(state(["met"], false)).to.equal("empty");
    expect(state([])).to.equal("empty");
    expect(gateOfChecks([result("a", "met", { planned: false })], true).checks).to.equal("empty");
  });

  it("checks: counts planned checks by outcome, and the unplanned ones apart", () => {
    const gate = gateOfChecks([planned("met"), planned("error"), result("b", "unobserved", { planned: false })], true);
    expect(gate.counts).to.deep.equal({ met: 1, breached: 0, unobserved: 0, inapplicable: 0, error: 1 });
    expect(gate.unplanned).to.equal(1);
  });

  it("wave: passes only when every perimeter is referencable", () => {
    const good = score([A], [result("a", "met")]);
    const owed = score([A], []);
    const bad = score([A], [result("a", "breached")]);
    const unknown = score([A], [result("a", "error")]);
    expect(gateOfWaves([good, good])).to.equal("passed");
    expect(gateOfWaves([good, owed])).to.equal("unobserved");
    expect(gateOfWaves([owed, bad])).to.equal("breach");
    expect(gateOfWaves([bad, unknown])).to.equal("error");
    expect(gateOfWaves([])).to.equal("empty");
  });
});

describe("a row that states something else in a couloir", () => {
  const other = { fr: "autre", en: "other" };
  const varied = row("A.01", { checks: ["a"], variants: { "MDV/LGC": other }, proofs: PROOFS });
  const breached = [result("a", "breached")];
  const accepted = { proofs: { "A.01.01.01": proof("accepted") } };
  const rowOf = (result: PerimeterResult) => result.groups[0]?.rows[0];

  it("is judged by its proofs there, whatever its checks saw", () => {
    expect(rowOf(score([varied], breached))).to.include({ verdict: "not_tested", reason: "A.01.01.01", cause: null });
    expect(rowOf(score([varied], [result("a", "met")]))).to.include({ verdict: "not_tested", dossier: "owed" });
    expect(rowOf(score([varied], breached, accepted))).to.include({ verdict: "conform", strength: "reviewed" });
    expect(rowOf(score([varied], breached, accepted))?.checks).to.deep.equal([]);
  });

  it("is judged by its checks in the other couloirs, in the same run", () => {
    const [here, there] = scorePerimeters({
      perimeters: [perimeterOf([varied]), { ...perimeterOf([varied], "q"), couloir: "HOP/DPI" }],
      requirements: [varied],
      checks: breached,
      answers: { ...NOTHING, ...accepted },
    });
    expect([here?.decision, there?.decision]).to.deep.equal(["referencable", "not_referencable"]);
    expect(there?.deciding.notConform).to.deep.equal(["A.01"]);
  });

  it("has the title of the couloir, and no check but in part", () => {
    const named = { ...varied, how: { fr: "f", en: "e" }, supports: ["b"], messages: { a: ["m"] } };
    const { title, checks, supports, how, messages } = statedIn(named, "MDV/LGC");
    expect({ title, checks, supports, how, messages }).to.deep.equal({
      title: other,
      checks: [],
      supports: ["a", "b"],
      how: undefined,
      messages: undefined,
    });
    expect(statedIn(named, "HOP/DPI")).to.equal(named);
  });
});
