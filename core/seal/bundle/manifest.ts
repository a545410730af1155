/** bundle.json, the manifest of a bundle: what it is about, and the SHA-256 and size of every other file (docs/bundle-format.md). */
import { createHash } from "node:crypto";
import { byCodeUnit, canonicalJson, type SessionMode } from "../../model/index.js";
import { Refusal } from "../refusal.js";

export const BUNDLE_FORMAT = "segur-bundle/1";

export interface BundleManifest {
  readonly format: typeof BUNDLE_FORMAT;
  /** Id of the run; `endedAt` is the time of its last recorded event: signatures and certificates are judged at it. */
  readonly run: { readonly id: string; readonly startedAt: string; readonly endedAt: string };
  readonly candidate: { readonly vendor: string; readonly product: string; readonly version: string };
  readonly perimeters: readonly string[];
  readonly mode: SessionMode;
  /** Id of the challenge, null = none. */
  readonly challenge: string | null;
  readonly tool: { readonly name: "segur"; readonly version: string };
  /** Digest of the rule set that judged; `rules` names the pack in it, if any. */
  readonly ruleSet: string;
  readonly rules: { readonly name: string; readonly version: string; readonly digest: string } | null;
  /** SHA-256 of segur.yaml as it was. */
  readonly configHash: string;
  /** Digest of the recording, as result.json names it. */
  readonly recording: string;
  /** Files supplied as proofs, by official proof id. */
  readonly proofs: readonly { readonly id: string; readonly name: string; readonly file: string }[];
  /** Every file but the manifest and the attestation. */
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly size: number }>>;
}

/** Files that every bundle has. */
export const NAMES = {
  manifest: "bundle.json",
  attestation: "attestation.dsse.json",
  signer: "signer.pem",
  run: "run.json",
  result: "result.json",
  recording: "recording/",
  challenge: "challenge.dsse.json",
  countersignature: "countersignature.dsse.json",
  proofs: "proofs/",
} as const;

export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Manifest text over the files of a bundle (without manifest and attestation). */
export function manifestText(
  facts: Omit<BundleManifest, "format" | "files">,
  files: ReadonlyMap<string, Uint8Array>,
): string {
  const names = [...files.keys()].sort(byCodeUnit);
  const listed = Object.fromEntries(
    names.map((name) => {
      const bytes = files.get(name) ?? new Uint8Array(0);
      return [name, { sha256: sha256(bytes), size: bytes.length }];
    }),
  );
  const manifest: BundleManifest = { format: BUNDLE_FORMAT, ...facts, files: listed };
  return canonicalJson(manifest);
}

/**
 * Holds the files of an archive against the manifest, both ways. Throws Refusal `manifest_files`, `manifest_size`,
 * `manifest_hash`.
 */
export function matchFiles(manifest: BundleManifest, files: ReadonlyMap<string, Uint8Array>): void {
  const listed = new Map(Object.entries(manifest.files));
  const apart = new Set<string>([NAMES.manifest, NAMES.attestation]);
  for (const name of files.keys()) {
    if (!listed.has(name) && !apart.has(name)) throw new Refusal("manifest_files", name, { side: "unlisted" });
  }
  for (const [name, { sha256: expected, size }] of listed) {
    const bytes = apart.has(name) ? undefined : files.get(name);
    if (!bytes) throw new Refusal("manifest_files", name, { side: "absent" });
    if (bytes.length !== size) throw new Refusal("manifest_size", name, { expected: size, found: bytes.length });
    const found = sha256(bytes);
    if (found !== expected) throw new Refusal("manifest_hash", name, { expected, found });
  }
}
