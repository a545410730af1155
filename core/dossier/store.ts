/** dossier.yaml as data: entries of proofs, claims, and which review of an entry holds today. Pure: files are handed in as digests. */
import {
  byCodeUnit,
  type NotApplicableClaim,
  type ProofFacts,
  type ProofLimits,
  type SuppliedProof,
} from "../model/index.js";
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
  readonly notApplicable?: readonly {
    readonly row: string;
    readonly justification: string;
    readonly reviews?: readonly Omit<DossierReview, "sha256">[];
  }[];
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

/** SHA-256 of no byte at all: an empty file is no proof. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** What is said of a proof that several entries serve: refused when one is, accepted when all are, for the bytes of today. */
export function reviewOf(
  entries: readonly DossierEntry[],
  digests: ReadonlyMap<string, string>,
  productVersion: string,
): NonNullable<SuppliedProof["review"]> | null {
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
    const files = [
      ...new Set(
        entries.flatMap(({ files }) =>
          files.map(({ path }) => path).filter((path) => (state.digests.get(path) ?? EMPTY) !== EMPTY),
        ),
      ),
    ].map(state.absolute);
    if (files.length === 0) return [];
    const review = reviewOf(entries, state.digests, state.productVersion);
    const facts = factsFor(entries, state.on);
    return [[id, { files, ...(review ? { review } : {}), ...(facts ? { facts } : {}), on: state.on }]];
  });
  return Object.fromEntries(proofs);
}

function mergedReview(reviews: readonly (DossierReview | null)[]): NonNullable<SuppliedProof["review"]> | null {
  const chosen =
    reviews.find((review) => review?.state === "refused") ?? (reviews.includes(null) ? null : reviews.at(-1));
  if (!chosen) return null;
  const { state, by, on, why } = chosen;
  return { state, by, on, ...(why === undefined ? {} : { why }) };
}

export function claimsOf(dossier: DossierFile): Record<string, NotApplicableClaim> {
  const claims = (dossier.notApplicable ?? []).map(({ row, justification, reviews }): [string, NotApplicableClaim] => {
    const last = reviews?.at(-1);
    return [row, { justification, ...(last ? { review: last } : {}) }];
  });
  return Object.fromEntries(claims);
}
