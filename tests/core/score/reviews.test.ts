import { expect } from "chai";
import {
  type CheckResult,
  type Requirement,
  type ReviewState,
  type RowResult,
  SESSION_MODES,
  type SessionMode,
} from "../../../core/model/index.js";
import {
  judgeRow,
  reviewableProofs,
  reviewsOf,
  type ScoreAnswers,
  scorePerimeters,
} from "../../../core/score/index.js";
import { met, perimeterOf, proof, result, row } from "./support.js";

const STRICT: readonly SessionMode[] = ["rehearsal", "homologation"];

/** Agency's reviews as `proof: state`, all for the row INS.01. */
function judge(
  one: Requirement,
  checks: readonly CheckResult[],
  mode: SessionMode | undefined,
  proofs: ScoreAnswers["proofs"] = {},
  agency: Readonly<Record<string, ReviewState>> | null = null,
): RowResult {
  const reviews =
    agency && reviewsOf(Object.entries(agency).map(([id, state]) => ({ row: "INS.01", proof: id, state })));
  const answers: ScoreAnswers = { subProfiles: [], conditions: {}, proofs, reviews, ...(mode ? { mode } : {}) };
  return judgeRow(one, new Map(checks.map((check) => [check.id, check])), answers);
}

const demanding = (facts: Partial<Requirement> = {}) =>
  row("INS.01", { proofs: { ids: ["p"], kinds: ["documentation"] }, ...facts });

