/**
 * Two perimeters compared row by row: added, removed, changed, moved to another id. Pure: equal inputs give equal answers.
 * What each side says is taken in the couloir of its own perimeter (`variants`).
 */
import {
  byCodeUnit,
  type Couloir,
  type Level,
  type Perimeter,
  type Requirement,
  statedIn,
  type Text,
} from "../model/index.js";

/** What of a row can change, in the order in which it is told. */
export const ROW_ASPECTS = [
  "statement",
  "title",
  "level",
  "profiles",
  "condition",
  "verification",
  "scenarios",
  "proofs",
  "proofKinds",
  "checks",
  "supports",
  "messages",
  "variant",
] as const;
export type RowAspect = (typeof ROW_ASPECTS)[number];

/** A list is a set: its order says nothing. Null = the side has none. */
export type AspectValue = string | readonly string[] | Text | null;

export interface AspectChange {
  readonly aspect: RowAspect;
  readonly before: AspectValue;
  readonly after: AspectValue;
}

/** How it is known that two ids are one row: another spelling, the number a couloir gave it in wave 1, the register's word. */
export type MoveReason = "alias" | "legacy" | "register";

export interface LoneRow {
  readonly id: string;
  readonly title: Text;
  readonly level: Level;
  /** Rows of the other side that the id history names, and that stand on both sides: the row was split or merged. */
  readonly related: readonly string[];
}

export interface ChangedRow {
  readonly id: string;
  readonly title: Text;
  readonly changes: readonly AspectChange[];
}

export interface MovedRow {
  readonly from: string;
  readonly to: string;
  readonly by: MoveReason;
  readonly title: Text;
  readonly changes: readonly AspectChange[];
}

/** Each list by id. A row that was split, or several that became one, stand in several `moved`. */
export interface SpecsChanges {
  readonly added: readonly LoneRow[];
  readonly removed: readonly LoneRow[];
  readonly changed: readonly ChangedRow[];
  readonly moved: readonly MovedRow[];
  readonly unchanged: number;
  /** Rows on both sides whose official statement is known on one side only: whether it changed cannot be said. */
  readonly statementUnknown: number;
}

export interface SpecsSide {
  readonly perimeter: Perimeter;
  readonly requirements: readonly Requirement[];
}

interface PlacedRow {
  readonly row: Requirement;
  readonly couloir: Couloir;
  readonly variant: Text | null;
}

/** `key`: spelling of an id without what does not count (prefix, case, separators); two ids with one key are one id. */
export function compareSpecs(before: SpecsSide, after: SpecsSide, key: (id: string) => string): SpecsChanges {
  const old = placed(before);
  const now = placed(after);
  const gone = [...old.values()].filter(({ row }) => !now.has(row.id));
  const come = [...now.values()].filter(({ row }) => !old.has(row.id));
  const moves = gone.flatMap((a) =>
    come.flatMap((b): (MovedRow & { readonly unknown: boolean })[] => {
      const by = sameRow(a, b, key);
      const { id: to, title } = b.row;
      return by === null ? [] : [{ from: a.row.id, to, by, title, changes: changesOf(a, b), unknown: halfKnown(a, b) }];
    }),
  );
  const movedFrom = new Set(moves.map((move) => move.from));
  const movedTo = new Set(moves.map((move) => move.to));
  const both = [...old.values()].flatMap((a) => {
    const b = now.get(a.row.id);
    return b ? [{ a, b, changes: changesOf(a, b) }] : [];
  });
  const lone = (one: PlacedRow, others: ReadonlyMap<string, PlacedRow>, older: boolean): LoneRow => ({
    id: one.row.id,
    title: one.row.title,
    level: one.row.level,
    related: [...others.values()]
      .filter((other) => (older ? sameRow(one, other, key) : sameRow(other, one, key)) !== null)
      .map(({ row }) => row.id)
      .sort(byCodeUnit),
  });
  const half = both.filter(({ a, b }) => halfKnown(a, b)).length;
  return {
    added: come
      .filter(({ row }) => !movedTo.has(row.id))
      .map((one) => lone(one, old, false))
      .sort(byId),
    removed: gone
      .filter(({ row }) => !movedFrom.has(row.id))
      .map((one) => lone(one, now, true))
      .sort(byId),
    changed: both
      .filter(({ changes }) => changes.length > 0)
      .map(({ b, changes }) => ({ id: b.row.id, title: b.row.title, changes }))
      .sort(byId),
    moved: moves
      .map(({ unknown: _, ...move }) => move)
      .sort((a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to)),
    unchanged: both.filter(({ changes }) => changes.length === 0).length,
    statementUnknown: half + moves.filter((move) => move.unknown).length,
  };
}

