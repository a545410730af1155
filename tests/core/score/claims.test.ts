import { expect } from "chai";
import {
  CLAIMED,
  judgeRow,
  reviewableProofs,
  reviewsOf,
  type ScoreAnswers,
  scorePerimeters,
} from "../../../core/score/index.js";
import { perimeterOf, proof, result, row } from "./support.js";

const NOTHING: ScoreAnswers = { subProfiles: [], conditions: {}, alternatives: {}, proofs: {} };
const review = (state: "accepted" | "refused") => ({ state, by: "a person", on: "2026-11-22" });
const claim = (state?: "accepted" | "refused") => ({
  notApplicable: { A: { justification: "no such screen", ...(state ? { review: review(state) } : {}) } },
});
const demanding = row("A", { proofs: { ids: ["A.01.01"], kinds: ["documentation"] } });
const checked = row("A", { checks: ["a"] });

describe("a row that the candidate says does not apply", () => {
  const judge = (answers: Partial<ScoreAnswers>, one = demanding, outcome: "met" | "breached" | "error" = "met") =>
    judgeRow(one, new Map([["a", result("a", outcome)]]), { ...NOTHING, ...answers });

  it("waits for a review", () => {
    expect(judge(claim())).to.include({ verdict: "to_review", reason: CLAIMED, justification: "no such screen" });
  });

  it("does not apply once accepted, and owes nothing", () => {
    const judged = judge(claim("accepted"));
    expect(judged).to.include({ verdict: "not_applicable", reason: CLAIMED, dossier: "none_demanded" });
    expect(judged.proofs.owed).to.deep.equal([]);
  });

  it("is judged as any other once refused", () => {
    expect(judge(claim("refused"))).to.include({ verdict: "not_tested", reason: "A.01.01", dossier: "owed" });
  });

  it("hides no breach, accepted or not", () => {
    expect(judge(claim("accepted"), checked, "breached").verdict).to.equal("not_conform");
    expect(judge(claim(), checked, "breached").verdict).to.equal("not_conform");
  });

  it("hides no error of ours", () => {
    expect(judge(claim("accepted"), checked, "error").verdict).to.equal("undetermined");
  });

  it("changes nothing of a row that conforms while it waits", () => {
    expect(judge(claim(), checked).verdict).to.equal("conform");
  });

  for (const mode of ["rehearsal", "homologation"] as const) {
    it(`is heard from an agency only, in a ${mode}`, () => {
      expect(judge({ ...claim("accepted"), mode }).verdict).to.equal("to_review");
      const said = (state: "accepted" | "refused") => reviewsOf([{ row: "A", proof: CLAIMED, state }]);
      expect(judge({ ...claim(), mode, reviews: said("accepted") }).verdict).to.equal("not_applicable");
      expect(judge({ ...claim("accepted"), mode, reviews: said("refused") }).verdict).to.equal("not_tested");
    });
  }

  it("is something an agency has to say something about", () => {
    const perimeter = perimeterOf([demanding]);
    const answers = { ...NOTHING, ...claim(), proofs: { "A.01.01": proof() } };
    expect(reviewableProofs([perimeter], [demanding], answers)).to.deep.equal([
      { row: "A", proof: "A.01.01" },
      { row: "A", proof: CLAIMED },
    ]);
  });

  it("is not what a word such as constructor names", () => {
    expect(judgeRow(row("constructor"), new Map(), { ...NOTHING, notApplicable: {} }).verdict).to.equal("not_tested");
  });
});

describe("a proof that a rule blocks", () => {
  it("is owed, whoever accepted it, and turns the decision", () => {
    const answers = { ...NOTHING, proofs: { "A.01.01": proof("accepted") } };
    const decided = (blocked: ReadonlySet<string>) =>
      scorePerimeters({
        perimeters: [perimeterOf([demanding])],
        requirements: [demanding],
        checks: [],
        answers: { ...answers, blocked },
      })[0];
    expect(decided(new Set())?.decision).to.equal("referencable");
    expect(decided(new Set(["A.01.01"]))).to.include({ decision: "not_referencable", reason: "owed" });
    expect(decided(new Set(["other"]))?.decision).to.equal("referencable");
  });
});
