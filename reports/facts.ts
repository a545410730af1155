/** What every rendering works out from the input: names, counts, messages with their slots, reasons. No format here. */
import {
  type CheckResult,
  type Couloir,
  type Finding,
  type MessageDef,
  machineProvable,
  type PerimeterResult,
  type Pointer,
  type RowResult,
  type Text,
} from "../core/model/index.js";
import { firstParagraph, inlineParts, type Part } from "./doc.js";
import { clock, dateTime, number, percent } from "./format.js";
import { MESSAGES, type Messages } from "./messages/index.js";
import type { EvidenceExcerpt, ReportInput, RequirementText } from "./model.js";
import { cut, MASK, mask, visible } from "./safe.js";
import { OUTCOMES, rowsIn, tally, VERDICTS } from "./tallies.js";

export interface SlotValue {
  readonly name: string;
  readonly value: string;
}

export interface Excerpt {
  readonly operation: string;
  readonly time: string;
  readonly text: string;
  readonly part: string;
}

/** The judge cuts slots at this length and adds `…`: one that long may end in the middle of something. */
const SLOT_CUT = 300;
const FOREIGN_MAX = 320;
const EXCERPT_MAX = 4000;
/** Slots shown side by side instead of in the list of details. */
const EXPECTED = ["expected"];
const OBSERVED = ["observed", "found"];

export class Facts {
  readonly input: ReportInput;
  readonly t: Messages;
  private readonly names: readonly string[];
  private readonly checkResults: ReadonlyMap<string, CheckResult>;
  private readonly rowsByCheck: ReadonlyMap<string, readonly string[]>;
  private readonly partsByCheck: ReadonlyMap<string, readonly string[]>;

  constructor(input: ReportInput) {
    this.input = input;
    this.t = MESSAGES[input.lang];
    this.names = input.mask ? [...(input.maskNames ?? []), ...reviewersIn(input.dossier)] : [];
    this.checkResults = new Map(input.result.checks.map((check) => [check.id, check]));
    this.rowsByCheck = indexRows(input.result.perimeters, (row) => row.checks);
    this.partsByCheck = indexRows(input.result.perimeters, (row, couloir) => this.supportsOf(row.id, couloir));
  }

  number(value: number): string {
    return number(value, this.input.lang);
  }

  dateTime(iso: string): string {
    return visible(dateTime(iso, this.input.lang));
  }

  /** `109 of 254 (42.9%)`: a share never comes without its counts. */
  share(part: number, total: number): string {
    return this.t.outOf(this.number(part), this.number(total), percent(part, total, this.input.lang));
  }

  /** `12 (21.4%)`, where the total is said nearby. */
  figure(part: number, total: number): string {
    return this.t.figure(this.number(part), percent(part, total, this.input.lang));
  }

  /** Foreign text on one line: bounded, masked when asked, nothing invisible left. */
  foreign(text: string): string {
    const piece = cut(text, FOREIGN_MAX);
    const masked = this.input.mask
      ? mask(piece.text, this.names, { cutEnd: piece.left > 0 || text.length >= SLOT_CUT })
      : piece.text;
    return visible(masked) + (piece.left > 0 ? this.t.leftOut(this.number(piece.left)) : "");
  }

  /** Name of a person whose word counts: never shown in a masked rendering. */
  person(name: string): string {
    return this.input.mask ? MASK : this.foreign(name);
  }

  /** `3 conform, 1 not conform`; verdicts nobody has are left out. */
  verdictCounts(rows: readonly RowResult[]): string {
    return this.counts(
      tally(VERDICTS, rows, (row) => row.verdict),
      this.t.verdicts,
      this.t.verdictsMany,
    );
  }

  /** `12 met, 1 breached`. */
  outcomeCounts(checks: readonly CheckResult[]): string {
    return this.counts(
      tally(OUTCOMES, checks, (check) => check.outcome),
      this.t.outcomes,
      this.t.outcomesMany,
    );
  }

