/** What a session is worth, decided before anything runs: its mode, and the challenge that identities and values are drawn from. */
import { readFileSync, statSync } from "node:fs";
import { type SegurConfig, type SessionMode, SuiteError } from "../core/model/index.js";
import type { Schemas } from "../core/plan/index.js";
import { fitsRun, openChallenge } from "../core/seal/challenge.js";
import { Refusal } from "../core/seal/refusal.js";
import type { Lang } from "./output.js";
import { type RunFolder, readRunMeta } from "./run-folder.js";
import { refusalText } from "./words/refusals.js";

export interface SessionOptions {
  readonly mode: SessionMode;
  /** File of a signed challenge. */
  readonly challenge?: string;
  readonly only?: readonly string[];
  readonly learn?: boolean;
  readonly lang: Lang;
}

export interface Session {
  readonly mode: SessionMode;
  /** `envelope`: the signed bytes, kept beside the run for whoever verifies. */
  readonly challenge: { readonly id: string; readonly seed: Uint8Array; readonly envelope?: Uint8Array } | null;
}

/** Far more than a challenge has. */
const MAX_CHALLENGE = 100_000;

/** Throws SuiteError ERR_USAGE (what the mode forbids) or ERR_FILE (a challenge that is none, or not for this run). */
export function openSession(options: SessionOptions, config: SegurConfig, schemas: Schemas, now: Date): Session {
  const { mode } = options;
  const forbid = (what: string, where: string): never => {
    throw new SuiteError("ERR_USAGE", what, {
      where,
      mend: "drop the option, or use --mode sandbox, whose evidence no agency takes",
    });
  };
  if (mode !== "sandbox" && options.only) forbid("this session deselects nothing", "--only");
  if (mode !== "sandbox" && options.learn) forbid("this session accepts no unknown client", "--learn");
  if (options.challenge === undefined) {
    if (mode === "homologation") {
      throw new SuiteError("ERR_USAGE", "a homologation session needs a challenge of the agency", {
        where: "--challenge",
        mend: "ask the agency for one, or rehearse with --mode rehearsal",
      });
    }
    return { mode, challenge: null };
  }
  const envelope = readChallenge(options.challenge);
  try {
    const validate = schemas.validator("challenge");
    const { challenge } = openChallenge(envelope, options.challenge, (value) => validate(value) === true);
    const at = now.toISOString();
    const { vendor, product, version } = config.candidate;
    fitsRun(challenge, { startedAt: at, endedAt: at }, { vendor, product, version }, options.challenge);
    return { mode, challenge: { id: challenge.id, seed: Buffer.from(challenge.seed, "hex"), envelope } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { sentence, mend } = refusalText(error, options.lang);
    throw new SuiteError("ERR_FILE", sentence, { where: options.challenge, mend, cause: error });
  }
}

/** A run goes on as it began: what it was drawn from stands in its folder. Throws SuiteError ERR_USAGE. */
export function continuedSession(folder: RunFolder, options: SessionOptions): Session {
  const { mode, challenge } = readRunMeta(folder);
  if (options.challenge !== undefined || (options.mode !== "sandbox" && options.mode !== mode)) {
    throw new SuiteError("ERR_USAGE", "a run that goes on keeps its mode and its challenge", {
      where: "--continue",
      mend: "leave --mode and --challenge out, or start a new run",
    });
  }
  return { mode, challenge: challenge && { id: challenge.id, seed: Buffer.from(challenge.seed, "hex") } };
}

function readChallenge(file: string): Uint8Array {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (!facts?.isFile() || facts.size > MAX_CHALLENGE) {
    throw new SuiteError("ERR_FILE", facts ? "this is not a challenge" : "there is no such file", {
      where: file,
      mend: "give the file that `segur challenge issue` made",
    });
  }
  return readFileSync(file);
}
