/**
 * The agency's side: opens a bundle, holds its parts against each other, judges the raw evidence again and compares with what
 * was claimed. Nothing in a bundle is believed, executed or rendered. Same bundle, rule set and trust: same bytes out, anywhere,
 * any year; every date is judged at a time that the evidence names.
 */
import { compareResults, type Difference } from "../core/compare/index.js";
import { canonicalJson, type RecordingView, type RunResult, SuiteError } from "../core/model/index.js";
import type { Plan, Schemas } from "../core/plan/index.js";
import {
  isPartOfRecording,
  loadRecording,
  type RecordingFiles,
  recordingDigest,
  recordingInMemory,
} from "../core/record/reader.js";
import { type BundleManifest, NAMES, sha256 } from "../core/seal/bundle/manifest.js";
import { type OpenedBundle, openBundle, textOf } from "../core/seal/bundle/open.js";
import { matchStatement } from "../core/seal/bundle/statement.js";
import { countersignedFacts, matchCountersignature } from "../core/seal/countersignature.js";
import { challengeIssuer, fitsRun, openChallenge } from "../core/seal/challenge.js";
import { bytesOnce, toldInOrder, withinBounds } from "../core/seal/order.js";
import { Refusal, type RefusalReason, type RefusalSlots } from "../core/seal/refusal.js";
import { rulePackSigner } from "../core/seal/rule-pack.js";
import { type Trust, trustedFor } from "../core/seal/trust.js";
import { loadIdentities } from "../services/shared/identities.js";
import { findTraces } from "./challenge-traces.js";
import { judgeView, planOf } from "./judgement.js";
import { answeredAsAllowed, playedAsAsked } from "./played.js";
import { proofsAgree } from "./proofs-agree.js";
import type { RunMeta } from "./run-folder.js";
import { endOf } from "./sealing.js";
import { setAsideOf } from "./set-aside.js";
import type { Suite } from "./suite.js";

export const VERIFICATION_FORMAT = "segur-verification/1";

/** `equal`: recomputed and the same to the byte. `cannot_recompute`: whole, but made with another rule set. */
export type VerificationStatus = "equal" | "different" | "refused" | "cannot_recompute";

export interface Verification {
  readonly format: typeof VERIFICATION_FORMAT;
  readonly status: VerificationStatus;
  readonly bundle: { readonly sha256: string; readonly size: number };
  /** Why it is refused; null for the other statuses. */
  readonly refusal: {
    readonly reason: RefusalReason;
    readonly where: string | null;
    readonly slots: RefusalSlots;
  } | null;
  /** What the bundle says of itself; null when it could not be opened. */
  readonly claims: Pick<
    BundleManifest,
    "candidate" | "run" | "mode" | "ruleSet" | "rules" | "tool" | "perimeters"
  > | null;
  /** `trusted` null = no trust was given: integrity only, signer unknown. */
  readonly signer: {
    readonly keyid: string;
    readonly algorithm: string;
    /** Subject of the leaf certificate, its lines joined by `, `; null = a bare key. */
    readonly subject: string | null;
    readonly trusted: true | null;
  } | null;
  /**
   * Null = a run without challenge. `issuer`: trusted agency that signed it; null = not asked, or unknown. `expected`: scenario
   * attempts in which the software cannot but have sent something drawn, or did; `traced`: those where it was found in every
   * exchange that cannot but carry it; `untraced`: the exchanges where it was not.
   */
  readonly challenge: {
    readonly id: string;
    readonly issuer: string | null;
    readonly expected: number;
    readonly traced: number;
    readonly untraced: readonly string[];
  } | null;
  /** Null = none. */
  readonly countersignature: { readonly issuer: string | null } | null;
  readonly differences: readonly Difference[];
  /** What judging again gave; null when it was not done. `result`: SHA-256 of the recomputed result.json. */
  readonly recomputed: {
    readonly result: string;
    readonly gate: RunResult["gate"]["checks"];
    readonly perimeters: readonly Pick<RunResult["perimeters"][number], "id" | "decision" | "reason">[];
    /** Why rows do not apply, by the candidate's own answers (`condition:citizen-mail`, `profile`…): an agency looks at each. */
    readonly setAside: readonly { readonly reason: string; readonly rows: number }[];
    /**
     * Scenarios played more than once, after an interruption or a failed step. The latest attempt alone is judged: what an earlier
     * one showed stands in the recording only, and an agency looks at each.
     */
    readonly repeated: readonly { readonly scenario: string; readonly attempts: number }[];
  } | null;
}

