/**
 * The maturity view: what the candidate declares per domain, beside what was measured. A formula of ours
 * (docs/maturity.md); nothing is decided by it. Pure.
 */
import {
  byCodeUnit,
  type Couloir,
  type MaturityAnswer,
  type PerimeterResult,
  type RowResult,
} from "../core/model/index.js";
import { rowsIn, weighs } from "./tallies.js";

/** What an answer stands for, in percent. */
export const DECLARED: Readonly<Record<MaturityAnswer, number>> = { none: 0, some: 25, half: 50, most: 75, all: 100 };

/** Points between declared and measured from above which a sentence tells it. */
export const GAP_POINTS = 25;

/** `seen`: a mock or a judged file shows it; `answered`: the software's adapter says it; `reviewed`: a person accepted it. */
export const GROUNDS = ["seen", "answered", "reviewed"] as const;
export type Ground = (typeof GROUNDS)[number];

export interface Measure {
  readonly perimeter: PerimeterResult;
  /** Applicable mandatory rows of the domain, and those conform. `total` 0: nothing to measure. */
  readonly total: number;
  readonly conform: number;
  /** Conform rows by what they rest on; together `conform`. */
  readonly by: Readonly<Record<Ground, number>>;
  /** Declared minus measured, in points, when they are more than `GAP_POINTS` apart; null otherwise. */
  readonly gap: number | null;
}

export interface DomainMaturity {
  readonly domain: string;
  readonly declared: MaturityAnswer | null;
  /** One per wave that has rows of the domain, by wave. Empty: declared, and no judged wave asks for it. */
  readonly measures: readonly Measure[];
}

export interface CouloirMaturity {
  readonly couloir: Couloir;
  readonly domains: readonly DomainMaturity[];
}

export function maturity(
  perimeters: readonly PerimeterResult[],
  domainOf: (row: string) => string,
  declared: Readonly<Record<string, MaturityAnswer>>,
): readonly CouloirMaturity[] {
  const couloirs = [...new Set(perimeters.map((perimeter) => perimeter.couloir))];
  return couloirs.map((couloir) => {
    const waves = perimeters
      .filter((perimeter) => perimeter.couloir === couloir)
      .sort((a, b) => byCodeUnit(a.wave, b.wave))
      .map((perimeter) => ({ perimeter, rows: rowsIn(perimeter).filter(weighs) }));
    const measured = waves.flatMap(({ rows }) => rows.map((row) => domainOf(row.id)));
    const domains = [...new Set([...measured, ...Object.keys(declared)])].sort(byCodeUnit);
    return {
      couloir,
      domains: domains.map((domain) => {
        const answer = Object.hasOwn(declared, domain) ? (declared[domain] ?? null) : null;
        const measures = waves
          .map(({ perimeter, rows }) =>
            measure(
              perimeter,
              rows.filter((row) => domainOf(row.id) === domain),
              answer,
            ),
          )
          .filter(({ total }) => total > 0);
        return { domain, declared: answer, measures };
      }),
    };
  });
}

function measure(perimeter: PerimeterResult, rows: readonly RowResult[], declared: MaturityAnswer | null): Measure {
  const conform = rows.filter((row) => row.verdict === "conform");
  const count = (ground: Ground): number => conform.filter((row) => groundOf(row) === ground).length;
  const points = declared === null || rows.length === 0 ? 0 : DECLARED[declared] - (conform.length * 100) / rows.length;
  return {
    perimeter,
    total: rows.length,
    conform: conform.length,
    by: { seen: count("seen"), answered: count("answered"), reviewed: count("reviewed") },
    gap: Math.abs(points) > GAP_POINTS ? points : null,
  };
}

/** A conform row without a strength is taken for the weakest a machine can have. */
function groundOf({ strength }: RowResult): Ground {
  if (strength === "reviewed") return "reviewed";
  return strength === "witnessed" || strength === "produced" ? "seen" : "answered";
}
