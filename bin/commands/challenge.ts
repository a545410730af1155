/** `segur challenge issue`: an agency's signed seed for one candidate. */
import { randomBytes } from "node:crypto";
import { SuiteError } from "../../core/model/index.js";
import { CHALLENGE_FORMAT, type Challenge, signChallenge } from "../../core/seal/challenge.js";
import type { ExitCode, Lang } from "../output.js";
import { demandNames, loadPrivateKey } from "../trust.js";
import { VERIFY_WORDS } from "../words/verify.js";
import { writeNewFile } from "../write-new.js";

export interface ChallengeOptions {
  readonly key: string;
  readonly issuer: string;
  readonly vendor: string;
  readonly product: string;
  readonly candidateVersion: string;
  /** Days the run may begin and end in. */
  readonly days: string;
  readonly output: string;
  readonly force?: boolean;
  readonly lang: Lang;
}

const MAX_DAYS = 366;
/** A candidate's clock may be a little behind the agency's: its run must not seem to begin before the challenge. Milliseconds. */
const CLOCK_SLACK = 5 * 60_000;

export function issueChallenge(options: ChallengeOptions): ExitCode {
  const days = Number(options.days);
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
    throw new SuiteError("ERR_USAGE", "the number of days is not a whole number from 1 to 366", {
      where: `--days ${options.days}`,
      mend: "give the days the candidate has to run, such as --days 7",
    });
  }
  demandNames(options.issuer, options.vendor, options.product, options.candidateVersion);
  const key = loadPrivateKey(options.key, undefined, options.lang);
  const now = new Date();
  const challenge: Challenge = {
    format: CHALLENGE_FORMAT,
    id: randomBytes(16).toString("hex"),
    seed: randomBytes(32).toString("hex"),
    issuer: options.issuer,
    candidate: { vendor: options.vendor, product: options.product, version: options.candidateVersion },
    issuedAt: new Date(now.getTime() - CLOCK_SLACK).toISOString(),
    notAfter: new Date(now.getTime() + days * 86_400_000).toISOString(),
  };
  writeNewFile(options.output, signChallenge(challenge, key), options.force ?? false);
  const words = VERIFY_WORDS[options.lang];
  process.stdout.write(`${words.issued(options.output)}\n  ${challenge.id}, ${words.until} ${challenge.notAfter}\n`);
  return 0;
}
