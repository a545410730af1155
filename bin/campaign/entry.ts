/** What a campaign keeps of one verification. It names no file: the same bytes give the same entry under any name. */
import { byCodeUnit, type Decision } from "../../core/model/index.js";
import { type BundleManifest, NAMES } from "../../core/seal/bundle/manifest.js";
import type { OpenedBundle } from "../../core/seal/bundle/open.js";
import type { RefusalReason } from "../../core/seal/refusal.js";
import { cut } from "../../reports/safe.js";
import type { Verification, VerificationStatus, Verified } from "../verification.js";

export interface CampaignEntry {
  readonly status: VerificationStatus;
  readonly refusal: Verification["refusal"];
  readonly bundle: Verification["bundle"];
  /** As the manifest says; null when the bundle could not be opened. What is below is null as far as it did not get. */
  readonly candidate: BundleManifest["candidate"] | null;
  readonly run: BundleManifest["run"] | null;
  readonly mode: BundleManifest["mode"] | null;
  readonly madeWith: { readonly tool: string; readonly ruleSet: string; readonly rules: string | null } | null;
  /** Whose signature holds. `trusted`: null = nobody was asked, false = not for this candidate. */
  readonly signer: {
    readonly keyid: string;
    readonly algorithm: string;
    readonly subject: string | null;
    readonly trusted: boolean | null;
  } | null;
  /**
   * `issuer`: the trusted agency that signed it; null = not asked, or not reached. `traced` of `expected` scenario attempts carry
   * what the challenge drew; null = not looked for.
   */
  readonly challenge: {
    readonly id: string;
    readonly issuer: string | null;
    readonly expected: number | null;
    readonly traced: number | null;
  } | null;
  readonly countersignature: Verification["countersignature"];
  readonly differences: number;
  /** As recomputed, never as claimed; null when it was not judged. */
  readonly decisions:
    | readonly {
        readonly perimeter: string;
        readonly decision: Decision;
        readonly reason: string | null;
      }[]
    | null;
  /** Digest of the recording, as the manifest says. */
  readonly recording: string | null;
  /** Some of the bytes the vendor's software sent, by digest: see `sampleOf`. */
  readonly sample: readonly string[];
}

/** Foreign text kept in an entry, in UTF-16 units. */
const MAX_TEXT = 500;
/** Smallest stream sampled, in bytes: shorter ones can be alike in two honest runs (a plain GET of a discovery document). */
const MIN_STREAM = 1024;
const SAMPLED = 32;
/** Of the SHA-256 in hexadecimal. */
const DIGITS = 16;

/** `asked`: a trust file was given. */
export function entryOf({ verification, bundle }: Verified, asked: boolean): CampaignEntry {
  const { claims, recomputed, challenge } = verification;
  const id = challenge?.id ?? bundle?.manifest.challenge ?? null;
  const subject = bundle?.signer.certificates[0]?.subject.replaceAll("\n", ", ") ?? null;
  return {
    status: verification.status,
    refusal: verification.refusal,
    bundle: verification.bundle,
    candidate: claims && {
      vendor: short(claims.candidate.vendor),
      product: short(claims.candidate.product),
      version: short(claims.candidate.version),
    },
    run: claims && claims.run,
    mode: claims && claims.mode,
    madeWith: claims && {
      tool: claims.tool.version,
      ruleSet: claims.ruleSet,
      rules: claims.rules && `${claims.rules.name} ${claims.rules.version}`,
    },
    signer: bundle && {
      keyid: bundle.signer.key.keyid,
      algorithm: bundle.signer.key.algorithm,
      subject: subject === null ? null : short(subject),
      // A bundle that opened and shows no signer was refused because of it.
      trusted: asked ? verification.signer?.trusted === true : null,
    },
    challenge:
      id === null
        ? null
        : {
            id,
            issuer: challenge?.issuer ?? null,
            expected: challenge?.expected ?? null,
            traced: challenge?.traced ?? null,
          },
    countersignature: verification.countersignature,
    differences: verification.differences.length,
    decisions:
      recomputed?.perimeters.map(({ id: perimeter, decision, reason }) => ({ perimeter, decision, reason })) ?? null,
    recording: bundle?.manifest.recording ?? null,
    sample: bundle ? sampleOf(bundle) : [],
  };
}

function short(text: string): string {
  return cut(text, MAX_TEXT).text;
}

/**
 * The smallest digests of the longer streams in which the vendor's software called our services (a bottom-k sketch): two recordings
 * that share bytes share some of these, whatever was edited around them. Two honest runs share none: a request of that size carries
 * times, ids or signatures of its own, where an answer of the software may be a page that never changes. The digests are true: the
 * bundle was opened, so the manifest was held against the bytes.
 */
export function sampleOf({ manifest, files }: Pick<OpenedBundle, "manifest" | "files">): string[] {
  const digests = callers(files).flatMap((id) => {
    const facts = manifest.files[`${NAMES.recording}streams/${id}.in`];
    return facts && facts.size >= MIN_STREAM ? [facts.sha256.slice(0, DIGITS)] : [];
  });
  return [...new Set(digests)].sort(byCodeUnit).slice(0, SAMPLED);
}

/** Ids of the connections that came in, as far as the journal of connections can be read: the bundle may be refused for it. */
function callers(files: OpenedBundle["files"]): string[] {
  // Not `textOf`, which refuses broken UTF-8: that is the verification's to say.
  const lines = new TextDecoder().decode(files.get(`${NAMES.recording}connections.jsonl`)).split("\n");
  return lines.flatMap((line) => {
    try {
      const { id, direction } = JSON.parse(line) as { readonly id?: unknown; readonly direction?: unknown };
      return direction === "in" && typeof id === "string" ? [id] : [];
    } catch {
      return [];
    }
  });
}

/** Bounds are facts of the machine and not of the bundle: such an entry is not kept, the next start tries again. */
export const BOUNDS = ["timed_out", "too_heavy"] as const satisfies readonly RefusalReason[];
export type Bound = (typeof BOUNDS)[number];
