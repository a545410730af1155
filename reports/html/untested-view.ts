/** What the run does not show, and why: checks, rows, scenarios, and what the candidate declared not applicable. */
import type { PerimeterResult, RowResult } from "../../core/model/index.js";
import type { Facts } from "../facts.js";
import { rowsIn } from "../tallies.js";
import { type StepGroup, stepGroups } from "../steps.js";
import { unobservedGroups } from "../unobserved.js";
import type { Anchors } from "./anchors.js";
import type { Line } from "./checks-view.js";

export interface UntestedView {
  /** Checks with one reason together; `open` when the list is short. */
  readonly checks: readonly {
    readonly reason: string;
    readonly cause: string | null;
    readonly count: string;
    readonly open: boolean;
    readonly checks: readonly (Line & { readonly rows: string | null })[];
  }[];
  /** Steps that were refused or failed: told when checks or scenarios are missing, which they may explain. */
  readonly steps: readonly StepGroup[];
  readonly unplanned: readonly (Line & { readonly reason: string })[];
  /** `1 check not planned in this run`, and the figure alone. */
  readonly unplannedText: string;
  readonly unplannedCount: string;
  /** Rows not tested or to review, each once. */
  readonly rowCount: string;
  readonly perimeters: readonly {
    readonly title: string;
    readonly count: string;
    readonly reasons: readonly {
      readonly label: string;
      readonly count: string;
      readonly rows: readonly (Line & { readonly detail: string })[];
    }[];
  }[];
  readonly scenarios: readonly {
    readonly key: string;
    readonly title: string;
    readonly state: string;
    readonly reason: string;
  }[];
  readonly notApplicable: readonly (Line & { readonly reason: string; readonly justification: string })[];
}

/** A list no longer than this is not folded. */
const OPEN_MAX = 8;

const REASONS = [
  "unobserved",
  "noCheck",
  "inapplicable",
  "proof",
  "review",
  "claimed",
  "answered",
  "noneYet",
  "excluded",
] as const;

export function untestedView(facts: Facts, anchors: Anchors): UntestedView {
  const { t, input } = facts;
  const { result } = input;
  const checkLine = (id: string): Line => ({ href: anchors.of("check", id), id, title: facts.checkTitle(id) });
  const titled = new Set<string>();
  const groups = unobservedGroups(facts);
  const unfinished = result.scenarios.some((scenario) => scenario.state !== "done");
  const unplanned = result.checks.filter((check) => !check.planned);
  return {
    checks: groups.map(({ reason, cause, ids }) => ({
      reason,
      cause,
      count: facts.number(ids.length),
      open: ids.length <= OPEN_MAX,
      checks: ids.map((id) => {
        const rows = facts.rowsOf(id).length;
        return { ...checkLine(id), rows: rows === 0 ? null : t.counts.rows(rows, facts.number(rows)) };
      }),
    })),
    steps: groups.length > 0 || unfinished ? stepGroups(facts) : [],
    unplanned: unplanned.map((check) => ({
      ...checkLine(check.id),
      reason: check.reason === null ? t.outcomes[check.outcome] : facts.reason(check.reason),
    })),
    unplannedText: t.unplanned(unplanned.length, facts.number(unplanned.length)),
    unplannedCount: facts.number(unplanned.length),
    rowCount: facts.number(
      new Set(
        result.perimeters
          .flatMap(rowsIn)
          .filter(untested)
          .map((row) => row.id),
      ).size,
    ),
    perimeters: result.perimeters.map((perimeter) => {
      const rows = rowsIn(perimeter).filter(untested);
      return {
        title: facts.perimeterTitle(perimeter),
        count: t.counts.rows(rows.length, facts.number(rows.length)),
        reasons: byReason(facts, anchors, perimeter, rows, titled),
      };
    }),
    scenarios: result.scenarios
      .filter((scenario) => scenario.state !== "done")
      .map((scenario) => ({
        key: facts.foreign(scenario.key),
        title: facts.scenarioTitle(scenario.key),
        state: t.states[scenario.state],
        reason: scenario.reason === null ? "–" : facts.reason(scenario.reason),
      })),
    notApplicable: notApplicable(facts, anchors),
  };
}

function untested(row: RowResult): boolean {
  return row.verdict === "not_tested" || row.verdict === "to_review";
}

function byReason(
  facts: Facts,
  anchors: Anchors,
  perimeter: PerimeterResult,
  rows: readonly RowResult[],
  titled: Set<string>,
): UntestedView["perimeters"][number]["reasons"] {
  const explained = rows.map((row) => ({ row, why: facts.untestedReason(row) }));
  return REASONS.map((key) => {
    const members = explained.filter(({ why }) => why.key === key);
    return {
      label: facts.t.rowReasons[key],
      count: facts.number(members.length),
      rows: members.map(({ row, why }) => ({
        href: anchors.of("row", perimeter.id, row.id),
        id: row.id,
        title: once(titled, facts.rowTitle(row.id, perimeter.couloir)),
        detail: why.detail,
      })),
    };
  }).filter((reason) => reason.rows.length > 0);
}

/** A title is told the first time only: several waves ask for the same row. */
function once(told: Set<string>, title: string): string {
  if (told.has(title)) return "";
  told.add(title);
  return title;
}

function notApplicable(facts: Facts, anchors: Anchors): UntestedView["notApplicable"] {
  return facts.input.result.perimeters.flatMap((perimeter) =>
    rowsIn(perimeter)
      .filter((row) => row.verdict === "not_applicable")
      .map((row) => ({
        href: anchors.of("row", perimeter.id, row.id),
        id: row.id,
        title: facts.rowTitle(row.id, perimeter.couloir),
        reason: facts.applicability(row.reason),
        justification: row.justification === null ? facts.t.justificationNone : facts.foreign(row.justification),
      })),
  );
}
