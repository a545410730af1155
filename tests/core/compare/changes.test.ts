import { expect } from "chai";
import { type Change, type Changes, changesBetween, type ComparedRuns } from "../../../core/compare/index.js";
import type { CheckResult, RowResult, RunResult } from "../../../core/model/index.js";
import { breached, check, row, sampleResult } from "./sample.js";

const OLD = "a".repeat(64);
const NEW = "b".repeat(64);

function withChecks(...checks: readonly CheckResult[]): RunResult {
  return sampleResult({ checks, perimeters: [] });
}

function withRows(...rows: readonly RowResult[]): RunResult {
  const [perimeter] = sampleResult().perimeters;
  if (!perimeter) throw new Error("no perimeter");
  return sampleResult({ checks: [], perimeters: [{ ...perimeter, groups: [{ id: "psc", rows }] }] });
}

/** Two runs judged by the present rules, in a world where only the evidence differs unless said otherwise. */
function compared(before: RunResult, after: RunResult, change: Partial<ComparedRuns> = {}): Changes {
  return changesBetween({
    before: { said: before, saidRules: NEW, now: before },
    after: { said: after, saidRules: NEW, now: after },
    crossed: { evidenceAfter: after, askedAfter: before },
    differs: { evidence: true, perimeter: false },
    ...change,
  });
}

function only(changes: Changes): Change<never> {
  const all = [...changes.checks, ...changes.rows, ...changes.decisions];
  expect(all).to.have.length(1);
  return all[0] as unknown as Change<never>;
}

