/**
 * Why material that comes from outside (a bundle, an envelope, a list) is refused. One reason = one thing that is wrong; the
 * sentences people read stand in `bin/words/refusals.ts`, by reason, in French and English.
 */

/** Closed and sorted by code unit. A reason is permanent: agencies file it with the bundle. */
export const REFUSAL_REASONS = [
  /** An entry would inflate to far more than an honest one does (zip bomb). */
  "archive_bomb",
  /** The archive has a comment, or one of its entries has: bytes that no hash covers. */
  "archive_comment",
  /** The directory at the end of the archive does not say the truth: its place, size, count, or a record of it. */
  "archive_corrupt",
  /** The inflated bytes of an entry do not have the CRC-32 its header promises. */
  "archive_crc",
  /** An entry does not inflate: its compressed bytes are no deflate stream, or go on after its end. */
  "archive_deflate",
  /** Two entries have one name, or names that differ by case only (one file on many disks). */
  "archive_duplicate",
  /** An entry is encrypted. */
  "archive_encrypted",
  /** An entry is a folder. */
  "archive_folder",
  /** Bytes of the file belong to no entry: before the first, between two, after the last; or a second directory. */
  "archive_hidden_bytes",
  /** An entry is a symbolic link, a device, a pipe, a socket: anything but a plain file. */
  "archive_link",
  /** What an entry says of itself where its bytes are differs from what the directory says of it. */
  "archive_local_header_differs",
  /** An entry is compressed by another method than deflate. */
  "archive_method",
  /** The archive is one part of several. */
  "archive_multi_disk",
  /** The bytes are no zip archive. */
  "archive_not_zip",
  /** Two entries share bytes. */
  "archive_overlap",
  /** A name is absolute, climbs (`..`), has an empty step, a drive, a backslash, a control or another character outside [A-Za-z0-9._-/]. */
  "archive_path",
  /** An entry inflates to more or less bytes than its header says. */
  "archive_size_differs",
  /** An entry, all entries together, or the archive itself are larger than what is accepted. */
  "archive_too_large",
  /** More entries than what is accepted. */
  "archive_too_many",
  /** The archive ends too early. */
  "archive_truncated",
  /** A feature of zip that no bundle needs: zip64, sizes after the data, patches, extra fields, reserved flags. */
  "archive_unsupported",
  /** The attestation is no in-toto statement of a test result, or is not about a bundle. */
  "attestation_payload",
  /** The attestation claims another outcome, rule set or list of checks than the result it stands beside. */
  "attestation_result",
  /** The attestation is about other bytes than this bundle's manifest. */
  "attestation_subject",
  /** Manifest, run, recording and result do not name one and the same candidate. */
  "candidate_mismatch",
  /** A certificate of the chain was not issued by the next. */
  "certificate_chain",
  /** A certificate had expired when the run ended. */
  "certificate_expired",
  /** The chain does not lead to the authority trusted for this candidate, or its subject is another. */
  "certificate_not_trusted",
  /** A certificate was not yet valid when the run ended. */
  "certificate_not_yet_valid",
  /** The verifier's trust file says that a certificate of the signer was revoked by then. */
  "certificate_revoked",
  /** A certificate is used as it says it may not be: path length, key usage, or a critical extension that is not understood. */
  "certificate_use",
  /** No trusted agency key that may issue challenges signed this one at that time. */
  "challenge_agency",
  /** The challenge was issued for another candidate. */
  "challenge_candidate",
  /** The run is not within the dates of the challenge. */
  "challenge_dates",
  /** What the run was played with is not what the challenge draws. */
  "challenge_facts",
  /** The run names another challenge than the one in the bundle, or none, or the bundle lacks it. */
  "challenge_mismatch",
  /** A homologation session without a challenge. */
  "challenge_missing",
  /** The recorded bytes do not carry what the challenge drew. */
  "challenge_traces",
  /** The challenge is not as this tool writes it. */
  "challenge_unreadable",
  /** No trusted agency key that may countersign signed this statement. */
  "countersignature_agency",
  /** The countersignature is about another recording, run or candidate than those of the bundle. */
  "countersignature_mismatch",
  /** The countersignature is not as this tool writes it. */
  "countersignature_unreadable",
  /** The payload of an envelope is not JSON. */
  "envelope_payload",
  /** An envelope without signature, or with more than sixteen. */
  "envelope_signatures",
  /** An envelope of another kind was put here. */
  "envelope_type",
  /** Not a DSSE envelope. */
  "envelope_unreadable",
  /** A record points at bytes that are not in the bundle, or the recording lacks a part. */
  "evidence_missing",
  /** The recording tells its times in an impossible order, or begins before its run. */
  "evidence_order",
  /** Two exchanges show the same bytes, or an exchange shows those of another connection. */
  "evidence_shared",
  /** The recording is not as this tool writes it. */
  "evidence_unreadable",
  /** A homologation session in which something was deselected. */
  "homologation_deselected",
  /** A file of the bundle is not in the manifest, or the other way round. */
  "manifest_files",
  /** A file has another SHA-256 than the manifest says. */
  "manifest_hash",
  /** The bundle has no manifest, attestation, signer, run, recording or result. */
  "manifest_missing",
  /** A file has another size than the manifest says. */
  "manifest_size",
  /** The manifest is not as this tool writes it. */
  "manifest_unreadable",
  /** The proofs in the bundle are not those that the run declares. */
  "proof_mismatch",
  /** The claimed result is not as this tool writes it. */
  "result_unreadable",
  /** No trusted agency key that may review signed this line at that time. */
  "review_agency",
  /** The reviews are about another bundle. */
  "review_bundle",
  /** The reviews are about another candidate. */
  "review_candidate",
  /** A line does not follow the one before it: a line was removed, added, altered or moved. */
  "review_chain",
  /** A line is older than the one before it. */
  "review_order",
  /** A review speaks of a proof that is not in the bundle, or that bears on no row of its perimeters that applies. */
  "review_stray",
  /** The reviews are not as this tool writes them. */
  "review_unreadable",
  /** The run says that the candidate reviewed a proof or a claim, on other bytes than those in the bundle. */
  "reviewed_otherwise",
  /** A homologation session under a rule pack that no trusted agency signed. */
  "rules_agency",
  /** The signed manifest of a rule pack is not as this tool writes it. */
  "rules_unreadable",
  /** Manifest, run, recording and result do not name one and the same run. */
  "run_mismatch",
  /** What the run wrote down of itself is not as this tool writes it. */
  "run_unreadable",
  /** A scenario was played otherwise than the rule set says. */
  "scenario_altered",
  /** The signature is not that of the key shown. */
  "signature_invalid",
  /** The key shown is neither Ed25519 nor ECDSA on P-256. */
  "signer_algorithm",
  /** The key shown is not one trusted for this candidate. */
  "signer_not_trusted",
  /** The key shown is trusted for another candidate only. */
  "signer_of_another",
  /** The key is trusted for this candidate, but not on the day the run ended. */
  "signer_out_of_dates",
  /** What the signer shows is neither a public key nor a certificate chain. */
  "signer_unreadable",
  /** Judging took longer than the bound of a campaign. */
  "timed_out",
  /** Judging needed more memory than the bound of a campaign. */
  "too_heavy",
] as const;

export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export type RefusalSlots = Readonly<Record<string, string | number>>;

/** Foreign names may be of any length. */
const MAX_WHERE = 200;

/** Thrown when foreign material is refused. Never carries the text of a library's or engine's error. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  /** Name of the entry, member or row the reason speaks of, as found (foreign text: make it visible-safe before printing). */
  readonly where: string | null;
  /** Values for the `{slot}` places of the sentence. */
  readonly slots: RefusalSlots;
  constructor(reason: RefusalReason, where: string | null = null, slots: RefusalSlots = {}) {
    super(reason);
    this.name = "Refusal";
    this.reason = reason;
    this.where = where === null ? null : where.slice(0, MAX_WHERE);
    this.slots = slots;
  }
}
