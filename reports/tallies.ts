/** Rows, findings and counts of a result, as every rendering takes them. */
import {
  type CheckResult,
  decides,
  type Finding,
  type Outcome,
  type PerimeterResult,
  type RowResult,
  type Strength,
  type Verdict,
} from "../core/model/index.js";

export const VERDICTS: readonly Verdict[] = [
  "conform",
  "not_conform",
  "undetermined",
  "not_tested",
  "to_review",
  "not_applicable",
];
export const OUTCOMES: readonly Outcome[] = ["met", "breached", "unobserved", "inapplicable", "error"];
export const STRENGTHS: readonly Strength[] = ["witnessed", "produced", "answered", "reviewed"];

export function rowsIn(perimeter: PerimeterResult): readonly RowResult[] {
  return perimeter.groups.flatMap((group) => group.rows);
}

/** Rows a decision looks at: everything applicable that is not optional. */
export function weighs(row: RowResult): boolean {
  return decides(row) && row.verdict !== "not_applicable";
}

/** How many items fall under each key, keys in the given order. */
export function tally<K extends string, T>(
  keys: readonly K[],
  items: readonly T[],
  keyOf: (item: T) => K | null,
): readonly { readonly key: K; readonly count: number }[] {
  const counts = new Map<K, number>(keys.map((key) => [key, 0]));
  for (const item of items) {
    const key = keyOf(item);
    if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return keys.map((key) => ({ key, count: counts.get(key) ?? 0 }));
}

/** Remarks and breaches of a check apart. */
export function findingsOf(check: CheckResult, weight: "breach" | "remark"): readonly Finding[] {
  return check.findings.filter((finding) => finding.weight === weight);
}
