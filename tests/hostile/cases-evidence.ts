/** Evidence that is not that of this run of this candidate, and bytes that are not there. All is signed by the vendor. */
import { type HostileCase, refused } from "./case.js";
import { Forgery } from "./forge.js";
import type { Stage } from "./stage.js";

const EVENTS = "recording/events.jsonl";
const EXCHANGES = "recording/exchanges.jsonl";

/** The recording of another run, put in the place of this one's. */
function withOtherRecording(stage: Stage): Forgery {
  const forgery = new Forgery(stage);
  for (const name of [...forgery.files.keys()]) if (name.startsWith("recording/")) forgery.files.delete(name);
  for (const [name, bytes] of stage.other.files) if (name.startsWith("recording/")) forgery.put(name, bytes);
  return forgery;
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
];
