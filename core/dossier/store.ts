/** dossier.yaml as data: entries of proofs, claims, and which review of an entry holds today. Pure: files are handed in as digests. */
import {
  byCodeUnit,
  type NotApplicableClaim,
  type OwnReview,
  type ProofFacts,
  type ProofLimits,
  type SuppliedProof,
} from "../model/index.js";
import { digestOfText, EMPTY_FILE } from "./heard.js";
import { blockingFindings } from "./rules.js";

export const DOSSIER_FORMAT = "segur-dossier/1";

export interface DossierReview {
  readonly state: "accepted" | "refused";
  readonly by: string;
  readonly on: string;
  readonly why?: string;
  /** SHA-256 of the files it was made on. */
  readonly sha256: readonly string[];
}

export interface DossierEntryFile {
  /** Relative to the folder of the dossier, with `/`. */
  readonly path: string;
  /** As it was when it was added. */
  readonly sha256: string;
  readonly added: string;
}

export interface DossierEntry {
  /** Proof ids (or row ids, where the source gives a proof none) that it serves. */
  readonly ids: readonly string[];
  /** `run`: taken from a recording. Default `person`. */
  readonly origin?: "person" | "run";
  /** Product version that it shows. */
  readonly product?: string;
  readonly files: readonly DossierEntryFile[];
  readonly facts?: ProofFacts;
  readonly reviews?: readonly DossierReview[];
}

export interface DossierFile {
  readonly format: typeof DOSSIER_FORMAT;
  readonly limits?: Partial<ProofLimits>;
  readonly proofs?: readonly DossierEntry[];
  readonly notApplicable?: readonly DossierClaim[];
}

export interface DossierClaim {
  readonly row: string;
  readonly justification: string;
  /** `sha256`: of the justification that was read. */
  readonly reviews?: readonly (Omit<DossierReview, "sha256"> & { readonly sha256?: string })[];
}

/** Why a review does not hold any more, or a file is not what it was. */
export type Staleness = "missing" | "bytes" | "product";

/** `digests`: SHA-256 of the files as they are now, by path; absent = no such file. */
export function stalenessOf(
  entry: DossierEntry,
  digests: ReadonlyMap<string, string>,
  productVersion: string,
): Staleness | null {
  if (entry.files.some(({ path }) => !digests.has(path))) return "missing";
  if (entry.files.some(({ path, sha256 }) => digests.get(path) !== sha256)) return "bytes";
  return entry.product !== undefined && entry.product !== productVersion ? "product" : null;
}

/**
 * The last review, if it was made on the bytes that are there now and the product is still the one shown; else null. A refusal
 * of these bytes holds whatever the product.
 */
export function standingReview(
  entry: DossierEntry,
  digests: ReadonlyMap<string, string>,
  productVersion: string,
): DossierReview | null {
  const last = entry.reviews?.at(-1);
  if (!last) return null;
  const now = entry.files.map(({ path }) => digests.get(path) ?? "").sort(byCodeUnit);
  const then = [...last.sha256].sort(byCodeUnit);
  if (now.length !== then.length || now.some((digest, index) => digest !== then[index])) return null;
  return last.state === "refused" || stalenessOf(entry, digests, productVersion) === null ? last : null;
}

/** What is said of a proof that several entries serve: refused when one is, accepted when all are, for the bytes of today. */
export function reviewOf(
  entries: readonly DossierEntry[],
  digests: ReadonlyMap<string, string>,
  productVersion: string,
): OwnReview | null {
  return mergedReview(entries.map((entry) => standingReview(entry, digests, productVersion)));
}

/**
 * What is declared of a proof that several entries serve: a penetration test that blocks speaks before all others, so that no second
 * form hides it; else the first that declares something.
 */
export function factsFor(entries: readonly DossierEntry[], asOf: string): ProofFacts | null {
  const declared = entries.flatMap(({ facts }) => facts ?? []);
  const blocks = declared.find((facts) => blockingFindings(facts, ["pentest-form"], asOf).length > 0);
  return blocks ?? declared[0] ?? null;
}

export interface DossierState {
  /** Absolute path of a file of the dossier. */
  readonly absolute: (path: string) => string;
  readonly digests: ReadonlyMap<string, string>;
  readonly productVersion: string;
  /** Today, `YYYY-MM-DD`. */
  readonly on: string;
}

/**
 * The proofs as segur.yaml would have them. Files that are not there, or empty, are left out; an id that several entries serve has the files
 * of all, is accepted when all are, and refused when one is.
 */
export function suppliedProofs(dossier: DossierFile, state: DossierState): Record<string, SuppliedProof> {
  const byId = new Map<string, DossierEntry[]>();
  for (const entry of dossier.proofs ?? []) {
    for (const id of entry.ids) byId.set(id, [...(byId.get(id) ?? []), entry]);
  }
  const proofs = [...byId].flatMap(([id, entries]): [string, SuppliedProof][] => {
    const paths = [...new Set(entries.flatMap(({ files }) => files.map(({ path }) => path)))].filter(
      (path) => (state.digests.get(path) ?? EMPTY_FILE) !== EMPTY_FILE,
    );
    if (paths.length === 0) return [];
    const files = paths.map(state.absolute);
    const said = reviewOf(entries, state.digests, state.productVersion);
    const review = said && { ...said, sha256: paths.map((path) => state.digests.get(path) ?? "") };
    const facts = factsFor(entries, state.on);
    return [[id, { files, ...(review ? { review } : {}), ...(facts ? { facts } : {}), on: state.on }]];
  });
  return Object.fromEntries(proofs);
}

function mergedReview(reviews: readonly (DossierReview | null)[]): OwnReview | null {
  const chosen =
    reviews.find((review) => review?.state === "refused") ?? (reviews.includes(null) ? null : reviews.at(-1));
  if (!chosen) return null;
  const { state, by, on, why } = chosen;
  return { state, by, on, ...(why === undefined ? {} : { why }) };
}

/** The claims as segur.yaml would have them: with the last review, if it is of the text that stands there now. */
export function claimsOf(dossier: DossierFile): Record<string, NotApplicableClaim> {
  const claims = (dossier.notApplicable ?? []).map((claim): [string, NotApplicableClaim] => {
    const { row, justification, reviews } = claim;
    const last = reviews?.at(-1);
    return [row, { justification, ...(last && !isStaleClaim(claim) ? { review: last } : {}) }];
  });
  return Object.fromEntries(claims);
}

/** It was reviewed, and the justification is another today, or nobody wrote down which one was read. A refusal stays until then. */
export function isStaleClaim({ justification, reviews }: DossierClaim): boolean {
  const last = reviews?.at(-1);
  if (!last || (last.state === "refused" && last.sha256 === undefined)) return false;
  return last.sha256 !== digestOfText(justification);
}
