import { expect } from "chai";
import type { CheckResult, Requirement, RowResult } from "../../../core/model/index.js";
import { judgeRow, type ScoreAnswers } from "../../../core/score/index.js";
import { met, proof, result, row } from "./support.js";

const NOTHING: ScoreAnswers = { subProfiles: [], conditions: {}, alternatives: {}, proofs: {} };

function judge(one: Requirement, checks: readonly CheckResult[], answers: Partial<ScoreAnswers> = {}): RowResult {
  return judgeRow(one, new Map(checks.map((check) => [check.id, check])), { ...NOTHING, ...answers });
}

/** A row served by checks a, b, c. */
const served = (facts: Partial<Requirement> = {}) => row("INS.01", { checks: ["c", "a", "b"], ...facts });
const proofs = (...ids: string[]) => ({ ids, kinds: ["documentation"] });

describe("the verdict of a row", () => {
  describe("by its checks, first match wins", () => {
    type Line = readonly [string, readonly CheckResult[], Partial<RowResult>];
    const lines: readonly Line[] = [
      [
        "one breach wins over everything else",
        [result("a", "error"), result("b", "breached"), result("c", "met")],
        { verdict: "not_conform", reason: "b", strength: "witnessed", cause: "software" },
      ],
      [
        "an error wins over what was not observed",
        [result("a", "unobserved"), result("b", "error", { cause: "suite" }), result("c", "met")],
        { verdict: "undetermined", reason: "b", strength: null, cause: "suite" },
      ],
      [
        "one unobserved check leaves the row untested",
        [result("a", "met"), result("b", "met"), result("c", "unobserved")],
        { verdict: "not_tested", reason: "c", strength: null },
      ],
      [
        "a check without a result was not observed",
        [result("a", "met"), result("b", "met")],
        { verdict: "not_tested", reason: "c" },
      ],
      [
        "all met is conform",
        [result("a", "met"), result("b", "met"), result("c", "met")],
        { verdict: "conform", reason: null },
      ],
      [
        "met and inapplicable is conform",
        [result("a", "inapplicable"), result("b", "met"), result("c", "inapplicable")],
        { verdict: "conform", reason: null, strength: "witnessed" },
      ],
      [
        "all inapplicable proves nothing",
        [result("a", "inapplicable"), result("b", "inapplicable"), result("c", "inapplicable")],
        { verdict: "not_tested", reason: "inapplicable", strength: null },
      ],
      ["nothing at all is not tested", [], { verdict: "not_tested", reason: "a" }],
    ];
    for (const [name, checks, expected] of lines) {
      it(name, () => expect(judge(served(), checks)).to.include(expected));
    }

    it("takes from a check the run did not plan a breach or an error, nothing else", () => {
      const one = row("INS.01", { checks: ["a", "b"] });
      const verdict = (outcome: CheckResult["outcome"]) =>
        judge(one, [result("a", outcome, { planned: false }), result("b", "met")]).verdict;
      expect(verdict("met")).to.equal("not_tested");
      expect(verdict("inapplicable")).to.equal("not_tested");
      expect(verdict("breached")).to.equal("not_conform");
      expect(verdict("error")).to.equal("undetermined");
    });

    it("follows only the messages that bear on the row, where the row names them", () => {
      const one = row("INS.01", { checks: ["a", "b"], messages: { a: ["mine"] } });
      const breached = (...messages: string[]) => {
        const finding = (message: string) => ({ check: "a", message, weight: "breach", slots: {}, at: {} }) as const;
        return [result("a", "breached", { findings: messages.map(finding) }), result("b", "met")];
      };
      expect(judge(one, breached("other", "mine"))).to.include({ verdict: "not_conform", reason: "a" });
      expect(judge(one, breached("other"))).to.include({ verdict: "not_tested", reason: "a", cause: null });
      expect(judge({ ...one, messages: { a: [] } }, breached("mine")).verdict).to.equal("not_tested");
      expect(judge({ ...one, messages: { b: [] } }, breached("mine")).verdict).to.equal("not_conform");
      expect(judge(one, [result("a", "met"), result("b", "met")]).verdict).to.equal("conform");
    });

    it("is not changed by remarks", () => {
      const remark = { check: "a", message: "m", weight: "remark", slots: {}, at: { exchange: "x1" } } as const;
      const checks = [result("a", "met", { findings: [remark] }), result("b", "met"), result("c", "met")];
      expect(judge(served(), checks).verdict).to.equal("conform");
    });

    it("is not given by a check that only supports the row", () => {
      const one = row("INS.01", { supports: ["a"] });
      expect(judge(one, [result("a", "met")])).to.include({ verdict: "not_tested", reason: "no_check" });
      expect(judge(one, [result("a", "breached")])).to.include({ verdict: "not_tested", reason: "no_check" });
    });

    it("names the cause the vendor can mend first", () => {
      const checks = [
        result("a", "breached", { cause: "configuration" }),
        result("b", "breached", { cause: "software" }),
        result("c", "breached", { cause: "suite" }),
      ];
      expect(judge(served(), checks)).to.include({ reason: "a", cause: "software" });
    });
  });

  describe("by its proofs, when no check speaks", () => {
    type Line = readonly [string, Requirement, ScoreAnswers["proofs"], Partial<RowResult>];
    const two = row("INS.01", { verification: "declared", proofs: proofs("INS.01.01.01", "INS.01.01.02") });
    const kindOnly = row("INS.01", { verification: "declared", proofs: { ids: [], kinds: ["attestation"] } });
    const bare = row("INS.01", {
      verification: "demonstration",
      excluded: { fr: "personne ne sait", en: "nobody can tell" },
    });
    const lines: readonly Line[] = [
      ["absent", two, {}, { verdict: "not_tested", reason: "INS.01.01.01", dossier: "owed" }],
      [
        "one absent, one awaiting review",
        two,
        { "INS.01.01.01": proof() },
        { verdict: "not_tested", reason: "INS.01.01.02", dossier: "owed" },
      ],
      [
        "one accepted, one awaiting review",
        two,
        { "INS.01.01.01": proof("accepted"), "INS.01.01.02": proof() },
        { verdict: "to_review", reason: "INS.01.01.02", dossier: "to_review" },
      ],
      [
        "refused is as good as absent",
        two,
        { "INS.01.01.01": proof("accepted"), "INS.01.01.02": proof("refused") },
        { verdict: "not_tested", reason: "INS.01.01.02", dossier: "owed" },
      ],
      [
        "all accepted",
        two,
        { "INS.01.01.01": proof("accepted"), "INS.01.01.02": proof("accepted") },
        { verdict: "conform", reason: "INS.01.01.01", strength: "reviewed", dossier: "complete" },
      ],
      [
        "a proof without an official id is owed under the id of the row",
        kindOnly,
        {},
        { verdict: "not_tested", reason: "INS.01", dossier: "owed" },
      ],
      [
        "and accepted under it",
        kindOnly,
        { "INS.01": proof("accepted") },
        { verdict: "conform", strength: "reviewed", dossier: "complete" },
      ],
      ["excluded", bare, {}, { verdict: "not_tested", reason: "excluded", dossier: "none_demanded" }],
      [
        "excluded, with a proof nobody demanded",
        bare,
        { "INS.01": proof("accepted") },
        { verdict: "conform", strength: "reviewed", dossier: "none_demanded" },
      ],
      [
        "excluded, with such a proof awaiting review",
        bare,
        { "INS.01": proof() },
        { verdict: "to_review", dossier: "none_demanded" },
      ],
    ];
    for (const [name, one, supplied, expected] of lines) {
      it(name, () => expect(judge(one, [], { proofs: supplied })).to.include(expected));
    }

    it("also when all checks were inapplicable", () => {
      const one = row("INS.01", { checks: ["a"], proofs: proofs("p") });
      const checks = [result("a", "inapplicable")];
      expect(judge(one, checks)).to.include({ verdict: "not_tested", reason: "p" });
      expect(judge(one, checks, { proofs: { p: proof("accepted") } })).to.include({
        verdict: "conform",
        strength: "reviewed",
      });
    });

    it("never over a breach, an error or an unobserved check", () => {
      const one = row("INS.01", { checks: ["a"], proofs: proofs("p") });
      const answers = { proofs: { p: proof("accepted") } };
      expect(judge(one, [result("a", "breached")], answers).verdict).to.equal("not_conform");
      expect(judge(one, [result("a", "error")], answers).verdict).to.equal("undetermined");
      expect(judge(one, [result("a", "unobserved")], answers).verdict).to.equal("not_tested");
    });
  });

  describe("dossier, apart from the verdict", () => {
    it("is still owed when a machine says conform", () => {
      const one = judge(row("INS.01", { checks: ["a"], proofs: proofs("p", "q") }), [result("a", "met")], {
        proofs: { p: proof() },
      });
      expect(one).to.include({ verdict: "conform", strength: "witnessed", dossier: "owed" });
      expect(one.proofs).to.deep.equal({ accepted: [], toReview: ["p"], owed: ["q"] });
    });

    it("is complete beside a breach", () => {
      const one = row("INS.01", { checks: ["a"], proofs: proofs("p") });
      const judged = judge(one, [result("a", "breached")], { proofs: { p: proof("accepted") } });
      expect(judged).to.include({ verdict: "not_conform", dossier: "complete" });
    });

    it("demands only the proofs of the scenario the candidate took, where scenarios are alternatives", () => {
      const one = row("PSC.01", {
        scenarios: ["PSC.01.01", "PSC.01.02", "PSC.01.04"],
        oneOfScenarios: true,
        proofs: proofs("PSC.01.01.01", "PSC.01.04.01", "PSC.01.04.02"),
      });
      const owed = (alternatives: Record<string, string>) => judge(one, [], { alternatives }).proofs.owed;
      expect(owed({})).to.deep.equal(["PSC.01.01.01", "PSC.01.04.01", "PSC.01.04.02"]);
      expect(owed({ "PSC.01": "PSC.01.01" })).to.deep.equal(["PSC.01.01.01"]);
      expect(owed({ "PSC.01": "PSC.01.04" })).to.deep.equal(["PSC.01.04.01", "PSC.01.04.02"]);
      // The source lists no proof for that one: the row's own id stands for it.
      expect(owed({ "PSC.01": "PSC.01.02" })).to.deep.equal(["PSC.01"]);
    });
  });

  describe("strength, the weakest link", () => {
    it("is the weakest of the checks that are met", () => {
      const one = row("INS.01", { checks: ["a", "b", "c"] });
      expect(judge(one, [met("a", "witnessed"), met("b", "produced"), met("c", "witnessed")]).strength).to.equal(
        "produced",
      );
      expect(judge(one, [met("a", "answered"), met("b", "produced"), met("c", "witnessed")]).strength).to.equal(
        "answered",
      );
      expect(judge(one, [met("a", "witnessed"), met("b", "witnessed"), met("c", "witnessed")]).strength).to.equal(
        "witnessed",
      );
    });

    it("counts no check that was inapplicable", () => {
      const one = row("INS.01", { checks: ["a", "b"] });
      const checks = [met("a", "witnessed"), result("b", "inapplicable", { strength: "answered" })];
      expect(judge(one, checks).strength).to.equal("witnessed");
    });
  });

  describe("applicability", () => {
    const breach = [result("a", "breached")];
    const one = (facts: Partial<Requirement>) => row("INS.01", { checks: ["a"], proofs: proofs("p"), ...facts });

    it("a row of an undeclared sub-profile does not apply, whatever was observed", () => {
      const judged = judge(one({ profiles: ["BAL PER-ORG"] }), breach, { subProfiles: ["Autre"] });
      expect(judged).to.deep.include({
        verdict: "not_applicable",
        reason: "profile",
        justification: "subProfiles: [Autre]",
        strength: null,
        cause: null,
        dossier: "none_demanded",
        proofs: { accepted: [], toReview: [], owed: [] },
      });
    });

    it("it applies when one of its profiles is declared, general, or unknown", () => {
      const applies = (profiles: readonly string[], subProfiles: readonly string[] = []) =>
        judge(one({ profiles }), breach, { subProfiles }).verdict === "not_conform";
      expect(applies(["BAL PER-ORG"], ["BAL PER-ORG"])).to.equal(true);
      expect(applies(["BAL PER-ORG", "Général"])).to.equal(true);
      expect(applies(["unknown"])).to.equal(true);
      expect(applies([])).to.equal(true);
      expect(applies(["BAL PER-ORG", "unknown"])).to.equal(false);
    });

    it("a condition answered no takes the row out, with its justification", () => {
      const conditions = { hosted: { applies: false, justification: "on site only" } };
      expect(judge(one({ condition: "hosted" }), breach, { conditions })).to.include({
        verdict: "not_applicable",
        reason: "condition:hosted",
        justification: "on site only",
      });
    });

    it("a condition answered yes, or not at all, leaves the row in", () => {
      const hosted = one({ condition: "hosted" });
      expect(judge(hosted, breach, { conditions: { hosted: { applies: true } } }).verdict).to.equal("not_conform");
      expect(judge(hosted, breach).verdict).to.equal("not_conform");
      const other = { other: { applies: false, justification: "x" } };
      expect(judge(hosted, breach, { conditions: other }).verdict).to.equal("not_conform");
    });
  });
});
