/** How much of what is asked has a check today, so that nobody mistakes the state of the work. */
import {
  byCodeUnit,
  type CheckDef,
  type Level,
  machineProvable,
  type Perimeter,
  type Requirement,
  statedIn,
  type Text,
  type UnidentifiedRequirement,
  type Verification,
} from "../model/index.js";

export interface CoverageInput {
  readonly perimeters: readonly Perimeter[];
  readonly requirements: readonly Requirement[];
  readonly unidentified: readonly UnidentifiedRequirement[];
  readonly checks: readonly CheckDef[];
  /** From the table of the selftest; null when there is none. */
  readonly mutants: { readonly total: number; readonly killed: number } | null;
  /** Every row of the perimeters too, not only their counts. */
  readonly list?: boolean;
}

/** One row as its couloir states it: with another statement there (`variant`), its checks bear on it in part at most. */
export interface CoveredRow {
  readonly id: string;
  readonly group: string;
  readonly title: Text;
  readonly variant: boolean;
  readonly level: Level;
  readonly verification: Verification;
  readonly checks: readonly string[];
  readonly supports: readonly string[];
  /** Kinds of the official proofs, and how many ids the source gives them. */
  readonly proofs: { readonly kinds: readonly string[]; readonly ids: number };
  readonly excluded: Text | null;
}

/** Printed by `segur coverage --json` (specs/schemas/coverage.schema.json). */
export interface Coverage {
  readonly format: "segur-coverage/1";
  readonly perimeters: readonly {
    readonly id: string;
    readonly basis: string;
    readonly rows: number;
    /** Rows a machine could establish (observed, artifact, answered). */
    readonly provable: number;
    /** Of those, the rows with at least one check that gives a verdict. */
    readonly checked: number;
    /** Of those without, the rows some check supports in part. */
    readonly supported: number;
    /** Rows that demand at least one official proof. */
    readonly proofs: number;
    /** Of those, the rows that no check decides: a person's proof alone serves them. */
    readonly proofsOnly: number;
    /** Rows served by neither, with what lacks stated: `checked` + `proofsOnly` + `excluded` = `rows`. */
    readonly excluded: number;
    /** Provable rows that still owe their check, by id. */
    readonly owed: readonly { readonly id: string; readonly verification: Verification; readonly level: Level }[];
    /** Every row, in the groups of the perimeter, by id; only where it was asked for. */
    readonly list?: readonly CoveredRow[];
  }[];
  /** By id, with the rows they decide and the rows they support in part. */
  readonly checks: readonly {
    readonly id: string;
    readonly rows: readonly string[];
    readonly supports: readonly string[];
  }[];
  readonly mutants: { readonly total: number; readonly killed: number } | null;
  /** Breach messages that nobody outside vouches for. */
  readonly withoutWitness: readonly { readonly check: string; readonly message: string }[];
  /** Rows whose official id nobody has read. */
  readonly unidentified: readonly { readonly domain: string; readonly title: Text }[];
}

export function coverage(input: CoverageInput): Coverage {
  const byId = new Map(input.requirements.map((row) => [row.id, row]));
  const checks = [...input.checks].sort((a, b) => byCodeUnit(a.id, b.id));
  const rowsWith = (list: "checks" | "supports", id: string) =>
    input.requirements
      .filter((row) => row[list].includes(id))
      .map((row) => row.id)
      .sort(byCodeUnit);
  return {
    format: "segur-coverage/1",
    perimeters: input.perimeters.map((perimeter) => ({
      id: perimeter.id,
      basis: perimeter.basis,
      ...count(rowsOf(perimeter, byId).map(({ row }) => row)),
      ...(input.list ? { list: listOf(perimeter, byId) } : {}),
    })),
    checks: checks.map(({ id }) => ({ id, rows: rowsWith("checks", id), supports: rowsWith("supports", id) })),
    mutants: input.mutants,
    withoutWitness: checks.flatMap((check) => witnessless(check).map((message) => ({ check: check.id, message }))),
    unidentified: input.unidentified.map(({ domain, title }) => ({ domain, title })),
  };
}

function rowsOf(perimeter: Perimeter, byId: ReadonlyMap<string, Requirement>): { group: string; row: Requirement }[] {
  return perimeter.groups.flatMap((group) =>
    [...group.rows].sort(byCodeUnit).flatMap((id) => {
      const row = byId.get(id);
      return row ? { group: group.id, row: statedIn(row, perimeter.couloir) } : [];
    }),
  );
}

function listOf(perimeter: Perimeter, byId: ReadonlyMap<string, Requirement>): CoveredRow[] {
  return rowsOf(perimeter, byId).map(({ group, row }) => ({
    id: row.id,
    group,
    title: row.title,
    variant: row.variants?.[perimeter.couloir] !== undefined,
    level: row.level,
    verification: row.verification,
    checks: [...row.checks].sort(byCodeUnit),
    supports: [...row.supports].sort(byCodeUnit),
    proofs: { kinds: row.proofs.kinds, ids: row.proofs.ids.length },
    excluded: row.excluded ?? null,
  }));
}

function count(rows: readonly Requirement[]) {
  const provable = rows.filter(machineProvable);
  const unchecked = provable.filter((row) => row.checks.length === 0);
  const proved = rows.filter((row) => row.proofs.ids.length + row.proofs.kinds.length > 0);
  return {
    rows: rows.length,
    provable: provable.length,
    checked: provable.length - unchecked.length,
    supported: unchecked.filter((row) => row.supports.length > 0).length,
    proofs: proved.length,
    proofsOnly: proved.filter((row) => row.checks.length === 0).length,
    excluded: rows.filter((row) => row.excluded !== undefined).length,
    owed: unchecked
      .map(({ id, verification, level }) => ({ id, verification, level }))
      .sort((a, b) => byCodeUnit(a.id, b.id)),
  };
}

function witnessless(check: CheckDef): string[] {
  const ids = Object.keys(check.messages).sort(byCodeUnit);
  return ids.filter((id) => check.messages[id]?.weight === "breach" && check.messages[id]?.witness === "none");
}
