/**
 * Whom a verifier trusts, as read from keys.yaml (segur-trust/1): which key or authority speaks for a candidate, which keys are
 * an agency's and for what. Validity is judged at the time the evidence names, never at the time of reading.
 */
import type { X509Certificate } from "node:crypto";
import type { CandidateFacts } from "../model/index.js";
import { constraintOf } from "./constraints.js";
import { millisecondsOf } from "./instants.js";
import { type PublicKey, type Signer } from "./keys.js";
import { Refusal } from "./refusal.js";

export const TRUST_FORMAT = "segur-trust/1";

export type AgencyRole = "challenge" | "review" | "label" | "rules" | "countersign";

/** Days as `2026-11-21` (UTC), both included; absent = without that bound. */
export interface Validity {
  readonly from?: string;
  readonly until?: string;
}

export interface TrustedCandidate extends Validity {
  readonly vendor: string;
  /** Absent = any product of the vendor. */
  readonly product?: string;
  /** Exactly one of `key` and `ca`. */
  readonly key?: PublicKey;
  readonly ca?: X509Certificate;
  /** With `ca`: text the subject of the leaf must hold as one of its lines, such as `CN=Exemple` (as openssl names it). */
  readonly subject?: string;
  /**
   * With `ca`: certificates below it that count no more, by serial number in hexadecimal. From the day on that is given (what was signed
   * before stays signed); without one, never again, as for a key that others had.
   */
  readonly revoked?: readonly { readonly serial: string; readonly on?: string }[];
}

export interface TrustedAgency extends Validity {
  readonly name: string;
  readonly key: PublicKey;
  readonly roles: readonly AgencyRole[];
}

export interface Trust {
  readonly candidates: readonly TrustedCandidate[];
  readonly agencies: readonly TrustedAgency[];
}

/** True when an instant (ISO 8601, UTC) is inside the days of validity. */
export function validAt({ from, until }: Validity, instant: string): boolean {
  const day = instant.slice(0, 10);
  return (from === undefined || from <= day) && (until === undefined || day <= until);
}

/** Keys of an agency that may do `role` at an instant. Days out of validity are left out. */
export function agencyKeys(trust: Trust, role: AgencyRole, instant: string): readonly (PublicKey & { name: string })[] {
  return trust.agencies
    .filter((agency) => agency.roles.includes(role) && validAt(agency, instant))
    .map((agency) => ({ ...agency.key, name: agency.name }));
}

/**
 * Whether a chain that is shown holds together at an instant: each certificate within its dates, issued by the next, and used as it says
 * of itself. Throws Refusal `certificate_not_yet_valid`, `certificate_expired`, `certificate_chain`, `certificate_use`.
 */
export function holdsTogether(chain: readonly X509Certificate[], instant: string, where: string): void {
  const at = millisecondsOf(instant);
  for (const [index, certificate] of chain.entries()) {
    const subject = certificate.subject.replaceAll("\n", ", ");
    // What cannot be compared is in force at no time.
    if (Number.isNaN(at) || Number.isNaN(Date.parse(certificate.validFrom) + Date.parse(certificate.validTo))) {
      throw new Refusal("signer_unreadable", where);
    }
    if (at < Date.parse(certificate.validFrom)) {
      throw new Refusal("certificate_not_yet_valid", where, { subject, at: instant });
    }
    if (at > Date.parse(certificate.validTo)) throw new Refusal("certificate_expired", where, { subject, at: instant });
    const issuer = chain[index + 1];
    if (issuer && !issued(issuer, certificate)) throw new Refusal("certificate_chain", where, { subject });
  }
  const forbidden = constraintOf(chain);
  if (forbidden) {
    const subject = forbidden.certificate.subject.replaceAll("\n", ", ");
    throw new Refusal("certificate_use", where, { subject, what: forbidden.what });
  }
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/**
 * The trust entry under which a signer speaks for a candidate at an instant. Throws a Refusal that says what fails:
 * `signer_not_trusted` (another key, or no entry for this candidate), `signer_out_of_dates`, `certificate_not_trusted`,
 * `certificate_revoked`.
 */
export function trustedFor(
  signer: Signer,
  candidate: Pick<CandidateFacts, "vendor" | "product">,
  instant: string,
  trust: Trust,
): TrustedCandidate {
  const own = trust.candidates.filter(
    (entry) =>
      entry.vendor === candidate.vendor && (entry.product === undefined || entry.product === candidate.product),
  );
  const speaking = own.filter((entry) => speaks(entry, signer, instant));
  const current = speaking.find((entry) => validAt(entry, instant));
  if (current) {
    const revoked = signer.certificates.find((one) => isRevoked(one, current, instant));
    if (!revoked) return current;
    throw new Refusal("certificate_revoked", "signer.pem", { subject: revoked.subject.replaceAll("\n", ", ") });
  }
  if (speaking.length > 0) throw new Refusal("signer_out_of_dates", "signer.pem", { at: instant });
  const { keyid } = signer.key;
  const other = trust.candidates.find((entry) => !own.includes(entry) && speaks(entry, signer, instant));
  if (other) throw new Refusal("signer_of_another", "signer.pem", { keyid, vendor: other.vendor });
  if (signer.certificates.length > 0 && own.some((entry) => entry.ca)) {
    throw new Refusal("certificate_not_trusted", "signer.pem", { keyid });
  }
  throw new Refusal("signer_not_trusted", "signer.pem", { keyid });
}

function isRevoked({ serialNumber }: X509Certificate, { revoked = [] }: TrustedCandidate, instant: string): boolean {
  const day = instant.slice(0, 10);
  return revoked.some(({ serial, on }) => bare(serial) === bare(serialNumber) && (on === undefined || on <= day));
}

/** `0A:1b` and `A1B` are one number, written by two tools. */
function bare(serial: string): string {
  return serial
    .replaceAll(":", "")
    .toLowerCase()
    .replace(/^0+(?=.)/, "");
}

function speaks(entry: TrustedCandidate, signer: Signer, instant: string): boolean {
  if (entry.key) return entry.key.keyid === signer.key.keyid;
  const { ca, subject } = entry;
  const leaf = signer.certificates[0];
  if (!ca || !leaf) return false;
  if (subject !== undefined && !leaf.subject.split("\n").includes(subject)) return false;
  const last = signer.certificates.at(-1) ?? leaf;
  // The chain may end at the authority, below it, or go on above it up to its root.
  const shown = signer.certificates.some((one) => one.fingerprint256 === ca.fingerprint256);
  // An authority that the chain does not show sets bounds to it all the same.
  const anchored = shown || (issued(ca, last) && constraintOf([...signer.certificates, ca]) === null);
  const at = Date.parse(instant);
  return anchored && at >= Date.parse(ca.validFrom) && at <= Date.parse(ca.validTo);
}
