/** `segur review BUNDLE`: what waits for a person's eyes; and what the agency says of it, signed beside the bundle. */
import { statSync } from "node:fs";
import path from "node:path";
import { canonicalJson, type ProofOfRow, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { reviewableProofs } from "../../core/score/index.js";
import { instantOf } from "../../core/seal/instants.js";
import type { SigningKey } from "../../core/seal/keys.js";
import { Refusal } from "../../core/seal/refusal.js";
import { type Reviewers, reviewLine, type ReviewSubject, trustedReviewers } from "../../core/seal/review.js";
import type { Trust } from "../../core/seal/trust.js";
import { visible } from "../../reports/safe.js";
import { decideWithReviews } from "../agency-decision.js";
import type { ExitCode, Lang } from "../output.js";
import { entriesOf, wantedReviews, type WantedOptions } from "../review-entries.js";
import { reviewList, reviewListText } from "../review-list.js";
import { addReview, loadReviews, reviewsFileOf } from "../reviews.js";
import type { RunMeta } from "../run-folder.js";
import { openToldSuite, type Suite } from "../suite.js";
import { loadPrivateKey, loadTrust } from "../trust.js";
import { type Verified, verifyBundle } from "../verification.js";
import { verificationText } from "../verification-text.js";
import { refusalText } from "../words/refusals.js";
import { REVIEW_WORDS } from "../words/review.js";
import { exitCodeOfVerification, readBundle } from "./verify.js";

export interface ReviewOptions extends WantedOptions {
  readonly key?: string;
  readonly trust?: string;
  readonly specs?: string;
  readonly json?: boolean;
  readonly lang: Lang;
}

/** 0 done; 1 when bundle or reviews are refused; 2 when the bundle cannot be judged here, or for a mistake of the user. */
export async function review(file: string, options: ReviewOptions): Promise<ExitCode> {
  const suite = openToldSuite(options);
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const trust = options.trust === undefined ? null : loadTrust(options.trust, schemas);
  const verified = await verifyBundle(readBundle(file), { suite, schemas, trust });
  const { verification, bundle, meta, result } = verified;
  if (!bundle || !meta || !result || verification.status === "refused") {
    process.stderr.write(verificationText(verification, options.lang));
    return exitCodeOfVerification(verification);
  }
  const words = REVIEW_WORDS[options.lang];
  if (verification.status === "different") process.stderr.write(`${words.different}\n`);
  const wanted = wantedReviews(options, schemas);
  const signer = options.key === undefined ? null : loadPrivateKey(options.key, undefined, options.lang);
  const now = instantOf(Date.now());
  const reviewers = whoReviews(trust, signer, file);
  const subject: ReviewSubject = { bundle: bundle.sha256, candidate: bundle.manifest.candidate };
  try {
    if (wanted.length > 0) {
      const entries = entriesOf(wanted, reviewable(verified, meta, suite), options);
      const key = demandSigner(signer, trust, reviewers, now);
      addReview(file, subject, reviewers, (log) => {
        demandLater(now, log.lines.at(-1)?.on);
        return reviewLine(log, subject, entries, now, key);
      });
      process.stderr.write(`${words.written(entries.length, visible(reviewsFileOf(file)))}\n`);
    }
    const log = loadReviews(file, subject, reviewers);
    const decision = decideWithReviews({ result, meta, suite, reviews: log.entries });
    const { repeated } = verification.recomputed ?? {};
    const list = reviewList(bundle, log, decision, meta.config.notApplicable, repeated);
    process.stdout.write(options.json ? canonicalJson(list) : reviewListText(list, suite, options.lang));
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { sentence, where, mend } = refusalText(error, options.lang);
    const place = where === null ? "" : `\n  ${words.where} ${where}`;
    process.stderr.write(
      `${words.refused}${options.lang === "fr" ? " : " : ": "}${sentence} [${error.reason}]${place}\n`,
    );
    process.stderr.write(`  ${words.mend} ${mend}\n`);
    return 1;
  }
}

/** Whose lines are believed: the agencies of the trust file; without one, nobody but whoever signs here. */
function whoReviews(trust: Trust | null, signer: SigningKey | null, bundle: string): Reviewers {
  if (trust) return trustedReviewers(trust);
  if (signer) return () => [{ ...signer, name: signer.keyid.slice(0, 16) }];
  if (statSync(reviewsFileOf(bundle), { throwIfNoEntry: false })) {
    throw new SuiteError("ERR_USAGE", "the reviews beside the bundle cannot be told genuine without trusted keys", {
      where: reviewsFileOf(bundle),
      mend: "give --trust with a keys.yaml in which the agency's key has the role `review`",
    });
  }
  return () => [];
}

function demandSigner(signer: SigningKey | null, trust: Trust | null, reviewers: Reviewers, now: string): SigningKey {
  if (!signer)
    throw new SuiteError("ERR_USAGE", "a review needs a key to sign it", { where: "--key", mend: "give --key" });
  if (trust && !reviewers(now).some(({ keyid }) => keyid === signer.keyid)) {
    throw new SuiteError("ERR_KEY", "this key may not review, by the trust file", {
      where: signer.keyid,
      mend: "give the key of an agency whose role `review` is valid today",
    });
  }
  return signer;
}

/** Lines go forward in time: an old key that comes back cannot add a line dated in its day. */
function demandLater(now: string, last: string | undefined): void {
  if (last === undefined || last <= now) return;
  throw new SuiteError("ERR_REVIEW", "the last review is dated later than now", {
    where: last,
    mend: "set the clock of this machine right",
  });
}

function reviewable({ result }: Verified, meta: RunMeta, suite: Suite): readonly ProofOfRow[] {
  const judged = (result?.perimeters ?? []).map(({ id }) => id);
  const perimeters = suite.specs.perimeters.filter((perimeter) => judged.includes(perimeter.id));
  return reviewableProofs(perimeters, suite.specs.requirements, meta.config);
}
