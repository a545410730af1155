/** What a session is worth, decided before anything runs: its mode, and the challenge that identities and values are drawn from. */
import { readFileSync, statSync } from "node:fs";
import { type SegurConfig, type SessionMode, SuiteError } from "../core/model/index.js";
import type { Schemas } from "../core/plan/index.js";
import { NAMES } from "../core/seal/bundle/manifest.js";
import { type Challenge, fitsRun, openChallenge } from "../core/seal/challenge.js";
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
  demandAllowed(mode, options);
  if (options.challenge === undefined) {
    if (mode === "homologation") {
      throw new SuiteError("ERR_USAGE", "a homologation session needs a challenge of the agency", {
        where: "--challenge",
        mend: "ask the agency for one, or rehearse with --mode rehearsal",
      });
    }
    return { mode, challenge: null };
  }
  const at = now.toISOString();
  const run = { startedAt: at, endedAt: at };
  const { challenge, envelope } = fittingChallenge(options.challenge, run, config.candidate, schemas, options.lang);
  return { mode, challenge: { id: challenge.id, seed: Buffer.from(challenge.seed, "hex"), envelope } };
}

/**
 * A run goes on as it began: what it was drawn from stands in its folder, and what its mode forbids stays forbidden. Throws
 * SuiteError ERR_USAGE, and ERR_FILE when the days of the challenge are over: one event more, and all of the run would lie outside
 * of them.
 */
export function continuedSession(folder: RunFolder, options: SessionOptions, schemas: Schemas, now: Date): Session {
  const { mode, challenge, startedAt, config } = readRunMeta(folder);
  if (options.challenge !== undefined || (options.mode !== "sandbox" && options.mode !== mode)) {
    throw new SuiteError("ERR_USAGE", "a run that goes on keeps its mode and its challenge", {
      where: "--continue",
      mend: "leave --mode and --challenge out, or start a new run",
    });
  }
  demandAllowed(mode, options);
  if (challenge === null) return { mode, challenge: null };
  const file = folder.file(NAMES.challenge);
  // A self-drawn session of a test has none.
  if (statSync(file, { throwIfNoEntry: false })) {
    fittingChallenge(file, { startedAt, endedAt: now.toISOString() }, config.candidate, schemas, options.lang);
  }
  return { mode, challenge: { id: challenge.id, seed: Buffer.from(challenge.seed, "hex") } };
}

/** Throws SuiteError ERR_USAGE for what no other mode than the sandbox allows. */
function demandAllowed(mode: SessionMode, options: SessionOptions): void {
  const forbid = (what: string, where: string): never => {
    throw new SuiteError("ERR_USAGE", what, {
      where,
      mend: "drop the option, or use --mode sandbox, whose evidence no agency takes",
    });
  };
  if (mode !== "sandbox" && options.only) forbid("this session deselects nothing", "--only");
  if (mode !== "sandbox" && options.learn) forbid("this session accepts no unknown client", "--learn");
}

/** A challenge for this candidate in whose days `run` lies, with its signed bytes. Throws SuiteError ERR_FILE. */
function fittingChallenge(
  file: string,
  run: { readonly startedAt: string; readonly endedAt: string },
  { vendor, product, version }: SegurConfig["candidate"],
  schemas: Schemas,
  lang: Lang,
): { readonly challenge: Challenge; readonly envelope: Uint8Array } {
  const envelope = readChallenge(file);
  try {
    const validate = schemas.validator("challenge");
    const { challenge } = openChallenge(envelope, file, (value) => validate(value) === true);
    fitsRun(challenge, run, { vendor, product, version }, file);
    return { challenge, envelope };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { sentence, mend } = refusalText(error, lang);
    throw new SuiteError("ERR_FILE", sentence, { where: file, mend, cause: error });
  }
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
