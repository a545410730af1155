/** `segur label issue`: the agency verifies the bundle itself, weighs its reviews, and signs, or says all that stands in the way. */
import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { instantOf, isDay } from "../../core/seal/instants.js";
import { type GroundPerimeter, issueLabel, type LabelGround, type Obstacle } from "../../core/seal/label.js";
import { Refusal } from "../../core/seal/refusal.js";
import {
  NO_REVIEWS,
  readReviews,
  REVIEW_LIMITS,
  type Reviewers,
  type ReviewLog,
  type ReviewSubject,
  trustedReviewers,
} from "../../core/seal/review.js";
import { visible } from "../../reports/safe.js";
import { decideWithReviews } from "../agency-decision.js";
import { labelGroundsText } from "../label-grounds-text.js";
import type { ExitCode, Lang } from "../output.js";
import { loadReviews } from "../reviews.js";
import { openToldSuite, type Suite } from "../suite.js";
import { loadPrivateKey, loadTrust } from "../trust.js";
import { type Verified, verifyBundle } from "../verification.js";
import { verificationText } from "../verification-text.js";
import { fillWords, LABEL_WORDS, spokenInstant } from "../words/label.js";
import { refusalText } from "../words/refusals.js";
import { writeNewFile } from "../write-new.js";
import { readBundle } from "./verify.js";

export interface IssueOptions {
  readonly perimeter: string;
  readonly key: string;
  readonly trust: string;
  /** Default: the file beside the bundle, if there is one. */
  readonly reviews?: string;
  readonly specs?: string;
  /** Day until the end of which the label is valid. */
  readonly until: string;
  /** Somebody looked at the earlier attempts of scenarios that were played more than once. */
  readonly repeatedExamined?: boolean;
  readonly output?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly lang: Lang;
}

/** 0 issued; 1 the candidate's side stands in the way; 2 ours or the user's does. */
export async function issue(file: string, options: IssueOptions): Promise<ExitCode> {
  const { lang } = options;
  if (!isDay(options.until)) {
    throw new SuiteError("ERR_USAGE", `"${options.until}" is not a day`, {
      where: "--until",
      mend: "Write a day of the calendar, such as 2026-11-21.",
    });
  }
  const suite = openToldSuite({ ...options, mode: "homologation" });
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const trust = loadTrust(options.trust, schemas);
  const key = loadPrivateKey(options.key, undefined, lang);
  const verified = await verifyBundle(readBundle(file), { suite, schemas, trust });
  process.stderr.write(labelGroundsText(verified.verification, suite.rules, lang));
  let ground: LabelGround;
  try {
    ground = groundOf(verified, suite, reviewsOf(file, verified, trustedReviewers(trust), options.reviews));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { sentence, where, mend } = refusalText(error, lang);
    process.stderr.write(`${sentence} [${error.reason}]\n${where === null ? "" : `  ${where}\n`}  ${mend}\n`);
    return 1;
  }
  const issued = issueLabel(ground, {
    perimeter: options.perimeter,
    key,
    trust,
    repeatedExamined: options.repeatedExamined ?? false,
    id: randomBytes(16).toString("hex"),
    issuedAt: instantOf(Date.now()),
    validUntil: `${options.until}T23:59:59Z`,
  });
  const words = LABEL_WORDS[lang];
  if (issued.label === null) {
    if (ground.verify.status !== "equal") process.stderr.write(verificationText(verified.verification, lang));
    if (options.json) print({ format: "segur-label-issue/1", file: null, label: null, obstacles: issued.obstacles });
    else
      process.stdout.write(`${words.refused}\n${issued.obstacles.map((one) => obstacleLine(one, lang)).join("\n")}\n`);
    return issued.obstacles.some(isOurs) ? 2 : 1;
  }
  const output = options.output ?? `${file.replace(/\.segur\.zip$/, "")}.label.json`;
  writeNewFile(output, issued.text, options.force ?? false);
  if (options.json) print({ format: "segur-label-issue/1", file: output, label: issued.label, obstacles: [] });
  else {
    process.stdout.write(
      `${fillWords(words.issued, { validUntil: spokenInstant(issued.label.validUntil) })}\n${output}\n`,
    );
    process.stderr.write(`${words.refreshHint}\n`);
  }
  return 0;
}

