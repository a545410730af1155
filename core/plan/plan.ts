/** What a run would do: rows to checks, checks to the operations they read, operations to the fewest scenarios. */
import {
  type Answers,
  applicability,
  byCodeUnit,
  type CheckDef,
  demandedProofs,
  type Perimeter,
  type Requirement,
  type Scenario,
  type SegurConfig,
  SuiteError,
  statedIn,
  type VendorOperation,
} from "../model/index.js";
import { cover, operationsOf, order, producersOf } from "./cover.js";
import { suggestion } from "./problems.js";
import type { Specs } from "./specs.js";

export interface PlanInput {
  readonly config: SegurConfig;
  readonly specs: Specs;
  /** The registry. */
  readonly checks: readonly CheckDef[];
  /** Prefixes of ids of checks, rows (or their aliases) or scenarios. Empty or absent: everything. */
  readonly only?: readonly string[];
  /** Operations the driver can trigger. */
  readonly driverCan: readonly VendorOperation[];
}

export interface PlannedRow {
  readonly row: Requirement;
  /** Perimeter ids, in the order of the configuration. */
  readonly perimeters: readonly string[];
  readonly applies: boolean;
  readonly reason: string | null;
  readonly justification: string | null;
}

export interface PlannedCheck {
  readonly id: string;
  /** `row`: an applicable row of the run names it; `rule`: none does, it rests on the rule it cites; `selected`: by `only`. */
  readonly reason: "row" | "rule" | "selected";
  /** Rows of the run that it serves (`checks`) or supports. */
  readonly rows: readonly string[];
  /** Planned scenarios that it names, or that produce what it reads. */
  readonly scenarios: readonly string[];
}

export interface PlannedScenario {
  readonly scenario: Scenario;
  readonly operations: readonly VendorOperation[];
  readonly checks: readonly string[];
}

/** `files_only`: it judges given files, see `segur check`. `no_scenario`: nothing produces what it reads. */
export interface UnplannedCheck {
  readonly id: string;
  readonly reason: "not_selected" | "driver_cannot" | "no_scenario" | "files_only";
  /** Driver operations or operations at our services that are missing. */
  readonly missing: readonly string[];
}

export interface OwedProof {
  readonly row: string;
  readonly proof: string;
  readonly state: "owed" | "to_review";
  readonly perimeters: readonly string[];
}

export interface Plan {
  readonly perimeters: readonly Perimeter[];
  /** By id. */
  readonly rows: readonly PlannedRow[];
  /** By id. */
  readonly checks: readonly PlannedCheck[];
  /** In the order they are played. */
  readonly scenarios: readonly PlannedScenario[];
  /** By id. */
  readonly unplanned: readonly UnplannedCheck[];
  /** Scenarios the driver cannot trigger, with the operations it lacks. By id. */
  readonly cannotTrigger: readonly { readonly id: string; readonly missing: readonly VendorOperation[] }[];
  /** Proofs demanded by applicable rows and not accepted, by row then proof. */
  readonly proofsOwed: readonly OwedProof[];
}

