/** Plays checks over a recording. Pure: the same view and the same checks give the same results, anywhere, any year. */
import type {
  Cause,
  CheckDef,
  CheckResult,
  Exchange,
  Finding,
  Outcome,
  Pointer,
  RecordingView,
  Report,
  ScenarioRun,
  Seen,
  SilenceEvidence,
  Slots,
  Strength,
} from "../model/index.js";
import { BLOCKING_MARKS, byCodeUnit, canonicalJson, SuiteError } from "../model/index.js";

const MAX_POINTERS = 20;
/** Findings kept of one check. */
export const MAX_FINDINGS = 200;
const MAX_SLOT = 300;

/** A check as planned for this run. */
export interface PlannedCheck {
  readonly check: CheckDef;
  readonly planned: boolean;
  /** Why it cannot be observed, known beforehand: `driver_cannot`, `scenario_not_played`. */
  readonly reason?: string | null;
}

/** Refuses checks that break the house rules; called once at start. Throws SuiteError ERR_SPEC with every fault found. */
export function validateRegistry(checks: readonly CheckDef[], decisions: readonly string[]): void {
  const faults: string[] = [];
  const ids = new Set<string>();
  for (const check of checks) {
    if (!/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/.test(check.id)) faults.push(`${check.id}: not of the form slice/noun`);
    if (ids.has(check.id)) faults.push(`${check.id}: two checks have this id`);
    ids.add(check.id);
    if (check.reads.length === 0 && !check.connections?.length) faults.push(`${check.id}: reads nothing`);
    const messages = Object.entries(check.messages);
    if (messages.length === 0) faults.push(`${check.id}: has no message`);
    for (const [id, message] of messages) {
      const where = `${check.id} ${id}`;
      if (!message.source || !message.fr || !message.en || !message.witness) faults.push(`${where}: incomplete`);
      if (message.weight === "breach" && !BLOCKING_MARKS.includes(message.mark)) {
        if (!message.decision) faults.push(`${where}: a breach may not rest on the mark ${message.mark}`);
        else if (!decisions.includes(message.decision))
          faults.push(`${where}: decision ${message.decision} is unknown`);
      }
      if (slotsOf(message.fr) !== slotsOf(message.en)) faults.push(`${where}: fr and en do not use the same slots`);
    }
  }
  if (faults.length > 0) {
    throw new SuiteError("ERR_SPEC", `the registry of checks has faults:\n  ${faults.join("\n  ")}`, {
      where: "checks/index.ts",
      mend: "mend these checks; see docs/adding-a-check.md",
    });
  }
}

function slotsOf(text: string): string {
  return [...new Set(text.match(/\{[a-zA-Z]+\}/g) ?? [])].sort(byCodeUnit).join("");
}

/** `onThrow` hears what a check threw, for our own logs: a throw is our fault and becomes the outcome `error`. */
export function evaluate(
  view: RecordingView,
  planned: readonly PlannedCheck[],
  onThrow: (check: string, error: unknown) => void = () => undefined,
): CheckResult[] {
  const index = indexOf(view);
  return planned.map((entry) => evaluateOne(index, entry, onThrow)).sort((a, b) => byCodeUnit(a.id, b.id));
}

/** What every check asks of the recording anew, made once. */
interface ViewIndex {
  readonly view: RecordingView;
  readonly exchanges: ReadonlyMap<string, Exchange>;
  /** Keys of the latest attempts. */
  readonly runs: ReadonlySet<string>;
  /** Ids of the scenarios played to their end. */
  readonly played: ReadonlySet<string>;
  /** Attempts in which a service of ours failed by itself: whatever the vendor did then is not held against it. */
  readonly ownFailures: ReadonlySet<string>;
  /** Connections with an exchange of some scenario. */
  readonly usedConnections: ReadonlySet<string>;
  readonly ofFiles: boolean;
}

