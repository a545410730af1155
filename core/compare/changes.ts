/**
 * Run against run: what changed in checks, rows and decisions, and why. Pure.
 *
 * The cause is not guessed: both recordings are judged again under one rule set, and each once more under what was asked of
 * the other run. Only the members of the state that make the change are looked at.
 *   rules      the two results come from different rule sets, and one rule set for both gives another answer
 *   evidence   with the same rules and the same things asked, the other recording (or other proofs) gives another answer
 *   perimeter  with the same rules and the same recording, what was asked (perimeters, profiles, conditions, selection,
 *              operations of the driver, mode) gives another answer
 * Several can hold together: a row that was neither asked nor recorded before has both as its cause.
 */
import { byCodeUnit, type RunResult } from "../model/index.js";
import { type CheckState, type DecisionState, type RowState, type State, type States, statesOf } from "./states.js";

export type ChangeCause = "evidence" | "rules" | "perimeter";

/** `vanished`: judged before and not now; `new`: the reverse; `other`: neither better nor worse, such as another strength. */
export type Direction = "vanished" | "worse" | "new" | "better" | "other";

export interface Change<S extends State> {
  readonly id: string;
  /** Of a row; else null. */
  readonly perimeter: string | null;
  readonly direction: Direction;
  /** Worse, vanished, or new and not in order. */
  readonly regression: boolean;
  /** Null = not there at all. */
  readonly before: S | null;
  readonly after: S | null;
  /** Sorted. Empty only when nothing can explain it: same recording, same things asked, same rules, another result. */
  readonly causes: readonly ChangeCause[];
  /** False when judging again under the present rules does not show the change: the causes are then all that could be. */
  readonly shown: boolean;
}

export interface Changes {
  readonly checks: readonly Change<CheckState>[];
  readonly rows: readonly Change<RowState>[];
  readonly decisions: readonly Change<DecisionState>[];
  readonly regression: boolean;
}

export interface ComparedRun {
  /** What the run says of itself: its result.json, or `now` when that cannot be used. Any JSON. */
  readonly said: unknown;
  /** Rule set under which `said` was judged. */
  readonly saidRules: string;
  /** Judged again under the present rules. */
  readonly now: RunResult;
}

export interface ComparedRuns {
  readonly before: ComparedRun;
  readonly after: ComparedRun;
  /** Present rules: the evidence of one run under what was asked of the other. */
  readonly crossed: { readonly evidenceAfter: RunResult; readonly askedAfter: RunResult };
  /** Whether the recordings or the proofs supplied differ, and whether what was asked does. */
  readonly differs: { readonly evidence: boolean; readonly perimeter: boolean };
}

export function changesBetween(runs: ComparedRuns): Changes {
  const states: Readonly<Record<Side, States>> = {
    before: statesOf(runs.before.said),
    after: statesOf(runs.after.said),
    beforeNow: statesOf(runs.before.now),
    afterNow: statesOf(runs.after.now),
    evidenceAfter: statesOf(runs.crossed.evidenceAfter),
    askedAfter: statesOf(runs.crossed.askedAfter),
  };
  const collect = <S extends State>(pick: (of: States) => ReadonlyMap<string, S>, kind: Kind<S>): Change<S>[] => {
    const keys = new Set([...pick(states.before).keys(), ...pick(states.after).keys()]);
    const changes = [...keys].flatMap((key): Change<S>[] => {
      const at = (side: Side): S | null => pick(states[side]).get(key) ?? null;
      const before = at("before");
      const after = at("after");
      const changed = differing(before, after);
      if (changed.length === 0 || (kind.idle(before) && kind.idle(after))) return [];
      const direction = kind.direction(before, after);
      const [id = "", perimeter = null] = key.split("\n").reverse();
      const failing = direction === "new" && after !== null && kind.rank(after) > 0;
      const made = changed.filter((name) => kind.makes[direction]?.includes(name) ?? true);
      return [
        {
          id,
          perimeter,
          direction,
          regression: direction === "worse" || direction === "vanished" || failing,
          before,
          after,
          ...causesOf(runs, made.length > 0 ? made : changed, at),
        },
      ];
    });
    return changes.sort(inOrder);
  };
  const checks = collect((of) => of.checks, CHECKS);
  const rows = collect((of) => of.rows, ROWS);
  const decisions = collect((of) => of.decisions, DECISIONS);
  return { checks, rows, decisions, regression: [...checks, ...rows, ...decisions].some((one) => one.regression) };
}

type Side = "before" | "after" | "beforeNow" | "afterNow" | "evidenceAfter" | "askedAfter";

/** How states of one kind compare. */
interface Kind<S extends State> {
  direction(before: S | null, after: S | null): Direction;
  /** 0 = in order; the higher the worse. */
  rank(state: S): number;
  /** Nothing rests on it, as on a check that no run planned. */
  idle(state: S | null): boolean;
  /** The members a direction is about; all of them where nothing stands here. */
  readonly makes: Partial<Readonly<Record<Direction, readonly string[]>>>;
}

