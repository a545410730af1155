/** What an agency decides from: the result it recomputed, and what its reviewers said of the proofs. */
import type { PerimeterResult, ProofOfRow, ReviewedProof, RunResult } from "../core/model/index.js";
import { reviewableProofs, reviewsOf, type ScoreAnswers, scorePerimeters } from "../core/score/index.js";
import { Refusal } from "../core/seal/refusal.js";
import { answersOf } from "./judgement.js";
import type { RunMeta } from "./run-folder.js";
import type { Suite } from "./suite.js";

export interface DecisionInput {
  /** What judging the evidence again gave; never what the candidate claims. */
  readonly result: RunResult;
  readonly meta: RunMeta;
  /** Opened with the rule pack of the run, if it has one: `suite.ruleSet === result.ruleSet`. */
  readonly suite: Suite;
  /**
   * Entries of the signed reviews, the latest per row and proof (`ReviewLog.entries`); empty = none beside the bundle. `on`: when the
   * agency said it.
   */
  readonly reviews: readonly (ReviewedProof & { readonly on?: string })[];
}

export interface AgencyDecision {
  /** The perimeters of the result, scored again with the reviews. `decision` of each is the agency's. */
  readonly perimeters: readonly PerimeterResult[];
  /** True when every proof supplied for an applicable row is accepted or refused: nothing waits, no complement is out. */
  readonly complete: boolean;
  /** Proofs nobody has said anything about yet. */
  readonly waiting: readonly ProofOfRow[];
  /** Proofs for which the candidate was asked for more. */
  readonly complements: readonly ProofOfRow[];
}

/**
 * The decision of each perimeter with the agency's reviews. Checks are not played again, and a review never changes what they
 * saw: it accepts or refuses proofs, which the tables of docs/requirements.md weigh beside the verdicts. Outside the sandbox
 * the candidate's own reviews count for nothing.
 *
 * Pure. Throws Refusal `review_stray` when a review is about a proof that is not there or bears on nothing.
 */
export function decideWithReviews({ result, meta, suite, reviews }: DecisionInput): AgencyDecision {
  const { perimeters, requirements } = suite.specs;
  const judged = result.perimeters.flatMap(({ id }) => perimeters.find((perimeter) => perimeter.id === id) ?? []);
  const answers: ScoreAnswers = { ...answersOf(meta, suite, daysOf(reviews)), reviews: reviewsOf(reviews) };
  const reviewable = reviewableProofs(judged, requirements, answers);
  const known = new Set(reviewable.map(nameOf));
  const stray = reviews.find((review) => !known.has(nameOf(review)));
  if (stray) throw new Refusal("review_stray", `${stray.row}:${stray.proof}`);
  const states = new Map(reviews.map((review) => [nameOf(review), review.state]));
  const waiting = reviewable.filter((one) => !states.has(nameOf(one)));
  const complements = reviewable.filter((one) => states.get(nameOf(one)) === "complement");
  return {
    perimeters: scorePerimeters({ perimeters: judged, requirements, checks: result.checks, answers }),
    complete: waiting.length + complements.length === 0,
    waiting,
    complements,
  };
}

/** By proof, the last day on which the agency said something of it. */
function daysOf(reviews: DecisionInput["reviews"]): ReadonlyMap<string, string> {
  const days = new Map<string, string>();
  for (const { proof, on } of reviews) {
    const day = on?.slice(0, 10);
    if (day !== undefined && day > (days.get(proof) ?? "")) days.set(proof, day);
  }
  return days;
}

/** Neither ids of rows nor of proofs hold a line end: rows come from the specs, proofs from what they demand. */
function nameOf({ row, proof }: ProofOfRow): string {
  return `${row}\n${proof}`;
}