function indexOf(view: RecordingView): ViewIndex {
  return {
    view,
    exchanges: new Map(view.exchanges.map((x) => [x.id, x])),
    runs: new Set(view.runs.map((run) => run.key)),
    played: new Set(view.runs.filter((run) => run.state !== "interrupted").map((run) => run.facts.id)),
    ownFailures: new Set(
      view.events.flatMap((event) => (event.kind === "suite.error" && event.scenario ? [event.scenario] : [])),
    ),
    usedConnections: new Set(view.exchanges.filter((x) => x.scenario !== null).map((x) => x.connection)),
    ofFiles: view.exchanges.some((x) => x.service === "file"),
  };
}

function evaluateOne(
  index: ViewIndex,
  { check, planned, reason }: PlannedCheck,
  onThrow: (check: string, error: unknown) => void,
): CheckResult {
  const seen = seenBy(index, check);
  const log = new ReportLog(check, index.exchanges);
  let thrown = false;
  try {
    check.evaluate(seen, log);
  } catch (error) {
    thrown = true;
    onThrow(check.id, error);
  }
  const ours = seen.runs.some((run) => index.ownFailures.has(run.key));
  const { outcome, why } = ours
    ? { outcome: "error" as const, why: "service_error" }
    : conclude(check, log, thrown, reason ?? notPlayed(check, index));
  return {
    id: check.id,
    planned,
    outcome,
    strength: log.strength(),
    observed: { count: log.subjects.length, at: sortPointers(log.subjects).slice(0, MAX_POINTERS) },
    findings: sortFindings(log.findings).slice(0, MAX_FINDINGS),
    cause: causeOf(outcome, log),
    reason: why,
  };
}

/** What the check declared, and nothing more. */
function seenBy({ view, runs: keys, usedConnections }: ViewIndex, check: CheckDef): Seen {
  const reads = new Set(check.reads);
  const wanted = new Set(check.scenarios ?? []);
  const own = (list: readonly Exchange[]): Exchange[] => list.filter((x) => reads.has(x.operation));
  const runs = view.runs
    .map((run): ScenarioRun => ({ ...run, exchanges: own(run.exchanges) }))
    .filter((run) => wanted.has(run.facts.id) || run.exchanges.length > 0);
  // Files given to `segur check` have no scenario; everything else must be attributed to a latest attempt.
  const exchanges = own(view.exchanges).filter((x) =>
    x.service === "file" ? true : x.scenario !== null && keys.has(x.scenario),
  );
  const services = new Set<string>(check.connections ?? []);
  // A connection of nobody's scenario (a port scan, a curious colleague) is given to no check, like its exchanges.
  const attributed = (c: { id: string; scenario: string | null }): boolean =>
    usedConnections.has(c.id) || (c.scenario !== null && keys.has(c.scenario));
  return {
    runs,
    exchanges,
    connections: view.connections.filter((c) => services.has(c.service) && attributed(c)),
    events: view.events,
  };
}

class ReportLog implements Report {
  readonly subjects: Pointer[] = [];
  readonly findings: Finding[] = [];
  readonly causes: Cause[] = [];
  readonly reasons: string[] = [];
  readonly silences: SilenceEvidence[] = [];
  private readonly check: CheckDef;
  private readonly exchanges: ReadonlyMap<string, Exchange>;

  constructor(check: CheckDef, exchanges: ReadonlyMap<string, Exchange>) {
    this.check = check;
    this.exchanges = exchanges;
  }

  observed(at: Pointer): void {
    this.subjects.push(at);
  }

  finding(message: string, at: Pointer, slots: Slots = {}, cause: Cause = "software"): void {
    const definition = this.check.messages[message];
    if (!definition) throw new Error(`${this.check.id} has no message ${message}`);
    this.findings.push({ check: this.check.id, message, weight: definition.weight, slots: boundSlots(slots), at });
    if (definition.weight === "breach") this.causes.push(cause);
  }

  inapplicable(_at: Pointer, reason: string): void {
    this.reasons.push(reason);
  }

  silence(evidence: SilenceEvidence): void {
    this.silences.push(evidence);
  }

  /** Weakest link of what was looked at: what the adapter answered is weaker than a file, a file than bytes at our mock. */
  strength(): Strength | null {
    let weakest: Strength | null = null;
    const rank: readonly Strength[] = ["witnessed", "produced", "answered", "reviewed"];
    for (const at of [...this.subjects, ...this.findings.map((f) => f.at)]) {
      const strength = this.strengthOf(at);
      if (weakest === null || rank.indexOf(strength) > rank.indexOf(weakest)) weakest = strength;
    }
    return weakest;
  }

