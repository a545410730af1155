/**
 * What reviews say of proofs. In a sandbox the candidate may accept its own; in a rehearsal and in a homologation only what
 * an agency wrote counts. An agency's word is per row and proof, and goes before the candidate's in every mode.
 */
import {
  applicability,
  byCodeUnit,
  demandedProofs,
  type Perimeter,
  type ProofOfRow,
  type Requirement,
  type ReviewedProof,
  type ReviewState,
  type RowResult,
} from "../model/index.js";
import type { ScoreAnswers } from "./verdict.js";

/** By row, then by proof. */
export type Reviews = ReadonlyMap<string, ReadonlyMap<string, ReviewState>>;

/** Of several entries for one row and proof the last one counts. */
export function reviewsOf(entries: readonly ReviewedProof[]): Reviews {
  const rows = new Map<string, Map<string, ReviewState>>();
  for (const { row, proof, state } of entries) {
    const proofs = rows.get(row) ?? new Map<string, ReviewState>();
    rows.set(row, proofs.set(proof, state));
  }
  return rows;
}

export function isSandbox({ mode }: ScoreAnswers): boolean {
  return (mode ?? "sandbox") === "sandbox";
}

/** Stands for the proof in a review of a claim, and for the reason in the verdict of the row. */
export const CLAIMED = "claimed_not_applicable";

/**
 * What the candidate claims of a row, and who said what of it. Heard as a proof is: in a sandbox the candidate's own word
 * counts, else only the agency's. A refused claim is none. It never hides a breach, nor an error
 * of ours (core/score/verdict.ts).
 */
export function claimOf(
  row: string,
  answers: ScoreAnswers,
): { readonly justification: string; readonly state: "accepted" | "toReview" } | null {
  const { notApplicable } = answers;
  const claim = notApplicable && Object.hasOwn(notApplicable, row) ? notApplicable[row] : undefined;
  if (!claim) return null;
  const own = isSandbox(answers) ? claim.review?.state : undefined;
  const state = answers.reviews?.get(row)?.get(CLAIMED) ?? own;
  if (state === "refused") return null;
  return { justification: claim.justification, state: state === "accepted" ? "accepted" : "toReview" };
}

/** Where proofs of one row stand. A refused one is as good as absent: it is owed again. */
export function sortProofs(row: string, ids: readonly string[], answers: ScoreAnswers): RowResult["proofs"] {
  const sorted = [...ids].sort(byCodeUnit);
  const states = new Map(sorted.map((id) => [id, stateOf(row, id, answers)]));
  return {
    accepted: sorted.filter((id) => states.get(id) === "accepted"),
    toReview: sorted.filter((id) => states.get(id) === "toReview"),
    owed: sorted.filter((id) => states.get(id) === "owed"),
  };
}

function stateOf(row: string, id: string, answers: ScoreAnswers): keyof RowResult["proofs"] {
  const proof = suppliedProof(id, answers);
  if (!proof || answers.blocked?.has(id)) return "owed";
  const own = isSandbox(answers) ? proof.review?.state : undefined;
  const state = answers.reviews?.get(row)?.get(id) ?? own;
  if (state === "refused") return "owed";
  return state === "accepted" ? "accepted" : "toReview";
}

/** Ids may be words such as `constructor`: only what the candidate wrote counts. A proof without a file is none. */
function suppliedProof(id: string, { proofs }: ScoreAnswers) {
  const proof = Object.hasOwn(proofs, id) ? proofs[id] : undefined;
  return proof && proof.files.length > 0 ? proof : undefined;
}

/**
 * True when a reviewed proof stands behind what the software's adapter said of the row: every proof the row demands is accepted
 * (one at least), or one that the candidate supplied under the id of the row.
 */
export function provedByReview(row: Requirement, answers: ScoreAnswers): boolean {
  const demanded = demandedProofs(row, answers);
  const { accepted } = sortProofs(row.id, demanded, answers);
  if (demanded.length > 0 && accepted.length === demanded.length) return true;
  return sortProofs(row.id, [row.id], answers).accepted.length > 0;
}

/**
 * Proofs an agency has to say something about: all that the candidate supplied for rows of the perimeters that apply to it, of
 * every level, under an id that the row demands or under that of the row, and its claims that a row does not apply. Once each, by
 * row then proof.
 */
export function reviewableProofs(
  perimeters: readonly Perimeter[],
  requirements: readonly Requirement[],
  answers: ScoreAnswers,
): ProofOfRow[] {
  const wanted = new Set(perimeters.flatMap((perimeter) => perimeter.groups.flatMap((group) => group.rows)));
  return requirements
    .filter((row) => wanted.has(row.id) && applicability(row, answers).applies)
    .flatMap((row) =>
      [...new Set([...demandedProofs(row, answers), row.id])]
        .filter((proof) => suppliedProof(proof, answers) !== undefined)
        .sort(byCodeUnit)
        .map((proof) => ({ row: row.id, proof }))
        .concat(
          answers.notApplicable && Object.hasOwn(answers.notApplicable, row.id)
            ? [{ row: row.id, proof: CLAIMED }]
            : [],
        ),
    )
    .sort((a, b) => byCodeUnit(a.row, b.row) || byCodeUnit(a.proof, b.proof));
}
