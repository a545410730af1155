/**
 * Result against result: what a bundle claims, beside what judging its evidence again gives. Pure; no clock, no locale.
 * Two results whose canonical JSON differs in one byte give at least one difference that names the place. The claimed one may
 * be any JSON at all: nothing in it is trusted to have the shape of a result.
 */
import { byCodeUnit } from "../model/index.js";
import { cut, isRecord, member, type Place, places, preview, type Shown } from "./places.js";

/** In the order in which they are told. `missing`: the claimed result lacks it; `unknown`: only the claimed result has it. */
export const DIFFERENCE_KINDS = [
  "decision",
  "row",
  "row_missing",
  "row_unknown",
  "check",
  "check_missing",
  "check_unknown",
  "facts",
] as const;

export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

export interface Difference {
  readonly kind: DifferenceKind;
  /** Id of the check, row or perimeter; for `facts` the place, such as `recording.sha256`. Foreign text, at most 200 characters. */
  readonly id: string;
  /** Perimeter of a row, a decision or a fact of a perimeter; null elsewhere. */
  readonly perimeter: string | null;
  /** The outcome, verdict or decision where that differs, else the value at the first place; null when it is not there. */
  readonly claimed: Shown;
  readonly recomputed: Shown;
  /** Places that differ, the first few, such as `outcome, findings[0].message`; `order` for equal entries in another order. */
  readonly detail: string;
}

const MAX_ID = 200;
/** Places named in the `detail` of one difference. */
const MAX_DETAIL = 5;
/** Facts of one block told one by one. */
const MAX_FACTS = 50;

/** Sorted by kind (as in DIFFERENCE_KINDS), perimeter, id, detail. Empty only when the two say the same to the byte. */
export function compareResults(claimed: unknown, recomputed: unknown): Difference[] {
  if (!isRecord(claimed) || !isRecord(recomputed)) return facts("result", null, claimed, recomputed);
  const lists = ["checks", "perimeters", "scenarios"];
  const found = [
    ...joined("checks", null, idOf, member(claimed, "checks"), member(recomputed, "checks"), checkDifference),
    ...joined("perimeters", null, idOf, member(claimed, "perimeters"), member(recomputed, "perimeters"), perimeterPair),
    ...joined("scenarios", null, keyOf, member(claimed, "scenarios"), member(recomputed, "scenarios"), (pair) =>
      facts(`scenarios.${pair.name}`, null, pair.claimed, pair.recomputed),
    ),
    ...facts("", null, without(claimed, lists), without(recomputed, lists)),
  ];
  return found.sort(inOrder);
}

/** Two entries of one name; `undefined` where a side has none. */
interface Pair {
  readonly name: string;
  readonly claimed: unknown;
  readonly recomputed: unknown;
}

/**
 * Joins two lists by the names of their entries and compares each pair. Two lists of equal entries in another order, and
 * what is no list at all, are facts that differ.
 */
function joined(
  list: string,
  perimeter: string | null,
  nameOf: (entry: unknown) => string | null,
  claimed: unknown,
  recomputed: unknown,
  compare: (pair: Pair) => Difference[],
): Difference[] {
  if (!Array.isArray(claimed) || !Array.isArray(recomputed)) return facts(list, perimeter, claimed, recomputed);
  const left = named(claimed, nameOf);
  const right = named(recomputed, nameOf);
  const keys = [...new Set([...right.keys(), ...left.keys()])];
  const found = keys.flatMap((key) => {
    const name = (right.get(key) ?? left.get(key))?.name ?? key;
    return compare({ name, claimed: left.get(key)?.entry, recomputed: right.get(key)?.entry });
  });
  if (found.length > 0) return found;
  const others = [...left.keys()];
  const at = [...right.keys()].findIndex((key, index) => key !== others[index]);
  if (at < 0) return [];
  const nameAt = (entries: typeof left): Shown => preview([...entries.values()][at]?.name);
  const ends = { claimed: nameAt(left), recomputed: nameAt(right) };
  return [{ kind: "facts", id: `${list}[${at}]`, perimeter, ...ends, detail: "order" }];
}

/** Entries by name; one whose name stood before gets a number, one without a name its position. */
function named(
  list: readonly unknown[],
  nameOf: (entry: unknown) => string | null,
): Map<string, { readonly name: string; readonly entry: unknown }> {
  const times = new Map<string, number>();
  const entries = new Map<string, { readonly name: string; readonly entry: unknown }>();
  for (const [index, entry] of list.entries()) {
    const name = nameOf(entry);
    if (name === null) {
      entries.set(`#${index}`, { name: `[${index}]`, entry });
      continue;
    }
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    const shown = cut(name, MAX_ID);
    entries.set(`${time} ${name}`, { name: time === 1 ? shown : `${shown} (${time})`, entry });
  }
  return entries;
}

function checkDifference(pair: Pair): Difference[] {
  return difference(pair, "check", "outcome", null);
}

function rowDifference(perimeter: string): (pair: Pair) => Difference[] {
  return (pair) => difference(pair, "row", "verdict", perimeter);
}

