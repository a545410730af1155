/** result.json: what was judged. Canonical JSON of ids, message ids, slots and evidence pointers; no prose. */
import type { Cause, Finding, Outcome, Pointer, Strength } from "./check.js";
import type { SessionMode } from "./recording.js";
import type { Couloir, Level } from "./spec.js";

export const RESULT_FORMAT = "segur-result/1";

export type Verdict = "conform" | "not_conform" | "not_tested" | "to_review" | "undetermined" | "not_applicable";
export type Dossier = "complete" | "owed" | "to_review" | "none_demanded";
export type Decision = "referencable" | "not_referencable" | "undetermined";

export interface CheckResult {
  readonly id: string;
  readonly planned: boolean;
  readonly outcome: Outcome;
  /** Weakest link of what it observed; null when it observed nothing. */
  readonly strength: Strength | null;
  /** Subjects looked at (sorted, at most 20 kept; `count` is the true number). */
  readonly observed: { readonly count: number; readonly at: readonly Pointer[] };
  readonly findings: readonly Finding[];
  /** Cause of a non-pass, null when met or inapplicable. */
  readonly cause: Cause | null;
  /** Why not observed: `no_exchange`, `no_trigger`, `no_control`, `no_window`, `not_judged`, `scenario_not_played`, `driver_cannot`; why inapplicable: the check's reason; why error: our code. */
  readonly reason: string | null;
}

export interface RowResult {
  readonly id: string;
  readonly level: Level;
  readonly verdict: Verdict;
  /** `profile`, `condition:<name>`, `alternative:<name>` for not_applicable; `answered` (see core/score); else the id of what decided. */
  readonly reason: string | null;
  readonly strength: Strength | null;
  readonly dossier: Dossier;
  /** Official proof ids by state. */
  readonly proofs: {
    readonly accepted: readonly string[];
    readonly toReview: readonly string[];
    readonly owed: readonly string[];
  };
  readonly checks: readonly string[];
  readonly cause: Cause | null;
  readonly justification: string | null;
}

export interface Score {
  /** Counts of applicable mandatory rows (levels mandatory, conditional, unknown). */
  readonly mandatory: { readonly conform: number; readonly total: number };
  readonly machine: { readonly proved: number; readonly provable: number };
  readonly proofs: { readonly accepted: number; readonly demanded: number };
  readonly optional: { readonly conform: number; readonly total: number };
}

export interface PerimeterResult {
  readonly id: string;
  readonly couloir: Couloir;
  readonly wave: "1" | "2";
  readonly basis: string;
  readonly decision: Decision;
  /** For not_referencable: `breach` or `owed`. */
  readonly reason: "breach" | "owed" | "error" | null;
  /** Row ids that decide, by what they lack. */
  readonly deciding: {
    readonly notConform: readonly string[];
    readonly undetermined: readonly string[];
    readonly notTested: readonly string[];
    readonly toReview: readonly string[];
    readonly dossierOwed: readonly string[];
  };
  readonly groups: readonly { readonly id: string; readonly rows: readonly RowResult[] }[];
  readonly score: { readonly all: Score; readonly byDomain: Readonly<Record<string, Score>> };
}

export interface RunResult {
  readonly format: typeof RESULT_FORMAT;
  readonly recording: { readonly id: string; readonly sha256: string };
  readonly ruleSet: string;
  readonly configHash: string;
  /** How verdicts were scored: only in `sandbox` do the candidate's own reviews count. */
  readonly mode: SessionMode;
  readonly candidate: { readonly vendor: string; readonly product: string; readonly version: string };
  readonly checks: readonly CheckResult[];
  readonly perimeters: readonly PerimeterResult[];
  /** Scenario attempts: key, state, steps done. */
  readonly scenarios: readonly {
    readonly key: string;
    readonly state: "done" | "failed" | "interrupted" | "not_played";
    readonly reason: string | null;
  }[];
  readonly unattributed: readonly { readonly exchange: string; readonly operation: string }[];
  readonly unexpected: readonly { readonly exchange: string; readonly operation: string }[];
  readonly gate: {
    readonly checks: GateState;
    readonly counts: Readonly<Record<Outcome, number>>;
    readonly unplanned: number;
  };
}

/** `passed`: every planned check met or inapplicable. `breach`/`unobserved`/`error`: the worst thing in it. `empty`: nothing was executed. */
export type GateState = "passed" | "breach" | "unobserved" | "error" | "empty";
