/** What no schema can say: that the ids the specs name exist, once, and fit together. */
import {
  byCodeUnit,
  type CheckDef,
  type Condition,
  machineProvable,
  type Perimeter,
  type Requirement,
  type Scenario,
  statedIn,
} from "../model/index.js";
import { type Problem, suggestion } from "./problems.js";
import type { Sourced } from "./specs.js";
import type { Path } from "./yaml.js";

export interface CrossInput {
  readonly rows: readonly Sourced<Requirement>[];
  readonly conditions: readonly Sourced<Condition>[];
  readonly perimeters: readonly Sourced<Perimeter>[];
  readonly scenarios: readonly Sourced<Scenario>[];
  readonly keys: { readonly patients: ReadonlySet<string>; readonly professionals: ReadonlySet<string> };
  readonly checks?: readonly CheckDef[] | undefined;
}

export function crossProblems(input: CrossInput): Problem[] {
  const found: Problem[] = [];
  const tell = (item: Sourced<unknown>, at: Path, what: string, mend: string) => {
    found.push({ what, where: item.file.where([...item.at, ...at]), mend });
  };
  for (const [kind, items] of Object.entries({
    row: input.rows,
    condition: input.conditions,
    perimeter: input.perimeters,
    scenario: input.scenarios,
  })) {
    for (const item of twice(items))
      tell(item, ["id"], `the ${kind} "${item.item.id}" stands twice`, "Keep one of them.");
  }
  rowProblems(input, tell);
  perimeterProblems(input, tell);
  scenarioProblems(input, tell);
  found.push(...checkProblems(input));
  return found;
}

type Tell = (item: Sourced<unknown>, at: Path, what: string, mend: string) => void;

function twice(items: readonly Sourced<{ readonly id: string }>[]): Sourced<{ readonly id: string }>[] {
  const seen = new Set<string>();
  return items.filter(({ item }) => seen.size === seen.add(item.id).size);
}

function rowProblems({ rows, conditions, checks }: CrossInput, tell: Tell): void {
  const known = conditions.map((condition) => condition.item.id);
  const ids = checks?.map((check) => check.id).sort(byCodeUnit);
  for (const row of rows) {
    const { item } = row;
    if (item.condition !== undefined && !known.includes(item.condition)) {
      tell(row, ["condition"], `there is no condition "${item.condition}"`, suggestion(item.condition, known));
    }
    if (
      item.excluded !== undefined &&
      (item.checks.length > 0 || item.proofs.ids.length > 0 || item.proofs.kinds.length > 0)
    ) {
      tell(row, ["excluded"], "the row is excluded and has a check or a proof", "Remove the exclusion, or the others.");
    }
    if (item.checks.length > 0 && !machineProvable(item)) {
      tell(row, ["checks"], "a person must establish this row, a check cannot", 'Move the checks to "supports".');
    }
    for (const [id, messages] of Object.entries(item.messages ?? {})) messageProblems(row, id, messages, checks, tell);
    for (const list of ["checks", "supports"] as const) {
      item[list].forEach((id, index) => {
        if (ids && !ids.includes(id)) tell(row, [list, index], `there is no check "${id}"`, suggestion(id, ids));
        if (list === "supports" && item.checks.includes(id)) {
          tell(row, [list, index], `the check "${id}" is under checks and under supports`, "Keep one of the two.");
        }
      });
    }
  }
}

/** Only breach messages of a check the row is tied to can bear on it. */
function messageProblems(
  row: Sourced<Requirement>,
  id: string,
  messages: readonly string[],
  checks: readonly CheckDef[] | undefined,
  tell: Tell,
): void {
  if (!row.item.checks.includes(id)) {
    tell(row, ["messages", id], `the check "${id}" is not under checks`, suggestion(id, row.item.checks));
  }
  const check = checks?.find((one) => one.id === id);
  if (!check) return;
  const known = Object.keys(check.messages).filter((message) => check.messages[message]?.weight === "breach");
  messages.forEach((message, index) => {
    if (known.includes(message)) return;
    tell(row, ["messages", id, index], `${id} has no breach message "${message}"`, suggestion(message, known));
  });
}

function perimeterProblems({ rows, perimeters }: CrossInput, tell: Tell): void {
  const byId = new Map(rows.map((row) => [row.item.id, row.item]));
  for (const perimeter of perimeters) {
    const placed = new Set<string>();
    perimeter.item.groups.forEach((group, groupIndex) => {
      group.rows.forEach((id, index) => {
        const at = ["groups", groupIndex, "rows", index];
        const row = byId.get(id);
        if (!row) tell(perimeter, at, `there is no row "${id}"`, suggestion(id, [...byId.keys()]));
        else if (!servable(statedIn(row, perimeter.item.couloir))) {
          const elsewhere = row.checks.length > 0;
          tell(
            perimeter,
            at,
            elsewhere
              ? `the row "${id}" says something else in this couloir, where its checks give no verdict, and has no proof`
              : `the row "${id}" has neither check nor proof`,
            elsewhere
              ? 'Give it a proof, or move its checks to "supports" and say why in "excluded".'
              : 'Give it one, or say why not in "excluded" of the row.',
          );
        }
        if (placed.has(id)) tell(perimeter, at, `the row "${id}" stands twice in the perimeter`, "Keep one of them.");
        placed.add(id);
      });
    });
  }
}

