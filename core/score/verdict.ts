/** Verdict, strength and dossier of one row: the truth tables of docs/requirements.md, line by line. */
import {
  applicability,
  byCodeUnit,
  type Cause,
  type CheckResult,
  type Dossier,
  demandedProofs,
  type Requirement,
  type RowResult,
  type SegurConfig,
  type SessionMode,
  type Strength,
} from "../model/index.js";
import { CLAIMED, claimOf, isSandbox, provedByReview, type Reviews, sortProofs } from "./reviews.js";

export interface ScoreAnswers extends Pick<
  SegurConfig,
  "subProfiles" | "conditions" | "alternatives" | "proofs" | "notApplicable"
> {
  /** Default `sandbox`. */
  readonly mode?: SessionMode;
  /** The agency's; null or absent = none was loaded. */
  readonly reviews?: Reviews | null;
  /** Proofs that a rule with a verified source keeps from counting (core/dossier/rules.ts). */
  readonly blocked?: ReadonlySet<string>;
}

/** Strongest first; a verdict takes the weakest of what it rests on. */
const STRENGTHS: readonly Strength[] = ["witnessed", "produced", "answered", "reviewed"];
/** When several checks fail, the vendor hears first of what its software must mend. */
const CAUSES: readonly Cause[] = ["software", "configuration", "suite"];

type Judged = Pick<RowResult, "verdict" | "reason" | "strength" | "cause">;

/**
 * `results`: outcomes by check id. A tied check without a result was not observed; nor was one that the run did not plan,
 * even if it looked at something on the way: it saw a part of what it needs. A breach it saw is a breach all the same.
 */
export function judgeRow(
  row: Requirement,
  results: ReadonlyMap<string, CheckResult>,
  answers: ScoreAnswers,
): RowResult {
  const checks = [...row.checks].sort(byCodeUnit);
  const answer = applicability(row, answers);
  const shared = { id: row.id, level: row.level, checks };
  if (!answer.applies) {
    return {
      ...shared,
      verdict: "not_applicable",
      reason: answer.reason,
      strength: null,
      cause: null,
      dossier: "none_demanded",
      proofs: { accepted: [], toReview: [], owed: [] },
      justification: answer.justification,
    };
  }
  const proofs = sortProofs(row.id, demandedProofs(row, answers), answers);
  const judged = backed(verdictOf(row, checks, results, answers), row, answers);
  const claim = claimOf(row.id, answers);
  if (claim?.state === "accepted" && judged.verdict !== "not_conform" && judged.verdict !== "undetermined") {
    return {
      ...shared,
      verdict: "not_applicable",
      reason: CLAIMED,
      strength: null,
      cause: null,
      dossier: "none_demanded",
      proofs: { accepted: [], toReview: [], owed: [] },
      justification: claim.justification,
    };
  }
  if (claim?.state === "toReview" && judged.verdict === "not_tested") {
    return {
      ...shared,
      ...{ verdict: "to_review", reason: CLAIMED, strength: null, cause: null },
      dossier: "to_review",
      proofs,
      justification: claim.justification,
    };
  }
  return { ...shared, ...judged, dossier: dossierOf(proofs), proofs, justification: null };
}

/**
 * Outside the sandbox, what nobody but the software's own adapter says needs a proof that an agency accepted. It keeps its
 * strength, so that a report can say why it awaits review.
 */
function backed(judged: Judged, row: Requirement, answers: ScoreAnswers): Judged {
  const answered = judged.verdict === "conform" && judged.strength === "answered";
  if (!answered || isSandbox(answers) || provedByReview(row, answers)) return judged;
  return { ...judged, verdict: "to_review", reason: "answered" };
}

/** First match wins: breached, error, unobserved; all met or inapplicable with one met; else only a proof can support it. */
function verdictOf(
  row: Requirement,
  checks: readonly string[],
  results: ReadonlyMap<string, CheckResult>,
  answers: ScoreAnswers,
): Judged {
  const outcomes = checks.map((id): CheckResult => {
    const result = results.get(id) ?? { ...UNSEEN, id };
    const counts = result.planned || result.outcome === "breached" || result.outcome === "error";
    return counts && bears(row, result) ? result : { ...result, outcome: "unobserved", cause: null };
  });
  const having = (outcome: CheckResult["outcome"]) => outcomes.filter((result) => result.outcome === outcome);
  const breached = having("breached");
  if (breached[0]) {
    return { verdict: "not_conform", reason: breached[0].id, strength: weakest(breached), cause: causeOf(breached) };
  }
  const broken = having("error");
  if (broken[0]) return { verdict: "undetermined", reason: broken[0].id, strength: null, cause: causeOf(broken) };
  const unobserved = having("unobserved");
  if (unobserved[0]) {
    return { verdict: "not_tested", reason: unobserved[0].id, strength: null, cause: causeOf(unobserved) };
  }
  const met = having("met");
  if (met[0]) return { verdict: "conform", reason: null, strength: weakest(met), cause: null };
  return proofVerdict(row, checks, answers);
}

/** False when the check is breached by messages alone that have no bearing on the row. */
function bears(row: Requirement, result: CheckResult): boolean {
  const messages = row.messages?.[result.id];
  if (result.outcome !== "breached" || messages === undefined) return true;
  return result.findings.some((finding) => finding.weight === "breach" && messages.includes(finding.message));
}

/**
 * No check speaks for the row: none is tied, or all were inapplicable. The proofs demanded decide, or, where none is
 * demanded, one the candidate supplied under the id of the row. Every one must be accepted by a person.
 */
function proofVerdict(row: Requirement, checks: readonly string[], answers: ScoreAnswers): Judged {
  const demanded = demandedProofs(row, answers);
  const state = sortProofs(row.id, demanded.length > 0 ? demanded : [row.id], answers);
  const [owed] = state.owed;
  if (owed !== undefined) {
    const silent = row.excluded === undefined ? "no_check" : "excluded";
    const reason = demanded.length > 0 ? owed : checks.length > 0 ? "inapplicable" : silent;
    return { verdict: "not_tested", reason, strength: null, cause: null };
  }
  const [waiting] = state.toReview;
  if (waiting !== undefined) return { verdict: "to_review", reason: waiting, strength: null, cause: null };
  return { verdict: "conform", reason: state.accepted[0] ?? null, strength: "reviewed", cause: null };
}

function dossierOf({ accepted, toReview, owed }: RowResult["proofs"]): Dossier {
  if (owed.length > 0) return "owed";
  if (toReview.length > 0) return "to_review";
  return accepted.length > 0 ? "complete" : "none_demanded";
}

const UNSEEN: Omit<CheckResult, "id"> = {
  planned: false,
  outcome: "unobserved",
  strength: null,
  observed: { count: 0, at: [] },
  findings: [],
  cause: null,
  reason: null,
};

function weakest(results: readonly CheckResult[]): Strength | null {
  const ranks = results.flatMap((result) => (result.strength === null ? [] : [STRENGTHS.indexOf(result.strength)]));
  return ranks.length === 0 ? null : (STRENGTHS[Math.max(...ranks)] ?? null);
}

function causeOf(results: readonly CheckResult[]): Cause | null {
  return CAUSES.find((cause) => results.some((result) => result.cause === cause)) ?? null;
}