function causesOf(
  runs: ComparedRuns,
  made: readonly string[],
  at: (side: Side) => State | null,
): { readonly causes: readonly ChangeCause[]; readonly shown: boolean } {
  const same = (a: Side, b: Side): boolean => !differing(at(a), at(b)).some((name) => made.includes(name));
  const causes: ChangeCause[] = [];
  if (!same("beforeNow", "evidenceAfter") || !same("askedAfter", "afterNow")) causes.push("evidence");
  if (!same("beforeNow", "askedAfter") || !same("evidenceAfter", "afterNow")) causes.push("perimeter");
  const moved = !same("before", "beforeNow") || !same("after", "afterNow");
  if (runs.before.saidRules !== runs.after.saidRules && moved) causes.push("rules");
  if (causes.length > 0) return { causes: causes.sort(byCodeUnit), shown: true };
  // Both were judged by one older rule set, and the present one no longer sees the difference.
  return { causes: (["evidence", "perimeter"] as const).filter((cause) => runs.differs[cause]), shown: false };
}

/** Members that differ; every member when one side is not there. */
function differing(a: State | null, b: State | null): string[] {
  if (a === null && b === null) return [];
  if (a === null || b === null) return Object.keys(a ?? b ?? {});
  return Object.keys(a).filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

const OUTCOME_RANKS: Readonly<Record<string, number>> = {
  met: 0,
  inapplicable: 0,
  unobserved: 1,
  error: 2,
  breached: 3,
};
const VERDICT_RANKS: Readonly<Record<string, number>> = {
  conform: 0,
  to_review: 1,
  not_tested: 2,
  undetermined: 3,
  not_conform: 4,
};
const DOSSIER_RANKS: Readonly<Record<string, number>> = { complete: 0, none_demanded: 0, to_review: 1, owed: 2 };
const UNKNOWN_RANK = 9;

/** An unplanned check is in no gate: only a breach or an error it happened to see counts. */
function checkRank(state: CheckState): number {
  const rank = OUTCOME_RANKS[state.outcome] ?? UNKNOWN_RANK;
  return state.planned || rank > 1 ? rank : 0;
}

function rowRank(state: RowState): number {
  if (state.verdict === "not_applicable") return 0;
  return (VERDICT_RANKS[state.verdict] ?? UNKNOWN_RANK) * 10 + (DOSSIER_RANKS[state.dossier] ?? UNKNOWN_RANK);
}

function decisionRank(state: DecisionState): number {
  if (state.decision === "referencable") return 0;
  if (state.decision === "undetermined") return 2;
  return state.reason === "owed" ? 1 : 3;
}

function checkDirection(before: CheckState | null, after: CheckState | null): Direction {
  const planned = presence(before?.planned ?? false, after?.planned ?? false);
  if (planned || !before || !after)
    return planned ?? rankDirection(before ? checkRank(before) : 0, after ? checkRank(after) : 0);
  const byRank = rankDirection(checkRank(before), checkRank(after));
  if (byRank !== "other") return byRank;
  if (after.breaches.some((message) => !before.breaches.includes(message))) return "worse";
  return before.breaches.some((message) => !after.breaches.includes(message)) ? "better" : "other";
}

function rowDirection(before: RowState | null, after: RowState | null): Direction {
  const applies = (state: RowState | null): boolean => state !== null && state.verdict !== "not_applicable";
  const there = presence(applies(before), applies(after));
  if (there || !before || !after) return there ?? "other";
  const verdict = rankDirection(rowRank(before), rowRank(after));
  // A better verdict does not make up for a proof that is owed now.
  const dossier = rankDirection(
    DOSSIER_RANKS[before.dossier] ?? UNKNOWN_RANK,
    DOSSIER_RANKS[after.dossier] ?? UNKNOWN_RANK,
  );
  return dossier === "worse" ? "worse" : verdict;
}

function decisionDirection(before: DecisionState | null, after: DecisionState | null): Direction {
  if (!before || !after) return presence(before !== null, after !== null) ?? "other";
  return rankDirection(decisionRank(before), decisionRank(after));
}

const CHECKS: Kind<CheckState> = {
  direction: checkDirection,
  rank: checkRank,
  idle: (state) => state === null || (!state.planned && checkRank(state) === 0),
  makes: {
    vanished: ["planned"],
    new: ["planned"],
    worse: ["outcome", "breaches"],
    better: ["outcome", "breaches"],
  },
};

const ROWS: Kind<RowState> = {
  direction: rowDirection,
  rank: rowRank,
  idle: () => false,
  makes: {
    vanished: ["verdict"],
    new: ["verdict"],
    worse: ["verdict", "dossier"],
    better: ["verdict", "dossier"],
  },
};

const DECISIONS: Kind<DecisionState> = {
  direction: decisionDirection,
  rank: decisionRank,
  idle: () => false,
  makes: {},
};

function presence(before: boolean, after: boolean): Direction | null {
  if (before === after) return null;
  return before ? "vanished" : "new";
}

function rankDirection(before: number, after: number): Direction {
  return after > before ? "worse" : after < before ? "better" : "other";
}

const DIRECTIONS: readonly Direction[] = ["worse", "vanished", "new", "better", "other"];

function inOrder<S extends State>(a: Change<S>, b: Change<S>): number {
  const direction = DIRECTIONS.indexOf(a.direction) - DIRECTIONS.indexOf(b.direction);
  return direction || byCodeUnit(a.perimeter ?? "", b.perimeter ?? "") || byCodeUnit(a.id, b.id);
}
