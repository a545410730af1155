/** Checks for the page: cards with their findings, and the full list with what each check can say. */
import type { CheckResult, Finding, Outcome, Weight } from "../../core/model/index.js";
import type { Part } from "../doc.js";
import type { Excerpt, Facts, SlotValue } from "../facts.js";
import { findingsOf } from "../tallies.js";
import type { Anchors } from "./anchors.js";

export interface Line {
  readonly href: string;
  readonly id: string;
  readonly title: string;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

export interface PartView {
  readonly text: string;
  readonly foreign: boolean;
  readonly code: boolean;
}

export interface FindingView {
  readonly parts: readonly PartView[];
  readonly compared: { readonly expected: string; readonly observed: string } | null;
  readonly slots: readonly SlotValue[];
  readonly pointer: string;
  readonly excerptLabel: string;
  readonly excerpt: Excerpt | null;
}

/** Findings of one message: the first ones in full, the next ones as sentences, the others counted. */
export interface MessageGroup {
  readonly message: string;
  readonly weight: string;
  readonly tone: Tone;
  readonly findings: readonly FindingView[];
  readonly othersLabel: string;
  readonly others: readonly { readonly parts: readonly PartView[]; readonly pointer: string }[];
  readonly more: string | null;
  readonly ground: Ground | null;
}

/** On what a message rests. */
export interface Ground {
  readonly source: string;
  readonly mark: string;
  readonly markText: string;
  readonly witness: string;
  readonly decision: string | null;
}

export interface CheckCard {
  readonly anchor: string;
  readonly id: string;
  readonly title: string;
  readonly outcome: string;
  readonly tone: Tone;
  readonly cause: string | null;
  readonly strength: string | null;
  readonly reason: string | null;
  readonly rows: readonly Line[];
  readonly partly: readonly Line[];
  readonly count: string;
  readonly messages: readonly MessageGroup[];
  readonly nextStep: readonly PartView[];
}

export interface CheckEntry {
  readonly anchor: string;
  readonly id: string;
  readonly title: string;
  readonly outcome: string;
  readonly tone: Tone;
  readonly planned: string;
  readonly strength: string;
  readonly reason: string | null;
  readonly examined: string;
  readonly examples: readonly string[];
  readonly card: string | null;
  readonly rows: readonly Line[];
  readonly partly: readonly Line[];
  readonly caption: string;
  readonly messages: readonly MessageView[];
}

export interface MessageView extends Ground {
  readonly id: string;
  readonly weight: string;
  readonly text: string;
  readonly fired: boolean;
}

export type Tone = "good" | "bad" | "warn" | "wait" | "mute";

export const OUTCOME_TONES: Readonly<Record<Outcome, Tone>> = {
  met: "good",
  breached: "bad",
  unobserved: "wait",
  inapplicable: "mute",
  error: "warn",
};

/** Findings of one message shown in full, then those shown as a sentence. */
const FULL_MAX = 3;
const SENTENCES_MAX = 50;
const EXAMPLES_MAX = 5;

export function checkCards(
  facts: Facts,
  anchors: Anchors,
  checks: readonly CheckResult[],
  weight: Weight,
): readonly CheckCard[] {
  const { t } = facts;
  return checks.map((check) => {
    const findings = findingsOf(check, weight);
    const count = weight === "breach" ? t.counts.findings : t.counts.remarks;
    return {
      anchor: anchors.of(weight, check.id),
      id: check.id,
      title: facts.checkTitle(check.id),
      outcome: t.outcomes[check.outcome],
      tone: OUTCOME_TONES[check.outcome],
      cause: check.cause === null || weight === "remark" ? null : t.causes[check.cause],
      strength: check.strength === null ? null : t.strengths[check.strength],
      reason: check.reason === null ? null : facts.reason(check.reason),
      rows: rowLines(facts, anchors, facts.rowsOf(check.id)),
      partly: rowLines(facts, anchors, facts.partlyOf(check.id)),
      count: count(findings.length, facts.number(findings.length)),
      messages: messageGroups(facts, findings),
      nextStep: facts.nextStep(check).map(partView),
    };
  });
}

function messageGroups(facts: Facts, findings: readonly Finding[]): readonly MessageGroup[] {
  const { t } = facts;
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.message) ?? [];
    group.push(finding);
    groups.set(finding.message, group);
  }
  return [...groups.values()].flatMap((group): MessageGroup[] => {
    const [first] = group;
    if (first === undefined) return [];
    const others = group.slice(FULL_MAX);
    const left = Math.max(0, others.length - SENTENCES_MAX);
    return [
      {
        message: first.message,
        weight: t.weights[first.weight],
        tone: first.weight === "breach" ? "bad" : "mute",
        findings: group.slice(0, FULL_MAX).map((finding) => findingView(facts, finding)),
        othersLabel: t.counts.sameFindings(others.length, facts.number(others.length)),
        others: others.slice(0, SENTENCES_MAX).map((finding) => ({
          parts: facts.messageParts(finding).map(partView),
          pointer: facts.pointer(finding.at),
        })),
        more: left === 0 ? null : t.counts.moreFindings(left, facts.number(left)),
        ground: ground(facts, first.check, first.message),
      },
    ];
  });
}

