/** What an agency says of a proof. Signed beside the bundle (core/seal/review.ts), counted by the score (core/score). */

export const REVIEW_STATES = ["accepted", "refused", "complement"] as const;

/** `complement`: not enough yet, the candidate is asked for more. */
export type ReviewState = (typeof REVIEW_STATES)[number];

/** A proof in its bearing on one row: one file may be good for a row and not for another. */
export interface ProofOfRow {
  readonly row: string;
  readonly proof: string;
}

export interface ReviewedProof extends ProofOfRow {
  readonly state: ReviewState;
}
