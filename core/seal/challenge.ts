/**
 * A challenge: a seed that an agency makes and signs, for one candidate and a span of time. Identities, document values and the
 * order of scenarios are drawn from it, so that evidence cannot be prepared before it is known nor taken from another run.
 */
import { canonicalJson } from "../model/index.js";
import { type Envelope, parseEnvelope, payloadJson, signEnvelope, signedBy } from "./envelope.js";
import { millisecondsOf } from "./instants.js";
import type { SigningKey } from "./keys.js";
import { Refusal } from "./refusal.js";
import { agencyKeys, type Trust } from "./trust.js";

export const CHALLENGE_FORMAT = "segur-challenge/1";

export interface Challenge {
  readonly format: typeof CHALLENGE_FORMAT;
  readonly id: string;
  /** 32 bytes in hexadecimal. */
  readonly seed: string;
  readonly issuer: string;
  readonly candidate: { readonly vendor: string; readonly product: string; readonly version: string };
  /** The run must begin and end within, both included (ISO 8601, UTC). */
  readonly issuedAt: string;
  readonly notAfter: string;
}

export function signChallenge(challenge: Challenge, key: SigningKey): string {
  return signEnvelope("challenge", Buffer.from(canonicalJson(challenge)), key);
}

export interface OpenedChallenge {
  readonly challenge: Challenge;
  readonly envelope: Envelope;
}

/** `isChallenge`: validation by the schema `challenge`. The signature is not asked about here. Throws Refusal. */
export function openChallenge(
  bytes: Uint8Array,
  where: string,
  isChallenge: (value: unknown) => boolean,
): OpenedChallenge {
  const envelope = parseEnvelope(bytes, "challenge", where);
  const value = payloadJson(envelope, where);
  if (!isChallenge(value)) throw new Refusal("challenge_unreadable", where);
  const challenge = value as Challenge;
  // Also refuses what is no date of the calendar: such a bound would hold nothing back.
  if (!(millisecondsOf(challenge.issuedAt) <= millisecondsOf(challenge.notAfter))) {
    throw new Refusal("challenge_unreadable", where);
  }
  return { challenge, envelope };
}

/** Name of the trusted agency that signed it, or null. Its key must have been in force when it was issued. */
export function challengeIssuer({ challenge, envelope }: OpenedChallenge, trust: Trust): string | null {
  return signedBy(envelope, agencyKeys(trust, "challenge", challenge.issuedAt))?.name ?? null;
}

/** Throws Refusal `challenge_candidate` or `challenge_dates` when the run is not the one the challenge was made for. */
export function fitsRun(
  challenge: Challenge,
  run: { readonly startedAt: string; readonly endedAt: string },
  candidate: Challenge["candidate"],
  where: string,
): void {
  const { vendor, product, version } = challenge.candidate;
  if (vendor !== candidate.vendor || product !== candidate.product || version !== candidate.version) {
    throw new Refusal("challenge_candidate", where, { vendor, product, version });
  }
  const began = millisecondsOf(run.startedAt) >= millisecondsOf(challenge.issuedAt);
  const ended = millisecondsOf(run.endedAt) <= millisecondsOf(challenge.notAfter);
  if (!began || !ended) {
    throw new Refusal("challenge_dates", where, { from: challenge.issuedAt, to: challenge.notAfter });
  }
}