export interface VerifyOptions {
  readonly suite: Suite;
  readonly schemas: Schemas;
  /** Null = signers are not asked about. */
  readonly trust: Trust | null;
}

/** A verification with what reviews and labels go on from. The members but the first are null as far as it did not get. */
export interface Verified {
  readonly verification: Verification;
  readonly bundle: OpenedBundle | null;
  readonly meta: RunMeta | null;
  /** As recomputed, never as claimed. */
  readonly result: RunResult | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Never throws for what stands in `bytes`. */
export async function verifyBundle(bytes: Uint8Array, options: VerifyOptions): Promise<Verified> {
  const verification: Mutable<Verification> = {
    format: VERIFICATION_FORMAT,
    status: "refused",
    bundle: { sha256: sha256(bytes), size: bytes.length },
    refusal: null,
    claims: null,
    signer: null,
    challenge: null,
    countersignature: null,
    differences: [],
    recomputed: null,
  };
  const known: Mutable<Verified> = { verification, bundle: null, meta: null, result: null };
  try {
    await examine(bytes, options, known, verification);
  } catch (error) {
    const { reason, where, slots } = asRefusal(error);
    Object.assign(verification, { status: "refused", refusal: { reason, where, slots } });
  }
  return known;
}

/** An error of a reader speaks of foreign bytes here; anything else is a fault of ours and is thrown on. */
function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof SuiteError && error.code === "ERR_RECORDING") {
    return new Refusal("evidence_unreadable", error.where ?? null);
  }
  throw error;
}

async function examine(
  bytes: Uint8Array,
  { suite, schemas, trust }: VerifyOptions,
  known: Mutable<Verified>,
  verification: Mutable<Verification>,
): Promise<void> {
  const valid = (schema: Parameters<Schemas["validator"]>[0]) => {
    const validate = schemas.validator(schema);
    return (value: unknown): boolean => validate(value) === true;
  };
  const bundle = await openBundle(bytes, valid("bundle"));
  const { manifest, signer, files } = bundle;
  known.bundle = bundle;
  const { candidate, run, mode, ruleSet, rules, tool, perimeters } = manifest;
  verification.claims = { candidate, run, mode, ruleSet, rules, tool, perimeters };
  if (trust) trustedFor(signer, candidate, run.endedAt, trust);
  verification.signer = {
    keyid: signer.key.keyid,
    algorithm: signer.key.algorithm,
    subject: signer.certificates[0]?.subject.replaceAll("\n", ", ") ?? null,
    trusted: trust ? true : null,
  };
  // Before run and result are read: those of another version may have another shape, and are no forgery for that.
  if (ruleSet !== suite.ruleSet) {
    verification.status = "cannot_recompute";
    return;
  }
  const meta = readJson<RunMeta>(files, NAMES.run, valid("run"), "run_unreadable");
  const claimed = readJson<RunResult>(files, NAMES.result, valid("result"), "result_unreadable");
  known.meta = meta;
  // Else two readers could read two results, and `different` would have nothing to name.
  if (canonicalJson(claimed) !== textOf(files, NAMES.result)) throw new Refusal("result_unreadable", NAMES.result);
  matchStatement(bundle.statement, bundle.manifestBytes, manifest, claimed);
  agree(manifest, meta, claimed);
  proofsAgree(manifest, meta);
  if (trust && mode === "homologation" && suite.pack && !rulePackSigner(suite.pack.signed, trust, run.endedAt)) {
    throw new Refusal("rules_agency", `${suite.pack.facts.name} ${suite.pack.facts.version}`);
  }
  answeredAsAllowed(meta, suite);
  const recording = recordingOf(files);
  const view = loadRecording(recording);
  const digest = recordingDigest(recording);
  withinBounds(view);
  recordedForThisRun(view, manifest, meta);
  toldInOrder(view, run.startedAt, suite.specs.scenarios);
  bytesOnce(view);
  const plan = planFor(meta, suite);
  const challenge = challengeOf(bundle, meta, valid("challenge"), trust);
  const seed = challenge && Buffer.from(challenge.seed, "hex");
  if (challenge && seed) {
    const traces = tracesOf(view, seed, plan, suite);
    verification.challenge = { id: challenge.id, issuer: challenge.issuer, ...traces };
    const [untraced] = traces.untraced;
    if (mode === "homologation" && untraced !== undefined) throw new Refusal("challenge_traces", untraced);
  }
  playedAsAsked(view, seed, suite);
  const countersigned = files.get(NAMES.countersignature);
  if (countersigned) {
    const expected = { run: { id: run.id, sha256: countersignedFacts(meta) }, recording: digest, candidate };
    const isValid = valid("countersignature");
    const issuer = matchCountersignature(countersigned, NAMES.countersignature, isValid, expected, trust);
    verification.countersignature = { issuer };
  }
  const result = judgeView(view, digest, meta, plan, suite);
  known.result = result;
  const text = canonicalJson(result);
  verification.recomputed = {
    result: sha256(text),
    gate: result.gate.checks,
    perimeters: result.perimeters.map(({ id, decision, reason }) => ({ id, decision, reason })),
    setAside: setAsideOf(result.perimeters.flatMap(({ groups }) => groups.flatMap((group) => group.rows))).map(
      ({ reason, rows }) => ({ reason, rows: rows.length }),
    ),
    repeated: view.runs.flatMap(({ facts: { id, attempt } }) =>
      attempt > 1 ? [{ scenario: id, attempts: attempt }] : [],
    ),
  };
  verification.differences = compareResults(claimed, result);
  verification.status = text === textOf(files, NAMES.result) ? "equal" : "different";
}

