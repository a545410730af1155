/**
 * Whether a recording tells its story as one that was really written while it happened: ids and times go forward, nothing lies
 * outside the run, and every scenario has the steps that the rule set gives it, once. It proves nothing by itself (who makes a
 * recording up can make it up in order); it refuses what was cut, moved or pasted together. No clock.
 */
import type { EventRecord, RecordingView, Scenario } from "../model/index.js";
import { Refusal } from "./refusal.js";

/** What `toISOString` writes; the recorder writes nothing else. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A clock may be set right while a run goes on; an honest one is not an hour off. Milliseconds. */
const SLACK = 10 * 60 * 1000;

/** Deepest nesting of lists and objects in a record. What is deeper would exhaust whoever reads it by recursion. */
const MAX_DEPTH = 500;

/** Most records of one kind. A whole run has some thousands; this keeps judging within minutes whatever is claimed. */
const MAX_RECORDS = 200_000;

/**
 * Throws Refusal `evidence_unreadable` when there are too many records, or one is nested too deep. To be asked before anything
 * walks them.
 */
export function withinBounds(view: RecordingView): void {
  for (const name of ["events", "exchanges", "connections"] as const) {
    const count = view[name].length;
    if (count > MAX_RECORDS) throw new Refusal("evidence_unreadable", name, { count, most: MAX_RECORDS });
  }
  const records: readonly (object & { readonly id: string })[] = [
    view.meta,
    ...view.events,
    // Without what the view joined to the record.
    ...view.exchanges.map((exchange) => ({ ...exchange, requestBytes: null, responseBytes: null, conn: null })),
    ...view.connections.map((connection) => ({ ...connection, clientHelloBytes: null, segments: null })),
  ];
  for (const record of records) if (isDeep(record)) throw new Refusal("evidence_unreadable", record.id);
}

/** Level by level, so that the question itself needs no recursion. */
function isDeep(record: object): boolean {
  let level: object[] = [record];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((value) =>
      Object.values(value).filter((one): one is object => typeof one === "object" && one !== null),
    );
  }
  return false;
}

/**
 * Throws Refusal `evidence_unreadable` (a time that is none), `evidence_order` (ids or times that do not go forward, or lie
 * outside the run) or `scenario_altered` (steps and windows that the scenario does not have). `startedAt`: of the run.
 */
export function toldInOrder(view: RecordingView, startedAt: string, scenarios: readonly Scenario[]): void {
  const began = timeOf(startedAt, "run.startedAt");
  if (Math.abs(timeOf(view.meta.startedAt, "recording.startedAt") - began) > SLACK) {
    throw new Refusal("evidence_order", "recording.startedAt", { expected: startedAt, found: view.meta.startedAt });
  }
  const ended = goForward(view.events, began);
  const inside = (at: string | null | undefined, where: string): void => {
    if (at === null || at === undefined) return;
    const time = timeOf(at, where);
    if (time < began - SLACK || time > ended + SLACK) throw new Refusal("evidence_order", where, { at });
  };
  for (const { id, startedAt: from, endedAt } of view.exchanges) {
    inside(from, id);
    inside(endedAt, id);
  }
  for (const { id, openedAt, closedAt, tls, segments } of view.connections) {
    inside(openedAt, id);
    inside(closedAt, id);
    inside(tls?.startedAt, id);
    for (const { at } of segments) inside(at, id);
  }
  asPlayed(view.events, new Map(scenarios.map((scenario) => [scenario.id, scenario])));
}

/** Answers may overlap where a client sends its next request before it was answered; never so often. */
const MAX_SHARED = 8;

/**
 * Bytes are evidence of one thing: an exchange points into the streams of its own connection, no two requests of one operation
 * share bytes, and answers hardly do. So nobody shows one request as many, nor makes judging cost more than the bytes there are.
 * Throws Refusal `evidence_shared`.
 */
