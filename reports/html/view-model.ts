/** The page as data: everything the template prints is here, already in words. Tests cover this, the template only lays out. */
import type { CheckResult, RunResult } from "../../core/model/index.js";
import { byCodeUnit } from "../../core/model/index.js";
import { baselineLines } from "../baseline.js";
import { Facts } from "../facts.js";
import { findingsOf, OUTCOMES, tally } from "../tallies.js";
import type { Messages } from "../messages/index.js";
import type { ReportInput } from "../model.js";
import { separation } from "../separation.js";
import { Anchors } from "./anchors.js";
import { type CheckCard, type CheckEntry, checkCards, checkSlices, type Line, type NamedValue } from "./checks-view.js";
import { type DossierSection, dossierSection } from "./dossier-view.js";
import { type MaturityView, maturityView } from "./maturity-view.js";
import { type OfficialView, officialView } from "./official-view.js";
import { type PerimeterView, perimeterView, type ToldRows } from "./perimeter-view.js";
import { type UntestedView, untestedView } from "./untested-view.js";
import { type CouloirView, couloirViews } from "./waves-view.js";

export interface TocEntry {
  readonly href: string;
  readonly label: string;
  /** Count shown beside the label; null for none. */
  readonly count: string | null;
  /** What the first screen leads to anyway: left out on a narrow one. */
  readonly near?: true;
}

export interface TrafficEntry {
  readonly exchange: string;
  readonly operation: string;
  readonly time: string;
  readonly excerpt: string | null;
}

export interface ReportView {
  readonly lang: string;
  readonly t: Messages;
  readonly title: string;
  readonly masked: boolean;
  readonly candidate: readonly NamedValue[];
  readonly about: readonly NamedValue[];
  readonly toc: readonly TocEntry[];
  readonly gate: readonly NamedValue[];
  readonly outcomeCounts: readonly NamedValue[];
  readonly toFix: readonly Line[];
  readonly breachesBeside: string | null;
  /** Told first of all when the run did not come to its end. */
  readonly incomplete: string | null;
  readonly perimeters: readonly PerimeterView[];
  readonly breaches: readonly CheckCard[];
  readonly remarks: readonly CheckCard[];
  readonly untested: UntestedView;
  readonly slices: readonly { readonly name: string; readonly count: string; readonly checks: readonly CheckEntry[] }[];
  readonly unexpected: Traffic;
  readonly unattributed: Traffic;
  readonly scenarios: readonly {
    readonly key: string;
    readonly title: string;
    readonly state: string;
    readonly tone: string;
    readonly reason: string;
  }[];
  readonly strengths: readonly NamedValue[];
  readonly couloirs: readonly CouloirView[];
  /** Null when there is no dossier. */
  readonly dossier: DossierSection | null;
  /** Null when no perimeter was judged. */
  readonly maturity: MaturityView | null;
  /** Null when the official rules were not asked. */
  readonly official: OfficialView | null;
}

export interface Traffic {
  readonly entries: readonly TrafficEntry[];
  readonly more: string | null;
}

/** Exchanges listed in each traffic table. */
const TRAFFIC_MAX = 100;