/** Throws SuiteError ERR_CONFIG for an unknown perimeter, ERR_USAGE when a prefix of `only` selects nothing. */
export function buildPlan(input: PlanInput): Plan {
  const { config, specs, driverCan } = input;
  const perimeters = config.perimeters.map((id) => findPerimeter(id, specs, config));
  const rows = plannedRows(perimeters, specs, config);
  const cannot = untriggerable(specs.scenarios, driverCan);
  const playable = specs.scenarios.filter((scenario) => !cannot.has(scenario.id));
  const selection = select(input, rows);
  const planned: CheckDef[] = [];
  const reasons = new Map<string, PlannedCheck["reason"]>();
  const unplanned: UnplannedCheck[] = [];
  for (const check of [...input.checks].sort((a, b) => byCodeUnit(a.id, b.id))) {
    const left = selection && !selection.checks.has(check.id);
    const refusal = left ? NOT_SELECTED : reachable(check, specs.scenarios, playable, cannot);
    if (refusal) {
      unplanned.push({ id: check.id, ...refusal });
      continue;
    }
    planned.push(check);
    const named = rows.some((one) => one.applies && names(one.row, check.id));
    reasons.set(check.id, selection ? "selected" : named ? "row" : "rule");
  }
  const forced = selection
    ? playable.filter((scenario) => selection.scenarios.has(scenario.id))
    : unnamed(input.checks, planned, playable);
  const chosen = order(cover(planned, playable, forced));
  const shows = (scenario: Scenario, check: CheckDef) =>
    (check.scenarios ?? []).length > 0
      ? (check.scenarios ?? []).includes(scenario.id)
      : producersOf(check, [scenario]).size > 0;
  return {
    perimeters,
    rows,
    checks: planned.map((check) => ({
      id: check.id,
      reason: reasons.get(check.id) ?? "rule",
      rows: rows.filter(({ row }) => names(row, check.id)).map(({ row }) => row.id),
      scenarios: chosen.filter((scenario) => shows(scenario, check)).map((scenario) => scenario.id),
    })),
    scenarios: chosen.map((scenario) => ({
      scenario,
      operations: operationsOf(scenario),
      checks: planned.filter((check) => shows(scenario, check)).map((check) => check.id),
    })),
    unplanned,
    cannotTrigger: [...cannot].map(([id, missing]) => ({ id, missing })).sort((a, b) => byCodeUnit(a.id, b.id)),
    proofsOwed: rows.flatMap((row) => owedProofs(row, config)),
  };
}

function findPerimeter(id: string, specs: Specs, config: SegurConfig): Perimeter {
  const found = specs.perimeters.find((perimeter) => perimeter.id === id);
  if (found) return found;
  const mend = suggestion(
    id,
    specs.perimeters.map((perimeter) => perimeter.id),
  );
  throw new SuiteError("ERR_CONFIG", `there is no perimeter "${id}"`, { where: `${config.file} (perimeters)`, mend });
}

function plannedRows(perimeters: readonly Perimeter[], specs: Specs, answers: Answers): PlannedRow[] {
  return specs.requirements.flatMap((row) => {
    const within = perimeters.filter((perimeter) => perimeter.groups.some((group) => group.rows.includes(row.id)));
    if (within.length === 0) return [];
    const answer = applicability(row, answers);
    const [couloir, ...others] = new Set(within.map((perimeter) => perimeter.couloir));
    return {
      row: couloir !== undefined && others.length === 0 ? statedIn(row, couloir) : row,
      perimeters: within.map((perimeter) => perimeter.id),
      applies: answer.applies,
      reason: answer.applies ? null : answer.reason,
      justification: answer.applies ? null : answer.justification,
    };
  });
}

/** Scenarios with an operation the driver lacks, or whose control has one. */
function untriggerable(
  scenarios: readonly Scenario[],
  can: readonly VendorOperation[],
): ReadonlyMap<string, readonly VendorOperation[]> {
  const missingOf = (scenario: Scenario | undefined) =>
    scenario ? operationsOf(scenario).filter((operation) => !can.includes(operation)) : [];
  const found = new Map<string, readonly VendorOperation[]>();
  for (const scenario of scenarios) {
    const control = scenarios.find((one) => one.id === scenario.control);
    const missing = [...new Set([...missingOf(scenario), ...missingOf(control)])].sort(byCodeUnit);
    if (missing.length > 0) found.set(scenario.id, missing);
  }
  return found;
}

function names(row: Requirement, check: string): boolean {
  return row.checks.includes(check) || row.supports.includes(check);
}

/**
 * Scenarios that no check names are there for the checks that read their operations wherever they occur: each shows what no
 * other does (a Corsican birth place, an answer 02). A full run plays them all; a run with `only` does with the fewest.
 */