describe("reviews in a session", () => {
  describe("who is heard, on a proof that is demanded", () => {
    type Own = "accepted" | "refused" | undefined;
    type Line = readonly [Own, ReviewState | undefined, sandbox: RowResult["dossier"], strict: RowResult["dossier"]];
    const lines: readonly Line[] = [
      // candidate, agency, in a sandbox, in a rehearsal and a homologation
      [undefined, undefined, "to_review", "to_review"],
      ["accepted", undefined, "complete", "to_review"],
      ["refused", undefined, "owed", "to_review"],
      [undefined, "accepted", "complete", "complete"],
      [undefined, "refused", "owed", "owed"],
      [undefined, "complement", "to_review", "to_review"],
      ["accepted", "refused", "owed", "owed"],
      ["accepted", "complement", "to_review", "to_review"],
      ["refused", "accepted", "complete", "complete"],
    ];
    for (const [own, agency, sandbox, strict] of lines) {
      for (const mode of [undefined, ...SESSION_MODES]) {
        const expected = mode === undefined || mode === "sandbox" ? sandbox : strict;
        it(`candidate ${own ?? "silent"}, agency ${agency ?? "silent"}, ${mode ?? "no mode"}: ${expected}`, () => {
          const judged = judge(demanding(), [], mode, { p: proof(own) }, agency ? { p: agency } : null);
          expect(judged.dossier).to.equal(expected);
          const verdicts = { complete: "conform", to_review: "to_review", owed: "not_tested", none_demanded: "" };
          expect(judged.verdict).to.equal(verdicts[expected]);
        });
      }
    }

    it("an acceptance of what is not in the bundle, or has no file, is worth nothing", () => {
      for (const mode of SESSION_MODES) {
        expect(judge(demanding(), [], mode, {}, { p: "accepted" }).dossier).to.equal("owed");
        expect(judge(demanding(), [], mode, { p: { files: [] } }, { p: "accepted" }).dossier).to.equal("owed");
      }
    });

    it("an acceptance for another row is worth nothing here", () => {
      const reviews = reviewsOf([{ row: "INS.02", proof: "p", state: "accepted" }]);
      const answers: ScoreAnswers = {
        subProfiles: [],
        conditions: {},
        proofs: { p: proof() },
        mode: "homologation",
        reviews,
      };
      expect(judgeRow(demanding(), new Map(), answers).verdict).to.equal("to_review");
    });

    it("of two entries for one proof the last one counts", () => {
      const twice = [
        { row: "INS.01", proof: "p", state: "accepted" as const },
        { row: "INS.01", proof: "p", state: "refused" as const },
      ];
      expect(reviewsOf(twice).get("INS.01")?.get("p")).to.equal("refused");
    });

    it("is not led astray by a proof named as a member that every object has", () => {
      const odd = row("INS.01", { proofs: { ids: ["constructor"], kinds: [] } });
      expect(judge(odd, [], "sandbox").dossier).to.equal("owed");
    });
  });

  describe("what the software's adapter alone answers for", () => {
    const own = row("INS.01", { checks: ["a", "b"] });
    const answered = [met("a", "witnessed"), met("b", "answered")];

    it("is conform in a sandbox, as ever", () => {
      for (const mode of [undefined, "sandbox"] as const) {
        expect(judge(own, answered, mode)).to.include({ verdict: "conform", strength: "answered", reason: null });
      }
    });

    for (const mode of STRICT) {
      it(`awaits review in a ${mode}, and keeps its strength`, () => {
        expect(judge(own, answered, mode)).to.include({
          verdict: "to_review",
          strength: "answered",
          reason: "answered",
        });
      });

      type Line = readonly [
        string,
        Requirement,
        ScoreAnswers["proofs"],
        Record<string, ReviewState>,
        RowResult["verdict"],
      ];
      const two = { ...own, proofs: { ids: ["p", "q"], kinds: [] } };
      const both = { p: proof(), q: proof() };
      const lines: readonly Line[] = [
        ["a proof of the candidate's own judgement", own, { "INS.01": proof("accepted") }, {}, "to_review"],
        ["a proof under the id of the row, accepted", own, { "INS.01": proof() }, { "INS.01": "accepted" }, "conform"],
        ["… refused", own, { "INS.01": proof() }, { "INS.01": "refused" }, "to_review"],
        ["… a complement asked", own, { "INS.01": proof() }, { "INS.01": "complement" }, "to_review"],
        ["all proofs demanded, accepted", two, both, { p: "accepted", q: "accepted" }, "conform"],
        ["one of two demanded, accepted", two, both, { p: "accepted" }, "to_review"],
        ["one of two demanded, refused", two, both, { p: "accepted", q: "refused" }, "to_review"],
        [
          "proofs demanded and waiting, one under the id of the row accepted",
          two,
          { ...both, "INS.01": proof() },
          { "INS.01": "accepted" },
          "conform",
        ],
      ];
      for (const [name, one, proofs, agency, verdict] of lines) {
        it(`${mode}: ${name}: ${verdict}`, () => {
          expect(judge(one, answered, mode, proofs, agency)).to.include({ verdict, strength: "answered" });
        });
      }

      it(`${mode}: a stronger verdict needs no proof`, () => {
        for (const strength of ["witnessed", "produced"] as const) {
          expect(judge(row("INS.01", { checks: ["a"] }), [met("a", strength)], mode)).to.include({
            verdict: "conform",
            strength,
          });
        }
      });
    }
  });

  it("a review never changes what a machine saw", () => {
    for (const mode of SESSION_MODES) {
      for (const state of ["accepted", "refused", "complement"] as const) {
        const verdict = (outcome: CheckResult["outcome"]) =>
          judge(
            demanding({ checks: ["a"] }),
            [result("a", outcome, { strength: "answered" })],
            mode,
            { p: proof() },
            { p: state },
          ).verdict;
        expect(verdict("breached")).to.equal("not_conform");
        expect(verdict("error")).to.equal("undetermined");
        expect(verdict("unobserved")).to.equal("not_tested");
      }
    }
  });

  it("a row that does not apply stays so", () => {
    const outside = demanding({ profiles: ["Autre"] });
    expect(judge(outside, [], "homologation", { p: proof() }, { p: "accepted" })).to.include({
      verdict: "not_applicable",
      dossier: "none_demanded",
    });
  });

  it("the wave is owed until the answered row has its proof accepted", () => {
    const rows = [row("INS.01", { checks: ["a"] })];
    const decide = (mode: SessionMode, reviews: ScoreAnswers["reviews"]) =>
      scorePerimeters({
        perimeters: [perimeterOf(rows)],
        requirements: rows,
        checks: [met("a", "answered")],
        answers: { subProfiles: [], conditions: {}, proofs: { "INS.01": proof() }, mode, reviews: reviews ?? null },
      })[0];
    expect(decide("homologation", null)).to.include({ decision: "not_referencable", reason: "owed" });
    expect(decide("homologation", null)?.deciding.toReview).to.deep.equal(["INS.01"]);
    const accepted = reviewsOf([{ row: "INS.01", proof: "INS.01", state: "accepted" }]);
    expect(decide("homologation", accepted)).to.include({ decision: "referencable", reason: null });
    expect(decide("sandbox", null)).to.include({ decision: "referencable" });
  });
});

describe("the proofs an agency has to say something about", () => {
  const rows = [
    row("B.01", { proofs: { ids: ["z", "p", "absent"], kinds: [] } }),
    row("A.01", { level: "optional", proofs: { ids: ["p"], kinds: [] } }),
    row("C.01", { profiles: ["Autre"], proofs: { ids: ["p"], kinds: [] } }),
    row("D.01", { proofs: { ids: ["p"], kinds: [] } }),
  ];
  const answers: ScoreAnswers = {
    subProfiles: [],
    conditions: {},
    proofs: { p: proof(), z: proof("accepted"), "B.01": proof(), empty: { files: [] }, unknown: proof() },
  };

  it("are those supplied for rows of the perimeters that apply, by row then proof", () => {
    expect(reviewableProofs([perimeterOf(rows.slice(0, 3))], rows, answers)).to.deep.equal([
      { row: "A.01", proof: "p" },
      { row: "B.01", proof: "B.01" },
      { row: "B.01", proof: "p" },
      { row: "B.01", proof: "z" },
    ]);
  });

  it("are named once, whatever the number of perimeters", () => {
    const one = perimeterOf(rows.slice(3));
    expect(reviewableProofs([one, { ...one, id: "q" }], rows, answers)).to.deep.equal([{ row: "D.01", proof: "p" }]);
  });
});
