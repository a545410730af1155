/** `segur diff RUN RUN`: what changed in checks, rows and decisions, and why. Nothing is written into either folder. */
import { readFileSync } from "node:fs";
import { type Changes, type ComparedRun, changesBetween, compareResults } from "../../core/compare/index.js";
import { canonicalJson, RESULT_FORMAT, type RecordingView, type RunResult } from "../../core/model/index.js";
import { loadRecording, recordingDigest } from "../../core/record/reader.js";
import { judgeView, planOf } from "../judgement.js";
import type { ExitCode, Lang } from "../output.js";
import { findRun, type RunFolder, type RunMeta, readRunMeta } from "../run-folder.js";
import { openToldSuite, type Suite } from "../suite.js";
import { diffText } from "../words/diff.js";

export const DIFF_FORMAT = "segur-diff/1";

export interface DiffOptions {
  readonly json?: boolean;
  /** Folder of a rule pack, under which both are judged again. */
  readonly specs?: string;
  /** File of trusted keys, to name the signer of the pack. */
  readonly trust?: string;
  readonly lang: Lang;
}

/** Why `result.json` of a run is not what is compared: it is then judged from its recording. */
export type DiffNote = "no_result" | "unreadable_result" | "result_does_not_follow" | "other_rule_pack";

/** Parts of what was asked, or supplied beside the recording. */
export const ASKED = ["perimeters", "subProfiles", "conditions", "alternatives", "only", "driverCan", "mode"] as const;
export type Asked = (typeof ASKED)[number];

export interface DiffSide {
  /** Name of the folder. */
  readonly run: string;
  readonly candidate: RunResult["candidate"];
  readonly recording: RunResult["recording"];
  readonly configHash: string;
  /** Rule set of the result that is compared. */
  readonly ruleSet: string;
  readonly notes: readonly DiffNote[];
}

/** Output of `--json` (specs/schemas/diff.schema.json). */
export interface Diff extends Changes {
  readonly format: typeof DIFF_FORMAT;
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Rule set under which both recordings were judged again. */
  readonly ruleSet: string;
  /** What was asked differently. */
  readonly asked: readonly Asked[];
  readonly evidence: { readonly recording: boolean; readonly proofs: boolean };
}

/** Exit code 0: nothing got worse or vanished; 1: something did, or is new and fails. 2 (thrown): cannot be compared. */
export function diff(before: string, after: string, options: DiffOptions): ExitCode {
  const suite = openToldSuite(options);
  const found = diffRuns(findRun(before), findRun(after), suite, (check, error) =>
    process.stderr.write(`! ${check}: ${String(error)}\n`),
  );
  process.stdout.write(options.json ? canonicalJson(found) : diffText(found, suite, options.lang));
  return found.regression ? 1 : 0;
}

export function diffRuns(
  before: RunFolder,
  after: RunFolder,
  suite: Suite,
  onThrow: (check: string, error: unknown) => void = () => undefined,
): Diff {
  const a = openSide(before, suite, onThrow);
  const b = openSide(after, suite, onThrow);
  const asked = ASKED.filter((part) => canonicalJson(askedOf(a.meta, part)) !== canonicalJson(askedOf(b.meta, part)));
  const evidence = {
    recording: a.now.recording.sha256 !== b.now.recording.sha256,
    proofs: canonicalJson(a.meta.config.proofs) !== canonicalJson(b.meta.config.proofs),
  };
  const cross = (evidence: Side, asking: Side): RunResult => {
    if (asked.length === 0) return evidence.now;
    const meta: RunMeta = { ...asking.meta, config: { ...asking.meta.config, proofs: evidence.meta.config.proofs } };
    return judgeView(evidence.view, evidence.now.recording.sha256, meta, planOf(meta, suite), suite, onThrow);
  };
  return {
    format: DIFF_FORMAT,
    before: sideOf(a),
    after: sideOf(b),
    ruleSet: suite.ruleSet,
    asked,
    evidence,
    ...changesBetween({
      before: a,
      after: b,
      crossed: { evidenceAfter: cross(b, a), askedAfter: cross(a, b) },
      differs: { evidence: evidence.recording || evidence.proofs, perimeter: asked.length > 0 },
    }),
  };
}

/** Undefined members are not there, as in the YAML that said nothing. */
function askedOf(meta: RunMeta, part: Asked): unknown {
  if (part === "only" || part === "driverCan") return meta[part] === null ? null : [...meta[part]].sort();
  return (part === "mode" ? meta.mode : meta.config[part]) ?? null;
}

interface Side extends ComparedRun {
  readonly folder: RunFolder;
  readonly meta: RunMeta;
  readonly view: RecordingView;
  readonly notes: readonly DiffNote[];
}

function openSide(folder: RunFolder, suite: Suite, onThrow: (check: string, error: unknown) => void): Side {
  const meta = readRunMeta(folder);
  const view = loadRecording(folder.recording);
  const now = judgeView(view, recordingDigest(folder.recording), meta, planOf(meta, suite), suite, onThrow);
  const packed: DiffNote[] = (meta.rules?.digest ?? null) === (suite.rules?.digest ?? null) ? [] : ["other_rule_pack"];
  const base = { folder, meta, view, now };
  const judgedNow = (note: DiffNote): Side => ({
    ...base,
    said: now,
    saidRules: now.ruleSet,
    notes: [note, ...packed],
  });
  const written = readResult(folder);
  if (written.state !== "read") return judgedNow(written.state);
  const { result, ruleSet } = written;
  // Under the same rules a recording has one result: anything else was written by another hand.
  if (ruleSet === now.ruleSet && compareResults(result, now).length > 0) return judgedNow("result_does_not_follow");
  return { ...base, said: result, saidRules: ruleSet, notes: packed };
}

type Written =
  | { readonly state: "read"; readonly result: unknown; readonly ruleSet: string }
  | { readonly state: "no_result" | "unreadable_result" };

/** The result as it stands in the folder; of any version that has the same format. */
function readResult(folder: RunFolder): Written {
  let result: unknown;
  try {
    result = JSON.parse(readFileSync(folder.file("result.json"), "utf8"));
  } catch (error) {
    return { state: (error as NodeJS.ErrnoException).code === "ENOENT" ? "no_result" : "unreadable_result" };
  }
  const { format, ruleSet } = (result ?? {}) as { readonly format?: unknown; readonly ruleSet?: unknown };
  if (format !== RESULT_FORMAT || typeof ruleSet !== "string") return { state: "unreadable_result" };
  return { state: "read", result, ruleSet };
}

function sideOf({ folder, now, saidRules, notes }: Side): DiffSide {
  return {
    run: folder.name,
    candidate: now.candidate,
    recording: now.recording,
    configHash: now.configHash,
    ruleSet: saidRules,
    notes,
  };
}