function unnamed(
  registry: readonly CheckDef[],
  planned: readonly CheckDef[],
  playable: readonly Scenario[],
): readonly Scenario[] {
  const named = new Set(registry.flatMap((check) => check.scenarios ?? []));
  const open = planned.filter((check) => (check.scenarios ?? []).length === 0);
  return playable.filter((scenario) => {
    if (named.has(scenario.id)) return false;
    return open.some((check) => producersOf(check, [scenario]).size > 0);
  });
}

interface Selection {
  readonly checks: ReadonlySet<string>;
  readonly scenarios: ReadonlySet<string>;
}

/** Null when nothing was asked for in particular. */
function select({ only = [], checks, specs }: PlanInput, rows: readonly PlannedRow[]): Selection | null {
  if (only.length === 0) return null;
  const selected = { checks: new Set<string>(), scenarios: new Set<string>() };
  for (const prefix of only) {
    const ofRows = rows.filter(({ row }) => [row.id, ...row.aliases].some((id) => id.startsWith(prefix)));
    const scenarios = specs.scenarios.filter((scenario) => scenario.id.startsWith(prefix));
    const ofChecks = checks.filter((check) => check.id.startsWith(prefix));
    if (ofRows.length + scenarios.length + ofChecks.length === 0) {
      const known = [...checks, ...specs.scenarios].map((one) => one.id);
      const mend = suggestion(prefix, [...known, ...rows.map(({ row }) => row.id)]);
      throw new SuiteError("ERR_USAGE", `"${prefix}" selects no check, requirement or scenario`, { mend });
    }
    for (const scenario of scenarios) selected.scenarios.add(scenario.id);
    for (const check of checks) {
      const served = ofRows.some(({ row }) => names(row, check.id));
      if (served || ofChecks.includes(check) || shownBy(check, scenarios)) selected.checks.add(check.id);
    }
  }
  return selected;
}

/** True when the scenarios asked for are all the check needs. */
function shownBy(check: CheckDef, scenarios: readonly Scenario[]): boolean {
  const named = check.scenarios ?? [];
  if (named.length === 0) return producersOf(check, scenarios).size > 0;
  return named.every((id) => scenarios.some((scenario) => scenario.id === id || scenario.control === id));
}

type Refusal = Omit<UnplannedCheck, "id">;
const NOT_SELECTED: Refusal = { reason: "not_selected", missing: [] };

/** Why a check cannot be observed, or null. */
function reachable(
  check: CheckDef,
  scenarios: readonly Scenario[],
  playable: readonly Scenario[],
  cannot: ReadonlyMap<string, readonly VendorOperation[]>,
): Refusal | null {
  if (check.reads.length > 0 && check.reads.every((operation) => operation.startsWith("file."))) {
    return { reason: "files_only", missing: [] };
  }
  const named = check.scenarios ?? [];
  if (named.length > 0) {
    const missing = [...new Set(named.flatMap((id) => cannot.get(id) ?? []))].sort(byCodeUnit);
    return missing.length === 0 ? null : { reason: "driver_cannot", missing };
  }
  if (producersOf(check, playable).size > 0) return null;
  const producers = [...producersOf(check, scenarios).values()].flat();
  if (producers.length === 0) return { reason: "no_scenario", missing: [...check.reads].sort(byCodeUnit) };
  const missing = [...new Set(producers.flatMap((scenario) => cannot.get(scenario.id) ?? []))].sort(byCodeUnit);
  return { reason: "driver_cannot", missing };
}

function owedProofs({ row, applies, perimeters }: PlannedRow, config: SegurConfig): OwedProof[] {
  if (!applies) return [];
  return [...demandedProofs(row, config)].sort(byCodeUnit).flatMap((proof): OwedProof[] => {
    const supplied = config.proofs[proof];
    if (supplied?.review?.state === "accepted") return [];
    const state = supplied && supplied.review === undefined ? "to_review" : "owed";
    return [{ row: row.id, proof, state, perimeters }];
  });
}
