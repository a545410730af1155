/** Which scenarios are played for a set of checks, and in which order. Deterministic: equal inputs give equal plans. */
import { byCodeUnit, type CheckDef, type Scenario, type VendorOperation } from "../model/index.js";

/** Driver operations of a scenario, without repeats, in the order of their first use. */
export function operationsOf(scenario: Scenario): VendorOperation[] {
  const operations = scenario.steps.flatMap((step) => ("operation" in step ? [step.operation] : []));
  return [...new Set(operations)];
}

/** True when a behaving vendor makes `operation` appear in the recording of the scenario. Files are never recorded by one. */
function produces(scenario: Scenario, operation: string): boolean {
  if (scenario.produces.includes(operation)) return true;
  const calls = (...wanted: readonly VendorOperation[]): boolean =>
    scenario.steps.some((step) => "operation" in step && (wanted.length === 0 || wanted.includes(step.operation)));
  if (operation === "vendor.operation") return calls();
  return operation === "vendor.agent" && calls("login", "logout");
}

/** A scenario that shows how the vendor behaves when nothing goes wrong. */
function plain(scenario: Scenario): boolean {
  return scenario.faults === undefined && scenario.control === undefined && scenario.exclusive === undefined;
}

/**
 * What a check that names no scenario needs: per operation it reads, the scenarios that produce it (the faulted ones only
 * when no other does). Operations nobody produces are left out.
 */
export function producersOf(check: CheckDef, scenarios: readonly Scenario[]): ReadonlyMap<string, readonly Scenario[]> {
  const needs = new Map<string, readonly Scenario[]>();
  for (const operation of check.reads) {
    const all = scenarios.filter((scenario) => produces(scenario, operation));
    const unfaulted = all.filter(plain);
    if (all.length > 0) needs.set(operation, unfaulted.length > 0 ? unfaulted : all);
  }
  return needs;
}

/**
 * The fewest scenarios (greedy) that give every check what it needs: all the scenarios it names; else one producer of each
 * operation it reads. Controls come with the scenarios that name them. `forced`: scenarios played in any case.
 */
export function cover(
  checks: readonly CheckDef[],
  scenarios: readonly Scenario[],
  forced: readonly Scenario[] = [],
): Scenario[] {
  const byId = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  const chosen = new Set<Scenario>();
  const take = (scenario: Scenario | undefined) => {
    if (!scenario || chosen.has(scenario)) return;
    chosen.add(scenario);
    if (scenario.control !== undefined) take(byId.get(scenario.control));
  };
  for (const scenario of forced) take(scenario);
  const needs = new Map<string, readonly Scenario[]>();
  for (const check of checks) {
    const named = check.scenarios ?? [];
    for (const id of named) take(byId.get(id));
    if (named.length > 0) continue;
    for (const [operation, producers] of producersOf(check, scenarios)) needs.set(operation, producers);
  }
  for (;;) {
    const open = [...needs.values()].filter((producers) => !producers.some((producer) => chosen.has(producer)));
    if (open.length === 0) return [...chosen];
    const gain = (scenario: Scenario) => open.filter((producers) => producers.includes(scenario)).length;
    const [best] = [...scenarios].sort(
      (a, b) => gain(b) - gain(a) || a.steps.length - b.steps.length || byCodeUnit(a.id, b.id),
    );
    take(best);
  }
}

/** Controls before their faulted twin; plain scenarios first, then faulted, then exclusive; by id among equals. */
export function order(scenarios: readonly Scenario[]): Scenario[] {
  const rank = (scenario: Scenario) => (scenario.exclusive ? 2 : scenario.faults === undefined ? 0 : 1);
  const queue = [...scenarios].sort((a, b) => rank(a) - rank(b) || byCodeUnit(a.id, b.id));
  const placed = new Set<Scenario>();
  for (const scenario of queue) {
    const control = queue.find((one) => one.id === scenario.control);
    if (control) placed.add(control);
    placed.add(scenario);
  }
  return [...placed];
}
