import { expect } from "chai";
import type { EventRecord, RecordingView, Scenario } from "../../../core/model/index.js";
import { bytesOnce, toldInOrder, withinBounds } from "../../../core/seal/order.js";
import { Refusal } from "../../../core/seal/refusal.js";

const START = "2026-11-21T18:00:00.000Z";

function at(minutes: number): string {
  return new Date(Date.parse(START) + minutes * 60_000).toISOString();
}

const SCENARIO = {
  id: "dmp-submit",
  steps: [{ operation: "patient.put" }, { observe: 300 }, { operation: "dmp.submit" }],
} as unknown as Scenario;

type Told = readonly [kind: string, minutes: number, data?: object | undefined];

const STORY: readonly Told[] = [
  ["recording.open", 0],
  ["scenario.open", 1, { facts: { id: "dmp-submit", attempt: 1 } }],
  ["step.begin", 2, { step: 0, operation: "patient.put" }],
  ["step.end", 3, { step: 0 }],
  ["window", 4, { from: at(3), to: at(4) }],
  ["step.begin", 5, { step: 2, operation: "dmp.submit" }],
  ["step.end", 6, { step: 2 }],
  ["scenario.close", 7],
  ["recording.close", 8],
];

function eventsOf(story: readonly Told[]): EventRecord[] {
  return story.map(([kind, minutes, data = {}], index) => ({
    id: `e${String(index + 1).padStart(4, "0")}`,
    at: at(minutes),
    kind: kind as EventRecord["kind"],
    scenario: kind.startsWith("recording") ? null : "dmp-submit#1",
    exchange: null,
    data: data as Readonly<Record<string, unknown>>,
  }));
}

function viewOf(story: readonly Told[], more: Partial<Record<"exchanges" | "connections", readonly object[]>> = {}) {
  const meta = { format: "segur-recording/1", id: "run", startedAt: START };
  return {
    meta,
    events: eventsOf(story),
    exchanges: [],
    connections: [],
    runs: [],
    ...more,
  } as unknown as RecordingView;
}