export function reportView(input: ReportInput): ReportView {
  const facts = new Facts(input);
  const anchors = new Anchors();
  const { t } = facts;
  const { result, meta } = input;
  const told: ToldRows = new Map();
  const perimeters = result.perimeters.map((perimeter) => perimeterView(facts, anchors, perimeter, told));
  const breached = result.checks
    .filter((check) => check.outcome === "breached" || check.outcome === "error")
    .sort((a, b) => urgency(facts, b) - urgency(facts, a) || byCodeUnit(a.id, b.id));
  const remarked = result.checks.filter((check) => findingsOf(check, "remark").length > 0);
  const remarkCount = remarked.reduce((sum, check) => sum + findingsOf(check, "remark").length, 0);
  const playedCount = result.scenarios.filter(({ state }) => state !== "not_played").length;
  const official = input.official ? officialView(facts, input.official) : null;
  const dossier = input.dossier ? dossierSection(facts, anchors, input.dossier) : null;
  const maturity = maturityView(facts);
  const breaches = checkCards(facts, anchors, breached, "breach");
  const remarks = checkCards(facts, anchors, remarked, "remark");
  const untested = untestedView(facts, anchors);
  const product = `${facts.foreign(result.candidate.product)} ${facts.foreign(result.candidate.version)}`;
  const traffic = result.unexpected.length + result.unattributed.length;
  return {
    lang: input.lang,
    t,
    title: `${t.title}${t.colon}${product}`,
    masked: input.mask,
    candidate: [
      { name: t.vendor, value: facts.foreign(result.candidate.vendor) },
      { name: t.product, value: facts.foreign(result.candidate.product) },
      { name: t.version, value: facts.foreign(result.candidate.version) },
    ],
    about: [
      { name: t.run, value: facts.foreign(meta.runFolder) },
      { name: t.generatedAt, value: facts.dateTime(meta.generatedAt) },
      { name: t.tool, value: `segur ${facts.foreign(meta.toolVersion)}` },
      { name: t.recordingId, value: facts.foreign(result.recording.id) },
      { name: t.recordingDigest, value: facts.foreign(result.recording.sha256) },
      { name: t.ruleSet, value: facts.foreign(result.ruleSet) },
      { name: t.configHash, value: facts.foreign(result.configHash) },
    ],
    toc: [
      { href: "summary", label: t.summary, count: null, near: true },
      ...perimeters.map((perimeter) => ({
        href: perimeter.anchor,
        label: perimeter.title,
        count: null,
        near: true as const,
      })),
      ...(dossier && input.dossier
        ? [{ href: "dossier", label: t.proofs.toc, count: facts.number(input.dossier.proofs.length) }]
        : []),
      { href: "breaches", label: t.breaches, count: facts.number(breaches.length) },
      { href: "untested", label: t.untested, count: untested.rowCount },
      { href: "remarks", label: t.remarksTitle, count: facts.number(remarkCount) },
      { href: "traffic", label: t.traffic, count: facts.number(traffic) },
      { href: "scenarios", label: t.scenarios, count: facts.number(playedCount) },
      ...(official && input.official
        ? [{ href: "official", label: official.t.title, count: facts.number(input.official.documents.length) }]
        : []),
      ...(maturity ? [{ href: "maturity", label: t.maturity.toc, count: null }] : []),
      { href: "requirements", label: t.requirements, count: null },
      { href: "checks", label: t.checks, count: facts.number(result.checks.length) },
      { href: "reading", label: t.reading, count: null },
    ],
    gate: gateLines(facts, result),
    outcomeCounts: tally(
      OUTCOMES,
      result.checks.filter((check) => check.planned),
      (check) => check.outcome,
    ).map(({ key, count }) => ({ name: t.outcomes[key], value: facts.number(count) })),
    toFix: breaches.map((card) => ({ href: card.anchor, id: card.id, title: card.title })),
    breachesBeside: facts.breachesBeside,
    incomplete: facts.incomplete,
    perimeters,
    breaches,
    remarks,
    untested,
    slices: checkSlices(facts, anchors, result.checks),
    unexpected: trafficOf(facts, result.unexpected),
    unattributed: trafficOf(facts, result.unattributed),
    scenarios: result.scenarios.map((scenario) => ({
      key: facts.foreign(scenario.key),
      title: facts.scenarioTitle(scenario.key),
      state: t.states[scenario.state],
      tone: scenario.state === "done" ? "good" : "wait",
      reason: scenario.reason === null ? "" : facts.reason(scenario.reason),
    })),
    couloirs: couloirViews(facts, anchors, separation(result.perimeters)),
    dossier,
    maturity,
    official,
    strengths: (["witnessed", "produced", "answered", "reviewed"] as const).map((strength) => ({
      name: t.strengths[strength],
      value: t.strengthMeaning[strength],
    })),
  };
}

/** Breaches before errors of ours; then what bears on the most requirements. */
function urgency(facts: Facts, check: CheckResult): number {
  const rows = facts.rowsOf(check.id).length;
  return check.outcome === "breached" ? 1_000_000 + rows : rows;
}

function gateLines(facts: Facts, result: RunResult): readonly NamedValue[] {
  const { t } = facts;
  return [
    { name: t.gate, value: t.gates[facts.input.meta.gate] },
    { name: t.gateChecks, value: t.gateStates[result.gate.checks] },
    { name: t.gateWave, value: facts.waveGate ? t.gateWaveStates.passed : t.gateWaveStates.missed },
    ...baselineValues(facts),
  ];
}

function baselineValues(facts: Facts): readonly NamedValue[] {
  const lines = baselineLines(facts);
  if (!lines) return [];
  const said = (list: typeof lines.known): readonly NamedValue[] =>
    list.lines.length === 0
      ? []
      : [
          {
            name: list.head,
            value: list.lines.map((line) => `${line.check} (${line.own}${line.foreign})`).join(" ; "),
          },
        ];
  const { unknown } = lines;
  return [
    { name: lines.gate.name, value: lines.gate.value },
    { name: lines.title, value: lines.file },
    ...said(lines.known),
    ...(unknown.checks.length === 0 ? [] : [{ name: unknown.head, value: unknown.checks.join(", ") }]),
    ...said(lines.stale),
  ];
}

function trafficOf(facts: Facts, list: RunResult["unexpected"]): Traffic {
  const entries = list.slice(0, TRAFFIC_MAX).map(({ exchange, operation }) => {
    const excerpt = facts.excerpt({ exchange, side: "request" });
    return {
      exchange: facts.foreign(exchange),
      operation: facts.foreign(operation),
      time: excerpt?.time ?? "",
      excerpt: excerpt?.text ?? null,
    };
  });
  const left = list.length - entries.length;
  return { entries, more: left === 0 ? null : facts.t.counts.more(left, facts.number(left)) };
}
