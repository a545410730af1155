/** A plan as `segur plan --json` prints it (specs/schemas/plan.schema.json). */
import type { VendorOperation } from "../model/index.js";
import type { OwedProof, Plan, PlannedCheck, UnplannedCheck } from "./plan.js";

export interface PlanOutput {
  readonly format: "segur-plan/1";
  readonly perimeters: readonly { id: string; basis: string; rows: number; applicable: number }[];
  readonly rows: readonly {
    id: string;
    perimeters: readonly string[];
    applies: boolean;
    reason: string | null;
    justification: string | null;
    checks: readonly string[];
  }[];
  readonly checks: readonly PlannedCheck[];
  readonly scenarios: readonly {
    id: string;
    services: readonly string[];
    operations: readonly VendorOperation[];
    control: string | null;
    exclusive: boolean;
    faulted: boolean;
    checks: readonly string[];
  }[];
  readonly unplanned: readonly UnplannedCheck[];
  readonly cannotTrigger: Plan["cannotTrigger"];
  readonly proofsOwed: readonly OwedProof[];
}

export function describePlan(plan: Plan): PlanOutput {
  return {
    format: "segur-plan/1",
    perimeters: plan.perimeters.map((perimeter) => {
      const rows = plan.rows.filter((row) => row.perimeters.includes(perimeter.id));
      const applicable = rows.filter((row) => row.applies).length;
      return { id: perimeter.id, basis: perimeter.basis, rows: rows.length, applicable };
    }),
    rows: plan.rows.map(({ row, ...rest }) => ({ id: row.id, ...rest, checks: row.checks })),
    checks: plan.checks,
    scenarios: plan.scenarios.map(({ scenario, operations, checks }) => ({
      id: scenario.id,
      services: scenario.services,
      operations,
      control: scenario.control ?? null,
      exclusive: scenario.exclusive ?? false,
      faulted: scenario.faults !== undefined,
      checks,
    })),
    unplanned: plan.unplanned,
    cannotTrigger: plan.cannotTrigger,
    proofsOwed: plan.proofsOwed,
  };
}
