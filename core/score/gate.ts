/** The two gates of a run. Exit codes: `passed` 0; `breach`, `unobserved` 1; `error`, `empty` 2. */
import type { CheckResult, GateState, Outcome, PerimeterResult, RunResult } from "../model/index.js";

/**
 * Gate `checks`: every planned check is met or inapplicable. `executed`: at least one scenario was begun (or one file
 * judged); without it, or without a planned check, nothing was shown and nothing passes.
 */
export function gateOfChecks(checks: readonly CheckResult[], executed: boolean): RunResult["gate"] {
  const planned = checks.filter((check) => check.planned);
  const counts: Record<Outcome, number> = { met: 0, breached: 0, unobserved: 0, inapplicable: 0, error: 0 };
  for (const check of planned) counts[check.outcome] += 1;
  return { checks: worst(counts, executed && planned.length > 0), counts, unplanned: checks.length - planned.length };
}

function worst(counts: Readonly<Record<Outcome, number>>, executed: boolean): GateState {
  if (!executed) return "empty";
  if (counts.error > 0) return "error";
  if (counts.breached > 0) return "breach";
  return counts.unobserved > 0 ? "unobserved" : "passed";
}

/** Gate `wave`: every perimeter is referencable. `unobserved` stands for what is still owed. */
export function gateOfWaves(perimeters: readonly PerimeterResult[]): GateState {
  if (perimeters.length === 0) return "empty";
  if (perimeters.some((perimeter) => perimeter.decision === "undetermined")) return "error";
  if (perimeters.some((perimeter) => perimeter.reason === "breach")) return "breach";
  return perimeters.every((perimeter) => perimeter.decision === "referencable") ? "passed" : "unobserved";
}
