/** What separates the candidate from each wave, grouped by what has to be done about it. Pure. */
import { byCodeUnit, type Couloir, type PerimeterResult, type RowResult } from "../core/model/index.js";

/**
 * What has to be done, in this order: `mend` the software (not conform), run `again` (the suite could not conclude), bring a
 * planned `test` about (a check observed nothing), `supply` a proof, have something `review`ed.
 */
export const TASKS = ["mend", "again", "test", "supply", "review"] as const;
export type Task = (typeof TASKS)[number];

export interface Need {
  readonly task: Task;
  /** Row ids, sorted. A row that asks for two tasks stands under both. */
  readonly own: readonly string[];
  /** Those already missing for an earlier wave of the same couloir. */
  readonly also: readonly string[];
}

export interface WaveGap {
  readonly perimeter: PerimeterResult;
  /** True when nothing separates: the decision is `referencable`. */
  readonly met: boolean;
  /** Distinct rows missing for this wave and for no earlier one. */
  readonly own: readonly string[];
  readonly also: readonly string[];
  /** Tasks that at least one row asks for. */
  readonly needs: readonly Need[];
}

export interface CouloirGaps {
  readonly couloir: Couloir;
  /** By wave; perimeters of the same wave in the order of the result. */
  readonly waves: readonly WaveGap[];
}

/** By couloir, in the order of the result. */
export function separation(perimeters: readonly PerimeterResult[]): readonly CouloirGaps[] {
  const couloirs = [...new Set(perimeters.map((perimeter) => perimeter.couloir))];
  return couloirs.map((couloir) => {
    const waves = perimeters
      .filter((perimeter) => perimeter.couloir === couloir)
      .sort((a, b) => byCodeUnit(a.wave, b.wave));
    return {
      couloir,
      waves: waves.map((perimeter) => {
        const earlier = waves.filter((other) => byCodeUnit(other.wave, perimeter.wave) < 0);
        return gapOf(perimeter, new Set(earlier.flatMap(missing)));
      }),
    };
  });
}

/** Every row that the decision of a perimeter names, each once. */
function missing({ deciding }: PerimeterResult): string[] {
  const { notConform, undetermined, notTested, toReview, dossierOwed } = deciding;
  return [...new Set([...notConform, ...undetermined, ...notTested, ...toReview, ...dossierOwed])].sort(byCodeUnit);
}

function gapOf(perimeter: PerimeterResult, before: ReadonlySet<string>): WaveGap {
  const split = (ids: readonly string[]): Pick<Need, "own" | "also"> => ({
    own: ids.filter((id) => !before.has(id)),
    also: ids.filter((id) => before.has(id)),
  });
  const tasks = tasksOf(perimeter);
  return {
    perimeter,
    met: perimeter.decision === "referencable",
    ...split(missing(perimeter)),
    needs: TASKS.map((task) => ({ task, ...split(tasks[task]) })).filter(
      (need) => need.own.length + need.also.length > 0,
    ),
  };
}

function tasksOf(perimeter: PerimeterResult): Readonly<Record<Task, readonly string[]>> {
  const { notConform, undetermined, notTested, toReview, dossierOwed } = perimeter.deciding;
  const rows = new Map(perimeter.groups.flatMap((group) => group.rows).map((row) => [row.id, row]));
  const unseen = (id: string): boolean => awaitsCheck(rows.get(id));
  const supply = new Set([...dossierOwed, ...notTested.filter((id) => !unseen(id))]);
  return {
    mend: notConform,
    again: undetermined,
    test: notTested.filter(unseen),
    supply: [...supply].sort(byCodeUnit),
    // A proof that is still owed cannot be reviewed: it is supplied first.
    review: toReview.filter((id) => !supply.has(id)),
  };
}

/** A row not tested because a check tied to it observed nothing; every other one lacks a proof only. */
function awaitsCheck(row: RowResult | undefined): boolean {
  return row !== undefined && row.reason !== null && row.checks.includes(row.reason);
}