  private counts<K extends string>(
    parts: readonly { readonly key: K; readonly count: number }[],
    one: Readonly<Record<K, string>>,
    many: Readonly<Record<K, string>>,
  ): string {
    return parts
      .filter((part) => part.count > 0)
      .map(({ key, count }) => `${this.number(count)} ${(this.t.singular(count) ? one : many)[key]}`)
      .join(", ");
  }

  checkResult(id: string): CheckResult | null {
    return this.checkResults.get(id) ?? null;
  }

  checkTitle(id: string): string {
    return this.input.catalogue.checks[id]?.title[this.input.lang] ?? id;
  }

  messageDef(check: string, message: string): MessageDef | null {
    return this.input.catalogue.checks[check]?.messages[message] ?? null;
  }

  requirement(id: string): RequirementText | null {
    return this.input.catalogue.requirements[id] ?? null;
  }

  /** Text of the specs in the language of the report. */
  said(text: Text | undefined): string | undefined {
    return text?.[this.input.lang];
  }

  /** The other statement that the same id carries in a couloir; null when it has the one of the catalogue. */
  variant(id: string, couloir: Couloir): Text | null {
    return this.requirement(id)?.variants?.[couloir] ?? null;
  }

  rowTitle(id: string, couloir: Couloir): string {
    return (this.variant(id, couloir) ?? this.requirement(id)?.title)?.[this.input.lang] ?? id;
  }

  /** Checks that cover a part of a row, without verdict; those of the main statement where the couloir has another one. */
  supportsOf(id: string, couloir: Couloir): readonly string[] {
    const known = this.requirement(id);
    const others = this.variant(id, couloir) === null ? [] : (known?.checks ?? []);
    return [...new Set([...(known?.supports ?? []), ...others])];
  }

  /** Domain of a row: the catalogue's word, else what stands before the first `/` or `.` of the id. */
  domainOf(id: string): string {
    return this.requirement(id)?.domain ?? /^[^/.]+/.exec(id)?.[0] ?? id;
  }

  domainName(domain: string): string {
    return Object.hasOwn(this.t.domains, domain) ? (this.t.domains[domain] ?? "") : "";
  }

  perimeterTitle(perimeter: PerimeterResult): string {
    return this.input.catalogue.perimeters[perimeter.id]?.title[this.input.lang] ?? this.place(perimeter);
  }

  /** `MDV/LGC, wave 2`. */
  place({ couloir, wave }: PerimeterResult): string {
    return `${couloir}, ${this.t.wave(wave)}`;
  }

  scenarioTitle(key: string): string {
    return this.input.catalogue.scenarios[key.split("#")[0] ?? key]?.title[this.input.lang] ?? "";
  }

  /** Rows of the judged perimeters whose verdict rests on a check, each once. */
  rowsOf(check: string): readonly string[] {
    return this.rowsByCheck.get(check) ?? [];
  }

  /** Rows of the judged perimeters that a check covers in part only. */
  partlyOf(check: string): readonly string[] {
    return this.partsByCheck.get(check) ?? [];
  }

  /** Text of a message with its slots; a message the rule set no longer has gives its id and the slots alone. */
  messageParts(finding: Finding): readonly Part[] {
    const template = this.messageDef(finding.check, finding.message)?.[this.input.lang];
    if (template === undefined) return [{ text: finding.message, kind: "code" }];
    const parts: Part[] = [];
    let from = 0;
    for (const found of template.matchAll(/\{([A-Za-z][A-Za-z0-9_]*)\}/g)) {
      const value = finding.slots[found[1] ?? ""];
      if (value === undefined) continue;
      if (found.index > from) parts.push({ text: template.slice(from, found.index), kind: "plain" });
      parts.push({ text: this.slot(value), kind: "foreign" });
      from = found.index + found[0].length;
    }
    if (from < template.length) parts.push({ text: template.slice(from), kind: "plain" });
    return parts;
  }

