/** One run judged under two perimeters: which verdicts and which decision would be others. Pure. */
import { byCodeUnit, type PerimeterResult, type RowResult } from "../model/index.js";

/** How a row stands under one of the two perimeters. */
export interface RowStanding {
  readonly verdict: RowResult["verdict"];
  readonly reason: string | null;
  readonly dossier: RowResult["dossier"];
  readonly level: RowResult["level"];
}

export interface JudgedChange {
  /** Id in the older and in the newer perimeter; another one where the row moved. */
  readonly from: string;
  readonly to: string;
  readonly before: RowStanding;
  readonly after: RowStanding;
}

export interface DecisionUnder {
  readonly decision: PerimeterResult["decision"];
  readonly reason: PerimeterResult["reason"];
  readonly deciding: PerimeterResult["deciding"];
}

export interface RunUnderBoth {
  readonly decision: { readonly before: DecisionUnder; readonly after: DecisionUnder; readonly changes: boolean };
  /** Rows on both sides whose verdict, reason, dossier or level would be another; by older id. */
  readonly rows: readonly JudgedChange[];
  /** Rows of the newer perimeter alone, and how the run would stand in them. */
  readonly added: readonly ({ readonly id: string } & RowStanding)[];
  /** Rows of the older perimeter alone, and how the run stood in them. */
  readonly removed: readonly ({ readonly id: string } & RowStanding)[];
}

/** `moved`: rows with another id on the other side. */
export function compareJudged(
  before: PerimeterResult,
  after: PerimeterResult,
  moved: readonly { readonly from: string; readonly to: string }[],
): RunUnderBoth {
  const old = rowsOf(before);
  const now = rowsOf(after);
  const kept = [...old.keys()].filter((id) => now.has(id)).map((id) => ({ from: id, to: id }));
  const pairs = [...kept, ...moved].flatMap(({ from, to }): JudgedChange[] => {
    const a = old.get(from);
    const b = now.get(to);
    return a && b ? [{ from, to, before: a, after: b }] : [];
  });
  const [from, to] = [new Set(pairs.map((pair) => pair.from)), new Set(pairs.map((pair) => pair.to))];
  const alone = (rows: ReadonlyMap<string, RowStanding>, paired: ReadonlySet<string>) =>
    [...rows]
      .filter(([id]) => !paired.has(id))
      .map(([id, standing]) => ({ id, ...standing }))
      .sort((a, b) => byCodeUnit(a.id, b.id));
  const [a, b] = [decisionOf(before), decisionOf(after)];
  return {
    decision: { before: a, after: b, changes: a.decision !== b.decision || a.reason !== b.reason },
    rows: pairs
      .filter((pair) => differs(pair.before, pair.after))
      .sort((one, other) => byCodeUnit(one.from, other.from) || byCodeUnit(one.to, other.to)),
    added: alone(now, to),
    removed: alone(old, from),
  };
}

function rowsOf(result: PerimeterResult): ReadonlyMap<string, RowStanding> {
  const rows = result.groups.flatMap((group) => group.rows);
  return new Map(rows.map(({ id, verdict, reason, dossier, level }) => [id, { verdict, reason, dossier, level }]));
}

function differs(a: RowStanding, b: RowStanding): boolean {
  return a.verdict !== b.verdict || a.reason !== b.reason || a.dossier !== b.dossier || a.level !== b.level;
}

function decisionOf({ decision, reason, deciding }: PerimeterResult): DecisionUnder {
  return { decision, reason, deciding };
}
