/**
 * Which of the candidate's own words count when a run is judged, here and by whoever opens its bundle. An acceptance counts for what
 * it names: the bytes of the files, or the text of the justification. A refusal always counts, as it helps nobody.
 */
import { createHash } from "node:crypto";
import type { NotApplicableClaim, Requirement, SegurConfig, SuppliedProof } from "../model/index.js";

type Supplied = Pick<SegurConfig, "proofs" | "notApplicable">;

/** SHA-256 of a text in UTF-8, in hexadecimal. */
export function digestOfText(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

/** Proofs and claims without the acceptances that do not count: they await review. */
export function heard(supplied: Supplied, requirements: readonly Requirement[]): Supplied {
  const { proofs, notApplicable } = supplied;
  const undeclared = undeclaredForms(proofs, requirements);
  const kept = Object.entries(proofs).map(([id, proof]): [string, SuppliedProof] => {
    const counts = namesItsFiles(proof) && !undeclared.has(id);
    return [id, proof.review?.state === "accepted" && !counts ? unreviewed(proof) : proof];
  });
  const claims = Object.entries(notApplicable ?? {}).map(([row, claim]): [string, NotApplicableClaim] => [
    row,
    claim.review?.state === "accepted" && !namesItsText(claim) ? unreviewed(claim) : claim,
  ]);
  return {
    proofs: Object.fromEntries(kept),
    ...(notApplicable === undefined ? {} : { notApplicable: Object.fromEntries(claims) }),
  };
}

function unreviewed<T extends { readonly review?: unknown }>({ review: _review, ...rest }: T): Omit<T, "review"> {
  return rest;
}

/** SHA-256 of no byte at all: an empty file is no proof, and nobody has looked at anything. */
export const EMPTY_FILE = digestOfText("");

function namesItsFiles({ files, review }: SuppliedProof): boolean {
  const named = review?.sha256;
  return named !== undefined && named.length === files.length && !named.includes(EMPTY_FILE);
}

/** Whether the text that was read is the one that stands there. */
export function namesItsText({ justification, review }: NotApplicableClaim): boolean {
  return review?.sha256 === digestOfText(justification);
}

/**
 * Proofs of rows that want the form of a penetration test, where nothing supplied for the row declares its date and failures. What
 * alone eliminates such a form cannot be looked up then: the candidate's own acceptance is not enough, an agency has to read it.
 */
export function undeclaredForms(
  proofs: Readonly<Record<string, Pick<SuppliedProof, "facts">>>,
  requirements: readonly Requirement[],
): ReadonlySet<string> {
  const factsOf = (id: string) => (Object.hasOwn(proofs, id) ? proofs[id]?.facts : undefined);
  const rows = requirements.filter((row) => row.proofs.kinds.includes("pentest-form"));
  return new Set(
    rows
      .map((row) => [...row.proofs.ids, row.id].filter((id) => Object.hasOwn(proofs, id)))
      .filter((ids) => !ids.some((id) => factsOf(id)?.kind === "pentest"))
      .flat(),
  );
}