  /** Absent is not empty: each has its own word. */
  slot(value: string | number | null): string {
    if (value === null) return this.t.absent;
    if (value === "") return this.t.empty;
    return this.foreign(String(value));
  }

  /** Both sides of a comparison, when the finding names the expected one. */
  expectedObserved(finding: Finding): { readonly expected: string; readonly observed: string } | null {
    const side = (names: readonly string[]): string | null => {
      const name = names.find((one) => finding.slots[one] !== undefined);
      const value = name === undefined ? undefined : finding.slots[name];
      return value === undefined ? null : this.slot(value);
    };
    const expected = side(EXPECTED);
    const observed = side(OBSERVED);
    return expected === null || observed === null ? null : { expected, observed };
  }

  /** Slots that neither the message nor the comparison shows. */
  otherSlots(finding: Finding): readonly SlotValue[] {
    const template = this.messageDef(finding.check, finding.message)?.[this.input.lang] ?? "";
    const compared = this.expectedObserved(finding) === null ? [] : [...EXPECTED, ...OBSERVED];
    return Object.entries(finding.slots)
      .filter(([name]) => !compared.includes(name) && !template.includes(`{${name}}`))
      .map(([name, value]) => ({ name: visible(name), value: this.slot(value) }));
  }

  /** `exchange e0004, request, //recordTarget`. */
  pointer(at: Pointer): string {
    const { pointer } = this.t;
    const words: string[] = [];
    if (at.exchange !== undefined) words.push(pointer.exchange(visible(at.exchange)));
    if (at.connection !== undefined) words.push(pointer.connection(visible(at.connection)));
    if (at.event !== undefined) words.push(pointer.event(visible(at.event)));
    if (at.side !== undefined) words.push(pointer[at.side]);
    if (at.where !== undefined) words.push(this.foreign(at.where));
    return words.join(", ");
  }

  excerpt(at: Pointer): Excerpt | null {
    const found = this.input.evidence(at);
    return found === null ? null : this.safeExcerpt(found);
  }

  private safeExcerpt(found: EvidenceExcerpt): Excerpt {
    const { start, end, total } = found.bytes;
    const piece = cut(found.text, EXCERPT_MAX);
    const masked = this.input.mask
      ? mask(piece.text, this.names, { cutStart: start > 0, cutEnd: end < total || piece.left > 0 })
      : piece.text;
    return {
      operation: visible(found.operation),
      time: visible(clock(found.at)),
      text: (start > 0 ? "…" : "") + visible(masked, { lines: true }) + (end < total || piece.left > 0 ? "…" : ""),
      part: this.t.evidencePart(this.number(start), this.number(end), this.number(total)),
    };
  }

  /** First paragraph of "Comment corriger" / "How to fix" of the check's page. */
  nextStep(check: CheckResult): readonly Part[] {
    if (check.cause === "suite") return [{ text: this.t.nextStepSuite, kind: "plain" }];
    const doc = this.input.catalogue.checks[check.id]?.doc?.[this.input.lang];
    const paragraph = doc === undefined ? null : firstParagraph(doc, FIX_HEADING[this.input.lang]);
    return paragraph === null ? [{ text: this.t.nextStepNone, kind: "plain" }] : inlineParts(paragraph);
  }

  /** Reason of a check that was not judged, in words when the code is one of ours. */
  reason(code: string | null): string {
    if (code === null) return this.t.unknown;
    return this.t.reasons[code] ?? this.foreign(code);
  }

  /** Why a row does not apply: `profile`, `condition:<name>`, `alternative:<name>`. */
  applicability(reason: string | null): string {
    if (reason === null) return this.t.unknown;
    const { applicability } = this.t;
    if (reason === "profile") return applicability.profile;
    if (reason === CLAIMED) return applicability.claimed;
    const [kind, ...rest] = reason.split(":");
    if (kind === "condition") return applicability.condition(this.foreign(rest.join(":")));
    if (kind === "alternative") return applicability.alternative(this.foreign(rest.join(":")));
    return this.foreign(reason);
  }

