/** Steps of a run that were not carried out: what the software refused, what failed. They explain what no check observed. */
import type { EventRecord } from "../core/model/index.js";
import type { Facts } from "./facts.js";

export interface StepTrouble {
  /** Key of the attempt (`psc-login#1`). */
  readonly scenario: string;
  readonly operation: string;
  readonly status: "refused" | "failed";
  /** Why the driver calls it failed; null for a refusal. */
  readonly code: string | null;
  /** The software's reason, or the driver's detail. Foreign text. */
  readonly said: string;
}

/** Failures that only follow from an earlier one, or from our own end. */
const FOLLOWS = new Set(["missing_answer", "driver_cannot", "interrupted"]);

/** Of the events of a recording, in their order. Members that are not as the suite writes them are left aside. */
export function stepTroubles(events: readonly EventRecord[]): readonly StepTrouble[] {
  const begun = new Map<string, string>();
  const troubles: StepTrouble[] = [];
  for (const { kind, scenario, data } of events) {
    if (scenario === null) continue;
    const step = `${scenario} ${String(data.step)}`;
    if (kind === "step.begin" && typeof data.operation === "string") begun.set(step, data.operation);
    if (kind !== "step.end" || (data.status !== "refused" && data.status !== "failed")) continue;
    const { status } = data;
    const code = status === "failed" ? text(data.answer, "error") : "";
    if (FOLLOWS.has(code)) continue;
    troubles.push({
      scenario,
      operation: begun.get(step) ?? "?",
      status,
      code: status === "failed" ? code : null,
      said: text(data.answer, status === "failed" ? "detail" : "reason"),
    });
  }
  return troubles;
}

function text(value: unknown, member: string): string {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, member) : undefined;
  return typeof found === "string" ? found.replace(/\s+/g, " ").trim() : "";
}

export interface StepGroup {
  readonly operation: string;
  /** `refused by the software`, or why it failed. */
  readonly answer: string;
  /** In quotation marks; empty when nothing was said. */
  readonly said: string;
  /** Keys of the attempts, made safe to show. */
  readonly scenarios: readonly string[];
  readonly count: string;
}

/** Same operation, same answer, same words: one line, the most frequent first. */
export function stepGroups(facts: Facts): readonly StepGroup[] {
  const { steps } = facts.t;
  const groups = new Map<string, { readonly trouble: StepTrouble; readonly scenarios: Set<string> }>();
  for (const trouble of facts.input.steps ?? []) {
    const key = JSON.stringify([trouble.operation, trouble.status, trouble.code, trouble.said]);
    const group = groups.get(key) ?? { trouble, scenarios: new Set<string>() };
    group.scenarios.add(trouble.scenario);
    groups.set(key, group);
  }
  return [...groups.values()]
    .sort((a, b) => b.scenarios.size - a.scenarios.size)
    .map(({ trouble, scenarios }) => ({
      operation: facts.foreign(trouble.operation),
      answer:
        trouble.status === "refused"
          ? steps.refused
          : `${steps.failed}${facts.t.colon}${facts.reason(trouble.code ?? "failed")}`,
      said: trouble.said === "" ? "" : steps.said(facts.foreign(trouble.said)),
      scenarios: [...scenarios].map((key) => facts.foreign(key)),
      count: steps.scenarios(scenarios.size, facts.number(scenarios.size)),
    }));
}
