/** Judges the folder of a run: recording and rule set in, result.json out. No service, no network, no clock. */
import { evaluate, type PlannedCheck } from "../core/evaluate/evaluate.js";
import {
  canonicalJson,
  RESULT_FORMAT,
  type RecordingView,
  type RunResult,
  type SegurConfig,
  SuiteError,
  VENDOR_OPERATIONS,
} from "../core/model/index.js";
import { buildPlan, defaultServices, type Plan } from "../core/plan/index.js";
import { loadRecording, recordingDigest } from "../core/record/reader.js";
import { blockingFindings, heard, lookedAtOn } from "../core/dossier/index.js";
import { gateOfChecks, gateOfWaves, type ScoreAnswers, scorePerimeters } from "../core/score/index.js";
import type { ExitCode } from "./output.js";
import { type RunFolder, type RunMeta, readRunMeta, writeFileAtomic } from "./run-folder.js";
import type { Suite } from "./suite.js";

export interface Judged {
  readonly result: RunResult;
  readonly view: RecordingView;
  readonly meta: RunMeta;
  readonly plan: Plan;
  readonly folder: RunFolder;
}

/** Judges and writes result.json. The same folder and rule set give the same bytes. */
export function judgeRun(folder: RunFolder, suite: Suite, onThrow?: (check: string, error: unknown) => void): Judged {
  const judged = judgeAs(readRunMeta(folder), folder, suite, onThrow);
  writeFileAtomic(folder.file("result.json"), canonicalJson(judged.result));
  return judged;
}

/** Judges the recording of a folder as if run.json said `meta`; writes nothing. */
export function judgeAs(
  meta: RunMeta,
  folder: RunFolder,
  suite: Suite,
  onThrow?: (check: string, error: unknown) => void,
): Judged {
  demandRules(meta, suite);
  const view = loadRecording(folder.recording);
  const plan = planOf(meta, suite);
  const result = judgeView(view, recordingDigest(folder.recording), meta, plan, suite, onThrow);
  return { result, view, meta, plan, folder };
}

/** A run made with a rule pack is judged with it: without it, rows it replaced would be judged by ours. Throws ERR_RULE_SET. */
export function demandRules({ rules }: Pick<RunMeta, "rules">, suite: Suite): void {
  if (!rules || rules.digest === suite.rules?.digest) return;
  throw new SuiteError("ERR_RULE_SET", `the run was made with the rule pack ${rules.name} ${rules.version}`, {
    where: `rule pack ${rules.digest}`,
    mend: "give the folder of this pack with --specs",
  });
}

/** The plan as it was: from what the run wrote down of its configuration and of its driver. */
export function planOf(meta: RunMeta, suite: Suite): Plan {
  const config: SegurConfig = {
    file: meta.configFile,
    ...meta.config,
    services: defaultServices(),
    psc: { clients: [] },
    lifetimes: { accessToken: 120, refreshToken: 1800, session: 14_400, code: 60 },
    drivers: { kind: "manual", can: null, timeout: 1 },
    stateFolder: "",
    runsFolder: "",
  };
  return buildPlan({
    config,
    specs: suite.specs,
    checks: suite.checks,
    driverCan: meta.driverCan ?? VENDOR_OPERATIONS,
    ...(meta.only ? { only: meta.only } : {}),
  });
}

/**
 * What the score hears of the candidate: its declarations, its own reviews of what they name, and the proofs that a rule keeps from
 * counting. `reviewed`: by proof, the day on which an agency last said something of it.
 */
export function answersOf(
  meta: Pick<RunMeta, "config" | "mode" | "startedAt">,
  { specs }: Pick<Suite, "specs">,
  reviewed: ReadonlyMap<string, string> = new Map(),
): ScoreAnswers {
  const { config, mode, startedAt } = meta;
  const runDay = startedAt.slice(0, 10);
  const kindsOf = (proof: string): string[] =>
    specs.requirements
      .filter(({ id, proofs }) => id === proof || proofs.ids.includes(proof))
      .flatMap(({ proofs }) => proofs.kinds);
  const blocked = Object.entries(config.proofs).filter(([id, { facts, on }]) => {
    if (!facts) return false;
    return blockingFindings(facts, kindsOf(id), lookedAtOn(on, runDay, reviewed.get(id))).length > 0;
  });
  return { ...config, ...heard(config, specs.requirements), mode, blocked: new Set(blocked.map(([id]) => id)) };
}

export function judgeView(
  view: RecordingView,
  digest: string,
  meta: RunMeta,
  plan: Plan,
  suite: Suite,
  onThrow?: (check: string, error: unknown) => void,
): RunResult {
  const planned = new Set(plan.checks.map((check) => check.id));
  const why = new Map(plan.unplanned.map((check) => [check.id, check.reason]));
  const checks = evaluate(
    view,
    suite.checks.map((check): PlannedCheck => ({
      check,
      planned: planned.has(check.id),
      reason: why.get(check.id) ?? null,
    })),
    onThrow,
  );
  const perimeters = scorePerimeters({
    perimeters: plan.perimeters,
    requirements: suite.specs.requirements,
    checks,
    answers: answersOf(meta, suite),
  });
  const played = new Map(view.runs.map((run) => [run.facts.id, run]));
  const executed = view.exchanges.some((exchange) => exchange.scenario !== null);
  const latest = new Set(view.runs.map((run) => run.key));
  return {
    format: RESULT_FORMAT,
    recording: { id: view.meta.id, sha256: digest },
    ruleSet: suite.ruleSet,
    configHash: meta.configHash,
    mode: meta.mode,
    candidate: {
      vendor: meta.config.candidate.vendor,
      product: meta.config.candidate.product,
      version: meta.config.candidate.version,
    },
    checks,
    perimeters,
    scenarios: plan.scenarios.map(({ scenario }) => {
      const run = played.get(scenario.id);
      if (!run) return { key: `${scenario.id}#0`, state: "not_played" as const, reason: null };
      const close = run.events.find((event) => event.kind === "scenario.close");
      const reason = close?.data.reason;
      return { key: run.key, state: run.state, reason: typeof reason === "string" ? reason : null };
    }),
    unattributed: view.exchanges
      .filter((x) => x.direction === "in" && x.scenario === null)
      .map((x) => ({ exchange: x.id, operation: x.operation })),
    unexpected: view.exchanges
      .filter((x) => x.direction === "in" && /\.(unexpected|malformed)$/.test(x.operation))
      .filter((x) => x.scenario === null || latest.has(x.scenario))
      .map((x) => ({ exchange: x.id, operation: x.operation })),
    gate: gateOfChecks(checks, executed),
  };
}

/** Exit code of a judged run under a gate (architecture, section 5). */
export function exitCodeOf(result: RunResult, gate: "checks" | "wave"): ExitCode {
  const state = gate === "checks" ? result.gate.checks : worseGate(result);
  if (state === "passed") return 0;
  return state === "error" || state === "empty" ? 2 : 1;
}

/** The gate `wave` needs executed checks too: an empty run never passes. */
function worseGate(result: RunResult): RunResult["gate"]["checks"] {
  if (result.gate.checks === "empty") return "empty";
  return gateOfWaves(result.perimeters);
}
