/** Planned checks that observed nothing, those with one reason together: a list of the same sentence tells nobody anything. */
import type { Cause } from "../core/model/index.js";
import type { Facts } from "./facts.js";

export interface UnobservedGroup {
  readonly reason: string;
  /** Whose doing it is; null when the result does not say. */
  readonly cause: string | null;
  /** Ids of checks, in the order of the result. */
  readonly ids: readonly string[];
}

/** The largest group first. */
export function unobservedGroups(facts: Facts): readonly UnobservedGroup[] {
  const groups = new Map<
    string,
    { readonly code: string | null; readonly cause: Cause | null; readonly ids: string[] }
  >();
  for (const check of facts.input.result.checks) {
    if (!check.planned || check.outcome !== "unobserved") continue;
    const key = JSON.stringify([check.reason, check.cause]);
    const group = groups.get(key) ?? { code: check.reason, cause: check.cause, ids: [] };
    group.ids.push(check.id);
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => b.ids.length - a.ids.length)
    .map(({ code, cause, ids }) => ({
      reason: facts.reason(code),
      cause: cause === null ? null : facts.t.causes[cause],
      ids,
    }));
}