export function bytesOnce(view: RecordingView): void {
  const connections = new Set(view.connections.map(({ id }) => id));
  const requests = new Map<string, { readonly start: number; readonly end: number; readonly id: string }[]>();
  const answers = new Map<string, { sum: number; end: number }>();
  for (const { id, connection, operation, request, response } of view.exchanges) {
    const streams = [`${connection}.in`, `${connection}.out`];
    const own = [request, response].every((range) => range === null || streams.includes(range.stream));
    if (!own || !connections.has(connection)) throw new Refusal("evidence_shared", id);
    const key = `${request.stream} ${operation}`;
    const same = requests.get(key) ?? [];
    requests.set(key, same);
    if (request.end > request.start) same.push({ start: request.start, end: request.end, id });
    if (!response) continue;
    const known = answers.get(response.stream) ?? { sum: 0, end: 0 };
    known.sum += response.end - response.start;
    known.end = Math.max(known.end, response.end);
    answers.set(response.stream, known);
  }
  for (const ranges of requests.values()) {
    ranges.sort((a, b) => a.start - b.start);
    const shared = ranges.find((range, index) => range.start < (ranges[index - 1]?.end ?? 0));
    if (shared) throw new Refusal("evidence_shared", shared.id);
  }
  for (const [stream, { sum, end }] of answers) {
    if (sum > MAX_SHARED * end) throw new Refusal("evidence_shared", stream);
  }
  for (const { id, clientHello } of view.connections) {
    if (clientHello && clientHello.stream !== `${id}.hello`) throw new Refusal("evidence_shared", id);
  }
}

function timeOf(at: unknown, where: string): number {
  const time = typeof at === "string" && INSTANT.test(at) ? Date.parse(at) : NaN;
  if (Number.isNaN(time)) throw new Refusal("evidence_unreadable", where);
  return time;
}

/** Time after which nothing may lie: that of the last event where it closes the recording; a run that was killed has none. */
function goForward(events: readonly EventRecord[], began: number): number {
  let number = 0;
  let latest = began;
  for (const { id, at } of events) {
    const next = /^e\d{4,9}$/.test(id) ? Number(id.slice(1)) : NaN;
    if (!(next > number)) throw new Refusal("evidence_order", id);
    number = next;
    const time = timeOf(at, id);
    if (time < latest - SLACK) throw new Refusal("evidence_order", id, { at });
    latest = Math.max(latest, time);
  }
  return events.at(-1)?.kind === "recording.close" ? latest : Infinity;
}

interface Attempt {
  readonly scenario: Scenario;
  readonly begun: Set<unknown>;
  readonly ended: Set<unknown>;
  windows: number;
}

/** Events of an attempt stand after its opening, each step begins once as the scenario has it, and ends once at most. */
function asPlayed(events: readonly EventRecord[], scenarios: ReadonlyMap<string, Scenario>): void {
  const attempts = new Map<string, Attempt>();
  for (const { id, kind, scenario: key, data } of events) {
    if (kind === "scenario.open") {
      const scenario = scenarios.get((data.facts as { readonly id: string }).id);
      if (!scenario || key === null || attempts.has(key)) throw new Refusal("scenario_altered", id);
      attempts.set(key, { scenario, begun: new Set(), ended: new Set(), windows: 0 });
      continue;
    }
    if (kind !== "step.begin" && kind !== "step.end" && kind !== "window") continue;
    const attempt = attempts.get(key ?? "");
    if (!attempt || !fits(kind, data, attempt)) {
      throw new Refusal("scenario_altered", id, { scenario: attempt?.scenario.id ?? String(key).slice(0, 100) });
    }
  }
}

/** Whether the scenario has such a step or window left; takes it. */
function fits(kind: "step.begin" | "step.end" | "window", data: EventRecord["data"], attempt: Attempt): boolean {
  const { scenario, begun, ended } = attempt;
  if (kind === "window") {
    attempt.windows += 1;
    return attempt.windows <= scenario.steps.filter((step) => "observe" in step).length;
  }
  if (kind === "step.end") {
    if (!begun.has(data.step) || ended.has(data.step)) return false;
    ended.add(data.step);
    return true;
  }
  const step = typeof data.step === "number" ? scenario.steps[data.step] : undefined;
  if (!step || !("operation" in step) || step.operation !== data.operation || begun.has(data.step)) return false;
  begun.add(data.step);
  return true;
}