/** The reviews of the bundle. Throws Refusal (see `readReviews`) and SuiteError ERR_FILE. */
function reviewsOf(file: string, { bundle }: Verified, reviewers: Reviewers, named?: string): ReviewLog {
  if (!bundle) return NO_REVIEWS;
  const subject: ReviewSubject = { bundle: bundle.sha256, candidate: bundle.manifest.candidate };
  if (named === undefined) return loadReviews(file, subject, reviewers);
  const facts = statSync(named, { throwIfNoEntry: false });
  if (!facts?.isFile() || facts.size > REVIEW_LIMITS.file) {
    throw new SuiteError("ERR_FILE", facts ? "the file is no plain file, or is too large" : "there is no such file", {
      where: named,
      mend: "Correct the path.",
    });
  }
  return readReviews(readFileSync(named), subject, reviewers, path.basename(named));
}

/** What a label would stand on. Throws Refusal `review_stray`. */
export function groundOf({ verification, meta, result }: Verified, suite: Suite, log: ReviewLog): LabelGround {
  const { status, refusal, claims, signer, challenge, recomputed } = verification;
  const judged = meta !== null && result !== null;
  return {
    candidate: result?.candidate ?? null,
    ruleSet: suite.ruleSet,
    bundle: verification.bundle.sha256,
    verify: {
      status,
      reason: refusal?.reason ?? null,
      signerTrusted: signer && signer.trusted === true,
      mode: claims?.mode ?? null,
      challenge: judged ? (challenge ? (challenge.issuer === null ? "other" : "agency") : "none") : null,
      tracesFound:
        challenge &&
        challenge.expected > 0 &&
        challenge.untraced.length === 0 &&
        challenge.traced === challenge.expected,
      repeated: recomputed && recomputed.repeated.map(({ scenario }) => scenario),
    },
    reviews: log.sha256,
    perimeters: judged ? perimetersOf({ meta, result, suite, reviews: log.entries }) : null,
  };
}

function perimetersOf(input: Parameters<typeof decideWithReviews>[0]): readonly GroundPerimeter[] {
  const { perimeters, waiting, complements } = decideWithReviews(input);
  return perimeters.map(({ id, couloir, wave, basis, decision, deciding, groups }) => {
    const rows = new Set(groups.flatMap((group) => group.rows.map((row) => row.id)));
    const own = (proofs: readonly { readonly row: string }[]): string[] =>
      proofs.map(({ row }) => row).filter((row) => rows.has(row));
    return {
      id,
      couloir,
      wave,
      basis,
      decision,
      toReview: unique([...deciding.toReview, ...own(waiting)]),
      complement: unique(own(complements)),
      owed: deciding.dossierOwed,
    };
  });
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].sort();
}

/** Obstacles that the candidate can do nothing about: key, dates, perimeter asked for, rule set at hand. */
function isOurs({ reason, detail }: Obstacle): boolean {
  return (
    reason.startsWith("key_") ||
    ["dates", "perimeter_unknown", "unsayable"].includes(reason) ||
    (reason === "verify_not_equal" && detail[0] === "cannot_recompute")
  );
}

/** Row ids beyond this many are counted, not named; --json names all. */
const SHOWN = 12;

function obstacleLine({ reason, detail }: Obstacle, lang: Lang): string {
  const more = detail.length > SHOWN ? ` … (${detail.length})` : "";
  const named = `${detail
    .slice(0, SHOWN)
    .map((one) => visible(one))
    .join(", ")}${more}`;
  return `  - ${fillWords(LABEL_WORDS[lang].obstacles[reason], { detail: named })} [${reason}]`;
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
