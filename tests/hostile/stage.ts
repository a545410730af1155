/** What the forgers have at hand: true runs of the reference software, sealed, with keys of a vendor, of an agency and of nobody. */
import type { RunFolder } from "../../bin/run-folder.js";
import { sealRun } from "../../bin/sealing.js";
import type { Suite } from "../../bin/suite.js";
import type { Schemas } from "../../core/plan/index.js";
import { readArchive } from "../../core/seal/archive.js";
import { type Challenge, CHALLENGE_FORMAT, signChallenge } from "../../core/seal/challenge.js";
import type { SigningKey } from "../../core/seal/keys.js";
import type { Trust } from "../../core/seal/trust.js";
import { CANDIDATE, goodRun, keyPair, makeRun } from "../support/bundle.js";

export interface SealedRun {
  /** The bundle as `segur seal` makes it, and its files. */
  readonly bytes: Uint8Array;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface Stage {
  readonly suite: Suite;
  readonly schemas: Schemas;
  readonly vendor: SigningKey;
  readonly agency: SigningKey;
  readonly nobody: SigningKey;
  /** Who is trusted: the vendor for its candidate, the agency for everything an agency does. */
  readonly trust: Trust;
  /** A sandbox run with two files of proof. */
  readonly good: SealedRun;
  /** Another run of the same software, with a scenario in which the services misbehave. */
  readonly other: SealedRun;
  /** The beginning of a homologation, played with a challenge of the agency: interrupted, and whole as far as it goes. */
  readonly challenged: SealedRun & { readonly challenge: Challenge };
}

const OTHER = ["psc-login-nonce-wrong", "ins-search-corsica", "dmp-submit-twice", "mss-two-mails"];

export async function openStage(): Promise<Stage> {
  const [vendor, agency, nobody] = [keyPair(), keyPair("ecdsa-p256"), keyPair()];
  const { suite, schemas, folder } = await goodRun();
  const challenge = challengeOf();
  const sealed = async (run: RunFolder): Promise<SealedRun> => {
    const { bytes } = await sealRun(run, suite, vendor);
    return { bytes, files: await readArchive(bytes) };
  };
  const other = await makeRun({ only: OTHER });
  const challenged = await homologation(challenge, agency);
  return {
    suite,
    schemas,
    vendor,
    agency,
    nobody,
    trust: {
      candidates: [{ vendor: CANDIDATE.vendor, key: vendor }],
      agencies: [
        { name: "Agence fictive", key: agency, roles: ["challenge", "review", "label", "rules", "countersign"] },
      ],
    },
    good: await sealed(folder),
    other: await sealed(other.folder),
    challenged: { ...(await sealed(challenged)), challenge },
  };
}

/** How many scenarios of the homologation are played. */
const BEGINNING = 4;

async function homologation(challenge: Challenge, agency: SigningKey): Promise<RunFolder> {
  const { id, seed } = challenge;
  const envelope = Buffer.from(signChallenge(challenge, agency));
  const stop = new AbortController();
  let played = 0;
  const line = (): void => {
    played += 1;
    if (played >= BEGINNING) stop.abort();
  };
  const { folder } = await makeRun({
    mode: "homologation",
    only: null,
    challenge: { id, seed: Buffer.from(seed, "hex"), envelope },
    progress: { line, now: () => undefined, end: () => undefined },
    signal: stop.signal,
  });
  return folder;
}

/** For the candidate of the bundled run, wide enough for any day on which the tests run. */
export function challengeOf(change: Partial<Challenge> = {}): Challenge {
  return {
    format: CHALLENGE_FORMAT,
    id: "0123456789abcdef",
    // Draws an order that begins with a submission to the DMP and a mail.
    seed: "44".repeat(32),
    issuer: "Agence fictive",
    candidate: CANDIDATE,
    issuedAt: "2020-01-01T00:00:00.000Z",
    notAfter: "2100-01-01T00:00:00.000Z",
    ...change,
  };
}
