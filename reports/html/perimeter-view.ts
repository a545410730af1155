/** One perimeter for the page: its decision, what decides it, its progress, its rows. */
import type { Couloir, PerimeterResult, RowResult, Score, Verdict } from "../../core/model/index.js";
import { byCodeUnit } from "../../core/model/index.js";
import type { Facts } from "../facts.js";
import { rowsIn, STRENGTHS, tally, VERDICTS, weighs } from "../tallies.js";
import type { Anchors } from "./anchors.js";
import { type Bar, bar } from "./bars.js";
import { type NamedValue, OUTCOME_TONES, type Tone } from "./checks-view.js";
import { decisionTone } from "./tones.js";
import { type GapView, gapView } from "./waves-view.js";

export interface ScoreLine {
  readonly domain: string;
  readonly name: string;
  readonly bar: Bar;
  readonly mandatory: string;
  readonly machine: string;
  readonly proofs: string;
  readonly optional: string;
}

export interface RowView {
  readonly anchor: string;
  readonly id: string;
  readonly title: string;
  readonly level: string;
  /** Level `unknown` is flagged. */
  readonly flagged: boolean;
  readonly verdict: string;
  readonly tone: Tone;
  readonly strength: string;
  readonly dossier: string;
  readonly dossierTone: Tone;
  readonly cause: string | null;
  readonly checks: readonly RowCheck[];
  /** Checks that cover a part of it and give no verdict. */
  readonly supports: readonly RowCheck[];
  readonly facts: readonly RowFact[];
  /** Where the same answer was already told in full; null when it stands here. */
  readonly same: { readonly href: string; readonly title: string } | null;
}

/** Rows told in full so far: a row carried from wave to wave, or asked of two couloirs, is told once. */
export type ToldRows = Map<string, { readonly href: string; readonly title: string }>;

/** `screenOnly`: the same for most rows, left out on paper. */
export interface RowFact extends NamedValue {
  readonly screenOnly: boolean;
}

export interface RowCheck {
  readonly href: string | null;
  readonly id: string;
  readonly title: string;
  readonly outcome: string;
  readonly tone: Tone;
  readonly finding: string | null;
}

export interface PerimeterView {
  readonly anchor: string;
  readonly rowsAnchor: string;
  readonly id: string;
  readonly title: string;
  readonly decision: string;
  readonly tone: Tone;
  readonly why: string;
  readonly basis: readonly NamedValue[];
  /** What stands beside the decision wherever it is said: the text it was drawn from, and what that lacks. */
  readonly basisShort: readonly NamedValue[];
  readonly bar: Bar;
  readonly rowCount: string;
  readonly verdicts: readonly { readonly verdict: Verdict; readonly label: string; readonly count: string }[];
  readonly strengths: readonly { readonly label: string; readonly meaning: string; readonly count: string }[];
  readonly gap: GapView;
  readonly unknownLevels: string | null;
  readonly scoreCaption: string;
  readonly score: readonly ScoreLine[];
  readonly scoreAll: ScoreLine;
  readonly rowsTitle: string;
  /** Where most rows were read: told once, and with each row that was read elsewhere. */
  readonly source: string;
  readonly groups: readonly {
    readonly title: string;
    readonly count: string;
    readonly domains: readonly {
      readonly domain: string;
      readonly name: string;
      readonly count: string;
      readonly parts: string;
      readonly bar: Bar;
      readonly rows: readonly RowView[];
    }[];
  }[];
}

const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = {
  conform: "good",
  not_conform: "bad",
  undetermined: "warn",
  not_tested: "wait",
  to_review: "wait",
  not_applicable: "mute",
};

