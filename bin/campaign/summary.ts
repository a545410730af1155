/**
 * campaign.json (segur-campaign/1): what a campaign found. It depends on the files under the folder, the rule set and the trust
 * file, and on nothing else: no time, no absolute path, no number of workers, no order of ending.
 */
import { byCodeUnit } from "../../core/model/index.js";
import { type ExitCode, worst } from "../output.js";
import type { VerificationStatus } from "../verification.js";
import type { Obstacle } from "./bundles.js";
import type { CampaignContext } from "./context.js";
import { BOUNDS, type CampaignEntry } from "./entry.js";
import { findRepeats, type Repeat, type RepeatKind } from "./repeats.js";

export const CAMPAIGN_FORMAT = "segur-campaign/1";

/** `unread`: the file could not be read. `failed`: a fault of the suite itself, which says nothing about the bundle. */
export const CAMPAIGN_STATUSES = ["equal", "different", "refused", "cannot_recompute", "unread", "failed"] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** Faults of ours: the worker ended by itself, or verifying threw. */
export type Fault = "worker_died" | "suite_fault";

/** What became of one file. */
export type Ending =
  | { readonly kind: "verified"; readonly entry: CampaignEntry }
  /** Refused without having been verified to the end: too large, or past a bound. */
  | { readonly kind: "refused"; readonly refusal: NonNullable<CampaignEntry["refusal"]> }
  | { readonly kind: "unread"; readonly obstacle: Obstacle }
  | { readonly kind: "failed"; readonly fault: Fault };

export interface CampaignLine extends Omit<CampaignEntry, "status" | "refusal" | "bundle" | "sample"> {
  readonly file: string;
  readonly status: CampaignStatus;
  /** Reason of a refusal, an obstacle, a fault; null where all went well. */
  readonly reason: string | null;
  readonly where: string | null;
  readonly slots: Readonly<Record<string, string | number>>;
  /** Null when it could not be read. */
  readonly bundle: CampaignEntry["bundle"] | null;
  /** Kinds of `repeats` in which this file stands. */
  readonly repeats: readonly RepeatKind[];
  /** The first other file of the strongest of them. */
  readonly duplicateOf: string | null;
}

export interface CampaignSummary extends CampaignContext {
  readonly format: typeof CAMPAIGN_FORMAT;
  readonly counts: Readonly<Record<CampaignStatus, number>> & {
    readonly bundles: number;
    /** Lines that say nothing final: the next start tries them again. */
    readonly unsettled: number;
    /** Files that stand in a repeat. */
    readonly repeated: number;
  };
  /** Sorted by file. */
  readonly bundles: readonly CampaignLine[];
  readonly repeats: readonly Repeat[];
}

export function summaryOf(context: CampaignContext, endings: ReadonlyMap<string, Ending>): CampaignSummary {
  const files = [...endings].sort(([a], [b]) => byCodeUnit(a, b));
  const repeats = findRepeats(
    files.flatMap(([file, ending]) => (ending.kind === "verified" ? [{ file, entry: ending.entry }] : [])),
  );
  const repeated = new Map<string, Repeat[]>();
  for (const repeat of repeats) {
    for (const file of repeat.files) repeated.set(file, [...(repeated.get(file) ?? []), repeat]);
  }
  const bundles = files.map(([file, ending]) => lineOf(file, ending, repeated.get(file) ?? []));
  const count = (status: CampaignStatus): number => bundles.filter((line) => line.status === status).length;
  return {
    format: CAMPAIGN_FORMAT,
    ...context,
    counts: {
      bundles: bundles.length,
      equal: count("equal"),
      different: count("different"),
      refused: count("refused"),
      cannot_recompute: count("cannot_recompute"),
      unread: count("unread"),
      failed: count("failed"),
      unsettled: bundles.filter(unsettled).length,
      repeated: repeated.size,
    },
    bundles,
    repeats,
  };
}

const UNKNOWN: Omit<CampaignLine, "file" | "status" | "reason" | "repeats" | "duplicateOf"> = {
  where: null,
  slots: {},
  bundle: null,
  candidate: null,
  run: null,
  mode: null,
  madeWith: null,
  signer: null,
  challenge: null,
  countersignature: null,
  differences: 0,
  decisions: null,
  recording: null,
};

/** One line; what it repeats is known only at the end. */
export function lineOf(file: string, ending: Ending, repeats: readonly Repeat[] = []): CampaignLine {
  const kinds = repeats.map((repeat) => repeat.kind);
  const duplicateOf = repeats[0]?.files.find((other) => other !== file) ?? null;
  const told = { file, repeats: kinds, duplicateOf };
  switch (ending.kind) {
    case "unread":
      return { ...UNKNOWN, ...told, status: "unread", reason: ending.obstacle };
    case "failed":
      return { ...UNKNOWN, ...told, status: "failed", reason: ending.fault };
    case "refused":
      return { ...UNKNOWN, ...told, status: "refused", ...ending.refusal };
    case "verified": {
      const { refusal, sample, ...rest } = ending.entry;
      void sample;
      return { ...UNKNOWN, ...rest, ...told, reason: null, ...refusal };
    }
  }
}

/** True when the line speaks of this machine and not of the bundle. */
export function unsettled({ status, reason }: Pick<CampaignLine, "status" | "reason">): boolean {
  return status === "unread" || status === "failed" || (BOUNDS as readonly (string | null)[]).includes(reason);
}

const CODES: Readonly<Record<VerificationStatus, ExitCode>> = {
  equal: 0,
  different: 1,
  refused: 1,
  cannot_recompute: 2,
};

/** Exit code of a campaign: the worst of its lines; 2 wins over 1 over 0. */
export function exitCodeOfCampaign({ bundles }: Pick<CampaignSummary, "bundles">): ExitCode {
  let code: ExitCode = 0;
  for (const line of bundles) {
    if (line.status === "unread" || line.status === "failed" || unsettled(line)) code = 2;
    else code = worst(code, CODES[line.status]);
  }
  return code;
}