describe("changesBetween", () => {
  const met = withChecks(check("psc/a"));
  const broken = withChecks(breached("psc/a", "wrong"));
  const unplanned = withChecks(check("psc/a", { planned: false, outcome: "unobserved", strength: null }));

  it("says nothing of two equal runs", () => {
    expect(compared(sampleResult(), sampleResult())).to.deep.equal({
      checks: [],
      rows: [],
      decisions: [],
      regression: false,
    });
  });

  it("names evidence when the same things were asked under the same rules", () => {
    const change = only(compared(met, broken));
    expect(change).to.include({ id: "psc/a", direction: "worse", regression: true, shown: true, perimeter: null });
    expect(change.causes).to.deep.equal(["evidence"]);
    expect(only(compared(broken, met))).to.include({ direction: "better", regression: false });
  });

  it("names perimeter when the same recording gives another answer because other things were asked", () => {
    const change = only(
      compared(met, unplanned, {
        crossed: { evidenceAfter: met, askedAfter: unplanned },
        differs: { evidence: false, perimeter: true },
      }),
    );
    expect(change).to.include({ direction: "vanished", regression: true });
    expect(change.causes).to.deep.equal(["perimeter"]);
  });

  it("names rules when only the rule set makes the difference, whichever side was judged by the older one", () => {
    const before = { said: met, saidRules: OLD, now: broken };
    const after = { said: broken, saidRules: NEW, now: broken };
    const crossed = { evidenceAfter: broken, askedAfter: broken };
    expect(only(compared(met, broken, { before, after, crossed })).causes).to.deep.equal(["rules"]);
    const turned = compared(broken, met, { before: after, after: before, crossed });
    expect(only(turned).causes).to.deep.equal(["rules"]);
  });

  it("names several causes together", () => {
    const unobserved = withChecks(check("psc/a", { outcome: "unobserved", reason: "no_exchange" }));
    const both = compared(met, broken, {
      before: { said: met, saidRules: OLD, now: unobserved },
      crossed: { evidenceAfter: broken, askedAfter: unobserved },
    });
    expect(only(both).causes).to.deep.equal(["evidence", "rules"]);
    // Neither asked nor recorded before: with one of the two alone it would not be there.
    const untested = withRows(row("PSC/1", { verdict: "not_tested" }));
    const conform = withRows(row("PSC/1"));
    const row1 = compared(untested, conform, {
      crossed: { evidenceAfter: untested, askedAfter: untested },
      differs: { evidence: true, perimeter: true },
    });
    expect(only(row1).causes).to.deep.equal(["evidence", "perimeter"]);
  });

  it("does not blame the rules when both results come from one older rule set", () => {
    const gone = compared(met, broken, {
      before: { said: met, saidRules: OLD, now: met },
      after: { said: broken, saidRules: OLD, now: met },
      crossed: { evidenceAfter: met, askedAfter: met },
    });
    expect(only(gone)).to.include({ shown: false, regression: true });
    expect(only(gone).causes).to.deep.equal(["evidence"]);
    const impossible = compared(met, broken, {
      before: { said: met, saidRules: OLD, now: met },
      after: { said: broken, saidRules: OLD, now: met },
      crossed: { evidenceAfter: met, askedAfter: met },
      differs: { evidence: false, perimeter: false },
    });
    expect(only(impossible).causes).to.deep.equal([]);
  });

  it("tells new and vanished checks, and calls a new one that fails a regression", () => {
    const none = withChecks();
    expect(only(compared(met, none))).to.include({ direction: "vanished", regression: true, after: null });
    expect(only(compared(none, met))).to.include({ direction: "new", regression: false, before: null });
    expect(only(compared(none, broken))).to.include({ direction: "new", regression: true });
    expect(only(compared(unplanned, broken))).to.include({ direction: "new", regression: true });
  });

  it("leaves out what no run planned, unless it saw a breach", () => {
    const seen = withChecks(check("psc/a", { planned: false }));
    expect(compared(unplanned, seen).checks).to.deep.equal([]);
    const bad = withChecks({ ...breached("psc/a", "wrong"), planned: false });
    expect(only(compared(unplanned, bad))).to.include({ direction: "worse", regression: true });
  });

  it("calls a breach by another message worse, by fewer messages better, another remark or strength neither", () => {
    expect(only(compared(broken, withChecks(breached("psc/a", "twice"))))).to.include({ direction: "worse" });
    expect(only(compared(withChecks(breached("psc/a", "twice", "wrong")), broken))).to.include({ direction: "better" });
    const weaker = withChecks(check("psc/a", { strength: "answered" }));
    expect(only(compared(met, weaker))).to.include({ direction: "other", regression: false });
    const inapplicable = withChecks(check("psc/a", { outcome: "inapplicable", reason: "not_concerned" }));
    expect(only(compared(met, inapplicable))).to.include({ direction: "other", regression: false });
  });

  it("ranks rows by verdict and dossier, and calls a row that no longer applies vanished", () => {
    const conform = withRows(row("PSC/1"));
    const direction = (change: Partial<RowResult>): string =>
      only(compared(conform, withRows(row("PSC/1", change)))).direction;
    expect(direction({ verdict: "not_conform" })).to.equal("worse");
    expect(direction({ verdict: "to_review" })).to.equal("worse");
    expect(direction({ dossier: "owed" })).to.equal("worse");
    expect(direction({ verdict: "not_applicable", dossier: "none_demanded" })).to.equal("vanished");
    expect(direction({ strength: "answered" })).to.equal("other");
    const change = only(compared(withRows(row("PSC/1", { verdict: "not_tested", dossier: "complete" })), conform));
    expect(change).to.include({ direction: "better", perimeter: "one", id: "PSC/1" });
    const traded = compared(
      withRows(row("PSC/1", { verdict: "not_tested" })),
      withRows(row("PSC/1", { verdict: "conform", dossier: "owed" })),
    );
    expect(only(traded)).to.include({ direction: "worse" });
  });

  it("tells the decision of a perimeter, and one that vanished", () => {
    const [perimeter] = sampleResult().perimeters;
    if (!perimeter) throw new Error("no perimeter");
    const owed = sampleResult({ checks: [], perimeters: [{ ...perimeter, reason: "owed" }] });
    const breach = sampleResult({ checks: [], perimeters: [perimeter] });
    const good = sampleResult({ checks: [], perimeters: [{ ...perimeter, decision: "referencable", reason: null }] });
    expect(compared(owed, breach).decisions[0]).to.include({ id: "one", direction: "worse", perimeter: null });
    expect(compared(owed, good).decisions[0]).to.include({ direction: "better", regression: false });
    expect(compared(good, owed).decisions[0]).to.include({ direction: "worse", regression: true });
    expect(compared(good, sampleResult({ checks: [], perimeters: [] })).decisions[0]).to.include({
      direction: "vanished",
    });
  });

  it("sorts what got worse first, then what vanished", () => {
    const before = withChecks(check("psc/a"), check("psc/b"), breached("psc/c", "wrong"));
    const after = withChecks(breached("psc/b", "wrong"), check("psc/c"), check("psc/d"));
    expect(compared(before, after).checks.map((one) => `${one.direction} ${one.id}`)).to.deep.equal([
      "worse psc/b",
      "vanished psc/a",
      "new psc/d",
      "better psc/c",
    ]);
  });

  it("stays whole on a result of odd shape", () => {
    const odd = { checks: [null, 1, { id: 3 }, { id: "psc/a", findings: "no" }], perimeters: { id: "x" } };
    const found = compared(met, met, { before: { said: odd, saidRules: OLD, now: met } });
    expect(only(found)).to.include({ id: "psc/a", direction: "new" });
  });
});
