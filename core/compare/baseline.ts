/** Known failures against one result: what they cover, what they do not, and which of them no longer hold. Pure; the day is handed in. */
import {
  type BaselineCover,
  type BaselineEntry,
  byCodeUnit,
  type CheckResult,
  type RunResult,
} from "../model/index.js";

export interface BaselineFacts {
  /** As the user named it. */
  readonly file: string;
  /** Today, `YYYY-MM-DD`, UTC. */
  readonly today: string;
  /** The judge keeps so many findings of a check: a list that long may lack messages, so no list of messages covers it. */
  readonly findingsKept: number;
}

type Stale = BaselineCover["stale"][number];

/** Several entries of one check add up: together they must know every breach message that fires. */
export function coverOf(
  result: Pick<RunResult, "checks" | "gate">,
  entries: readonly BaselineEntry[],
  facts: BaselineFacts,
): BaselineCover {
  const planned = new Map(result.checks.filter((check) => check.planned).map((check) => [check.id, check]));
  const alive = entries.filter((entry) => facts.today <= entry.expires);
  const covered: BaselineCover["covered"][number][] = [];
  const uncovered: string[] = [];
  for (const check of [...planned.values()].sort((a, b) => byCodeUnit(a.id, b.id))) {
    if (check.outcome !== "breached" && check.outcome !== "unobserved") continue;
    const used = covering(check, check.outcome, alive, facts.findingsKept);
    if (used.length === 0) {
      uncovered.push(check.id);
      continue;
    }
    covered.push({
      check: check.id,
      outcome: check.outcome,
      reasons: [...new Set(used.map((entry) => entry.reason))],
      expires: used.map((entry) => entry.expires).sort(byCodeUnit)[0] ?? "",
    });
  }
  const stale = entries.flatMap((entry) => staleness(entry, planned.get(entry.check), facts) ?? []);
  const idle = entries.filter((entry) => !planned.has(entry.check)).map((entry) => entry.check);
  return {
    file: facts.file,
    gate: gateOf(result.gate.checks, uncovered, stale),
    named: [...new Set(entries.map((entry) => entry.check))].sort(byCodeUnit),
    covered,
    uncovered,
    stale: stale.sort((a, b) => byCodeUnit(a.check, b.check) || byCodeUnit(a.why, b.why)),
    idle: [...new Set(idle)].sort(byCodeUnit),
  };
}

function gateOf(
  plain: RunResult["gate"]["checks"],
  uncovered: readonly string[],
  stale: readonly Stale[],
): BaselineCover["gate"] {
  if (plain === "error" || plain === "empty") return plain;
  if (uncovered.length > 0) return "failing";
  return stale.length > 0 ? "stale" : "passed";
}

/** The entries that together cover the failure; none when a part of it is not known. */
function covering(
  check: CheckResult,
  outcome: "breached" | "unobserved",
  alive: readonly BaselineEntry[],
  findingsKept: number,
): readonly BaselineEntry[] {
  const own = alive.filter((entry) => entry.check === check.id && (outcomeOf(entry) ?? outcome) === outcome);
  const whole = own.filter((entry) => entry.messages === null);
  if (whole.length > 0 || outcome === "unobserved") return whole;
  if (check.findings.length >= findingsKept) return [];
  const fired = breachMessages(check);
  const useful = own.filter((entry) => entry.messages?.some((message) => fired.has(message)));
  const known = new Set(useful.flatMap((entry) => entry.messages ?? []));
  return [...fired].every((message) => known.has(message)) ? useful : [];
}

/** Messages are those of a breach. */
function outcomeOf(entry: BaselineEntry): BaselineEntry["outcome"] {
  return entry.messages === null ? entry.outcome : "breached";
}

function staleness(entry: BaselineEntry, check: CheckResult | undefined, facts: BaselineFacts): Stale | null {
  const say = (why: Stale["why"], messages: readonly string[] = []): Stale => ({
    check: entry.check,
    why,
    expires: entry.expires,
    messages,
  });
  if (facts.today > entry.expires) return say("expired");
  // Not judged in this run, or not judged well: nothing can be said of the entry.
  if (!check || check.outcome === "error") return null;
  if (check.outcome === "met" || check.outcome === "inapplicable") return say("not_failing");
  if ((outcomeOf(entry) ?? check.outcome) !== check.outcome) return say("other_outcome");
  const fired = breachMessages(check);
  const gone = check.findings.length >= facts.findingsKept ? [] : (entry.messages ?? []).filter((id) => !fired.has(id));
  return gone.length > 0 ? say("message_gone", [...gone].sort(byCodeUnit)) : null;
}

function breachMessages(check: CheckResult): ReadonlySet<string> {
  return new Set(check.findings.filter((finding) => finding.weight === "breach").map((finding) => finding.message));
}