function planFor(meta: RunMeta, suite: Suite): Plan {
  try {
    return planOf(meta, suite);
  } catch (error) {
    // A run that names perimeters or checks which are not there.
    if (error instanceof SuiteError) throw new Refusal("run_unreadable", NAMES.run);
    throw error;
  }
}

/** Throws Refusal `challenge_facts` when the recording itself says that it was played with something else. */
function tracesOf(
  view: RecordingView,
  seed: Uint8Array,
  plan: Plan,
  suite: Suite,
): Pick<NonNullable<Verification["challenge"]>, "traced" | "expected" | "untraced"> {
  const planned = plan.scenarios.map(({ scenario }) => scenario);
  const { scenarios, mismatches } = findTraces(view, { identities: loadIdentities(suite.root), planned, seed });
  const [mismatch] = mismatches;
  if (mismatch) {
    const { scenario, event, what } = mismatch;
    throw new Refusal("challenge_facts", event, { scenario, what });
  }
  // A login is no proof that something must be found, but what is found in it counts.
  const expected = scenarios.filter((one) => one.expected || one.found.length > 0);
  const untraced = expected.flatMap(({ exchanges }) => exchanges.filter(({ found }) => found.length === 0));
  return {
    expected: expected.length,
    traced: expected.filter(({ exchanges }) => exchanges.every(({ found }) => found.length > 0)).length,
    untraced: untraced.map(({ id }) => id),
  };
}

function readJson<T>(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  valid: (value: unknown) => boolean,
  reason: RefusalReason,
): T {
  let value: unknown;
  try {
    value = JSON.parse(textOf(files, name));
  } catch {
    throw new Refusal(reason, name);
  }
  if (!valid(value)) throw new Refusal(reason, name);
  return value as T;
}