export function perimeterView(
  facts: Facts,
  anchors: Anchors,
  perimeter: PerimeterResult,
  told: ToldRows,
): PerimeterView {
  const { t } = facts;
  const rows = rowsIn(perimeter);
  const known = facts.input.catalogue.perimeters[perimeter.id];
  const title = facts.perimeterTitle(perimeter);
  const unknown = rows.filter((row) => row.level === "unknown" && row.verdict !== "not_applicable").length;
  const source = commonSource(facts, rows);
  const domains = Object.keys(perimeter.score.byDomain).sort(byCodeUnit);
  return {
    anchor: anchors.of("perimeter", perimeter.id),
    rowsAnchor: anchors.of("rows", perimeter.id),
    id: perimeter.id,
    title,
    decision: t.decisions[perimeter.decision],
    tone: decisionTone(perimeter),
    why: facts.decisionWhy(perimeter),
    basisShort: [
      { name: t.basis, value: perimeter.basis },
      { name: t.knownGap, value: known?.knownGap[facts.input.lang] ?? t.unknown },
    ],
    basis: [
      { name: t.basis, value: perimeter.basis },
      ...(known ? [{ name: t.basisMeaning, value: known.basisNote[facts.input.lang] }] : []),
      ...(known ? [{ name: t.frozen, value: facts.dateTime(known.frozen) }] : []),
      { name: t.knownGap, value: known ? known.knownGap[facts.input.lang] : t.unknown },
    ],
    bar: verdictBar(facts, title, rows),
    rowCount: t.counts.rows(rows.length, facts.number(rows.length)),
    verdicts: tally(VERDICTS, rows, (row) => row.verdict).map(({ key, count }) => ({
      verdict: key,
      label: t.verdicts[key],
      count: facts.figure(count, rows.length),
    })),
    strengths: tally(STRENGTHS, rows.filter(established), (row) => row.strength).map(({ key, count }) => ({
      label: t.strengths[key],
      meaning: t.strengthMeaning[key],
      count: facts.number(count),
    })),
    gap: gapView(facts, anchors, perimeter),
    unknownLevels: unknown === 0 ? null : t.counts.unknownLevels(unknown, facts.number(unknown)),
    scoreCaption: t.scoreTable(title),
    score: domains.map((domain) => {
      const own = rows.filter((row) => facts.domainOf(row.id) === domain);
      return scoreLine(facts, domain, own, perimeter.score.byDomain[domain] ?? EMPTY_SCORE);
    }),
    scoreAll: scoreLine(facts, t.domainAll, rows, perimeter.score.all),
    rowsTitle: t.requirementsOf(title),
    source,
    groups: perimeter.groups.map((group) => ({
      title: known?.groups.find((g) => g.id === group.id)?.title[facts.input.lang] ?? group.id,
      count: t.counts.rows(group.rows.length, facts.number(group.rows.length)),
      domains: byDomain(facts, group.rows).map(([domain, members]) => ({
        domain,
        name: facts.domainName(domain),
        count: t.counts.rows(members.length, facts.number(members.length)),
        parts: facts.verdictCounts(members),
        bar: verdictBar(facts, domain, members),
        rows: members.map((row) => rowView(facts, anchors, perimeter, row, { told, source })),
      })),
    })),
  };
}

const EMPTY_SCORE: Score = {
  mandatory: { conform: 0, total: 0 },
  machine: { proved: 0, provable: 0 },
  proofs: { accepted: 0, demanded: 0 },
  optional: { conform: 0, total: 0 },
};

function established(row: RowResult): boolean {
  return row.verdict === "conform" || row.verdict === "not_conform";
}

function verdictBar(facts: Facts, name: string, rows: readonly RowResult[]): Bar {
  return bar(
    facts.t.barTitle(name, facts.verdictCounts(rows) || facts.t.noneF),
    tally(VERDICTS, rows, (row) => row.verdict),
  );
}

function scoreLine(facts: Facts, domain: string, rows: readonly RowResult[], score: Score): ScoreLine {
  const share = (part: number, total: number): string => (total === 0 ? "–" : facts.share(part, total));
  return {
    domain,
    name: facts.domainName(domain),
    bar: verdictBar(facts, domain, rows.filter(weighs)),
    mandatory: share(score.mandatory.conform, score.mandatory.total),
    machine: share(score.machine.proved, score.machine.provable),
    proofs: share(score.proofs.accepted, score.proofs.demanded),
    optional: share(score.optional.conform, score.optional.total),
  };
}

function byDomain(facts: Facts, rows: readonly RowResult[]): readonly (readonly [string, readonly RowResult[]])[] {
  const domains = new Map<string, RowResult[]>();
  for (const row of rows) {
    const domain = facts.domainOf(row.id);
    const members = domains.get(domain) ?? [];
    members.push(row);
    domains.set(domain, members);
  }
  return [...domains].sort(([a], [b]) => byCodeUnit(a, b));
}