  private strengthOf(at: Pointer): Strength {
    const exchange = at.exchange ? this.exchanges.get(at.exchange) : undefined;
    if (exchange?.service === "file") return "produced";
    if (exchange?.operation === "vendor.operation") return "answered";
    if (at.event) return "answered"; // a step's answer is what the adapter says
    return "witnessed";
  }
}

/** Results hold finite numbers only; a number computed from foreign text may be none. */
function boundSlot(value: Slots[string]): Slots[string] {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return typeof value === "string" && value.length > MAX_SLOT ? `${value.slice(0, MAX_SLOT)}…` : value;
}

function boundSlots(slots: Slots): Slots {
  return Object.fromEntries(Object.entries(slots).map(([name, value]) => [name, boundSlot(value)]));
}

/**
 * `scenario_not_played` when a scenario the check names was not played to its end in this recording: what the others
 * showed is then only a part of what the check is about. Files judged alone have no scenarios.
 */
function notPlayed(check: CheckDef, { ofFiles, played }: ViewIndex): string | null {
  if (ofFiles) return null;
  return (check.scenarios ?? []).every((id) => played.has(id)) ? null : "scenario_not_played";
}

/**
 * First match: thrown → error; a breach → breached; a reason known beforehand, something seen that could not be judged, silence
 * without its proofs, or nothing looked at → unobserved; else met.
 */
function conclude(
  check: CheckDef,
  log: ReportLog,
  thrown: boolean,
  known: string | null,
): { outcome: Outcome; why: string | null } {
  if (thrown) return { outcome: "error", why: "check_threw" };
  if (log.findings.some((f) => f.weight === "breach")) return { outcome: "breached", why: null };
  if (known) return { outcome: "unobserved", why: known };
  if (log.findings.some((f) => check.messages[f.message]?.undecided))
    return { outcome: "unobserved", why: "not_judged" };
  if (check.expects === "silence") {
    const lacking = silenceLacks(log.silences);
    if (log.silences.length === 0 && log.reasons.length > 0)
      return { outcome: "inapplicable", why: first(log.reasons) };
    if (lacking) return { outcome: "unobserved", why: lacking };
    return { outcome: "met", why: null };
  }
  if (log.subjects.length > 0) return { outcome: "met", why: null };
  if (log.reasons.length > 0) return { outcome: "inapplicable", why: first(log.reasons) };
  return { outcome: "unobserved", why: "no_exchange" };
}

/** Every run judged must bring all three proofs; one incomplete run does not hide behind a complete one. */
function silenceLacks(silences: readonly SilenceEvidence[]): string | null {
  if (silences.length === 0) return "no_trigger";
  for (const { trigger, control, window } of silences) {
    if (!trigger) return "no_trigger";
    if (!control) return "no_control";
    if (!window) return "no_window";
  }
  return null;
}

function causeOf(outcome: Outcome, log: ReportLog): Cause | null {
  if (outcome === "met" || outcome === "inapplicable") return null;
  if (outcome === "error") return "suite";
  if (outcome === "breached" && log.causes.every((cause) => cause === "configuration")) return "configuration";
  return "software";
}

function first(values: readonly string[]): string | null {
  return [...values].sort(byCodeUnit)[0] ?? null;
}

function sortPointers(pointers: readonly Pointer[]): Pointer[] {
  return sortedBy(pointers, canonicalJson);
}

/** Declared order: message id, then pointer, then slots. */
function sortFindings(findings: readonly Finding[]): Finding[] {
  const key = (f: Finding): string => `${f.message}\n${canonicalJson(f.at)}${canonicalJson(f.slots)}`;
  return sortedBy(findings, key);
}

/** Keys are made once each: a foreign file may bring many findings. */
function sortedBy<T>(list: readonly T[], key: (item: T) => string): T[] {
  return list
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => byCodeUnit(a.key, b.key))
    .map(({ item }) => item);
}