/** Manifest, run and claimed result must speak of one run of one candidate under one rule set. */
function agree(manifest: BundleManifest, meta: RunMeta, claimed: RunResult): void {
  const apart = (name: string, reason: RefusalReason, ...values: readonly unknown[]): void => {
    const [first, ...others] = values.map((value) => canonicalJson(value ?? null));
    if (others.some((other) => other !== first)) throw new Refusal(reason, name);
  };
  const { vendor, product, version } = meta.config.candidate;
  apart("candidate", "candidate_mismatch", manifest.candidate, { vendor, product, version }, claimed.candidate);
  apart("run.id", "run_mismatch", manifest.run.id, meta.id, claimed.recording.id);
  apart("run.startedAt", "run_mismatch", manifest.run.startedAt, meta.startedAt);
  apart("ruleSet", "run_mismatch", manifest.ruleSet, meta.ruleSet, claimed.ruleSet);
  apart("rules", "run_mismatch", manifest.rules, meta.rules);
  apart("configHash", "run_mismatch", manifest.configHash, meta.configHash, claimed.configHash);
  apart("perimeters", "run_mismatch", manifest.perimeters, meta.config.perimeters);
  apart("mode", "run_mismatch", manifest.mode, meta.mode, claimed.mode);
  apart("challenge", "run_mismatch", manifest.challenge, meta.challenge?.id);
  apart("tool", "run_mismatch", manifest.tool.version, meta.toolVersion);
  apart("recording", "run_mismatch", manifest.recording, claimed.recording.sha256);
}

/** The recording among the files. A file in its folder that is no part of one hides from judging: refused. */
function recordingOf(files: ReadonlyMap<string, Uint8Array>): RecordingFiles {
  const parts = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    if (name.startsWith(NAMES.recording)) parts.set(name.slice(NAMES.recording.length), bytes);
    else if (!isKnown(name)) throw new Refusal("manifest_files", name, { side: "foreign" });
  }
  for (const name of parts.keys()) {
    if (!isPartOfRecording(name)) throw new Refusal("manifest_files", name, { side: "foreign" });
  }
  return recordingInMemory(parts, "recording");
}

function isKnown(name: string): boolean {
  return name.startsWith(NAMES.proofs) || Object.values<string>(NAMES).includes(name);
}

/** What the recording says of itself must be what run and manifest say. */
function recordedForThisRun(view: RecordingView, manifest: BundleManifest, meta: RunMeta): void {
  if (view.meta.id !== meta.id) throw new Refusal("run_mismatch", "recording.id");
  const opened = view.events.filter((event) => event.kind === "recording.open");
  if (opened.length === 0) throw new Refusal("evidence_missing", "recording.open");
  for (const { id, data } of opened) {
    const same = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);
    if (!same(data.candidate, meta.config.candidate)) throw new Refusal("candidate_mismatch", id);
    if (!same(data.mode ?? "sandbox", meta.mode)) throw new Refusal("run_mismatch", `${id} mode`);
    if (!same(data.challenge, meta.challenge?.id)) throw new Refusal("challenge_mismatch", id);
  }
  const end = endOf(view.events, meta.startedAt);
  if (end !== manifest.run.endedAt) throw new Refusal("evidence_order", "run.endedAt", { expected: end });
}

/** The challenge in the bundle, held against the run; null = none, where none is demanded. */
function challengeOf(
  { files, manifest }: OpenedBundle,
  meta: RunMeta,
  isChallenge: (value: unknown) => boolean,
  trust: Trust | null,
): { readonly id: string; readonly seed: string; readonly issuer: string | null } | null {
  const strict = meta.mode === "homologation";
  if (strict && meta.only !== null) throw new Refusal("homologation_deselected", "only");
  const bytes = files.get(NAMES.challenge);
  if (meta.challenge === null || !bytes) {
    if (meta.challenge !== null || bytes) throw new Refusal("challenge_mismatch", NAMES.challenge);
    if (strict) throw new Refusal("challenge_missing", NAMES.run);
    return null;
  }
  const opened = openChallenge(bytes, NAMES.challenge, isChallenge);
  const { id, seed } = opened.challenge;
  if (id !== meta.challenge.id || seed !== meta.challenge.seed) {
    throw new Refusal("challenge_mismatch", NAMES.challenge);
  }
  fitsRun(opened.challenge, manifest.run, manifest.candidate, NAMES.challenge);
  const issuer = trust ? challengeIssuer(opened, trust) : null;
  if (trust && strict && issuer === null) throw new Refusal("challenge_agency", NAMES.challenge);
  return { id, seed, issuer };
}