function rowView(
  facts: Facts,
  anchors: Anchors,
  perimeter: PerimeterResult,
  row: RowResult,
  { told, source }: { readonly told: ToldRows; readonly source: string },
): RowView {
  const { t } = facts;
  const title = facts.rowTitle(row.id, perimeter.couloir);
  const supports = facts.supportsOf(row.id, perimeter.couloir);
  const key = JSON.stringify([row, title, supports, source]);
  const same = told.get(key) ?? null;
  const anchor = anchors.of("row", perimeter.id, row.id);
  if (same === null) told.set(key, { href: anchor, title: facts.place(perimeter) });
  return {
    anchor,
    id: row.id,
    title,
    level: t.levels[row.level],
    flagged: row.level === "unknown",
    verdict: t.verdicts[row.verdict],
    tone: VERDICT_TONES[row.verdict],
    strength: row.strength === null ? "–" : t.strengths[row.strength],
    dossier: t.dossiers[row.dossier],
    dossierTone: row.dossier === "complete" ? "good" : row.dossier === "none_demanded" ? "mute" : "wait",
    cause: row.cause === null ? null : t.causes[row.cause],
    checks: same ? [] : row.checks.map((id) => rowCheck(facts, anchors, id)),
    supports: same ? [] : supports.map((id) => rowCheck(facts, anchors, id)),
    facts: same ? [] : rowFacts(facts, row, perimeter.couloir, source),
    same,
  };
}

/** The source most rows have; "" when none is known. */
function commonSource(facts: Facts, rows: readonly RowResult[]): string {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const source = facts.requirement(row.id)?.source;
    if (source !== undefined) counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "";
}

function rowCheck(facts: Facts, anchors: Anchors, id: string): RowCheck {
  const check = facts.checkResult(id);
  if (check === null) {
    return {
      href: null,
      id,
      title: facts.checkTitle(id),
      outcome: facts.t.outcomes.unobserved,
      tone: "wait",
      finding: null,
    };
  }
  const failing = check.outcome === "breached" || check.outcome === "error";
  const reason = check.reason === null ? null : facts.reason(check.reason);
  const breaches = check.findings.filter((finding) => finding.weight === "breach");
  const finding = breaches[0];
  return {
    href: anchors.of(failing ? "breach" : "check", id),
    id,
    title: facts.checkTitle(id),
    outcome: facts.t.outcomes[check.outcome],
    tone: OUTCOME_TONES[check.outcome],
    finding: finding
      ? facts
          .messageParts(finding)
          .map((part) => part.text)
          .join("")
      : reason,
  };
}

function rowFacts(facts: Facts, row: RowResult, couloir: Couloir, source: string): RowView["facts"] {
  const { t } = facts;
  const known = facts.requirement(row.id);
  const list: RowFact[] = [];
  const add = (name: string, value: string | undefined | null, more: Partial<RowFact> = {}): void => {
    if (value === undefined || value === null || value === "") return;
    list.push({ name, value, screenOnly: false, ...more });
  };
  if (row.verdict === "not_applicable") {
    add(t.reason, facts.applicability(row.reason));
    add(t.justification, row.justification === null ? t.justificationNone : facts.foreign(row.justification));
  } else if (row.verdict === "not_tested" || row.verdict === "to_review") {
    const why = facts.untestedReason(row);
    // The list of checks beside it already says which one observed nothing, and why.
    const detail = why.detail === "" || why.key === "unobserved" ? "" : ` (${why.detail})`;
    add(t.reason, t.rowReasons[why.key] + detail);
  } else {
    add(t.decidedBy, row.reason === null ? null : facts.foreign(row.reason));
  }
  add(t.proofsAccepted, row.proofs.accepted.join(", "));
  add(t.proofsToReview, row.proofs.toReview.join(", "));
  add(t.proofsOwed, row.proofs.owed.join(", "));
  if (known === null) return list;
  add(t.proofsSummary, facts.said(known.proofs.summary));
  add(t.verification, t.verifications[known.verification]);
  // It speaks of the main statement, not of the one this couloir has under the same id.
  if (facts.variant(row.id, couloir) === null) add(t.how, facts.said(known.how));
  add(t.profiles, known.profiles.join(", "), { screenOnly: true });
  if (known.source !== source) add(t.sourceRow, known.source, { screenOnly: true });
  add(t.confidence, t.confidences[known.confidence], { screenOnly: known.confidence === "verified" });
  return list;
}