function findingView(facts: Facts, finding: Finding): FindingView {
  const pointer = facts.pointer(finding.at);
  return {
    parts: facts.messageParts(finding).map(partView),
    compared: facts.expectedObserved(finding),
    slots: facts.otherSlots(finding),
    pointer,
    excerptLabel: facts.t.evidenceLabel(pointer),
    excerpt: facts.excerpt(finding.at),
  };
}

function ground(facts: Facts, check: string, message: string): Ground | null {
  const def = facts.messageDef(check, message);
  if (def === null) return null;
  return {
    source: def.source,
    mark: def.mark,
    markText: facts.t.marks[def.mark],
    witness: def.witness === "none" ? facts.t.none : def.witness,
    decision: def.decision ?? null,
  };
}

function partView(part: Part): PartView {
  return { text: part.text, foreign: part.kind === "foreign", code: part.kind === "code" };
}

/** Requirements, each linked to the first perimeter that holds it. */
function rowLines(facts: Facts, anchors: Anchors, ids: readonly string[]): readonly Line[] {
  return ids.map((id) => {
    const perimeter = facts.input.result.perimeters.find((p) => p.groups.some((g) => g.rows.some((r) => r.id === id)));
    const title = perimeter ? facts.rowTitle(id, perimeter.couloir) : id;
    return { href: anchors.of("row", perimeter?.id ?? "", id), id, title };
  });
}

/** Part of a check's id that names its slice. */
function sliceOf(check: string): string {
  return check.split("/")[0] ?? check;
}

export function checkSlices(
  facts: Facts,
  anchors: Anchors,
  checks: readonly CheckResult[],
): readonly { readonly name: string; readonly count: string; readonly checks: readonly CheckEntry[] }[] {
  const slices = new Map<string, CheckResult[]>();
  for (const check of checks) {
    const slice = slices.get(sliceOf(check.id)) ?? [];
    slice.push(check);
    slices.set(sliceOf(check.id), slice);
  }
  return [...slices].map(([slice, members]) => ({
    name: facts.t.slices[slice] ?? slice,
    count: facts.t.counts.checks(members.length, facts.number(members.length)),
    checks: members.map((check) => checkEntry(facts, anchors, check)),
  }));
}

function checkEntry(facts: Facts, anchors: Anchors, check: CheckResult): CheckEntry {
  const { t } = facts;
  const fired = new Set(check.findings.map((finding) => finding.message));
  const messages = Object.entries(facts.input.catalogue.checks[check.id]?.messages ?? {});
  const hasCard = check.outcome === "breached" || check.outcome === "error";
  return {
    anchor: anchors.of("check", check.id),
    id: check.id,
    title: facts.checkTitle(check.id),
    outcome: t.outcomes[check.outcome],
    tone: OUTCOME_TONES[check.outcome],
    planned: check.planned ? t.yes : t.no,
    strength: check.strength === null ? t.strengthNone : t.strengths[check.strength],
    reason: check.reason === null ? null : facts.reason(check.reason),
    examined: t.counts.subjects(check.observed.count, facts.number(check.observed.count)),
    examples: check.observed.at.slice(0, EXAMPLES_MAX).map((at) => facts.pointer(at)),
    card: hasCard ? anchors.of("breach", check.id) : null,
    rows: rowLines(facts, anchors, facts.rowsOf(check.id)),
    partly: rowLines(facts, anchors, facts.partlyOf(check.id)),
    caption: t.messagesOf(check.id),
    messages: messages.map(([id, def]) => ({
      id,
      weight: t.weights[def.weight],
      text: def[facts.input.lang],
      fired: fired.has(id),
      source: def.source,
      mark: def.mark,
      markText: t.marks[def.mark],
      witness: def.witness === "none" ? t.none : def.witness,
      decision: def.decision ?? null,
    })),
  };
}
