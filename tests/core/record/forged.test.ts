import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import { defineCheck, SuiteError } from "../../../core/model/index.js";
import { loadRecording, recordingDigest } from "../../../core/record/reader.js";
import { createRecording } from "../../../core/record/recorder.js";

const EXCHANGE = {
  id: "x0001",
  connection: "c0001",
  direction: "in",
  service: "dmp",
  operation: "dmp.submit",
  scenario: "s#1",
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: null,
  request: { stream: "c0001.in", start: 0, end: 1 },
  response: null,
  complete: true,
  faults: [],
};
const OPEN = {
  id: "e9",
  at: EXCHANGE.startedAt,
  kind: "scenario.open",
  scenario: "s#1",
  data: { facts: { id: "s", attempt: 1 } },
};

/** A folder somebody else wrote: it is judged or refused in our words, and nothing outside it is read. */
describe("a forged recording", () => {
  let folder: string;
  const stream = (): string => path.join(folder, "streams", "c0001.in");
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), "segur-forged-")), "recording");
    createRecording(folder, { id: "r" }).close();
    mkdirSync(path.join(folder, "streams"), { recursive: true });
    writeFileSync(stream(), "a");
  });
  afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  const add = (journal: string, record: unknown): void =>
    appendFileSync(path.join(folder, `${journal}.jsonl`), `${JSON.stringify(record)}\n`);
  const refused = (): void => {
    expect(() => loadRecording(folder))
      .to.throw(SuiteError)
      .with.property("code", "ERR_RECORDING");
  };

  it("is read when each record is as we write it", () => {
    add("exchanges", EXCHANGE);
    add("events", OPEN);
    expect(loadRecording(folder).runs.map((run) => run.exchanges.length)).to.deep.equal([1]);
  });

  const odd: readonly (readonly [string, string, unknown])[] = [
    ["null", "exchanges", null],
    ["a list", "exchanges", []],
    ["a text", "events", "x"],
    ["no range", "exchanges", { ...EXCHANGE, request: null }],
    ["a range that is no number", "exchanges", { ...EXCHANGE, request: { stream: "c0001.in", start: "0", end: "1" } }],
    ["a negative range", "exchanges", { ...EXCHANGE, request: { stream: "c0001.in", start: -1, end: 1 } }],
    ["a fraction", "exchanges", { ...EXCHANGE, request: { stream: "c0001.in", start: 0.5, end: 1 } }],
    ["a range beyond its stream", "exchanges", { ...EXCHANGE, request: { stream: "c0001.in", start: 0, end: 2 } }],
    [
      "a stream outside the folder",
      "exchanges",
      { ...EXCHANGE, request: { stream: "../recording.json", start: 0, end: 1 } },
    ],
    ["no time", "exchanges", { ...EXCHANGE, startedAt: undefined }],
    ["an event without data", "events", { ...OPEN, data: null }],
    ["a scenario without facts", "events", { ...OPEN, data: {} }],
    ["a scenario whose id is an object", "events", { ...OPEN, data: { facts: { id: {}, attempt: 1 } } }],
    [
      "a step whose operation is an object",
      "events",
      { ...OPEN, kind: "step.begin", data: { step: 0, operation: {} } },
    ],
    ["a step without a number", "events", { ...OPEN, kind: "step.begin", data: { step: {}, operation: "login" } }],
    ["a window that ends in an object", "events", { ...OPEN, kind: "window", data: { from: "x", to: {} } }],
    ["a connection without certificates", "connections", { id: "c0001", service: "dmp" }],
  ];
  for (const [name, journal, record] of odd) {
    it(`is refused with ${name}`, () => {
      add(journal, record);
      refused();
    });
  }

  it("is refused when its meta is null", () => {
    writeFileSync(path.join(folder, "recording.json"), "null");
    refused();
  });

  it("is refused when the facts of a scenario are nested deeper than we write", () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const line = JSON.stringify(OPEN).replace('"attempt":1', `"attempt":1,"values":${deep}`);
    appendFileSync(path.join(folder, "events.jsonl"), `${line}\n`);
    refused();
  });

  it("does not follow links out of the folder", () => {
    add("exchanges", EXCHANGE);
    rmSync(stream());
    symlinkSync("/dev/zero", stream());
    refused();
    expect(recordingDigest(folder)).to.match(/^[0-9a-f]{64}$/);
    rmSync(path.join(folder, "events.jsonl"));
    symlinkSync("/dev/zero", path.join(folder, "events.jsonl"));
    refused();
  });

  it("keeps a scenario called __proto__ and an id that comes again", () => {
    add("exchanges", EXCHANGE);
    add("exchanges", { ...EXCHANGE, scenario: "__proto__#1" });
    add("events", { ...OPEN, scenario: "__proto__#1", data: { facts: { id: "__proto__", attempt: 1 } } });
    const [run, ...others] = loadRecording(folder).runs;
    expect([run?.facts.id, run?.exchanges.length, others.length]).to.deep.equal(["__proto__", 1, 0]);
  });

  it("survives a check whose slot is no finite number", () => {
    const check = defineCheck({
      id: "psc/x",
      title: { fr: "x", en: "x" },
      reads: ["dmp.submit"],
      messages: { m: { weight: "remark", source: "s", mark: "verified", witness: "none", fr: "{n}", en: "{n}" } },
      evaluate: (_seen, report) => report.finding("m", { exchange: "x0001" }, { n: Number.NaN }),
    });
    const [result] = evaluate(loadRecording(folder), [{ check, planned: true }]);
    expect(result?.findings[0]?.slots).to.deep.equal({ n: "NaN" });
  });
});
