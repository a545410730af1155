/** Makes a bundle: files in, one zip out. Equal input and an Ed25519 key give equal bytes, in every time zone. */
import type { RunResult } from "../../model/index.js";
import { writeArchive } from "../archive.js";
import { signEnvelope } from "../envelope.js";
import { type SigningKey, signerPem } from "../keys.js";
import { type BundleManifest, manifestText, NAMES } from "./manifest.js";
import { statementText } from "./statement.js";

/**
 * `files`: run.json, result.json, recording/…, proofs/…, and challenge and countersignature where there are any. The signer's
 * key or chain, the manifest and the attestation are added here.
 */
export function sealBundle(
  facts: Omit<BundleManifest, "format" | "files">,
  files: ReadonlyMap<string, Uint8Array>,
  result: RunResult,
  key: SigningKey,
): Uint8Array {
  const sealed = new Map(files).set(NAMES.signer, Buffer.from(signerPem(key)));
  const text = manifestText(facts, sealed);
  const manifestBytes = Buffer.from(text);
  const statement = statementText(manifestBytes, JSON.parse(text) as BundleManifest, result);
  sealed.set(NAMES.manifest, manifestBytes);
  sealed.set(NAMES.attestation, Buffer.from(signEnvelope("attestation", Buffer.from(statement), key)));
  return writeArchive(sealed);
}