/** Rows of a perimeter by id, as its couloir states them. A row that the specs lack is not there. */
function placed({ perimeter, requirements }: SpecsSide): ReadonlyMap<string, PlacedRow> {
  const byId = new Map(requirements.map((row) => [row.id, row]));
  const { couloir } = perimeter;
  const found = new Map<string, PlacedRow>();
  for (const group of perimeter.groups) {
    for (const id of group.rows) {
      const row = byId.get(id);
      if (!row) continue;
      found.set(id, { row: statedIn(row, couloir), couloir, variant: row.variants?.[couloir] ?? null });
    }
  }
  return found;
}

/** Does the history of ids say that the older row is the newer one? The surest reason first. */
function sameRow(older: PlacedRow, newer: PlacedRow, key: (id: string) => string): MoveReason | null {
  const [a, b] = [key(older.row.id), key(newer.row.id)];
  const names = (ids: readonly string[], id: string): boolean => ids.some((one) => key(one) === id);
  if (a === b || names(newer.row.aliases, a) || names(older.row.aliases, b)) return "alias";
  const follows = names(idsIn(newer.row.register?.replaces), a) || names(idsIn(older.row.register?.replaced_by), b);
  if (follows) return "register";
  // A wave 1 number is a couloir's own: `PSC.01` of wave 1 is no row of wave 2 that bears this id.
  const legacy = (row: PlacedRow, id: string): boolean => {
    const number = row.row.legacyIds?.[row.couloir];
    return number !== undefined && key(number) === id;
  };
  const numbered = older.couloir === newer.couloir && older.row.wave === newer.row.wave;
  return numbered && (legacy(newer, a) || legacy(older, b)) ? "legacy" : null;
}

/** The register writes one id, or a list of them. */
function idsIn(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === "string");
}

/** The official statement, kept by rows that were read from a workbook; null for rows of which we hold a paraphrase only. */
function statementOf({ row }: PlacedRow): string | null {
  const statement = row.register?.statement;
  return typeof statement === "string" ? statement.replace(/\s+/g, " ").trim() : null;
}

function halfKnown(a: PlacedRow, b: PlacedRow): boolean {
  return (statementOf(a) === null) !== (statementOf(b) === null);
}

function changesOf(a: PlacedRow, b: PlacedRow): AspectChange[] {
  const before = aspectsOf(a);
  const after = aspectsOf(b);
  // Two official statements say more than two paraphrases; a statement and a paraphrase cannot be compared.
  const stated = statementOf(a) !== null && statementOf(b) !== null;
  return ROW_ASPECTS.flatMap((aspect) => {
    if (aspect === "statement" ? !stated : aspect === "title" && stated) return [];
    const change = { aspect, before: before[aspect], after: after[aspect] };
    return same(change.before, change.after) ? [] : [change];
  });
}

function aspectsOf(placedRow: PlacedRow): Readonly<Record<RowAspect, AspectValue>> {
  const { row, variant } = placedRow;
  const sorted = (list: readonly string[]): readonly string[] => [...new Set(list)].sort(byCodeUnit);
  return {
    statement: statementOf(placedRow),
    title: row.title,
    level: row.level,
    profiles: sorted(row.profiles),
    condition: row.condition ?? null,
    verification: row.verification,
    scenarios: sorted(row.scenarios),
    proofs: sorted(row.proofs.ids),
    proofKinds: sorted(row.proofs.kinds),
    checks: sorted(row.checks),
    supports: sorted(row.supports),
    messages: sorted(Object.entries(row.messages ?? {}).map(([check, ids]) => `${check}: ${sorted(ids).join(", ")}`)),
    variant,
  };
}

function same(a: AspectValue, b: AspectValue): boolean {
  if (a === null || b === null || typeof a === "string" || typeof b === "string") return a === b;
  if (isText(a) || isText(b)) return isText(a) && isText(b) && a.fr === b.fr && a.en === b.en;
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function isText(value: Text | readonly string[]): value is Text {
  return !Array.isArray(value);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return byCodeUnit(a.id, b.id);
}
