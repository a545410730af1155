/** Evidence that is not that of this run of this candidate, or not as the rule set wants it played. All is signed by the vendor. */
import { signCountersignature, COUNTERSIGNATURE_FORMAT } from "../../core/seal/countersignature.js";
import { sha256 } from "../../core/seal/bundle/manifest.js";
import { type HostileCase, refused } from "./case.js";
import { Forgery, type Loose } from "./forge.js";
import type { Stage } from "./stage.js";

const EVENTS = "recording/events.jsonl";
const EXCHANGES = "recording/exchanges.jsonl";

const byKind = (events: readonly Loose[], kind: string): Loose => events.find((event) => event.kind === kind);

/** The recording of another run, put in the place of this one's. */
function withOtherRecording(stage: Stage): Forgery {
  const forgery = new Forgery(stage);
  for (const name of [...forgery.files.keys()]) if (name.startsWith("recording/")) forgery.files.delete(name);
  for (const [name, bytes] of stage.other.files) if (name.startsWith("recording/")) forgery.put(name, bytes);
  return forgery;
}

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

export const EVIDENCE_CASES: readonly HostileCase[] = [
  {
    id: "other-candidate-manifest",
    what: "the manifest names another product than the run",
    expected: refused("candidate_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.candidate.product = "Autre logiciel";
      return forgery.seal();
    },
  },
  {
    id: "other-candidate-everywhere",
    what: "the evidence of one version shown for another: manifest, run and result renamed, recording as it was",
    expected: refused("candidate_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage)
        .run((meta) => (meta.config.candidate.version = "2.0"))
        .result((result) => (result.candidate.version = "2.0"));
      forgery.facts.candidate.version = "2.0";
      return forgery.seal();
    },
  },
  {
    id: "other-product-reference",
    what: "another product reference (NIL) in the run than in the recording",
    expected: refused("candidate_mismatch"),
    build: (stage) => new Forgery(stage).run((meta) => (meta.config.candidate.nil = "AUTRE00001")).seal(),
  },
  {
    id: "other-run",
    what: "the recording of another run of the same software, all digests made again",
    expected: refused("run_mismatch"),
    build: (stage) => withOtherRecording(stage).digest().seal(),
  },
  {
    id: "other-run-renamed",
    what: "the same, and the recording renamed to this run",
    expected: refused("evidence_order"),
    build: (stage) => {
      const forgery = withOtherRecording(stage);
      const { id } = forgery.facts.run as { id: string };
      return forgery
        .json("recording/recording.json", (meta) => (meta.id = id))
        .digest()
        .seal();
    },
  },
  {
    id: "recording-renamed",
    what: "recording.json names another run",
    expected: refused("run_mismatch"),
    build: (stage) =>
      new Forgery(stage)
        .json("recording/recording.json", (meta) => (meta.id = "20200101T000000Z-000000"))
        .digest()
        .seal(),
  },
  {
    id: "recording-other-format",
    what: "recording.json of format segur-recording/9",
    expected: refused("evidence_unreadable"),
    build: (stage) =>
      new Forgery(stage)
        .json("recording/recording.json", (meta) => (meta.format = "segur-recording/9"))
        .digest()
        .seal(),
  },
  {
    id: "recording-digest",
    what: "a manifest that names another digest of the recording than the result",
    expected: refused("run_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.recording = "0".repeat(64);
      return forgery.seal();
    },
  },
  {
    id: "recording-digest-agreed",
    what: "manifest and result agree on a digest that is not that of the recording",
    expected: { status: "different", kind: "facts", id: "recording.sha256" },
    build: (stage) => {
      const forgery = new Forgery(stage).result((result) => (result.recording.sha256 = "0".repeat(64)));
      forgery.facts.recording = "0".repeat(64);
      return forgery.seal();
    },
  },
  {
    id: "other-mode",
    what: "a sandbox run whose manifest, run and result say rehearsal",
    expected: refused("run_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage)
        .run((meta) => (meta.mode = "rehearsal"))
        .result((result) => (result.mode = "rehearsal"));
      forgery.facts.mode = "rehearsal";
      return forgery.seal();
    },
  },
  {
    id: "swapped-stream",
    what: "the bytes of one connection replaced by those of another run, result as it was",
    expected: refused("evidence_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const { name } = forgery.request("dmp.submit");
      return forgery.put(name, Buffer.from("POST / HTTP/1.1\r\n\r\n")).digest().seal();
    },
  },
  {
    id: "edited-stream",
    what: "a request of the vendor mended in the raw bytes, claimed result as it was",
    expected: { status: "different", kind: "check" },
    build: (stage) => {
      const forgery = new Forgery(stage);
      const { name, start, end } = forgery.request("dmp.submit");
      const bytes = Buffer.from(forgery.files.get(name) ?? []);
      bytes.fill("x", start + 400, end);
      return forgery.put(name, bytes).digest().seal();
    },
  },
  {
    id: "missing-stream",
    what: "the bytes of one connection left out, and not listed",
    expected: refused("evidence_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.files.delete(forgery.request("dmp.submit").name);
      return forgery.digest().seal();
    },
  },
  {
    id: "range-outside",
    what: "an exchange that points behind the end of its stream",
    expected: refused("evidence_unreadable"),
    build: (stage) =>
      new Forgery(stage)
        .record(
          "exchanges",
          (one) => one.complete,
          (one) => void (one.request.end = 1_000_000_000),
        )
        .digest()
        .seal(),
  },
  {
    id: "range-negative",
    what: "an exchange that points before the beginning of its stream",
    expected: refused("evidence_unreadable"),
    build: (stage) =>
      new Forgery(stage)
        .record(
          "exchanges",
          (one) => one.complete,
          (one) => void (one.request.start = -5),
        )
        .digest()
        .seal(),
  },
  {
    id: "range-of-a-file",
    what: "an exchange that points at ../../run.json",
    expected: refused("evidence_unreadable"),
    build: (stage) =>
      new Forgery(stage)
        .record(
          "exchanges",
          (one) => one.complete,
          (one) => void (one.request.stream = "../../run.json"),
        )
        .digest()
        .seal(),
  },
  {
    id: "journal-cut",
    what: "the journal of exchanges cut in the middle of a line, as a crash would",
    expected: { status: "different", kind: "check" },
    build: (stage) => {
      const forgery = new Forgery(stage);
      return forgery
        .put(EXCHANGES, forgery.text(EXCHANGES).slice(0, forgery.text(EXCHANGES).length / 2))
        .digest()
        .seal();
    },
  },
  {
    id: "journal-no-json",
    what: "a line of a journal that is not JSON",
    expected: refused("evidence_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      return forgery
        .put(EVENTS, `not json\n${forgery.text(EVENTS)}`)
        .digest()
        .seal();
    },
  },
  {
    id: "journal-deep",
    what: "an event of 100,000 nested lists",
    expected: refused("evidence_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      return forgery
        .replace(EVENTS, '"kind":"scenario.open","', `"x":${deep},"kind":"scenario.open","`)
        .digest()
        .seal();
    },
  },
  {
    id: "facts-deep",
    what: "100,000 nested lists among the values a scenario was opened with",
    expected: refused("evidence_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      return forgery.replace(EVENTS, '"values":{', `"values":{"x":${deep},`).digest().seal();
    },
  },
  {
    id: "answer-deep",
    what: "100,000 nested lists in what the vendor's software answered",
    expected: refused("evidence_unreadable"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
      return forgery.replace(EVENTS, '"answer":{', `"answer":{"x":${deep},`).digest().seal();
    },
  },
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
  {
    id: "one-request-as-many",
    what: "one submission to the DMP shown as 50,000 exchanges: 170 kB that would take an hour to judge",
    expected: refused("evidence_shared"),
    build: (stage) =>
      new Forgery(stage)
        .records("exchanges", (records) => {
          const one = records.find((record) => record.operation === "dmp.submit" && record.complete);
          return [...records, ...Array.from({ length: 50_000 }, (_, index) => ({ ...one, id: `x${index + 10_000}` }))];
        })
        .digest()
        .seal(),
  },
  {
    id: "one-answer-as-many",
    what: "one answer of a service shown under 5,000 exchanges without request",
    expected: refused("evidence_shared"),
    build: (stage) =>
      new Forgery(stage)
        .records("exchanges", (records) => {
          const one = records.find((record) => record.operation === "psc.jwks" && record.complete);
          const request = { ...one.request, end: one.request.start };
          const more = Array.from({ length: 5_000 }, (_, index) => ({ ...one, request, id: `x${index + 10_000}` }));
          return [...records, ...more];
        })
        .digest()
        .seal(),
  },
  {
    id: "bytes-of-another-connection",
    what: "an exchange that shows the bytes of another connection",
    expected: refused("evidence_shared"),
    build: (stage) =>
      new Forgery(stage)
        .records("exchanges", (records) => {
          const [one, other] = ["dmp.submit", "dmp.exists"].map((operation) =>
            records.find((record) => record.operation === operation && record.complete),
          );
          for (const record of records) if (record.id === one.id) record.request = other.request;
        })
        .digest()
        .seal(),
  },
  {
    id: "proof-replaced",
    what: "a file of proof replaced after sealing",
    expected: refused("manifest_hash"),
    build: (stage) =>
      new Forgery(stage).seal({
        after: (files) => {
          const name = [...files.keys()].find((one) => one.startsWith("proofs/")) ?? "";
          files.set(name, Buffer.alloc(files.get(name)?.length ?? 0, "x"));
        },
      }),
  },
  {
    id: "proof-missing",
    what: "a proof that the run declares, neither in the bundle nor listed",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const [gone] = forgery.facts.proofs.splice(0, 1) as { file: string }[];
      forgery.files.delete(gone?.file ?? "");
      return forgery.seal();
    },
  },
  {
    id: "proof-more",
    what: "a listed file among the proofs that no proof names",
    expected: refused("proof_mismatch"),
    build: (stage) => new Forgery(stage).put("proofs/0009-1.pdf", "more").seal(),
  },
  {
    id: "proof-for-another-row",
    what: "a proof shown under an id that the run does not declare",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.proofs[0].id = "AUTRE.01";
      return forgery.seal();
    },
  },
  {
    id: "proof-outside",
    what: "a proof whose file is the recording itself",
    expected: refused("proof_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      forgery.facts.proofs[0].file = EVENTS;
      return forgery.seal();
    },
  },
  {
    id: "countersigned-by-vendor",
    what: "a countersignature that the vendor made itself",
    expected: refused("countersignature_agency"),
    build: (stage) => countersigned(stage, stage.vendor).seal(),
  },
  {
    id: "countersignature-of-another-run",
    what: "the agency's countersignature of another run",
    expected: refused("countersignature_mismatch"),
    build: (stage) => {
      const forgery = new Forgery(stage);
      const foreign = countersigned(stage, stage.agency, new Forgery(stage, stage.other));
      return forgery.put("countersignature.dsse.json", foreign.text("countersignature.dsse.json")).seal();
    },
  },
  {
    id: "edited-after-countersignature",
    what: "a condition answered otherwise in run.json after the agency countersigned",
    expected: refused("countersignature_mismatch"),
    build: (stage) =>
      countersigned(stage, stage.agency)
        .run((meta) => (meta.driver = "exec"))
        .seal(),
  },
  {
    id: "stream-edited-after-countersignature",
    what: "a byte of a stream changed after the agency countersigned, judged and signed again",
    expected: refused("countersignature_mismatch"),
    build: (stage) => {
      const forgery = countersigned(stage, stage.agency);
      const { name, start } = forgery.request("dmp.submit");
      const bytes = Buffer.from(forgery.files.get(name) ?? []);
      bytes.write("PUT ", start);
      return forgery.put(name, bytes).rejudge().seal();
    },
  },
];

/** A countersignature over what the forgery holds, by a key. */
function countersigned(stage: Stage, key: Stage["agency"], forgery = new Forgery(stage)): Forgery {
  const { run, recording, candidate } = forgery.facts as {
    run: { id: string };
    recording: string;
    candidate: { vendor: string; product: string; version: string };
  };
  const statement = signCountersignature(
    {
      format: COUNTERSIGNATURE_FORMAT,
      issuer: "Agence fictive",
      run: { id: run.id, sha256: sha256(forgery.text("run.json")) },
      recording,
      candidate,
      on: "2026-11-21T12:00:00.000Z",
    },
    key,
  );
  return forgery.put("countersignature.dsse.json", statement);
}
