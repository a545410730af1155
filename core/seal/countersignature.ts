/**
 * A countersignature: an agency that hosted the services signs the digest of the recording it made, and of what the run wrote
 * down beside it, so that the vendor, who seals, can no longer change them. Files of proof alone are the vendor's to supply later.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../model/index.js";
import { parseEnvelope, payloadJson, signEnvelope, signedBy } from "./envelope.js";
import { millisecondsOf } from "./instants.js";
import type { SigningKey } from "./keys.js";
import { Refusal } from "./refusal.js";
import { agencyKeys, type Trust } from "./trust.js";

export const COUNTERSIGNATURE_FORMAT = "segur-countersignature/1";

export interface Countersignature {
  readonly format: typeof COUNTERSIGNATURE_FORMAT;
  readonly issuer: string;
  /** Id of the run, and digest of its run.json (`countersignedFacts`). */
  readonly run: { readonly id: string; readonly sha256: string };
  /** Digest of the recording, as result.json names it: every file of it by name and SHA-256. */
  readonly recording: string;
  readonly candidate: { readonly vendor: string; readonly product: string; readonly version: string };
  readonly on: string;
}

/** What a candidate goes on supplying after the run. */
const LATER: ReadonlySet<string> = new Set(["proofs", "notApplicable"]);

/**
 * SHA-256 of what run.json says, all but `config.proofs` and `config.notApplicable`: candidate, perimeters, conditions answered,
 * mode, challenge, rules. These two are left out because a screenshot of the session, or a complement that an agency asks for,
 * comes after the countersignature; they prove nothing until an agency accepts them. `run`: run.json as parsed, nothing filled in.
 */
export function countersignedFacts(run: { readonly config: object }): string {
  const config = Object.fromEntries(Object.entries(run.config).filter(([name]) => !LATER.has(name)));
  return createHash("sha256")
    .update(canonicalJson({ ...run, config }))
    .digest("hex");
}

export function signCountersignature(statement: Countersignature, key: SigningKey): string {
  return signEnvelope("countersignature", Buffer.from(canonicalJson(statement)), key);
}

/**
 * Holds a countersignature against what it stands beside. Gives the name of the trusted agency; null when no trust is given.
 * Throws Refusal `countersignature_unreadable`, `countersignature_mismatch`, `countersignature_agency`.
 */
export function matchCountersignature(
  bytes: Uint8Array,
  where: string,
  isCountersignature: (value: unknown) => boolean,
  expected: Pick<Countersignature, "run" | "recording" | "candidate">,
  trust: Trust | null,
): string | null {
  const envelope = parseEnvelope(bytes, "countersignature", where);
  const value = payloadJson(envelope, where);
  if (!isCountersignature(value)) throw new Refusal("countersignature_unreadable", where);
  const { run, recording, candidate, on } = value as Countersignature;
  if (Number.isNaN(millisecondsOf(on))) throw new Refusal("countersignature_unreadable", where);
  if (canonicalJson({ run, recording, candidate }) !== canonicalJson(expected)) {
    throw new Refusal("countersignature_mismatch", where);
  }
  if (trust === null) return null;
  const agency = signedBy(envelope, agencyKeys(trust, "countersign", on));
  if (!agency) throw new Refusal("countersignature_agency", where);
  return agency.name;
}