/** At most one difference for a check or row: what it says in the end, or else the first place that differs. */
function difference(
  pair: Pair,
  kind: "check" | "row",
  conclusion: "outcome" | "verdict",
  perimeter: string | null,
): Difference[] {
  const found = places(pair.claimed, pair.recomputed, MAX_DETAIL + 1);
  const [first] = found;
  if (!first) return [];
  const shared = { id: pair.name, perimeter };
  const said = (side: unknown): Shown => preview(isRecord(side) ? member(side, conclusion) : side);
  const ends = { claimed: said(pair.claimed), recomputed: said(pair.recomputed) };
  if (pair.claimed === undefined) return [{ kind: `${kind}_missing`, ...shared, ...ends, detail: "" }];
  if (pair.recomputed === undefined) return [{ kind: `${kind}_unknown`, ...shared, ...ends, detail: "" }];
  const values = ends.claimed === ends.recomputed ? valuesAt(first) : ends;
  return [{ kind, ...shared, ...values, detail: detailOf(found, conclusion) }];
}

function perimeterPair(pair: Pair): Difference[] {
  const { name, claimed, recomputed } = pair;
  if (!isRecord(claimed) || !isRecord(recomputed)) {
    const found = places(claimed, recomputed, 1);
    const said = (side: unknown): Shown => preview(isRecord(side) ? member(side, "decision") : side);
    const ends = { claimed: said(claimed), recomputed: said(recomputed) };
    return found.map(() => ({ kind: "decision", id: name, perimeter: name, ...ends, detail: "" }));
  }
  const decided = (side: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(["decision", "reason", "deciding"].map((part) => [part, member(side, part)]));
  const found = places(decided(claimed), decided(recomputed), MAX_DETAIL + 1);
  const [first] = found;
  const ends = { claimed: preview(member(claimed, "decision")), recomputed: preview(member(recomputed, "decision")) };
  const apart = ["decision", "reason", "deciding", "groups"];
  return [
    ...(first
      ? [
          {
            kind: "decision" as const,
            id: name,
            perimeter: name,
            ...(ends.claimed === ends.recomputed ? valuesAt(first) : ends),
            detail: detailOf(found, "decision"),
          },
        ]
      : []),
    ...joined("groups", name, idOf, member(claimed, "groups"), member(recomputed, "groups"), (group) =>
      groupPair(name, group),
    ),
    ...facts("", name, without(claimed, apart), without(recomputed, apart)),
  ];
}

/** A group that one side lacks is told, and each of its rows is. */
function groupPair(perimeter: string, { name, claimed, recomputed }: Pair): Difference[] {
  const at = `groups.${name}`;
  const left = claimed ?? { rows: [] };
  const right = recomputed ?? { rows: [] };
  if (!isRecord(left) || !isRecord(right)) return facts(at, perimeter, claimed, recomputed);
  const whole = claimed === undefined || recomputed === undefined;
  return [
    ...(whole ? facts(at, perimeter, claimed, recomputed) : []),
    ...joined(`${at}.rows`, perimeter, idOf, member(left, "rows"), member(right, "rows"), rowDifference(perimeter)),
    ...(whole ? [] : facts(at, perimeter, without(left, ["rows"]), without(right, ["rows"]))),
  ];
}

/** One difference per place; `at` is where the two values stand. */
function facts(at: string, perimeter: string | null, claimed: unknown, recomputed: unknown): Difference[] {
  return places(claimed, recomputed, MAX_FACTS).map((place) => {
    const glue = at === "" || place.path === "" || place.path.startsWith("[") ? "" : ".";
    const id = cut(`${at}${glue}${place.path}`, MAX_ID);
    return { kind: "facts", id, perimeter, ...valuesAt(place), detail: "" };
  });
}

function valuesAt({ claimed, recomputed }: Place): { readonly claimed: Shown; readonly recomputed: Shown } {
  return { claimed: preview(claimed), recomputed: preview(recomputed) };
}

/** The conclusion first, then the others in their order; `…` when there are more. */
function detailOf(found: readonly Place[], conclusion: string): string {
  const paths = found.map((place) => place.path).filter((path) => path !== "");
  const sorted = [...paths.filter((path) => path === conclusion), ...paths.filter((path) => path !== conclusion)];
  return sorted.length > MAX_DETAIL ? `${sorted.slice(0, MAX_DETAIL).join(", ")}, …` : sorted.join(", ");
}

function without(
  block: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(block).filter(([name]) => !names.includes(name)));
}

function idOf(entry: unknown): string | null {
  return textMember(entry, "id");
}

function keyOf(entry: unknown): string | null {
  return textMember(entry, "key");
}

function textMember(entry: unknown, name: string): string | null {
  const text = isRecord(entry) ? member(entry, name) : undefined;
  return typeof text === "string" ? text : null;
}

function inOrder(a: Difference, b: Difference): number {
  const kind = DIFFERENCE_KINDS.indexOf(a.kind) - DIFFERENCE_KINDS.indexOf(b.kind);
  return (
    kind || byCodeUnit(a.perimeter ?? "", b.perimeter ?? "") || byCodeUnit(a.id, b.id) || byCodeUnit(a.detail, b.detail)
  );
}
