/** The files of proof in a bundle, held against what its run.json declares of them. */
import type { SuppliedProof } from "../core/model/index.js";
import { digestOfText } from "../core/dossier/index.js";
import { type BundleManifest, NAMES } from "../core/seal/bundle/manifest.js";
import { Refusal } from "../core/seal/refusal.js";
import type { RunMeta } from "./run-folder.js";

/**
 * As many files per proof as the run declares, each in the bundle, no file of proof that nothing declares; and what the run says was
 * reviewed is what stands here. Throws Refusal `proof_mismatch`, `reviewed_otherwise`.
 */
export function proofsAgree(manifest: BundleManifest, { config }: Pick<RunMeta, "config">): void {
  const declared = Object.entries(config.proofs);
  const supplied = new Set(manifest.proofs.map((proof) => proof.file));
  const same = declared.every(([id, { files }]) => agree(files, filesOf(manifest, id)));
  const known = manifest.proofs.every(({ id }) => declared.some(([name]) => name === id));
  const present = [...supplied].every((file) => file.startsWith(NAMES.proofs) && Object.hasOwn(manifest.files, file));
  // One file may serve several proofs, never one proof twice.
  const pairs = new Set(manifest.proofs.map(({ id, file }) => JSON.stringify([id, file])));
  if (!same || !known || !present || pairs.size !== manifest.proofs.length) {
    throw new Refusal("proof_mismatch", NAMES.manifest);
  }
  for (const name of Object.keys(manifest.files)) {
    if (name.startsWith(NAMES.proofs) && !supplied.has(name)) throw new Refusal("proof_mismatch", name);
  }
  reviewedAsTheyAre(manifest, config);
}

function filesOf({ proofs }: BundleManifest, id: string): string[] {
  return proofs.filter((proof) => proof.id === id).map(({ file }) => file);
}

/** By name. An older version left the paths of the vendor's machine in run.json: of those the number alone can be compared. */
function agree(declared: readonly string[], listed: readonly string[]): boolean {
  const named = declared.some((file) => file.startsWith(NAMES.proofs));
  return declared.length === listed.length && (!named || declared.every((file, index) => file === listed[index]));
}

/** A review may name nothing (it is not heard then), never something else. */
function reviewedAsTheyAre(manifest: BundleManifest, { proofs, notApplicable }: RunMeta["config"]): void {
  for (const [id, proof] of Object.entries(proofs)) {
    const here = filesOf(manifest, id).map((file) => manifest.files[file]?.sha256 ?? "");
    if (isOfOthers(proof, here)) throw new Refusal("reviewed_otherwise", id);
  }
  for (const [row, { justification, review }] of Object.entries(notApplicable ?? {})) {
    if (review?.sha256 !== undefined && review.sha256 !== digestOfText(justification)) {
      throw new Refusal("reviewed_otherwise", row);
    }
  }
}

/** Whether a proof was reviewed on other files than those of these digests, in the order of its files. */
export function isOfOthers({ review }: Pick<SuppliedProof, "review">, digests: readonly string[]): boolean {
  const reviewed = review?.sha256;
  if (reviewed === undefined) return false;
  return reviewed.length !== digests.length || reviewed.some((digest, index) => digest !== digests[index]);
}
