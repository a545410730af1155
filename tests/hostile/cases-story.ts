/** Recordings that tell their story out of order, out of time, or of other scenarios than those of the rule set. */
import { type HostileCase, refused } from "./case.js";
import { Forgery, type Loose } from "./forge.js";
import type { Stage } from "./stage.js";

const EVENTS = "recording/events.jsonl";

const byKind = (events: readonly Loose[], kind: string): Loose => events.find((event) => event.kind === kind);

/** So many more events of one kind after the last. */
function withEvents(stage: Stage, times: number, make: (events: readonly Loose[]) => Loose): Forgery {
  return new Forgery(stage).records("events", (events) => {
    const event = { ...make(events), at: events.at(-1).at };
    return [...events, ...Array.from({ length: times }, (_, index) => ({ ...event, id: `e${index + 10_000}` }))];
  });
}

function shift(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}

export const STORY_CASES: readonly HostileCase[] = [
  {
    id: "no-opening",
    what: "the event that says who was recorded removed",
    expected: refused("evidence_missing"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => events.filter((event) => event.kind !== "recording.open"))
        .digest()
        .seal(),
  },
  {
    id: "no-events",
    what: "a recording without its events",
    expected: refused("evidence_missing"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.files.delete(EVENTS);
      return forgery.digest().seal();
    },
  },
  {
    id: "events-reordered",
    what: "the events of the run in the reverse order",
    expected: refused("evidence_order"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => events.reverse())
        .rejudge()
        .seal(),
  },
  {
    id: "events-same-id",
    what: "two events with one id, so that a pointer means either",
    expected: refused("evidence_order"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => void (events[5].id = events[6].id))
        .rejudge()
        .seal(),
  },
  {
    id: "clock-backwards",
    what: "an event an hour before the run began",
    expected: refused("evidence_order"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => void (events[5].at = shift(events[5].at, -3600)))
        .rejudge()
        .seal(),
  },
  {
    id: "exchange-before-the-run",
    what: "an exchange recorded a day before the run began",
    expected: refused("evidence_order"),
    build: (stage) =>
      new Forgery(stage)
        .record(
          "exchanges",
          (one) => one.complete,
          (one) => void (one.startedAt = shift(one.startedAt, -86_400)),
        )
        .rejudge()
        .seal(),
  },
  {
    id: "exchange-after-the-run",
    what: "an exchange recorded a day after the run ended",
    expected: refused("evidence_order"),
    build: (stage) =>
      new Forgery(stage)
        .record(
          "exchanges",
          (one) => one.complete,
          (one) => void (one.startedAt = shift(one.startedAt, 86_400)),
        )
        .rejudge()
        .seal(),
  },
  {
    id: "time-no-time",
    what: "an event at a time that is none",
    expected: refused("evidence_unreadable"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => void (events[5].at = "yesterday"))
        .digest()
        .seal(),
  },
  {
    id: "run-longer",
    what: "a manifest that says the run ended a year later than its last event, to reach a newer key",
    expected: refused("evidence_order"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.run.endedAt = shift(String(forgery.facts.run.endedAt), 365 * 86_400);
      return forgery.seal();
    },
  },
  {
    id: "run-started-earlier",
    what: "a run that says it began a year before its recording",
    expected: refused("evidence_order"),
    build: (stage) => {
      const startedAt = "2020-01-01T00:00:00.000Z";
      const forgery = new Forgery(stage).run((meta) => (meta.startedAt = startedAt));
      forgery.facts.run.startedAt = startedAt;
      return forgery.seal();
    },
  },
  {
    id: "kinder-scenario",
    what: "the list of faults of a scenario emptied, judged again, signed again",
    expected: refused("scenario_altered"),
    build: (stage) =>
      new Forgery(stage, stage.other)
        .records("events", (events) => {
          const open = events.find((event) => event.kind === "scenario.open" && event.data.facts.faults.length > 0);
          open.data.facts.faults = [];
        })
        .rejudge()
        .seal(),
  },
  {
    id: "other-patient",
    what: "another patient than the rule set's written into a scenario",
    expected: refused("scenario_altered"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => {
          const open = events.find((event) => event.kind === "scenario.open" && event.data.facts.patient);
          open.data.facts.patient.birthName = "AUTRE";
        })
        .rejudge()
        .seal(),
  },
  {
    id: "unknown-scenario",
    what: "a scenario that the rule set does not have",
    expected: refused("scenario_altered"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => {
          const open = byKind(events, "scenario.open");
          open.data.facts.id = "dmp-anything-goes";
        })
        .digest()
        .seal(),
  },
  {
    id: "scenario-twice",
    what: "one attempt of a scenario opened twice",
    expected: refused("scenario_altered"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => {
          events.push({ ...byKind(events, "scenario.open"), id: "e9999", at: events.at(-1).at });
        })
        .digest()
        .seal(),
  },
  {
    id: "attempt-hidden",
    what: "a failed attempt removed by giving a later one its number",
    expected: refused("scenario_altered"),
    build: (stage) =>
      new Forgery(stage)
        .records("events", (events) => {
          const open = byKind(events, "scenario.open");
          open.data.facts.attempt = 7;
        })
        .digest()
        .seal(),
  },
  {
    id: "many-steps",
    what: "20,000 steps in one scenario",
    expected: refused("scenario_altered"),
    build: (stage) =>
      withEvents(stage, 20_000, (events) => ({ ...byKind(events, "step.begin") }))
        .digest()
        .seal(),
  },
  {
    id: "too-many-events",
    what: "300,000 events, to make judging slow",
    expected: refused("evidence_unreadable"),
    build: (stage) =>
      withEvents(stage, 300_000, () => ({ kind: "control", scenario: null, data: {} }))
        .digest()
        .seal(),
  },
];