/** A row that a machine could establish and that has only checks in part is served by nothing either: it must say what lacks. */
function servable(row: Requirement): boolean {
  const { ids, kinds } = row.proofs;
  return row.checks.length + ids.length + kinds.length > 0 || row.excluded !== undefined;
}

function scenarioProblems({ scenarios, keys }: CrossInput, tell: Tell): void {
  const byId = new Map(scenarios.map((scenario) => [scenario.item.id, scenario.item]));
  for (const scenario of scenarios) {
    const { item } = scenario;
    if (item.patient && !keys.patients.has(item.patient.key)) {
      tell(
        scenario,
        ["patient", "key"],
        `there is no patient "${item.patient.key}"`,
        suggestion(item.patient.key, [...keys.patients]),
      );
    }
    if (item.professional !== undefined && !keys.professionals.has(item.professional)) {
      tell(
        scenario,
        ["professional"],
        `there is no professional "${item.professional}"`,
        suggestion(item.professional, [...keys.professionals]),
      );
    }
    item.faults?.forEach((fault, index) => {
      if (!item.services.includes(fault.service)) {
        tell(
          scenario,
          ["faults", index, "service"],
          `the service "${fault.service}" is not started by the scenario`,
          'Add it to "services".',
        );
      }
    });
    if (item.control !== undefined) controlProblems(scenario, byId, tell);
    stepProblems(scenario, tell);
  }
}

function controlProblems(scenario: Sourced<Scenario>, byId: ReadonlyMap<string, Scenario>, tell: Tell): void {
  const { item } = scenario;
  const control = byId.get(item.control ?? "");
  if (!control) {
    tell(
      scenario,
      ["control"],
      `there is no scenario "${item.control}"`,
      suggestion(item.control ?? "", [...byId.keys()]),
    );
  } else if (control.id === item.id) {
    tell(
      scenario,
      ["control"],
      "a scenario cannot be its own control",
      "Name the scenario that does the same without the fault.",
    );
  } else if (control.faults !== undefined || control.control !== undefined) {
    tell(
      scenario,
      ["control"],
      `the control "${control.id}" is itself faulted or controlled`,
      "Name a scenario without faults.",
    );
  }
}

/** `$step.N` must be an earlier step; `$values.x`, `$patient`, `$professional` must stand in the scenario. */
function stepProblems(scenario: Sourced<Scenario>, tell: Tell): void {
  const { item } = scenario;
  item.steps.forEach((step, index) => {
    if ("control" in step && !item.services.includes(step.control.service)) {
      const at = ["steps", index, "control", "service"];
      tell(
        scenario,
        at,
        `the service "${step.control.service}" is not started by the scenario`,
        'Add it to "services".',
      );
    }
    if (!("operation" in step)) return;
    for (const { text, at } of texts(step.input ?? {}, ["steps", index, "input"])) {
      const wrong = badReference(text, item, index);
      if (wrong !== null) tell(scenario, at, `"${text}" names nothing`, wrong);
    }
  });
}

function badReference(text: string, scenario: Scenario, index: number): string | null {
  if (!text.startsWith("$")) return null;
  const [head = "", first = ""] = text.slice(1).split(".");
  if (head === "patient") return scenario.patient ? null : 'Add "patient" to the scenario.';
  if (head === "professional")
    return scenario.professional === undefined ? 'Add "professional" to the scenario.' : null;
  if (head === "values") {
    const known = Object.keys(scenario.values ?? {});
    return known.includes(first) ? null : suggestion(first, known);
  }
  if (head === "step")
    return /^\d+$/.test(first) && Number(first) < index ? null : "Name an earlier step, counted from 0.";
  return "Known: $patient, $professional, $values.x, $step.N.path.";
}

function* texts(value: unknown, at: Path): Generator<{ text: string; at: Path }> {
  if (typeof value === "string") yield { text: value, at };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* texts(item, [...at, index]);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* texts(item, [...at, key]);
  }
}

function checkProblems({ checks = [], scenarios }: CrossInput): Problem[] {
  const known = scenarios.map((scenario) => scenario.item.id);
  const found: Problem[] = [];
  for (const check of checks) {
    for (const id of check.scenarios ?? []) {
      if (known.includes(id)) continue;
      found.push({
        what: `there is no scenario "${id}"`,
        where: `check ${check.id} (scenarios)`,
        mend: suggestion(id, known),
      });
    }
  }
  return found;
}
