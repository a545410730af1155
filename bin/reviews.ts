/** The file of reviews beside a bundle: read whole, added to under a lock, replaced in one step. */
import { lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { SuiteError } from "../core/model/index.js";
import { Refusal } from "../core/seal/refusal.js";
import {
  NO_REVIEWS,
  readReviews,
  REVIEW_LIMITS,
  type Reviewers,
  type ReviewLog,
  REVIEWS_ENDING,
  type ReviewSubject,
} from "../core/seal/review.js";
import { withLock } from "./lock.js";
import { writeNewFile } from "./write-new.js";

export function reviewsFileOf(bundle: string): string {
  return `${bundle}${REVIEWS_ENDING}`;
}

/**
 * The reviews of a bundle; none when there is no file. Throws Refusal (see `readReviews`), and SuiteError ERR_FILE when the file
 * cannot be read.
 */
export function loadReviews(bundle: string, subject: ReviewSubject, reviewers: Reviewers): ReviewLog {
  const file = reviewsFileOf(bundle);
  const bytes = readIfThere(file);
  return bytes === null ? NO_REVIEWS : readReviews(bytes, subject, reviewers, path.basename(file));
}

function readIfThere(file: string): Uint8Array | null {
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (!facts) return null;
  if (!facts.isFile() || facts.size > REVIEW_LIMITS.file) throw new Refusal("review_unreadable", path.basename(file));
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new SuiteError("ERR_FILE", "the file cannot be read", { where: file, mend: "Check who may read it.", cause });
  }
}

/**
 * Adds what `line` gives for the reviews as they are at that moment; two reviewers at once do not lose each other's line. Throws
 * as `loadReviews`, and SuiteError ERR_FILE when another review is being written, or this one cannot be.
 */
export function addReview(
  bundle: string,
  subject: ReviewSubject,
  reviewers: Reviewers,
  line: (log: ReviewLog) => string,
): void {
  const file = reviewsFileOf(bundle);
  withLock(file, () => {
    const log = loadReviews(bundle, subject, reviewers);
    const before = readIfThere(file) ?? new Uint8Array(0);
    writeNewFile(file, Buffer.concat([before, Buffer.from(line(log))]), true);
  });
}
