/** What is compared of a check, a row, a decision, read from any JSON: a result.json may be of another version. */
import { byCodeUnit } from "../model/index.js";
import { isRecord, member } from "./places.js";

/** Members are texts, truth values or sorted lists of texts, so that two states compare member by member. */
export interface State {
  readonly [name: string]: string | boolean | null | readonly string[];
}

export interface CheckState extends State {
  readonly planned: boolean;
  readonly outcome: string;
  readonly strength: string | null;
  readonly cause: string | null;
  readonly reason: string | null;
  /** Ids of the messages that fired. */
  readonly breaches: readonly string[];
  readonly remarks: readonly string[];
}

export interface RowState extends State {
  readonly verdict: string;
  readonly dossier: string;
  readonly strength: string | null;
  readonly reason: string | null;
  readonly level: string;
}

export interface DecisionState extends State {
  readonly decision: string;
  readonly reason: string | null;
}

export interface States {
  readonly checks: ReadonlyMap<string, CheckState>;
  /** By `perimeter` and `id`, joined by a line feed. */
  readonly rows: ReadonlyMap<string, RowState>;
  readonly decisions: ReadonlyMap<string, DecisionState>;
}

/** Entries without an id are left out. */
export function statesOf(result: unknown): States {
  const perimeters = list(result, "perimeters");
  return {
    checks: byId(list(result, "checks"), checkState),
    rows: new Map(
      perimeters.flatMap((perimeter) =>
        list(perimeter, "groups").flatMap((group) =>
          [...byId(list(group, "rows"), rowState)].map(
            ([id, state]) => [`${text(perimeter, "id") ?? ""}\n${id}`, state] as const,
          ),
        ),
      ),
    ),
    decisions: byId(perimeters, (perimeter) => ({
      decision: text(perimeter, "decision") ?? "",
      reason: text(perimeter, "reason"),
    })),
  };
}

function byId<S>(entries: readonly unknown[], read: (entry: unknown) => S): Map<string, S> {
  const found = new Map<string, S>();
  for (const entry of entries) {
    const id = text(entry, "id");
    if (id !== null) found.set(id, read(entry));
  }
  return found;
}

function checkState(entry: unknown): CheckState {
  const findings = list(entry, "findings");
  const fired = (weight: string): string[] => {
    const ids = findings.filter((one) => text(one, "weight") === weight).map((one) => text(one, "message") ?? "");
    return [...new Set(ids)].sort(byCodeUnit);
  };
  return {
    planned: isRecord(entry) && member(entry, "planned") === true,
    outcome: text(entry, "outcome") ?? "",
    strength: text(entry, "strength"),
    cause: text(entry, "cause"),
    reason: text(entry, "reason"),
    breaches: fired("breach"),
    remarks: fired("remark"),
  };
}

function rowState(entry: unknown): RowState {
  return {
    verdict: text(entry, "verdict") ?? "",
    dossier: text(entry, "dossier") ?? "",
    strength: text(entry, "strength"),
    reason: text(entry, "reason"),
    level: text(entry, "level") ?? "",
  };
}

function text(block: unknown, name: string): string | null {
  const value = isRecord(block) ? member(block, name) : undefined;
  return typeof value === "string" ? value : null;
}

function list(block: unknown, name: string): readonly unknown[] {
  const value = isRecord(block) ? member(block, name) : undefined;
  return Array.isArray(value) ? value : [];
}