function reasonOf(look: () => void): string {
  try {
    look();
    return "accepted";
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}

const told = (view: RecordingView, startedAt = START): string =>
  reasonOf(() => toldInOrder(view, startedAt, [SCENARIO]));

const edited = (index: number, ...event: Told): Told[] => STORY.map((one, i) => (i === index ? event : one));

describe("a recording told in order", () => {
  it("is accepted as the recorder writes it", () => {
    expect(told(viewOf(STORY))).to.equal("accepted");
  });

  it("is accepted when the clock was set back by some minutes while it went on", () => {
    expect(
      told(viewOf([...STORY.slice(0, 5), ...STORY.slice(5).map(([kind, , data]): Told => [kind, 0, data])])),
    ).to.equal("accepted");
  });

  it("is accepted without its end, as after a kill, and exchanges may then be later than its last event", () => {
    const late = { id: "x0001", startedAt: at(300), endedAt: null };
    expect(told(viewOf(STORY.slice(0, 4), { exchanges: [late] }))).to.equal("accepted");
    expect(told(viewOf(STORY, { exchanges: [late] }))).to.equal("evidence_order");
  });

  it("is refused when a time is none, goes back an hour, or lies outside the run", () => {
    const view = viewOf(STORY);
    expect(told({ ...view, meta: { ...view.meta, startedAt: "2026-11-21 18:00" } })).to.equal("evidence_unreadable");
    expect(told(viewOf(STORY, { connections: [{ id: "c0001", openedAt: "soon", segments: [] }] }))).to.equal(
      "evidence_unreadable",
    );
    expect(told(viewOf(edited(4, "window", -60, {})))).to.equal("evidence_order");
    expect(told(view, at(-60))).to.equal("evidence_order");
    expect(told(viewOf(STORY, { exchanges: [{ id: "x0001", startedAt: at(-60) }] }))).to.equal("evidence_order");
    const segments = [{ at: at(400) }];
    expect(told(viewOf(STORY, { connections: [{ id: "c0001", openedAt: at(1), segments }] }))).to.equal(
      "evidence_order",
    );
  });

  it("is refused when ids do not go forward", () => {
    const view = viewOf(STORY);
    expect(told({ ...view, events: [...view.events].reverse() })).to.equal("evidence_order");
    expect(told({ ...view, events: view.events.map((event) => ({ ...event, id: "e0001" })) })).to.equal(
      "evidence_order",
    );
  });

  it("is refused when it has steps that the scenario does not have", () => {
    const strange: readonly Told[] = [
      ["step.begin", 5, { step: 2, operation: "mss.send" }],
      ["step.begin", 5, { step: 0, operation: "patient.put" }],
      ["step.begin", 5, { step: 1, operation: "dmp.submit" }],
      ["step.begin", 5, { step: 7, operation: "dmp.submit" }],
      ["window", 5, { from: at(4), to: at(5) }],
      ["step.end", 5, { step: 0 }],
      ["scenario.open", 5, { facts: { id: "dmp-submit", attempt: 1 } }],
      ["scenario.open", 5, { facts: { id: "unknown", attempt: 1 } }],
    ];
    for (const event of strange) expect(told(viewOf(edited(5, ...event))), event.join()).to.equal("scenario_altered");
    expect(told(viewOf(STORY.filter(([kind]) => kind !== "scenario.open")))).to.equal("scenario_altered");
  });
});

describe("the bytes of a recording", () => {
  const connection = { id: "c0001", clientHello: { stream: "c0001.hello", start: 0, end: 9 }, segments: [] };
  const exchange = (id: string, operation: string, request: number[], response: number[] | null) => ({
    id,
    operation,
    connection: "c0001",
    request: { stream: "c0001.in", start: request[0], end: request[1] },
    response: response && { stream: "c0001.out", start: response[0], end: response[1] },
  });
  const once = (...exchanges: object[]): string =>
    reasonOf(() => bytesOnce(viewOf([], { exchanges, connections: [connection] })));

  it("are shown once", () => {
    const first = exchange("x0001", "mss.submit", [0, 10], [0, 5]);
    expect(once(first, exchange("x0002", "mss.submit", [10, 20], [5, 9]))).to.equal("accepted");
    expect(once(first, exchange("x0002", "mss.session", [0, 40], [0, 9]))).to.equal("accepted");
    expect(once(first, exchange("x0002", "mss.submit", [9, 20], null))).to.equal("evidence_shared");
    expect(once({ ...first, connection: "c0002" })).to.equal("evidence_shared");
    expect(once({ ...first, request: { stream: "c0002.in", start: 0, end: 1 } })).to.equal("evidence_shared");
    const hello = { ...connection, clientHello: { stream: "c0009.hello", start: 0, end: 9 } };
    expect(reasonOf(() => bytesOnce(viewOf([], { connections: [hello] })))).to.equal("evidence_shared");
  });

  it("may be answers that overlap a little, not often", () => {
    const answers = (count: number) =>
      Array.from({ length: count }, (_, i) => exchange(`x${i}`, "psc.jwks", [i, i + 1], [0, 50]));
    expect(once(...answers(8))).to.equal("accepted");
    expect(once(...answers(9))).to.equal("evidence_shared");
  });
});

describe("the records of a recording", () => {
  const nested = (depth: number): unknown => {
    let value: unknown = 1;
    for (let i = 0; i < depth; i += 1) value = [value];
    return value;
  };
  const bounded = (data: object): string => reasonOf(() => withinBounds(viewOf([["control", 0, data]])));

  it("are neither too deep nor too many", () => {
    expect(bounded({ x: nested(400) })).to.equal("accepted");
    expect(bounded({ x: nested(600) })).to.equal("evidence_unreadable");
    expect(bounded({ x: nested(200_000) })).to.equal("evidence_unreadable");
    const events = new Array(200_001).fill(eventsOf(STORY)[0]) as EventRecord[];
    expect(reasonOf(() => withinBounds({ ...viewOf([]), events }))).to.equal("evidence_unreadable");
  });
});