  /** The sentence under a decision. */
  decisionWhy(perimeter: PerimeterResult): string {
    const { decisionWhy } = this.t;
    if (perimeter.decision === "referencable") return decisionWhy.referencable;
    if (perimeter.decision === "undetermined") return decisionWhy.error;
    return perimeter.reason === "breach" ? decisionWhy.breach : decisionWhy.owed;
  }

  /** Sentence on breached checks that decide no row; null when there is none. */
  get breachesBeside(): string | null {
    const beside = this.input.result.checks.filter((c) => c.outcome === "breached" && this.rowsOf(c.id).length === 0);
    return beside.length === 0 ? null : this.t.breachesBeside(beside.length, this.number(beside.length));
  }

  /** Sentence on a run that was interrupted, with the command that goes on; null for one that came to its end. */
  get incomplete(): string | null {
    const { scenarios } = this.input.result;
    const left = scenarios.filter(({ state }) => state === "interrupted" || state === "not_played").length;
    if (left === 0) return null;
    return this.t.incomplete(this.number(left), this.number(scenarios.length), this.foreign(this.input.meta.runFolder));
  }

  /** True when every judged perimeter came out referencable; false when there is none. */
  get waveGate(): boolean {
    const { perimeters } = this.input.result;
    return perimeters.length > 0 && perimeters.every((perimeter) => perimeter.decision === "referencable");
  }

  /** Why a row that should have a verdict has none. */
  untestedReason(row: RowResult): UntestedReason {
    if (row.verdict === "to_review") {
      const key = row.reason === "answered" ? "answered" : row.reason === CLAIMED ? "claimed" : "review";
      return { key, detail: "" };
    }
    const check = row.reason !== null && row.checks.includes(row.reason) ? row.reason : null;
    if (check !== null) return { key: "unobserved", detail: `${check}${this.t.colon}${this.unobservedReason(check)}` };
    if (row.reason === "excluded")
      return { key: "excluded", detail: this.requirement(row.id)?.excluded?.[this.input.lang] ?? "" };
    if (row.checks.length > 0) return { key: "inapplicable", detail: "" };
    const requirement = this.requirement(row.id);
    if (requirement !== null && machineProvable(requirement)) return { key: "noCheck", detail: "" };
    return { key: row.proofs.owed.length > 0 ? "proof" : "noneYet", detail: "" };
  }

  private unobservedReason(id: string): string {
    const check = this.checkResult(id);
    if (check === null || (!check.planned && check.reason === null)) return this.t.notPlanned;
    const reason = this.reason(check.reason);
    return check.planned ? reason : `${this.t.notPlanned}, ${reason}`;
  }
}

export interface UntestedReason {
  readonly key: keyof Messages["rowReasons"];
  readonly detail: string;
}

/** Reason of a row that the candidate says does not apply, without profile or condition (core/score/reviews.ts). */
const CLAIMED = "claimed_not_applicable";

const FIX_HEADING = { fr: "Comment corriger", en: "How to fix" } as const;

function indexRows(
  perimeters: readonly PerimeterResult[],
  checksOf: (row: RowResult, couloir: Couloir) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, Set<string>>();
  for (const perimeter of perimeters) {
    for (const row of rowsIn(perimeter)) {
      for (const check of checksOf(row, perimeter.couloir)) {
        index.set(check, (index.get(check) ?? new Set()).add(row.id));
      }
    }
  }
  return new Map([...index].map(([check, rows]) => [check, [...rows]]));
}

/** People who reviewed something: hidden with the other names, wherever they stand. */
function reviewersIn(dossier: ReportInput["dossier"]): readonly string[] {
  return [...new Set((dossier?.proofs ?? []).flatMap(({ review }) => (review ? [review.by] : [])))];
}
