import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { type OpenRecording, type ScenarioFacts, SuiteError } from "../../../core/model/index.js";
import { countRecords, loadRecording, readRecords, recordingDigest } from "../../../core/record/reader.js";
import { continueRecording, createRecording } from "../../../core/record/recorder.js";

const FACTS: ScenarioFacts = {
  id: "s",
  attempt: 1,
  services: ["dmp"],
  patient: null,
  professional: null,
  values: {},
  control: null,
  faults: [],
  driverCan: [],
};
const HERE = { address: "127.0.0.1", port: 1 };

describe("recording format v1", () => {
  let folder: string;
  beforeEach(() => {
    folder = path.join(mkdtempSync(path.join(tmpdir(), "segur-rec-")), "recording");
  });
  afterEach(() => rmSync(path.dirname(folder), { recursive: true, force: true }));

  function oneExchange(recording: OpenRecording, asked: string, answered: string): void {
    const connection = recording.recorder.openConnection({
      listener: "dmp",
      service: "dmp",
      direction: "in",
      remote: HERE,
      local: HERE,
    });
    const exchange = connection.openExchange("dmp.unexpected", 0, 0);
    connection.bytesIn(Buffer.from(asked), "tls");
    connection.bytesOut(Buffer.from(answered), "tls");
    exchange.operation("dmp.submit");
    exchange.close({ requestEnd: connection.lengthIn, responseEnd: connection.lengthOut, complete: true });
    connection.close();
  }

  it("gives back the bytes, the scenario and the last word on each record", () => {
    const recording = createRecording(folder, { id: "r" });
    const key = recording.openScenario(FACTS);
    oneExchange(recording, "ask", "answer");
    recording.closeScenario(key, "done", null);
    oneExchange(recording, "late", "answer");
    recording.close();
    const view = loadRecording(folder);
    expect(view.exchanges.map((x) => [x.operation, x.scenario, Buffer.from(x.requestBytes).toString()])).to.deep.equal([
      ["dmp.submit", "s#1", "ask"],
      ["dmp.submit", null, "late"],
    ]);
    expect(Buffer.from(view.exchanges[0]?.responseBytes ?? []).toString()).to.equal("answer");
    expect(view.runs.map((run) => [run.key, run.state, run.exchanges.length])).to.deep.equal([["s#1", "done", 1]]);
  });

  it("survives a death in the middle of a line, and only there", () => {
    const recording = createRecording(folder, { id: "r" });
    recording.openScenario(FACTS);
    oneExchange(recording, "ask", "answer");
    const journal = path.join(folder, "exchanges.jsonl");
    appendFileSync(journal, '{"id":"x0009","operat');
    const view = loadRecording(folder);
    expect(view.exchanges).to.have.length(1);
    expect(view.runs[0]?.state).to.equal("interrupted");
    writeFileSync(journal, readFileSync(journal, "utf8").replace("{", "{broken"));
    expect(() => loadRecording(folder))
      .to.throw(SuiteError)
      .with.property("where", `${journal}:1`);
    recording.close();
  });

  it("refuses evidence that points outside the bytes", () => {
    const recording = createRecording(folder, { id: "r" });
    recording.openScenario(FACTS);
    oneExchange(recording, "ask", "answer");
    recording.close();
    writeFileSync(path.join(folder, "streams", "c0001.in"), "as");
    expect(() => loadRecording(folder)).to.throw(SuiteError, "points outside c0001.in");
    rmSync(path.join(folder, "streams", "c0001.in"));
    expect(() => loadRecording(folder)).to.throw(SuiteError, "missing stream");
  });

  it("does not leave its folder by a stream's name", () => {
    const recording = createRecording(folder, { id: "r" });
    recording.openScenario(FACTS);
    oneExchange(recording, "ask", "answer");
    recording.close();
    const journal = path.join(folder, "exchanges.jsonl");
    writeFileSync(journal, readFileSync(journal, "utf8").replaceAll("c0001.in", "../../recording.json"));
    expect(() => loadRecording(folder)).to.throw(SuiteError, "missing stream");
  });

  it("goes on with fresh ids, and the latest attempt counts", () => {
    const first = createRecording(folder, { id: "r" });
    const key = first.openScenario(FACTS);
    oneExchange(first, "one", "a");
    first.closeScenario(key, "failed", "timeout");
    first.close();
    const second = continueRecording(folder, { id: "r" }, countRecords(readRecords(folder)));
    const again = second.openScenario({ ...FACTS, attempt: 2 });
    oneExchange(second, "two", "b");
    second.closeScenario(again, "done", null);
    second.close();
    const view = loadRecording(folder);
    expect(view.exchanges.map((x) => x.id)).to.deep.equal(["x0001", "x0002"]);
    expect(view.runs.map((run) => [run.key, run.state])).to.deep.equal([["s#2", "done"]]);
    expect(Buffer.from(view.runs[0]?.exchanges[0]?.requestBytes ?? []).toString()).to.equal("two");
  });

  it("goes on after a line that was cut by a crash", () => {
    const first = createRecording(folder, { id: "r" });
    first.closeScenario(first.openScenario(FACTS), "failed", "timeout");
    first.close();
    appendFileSync(path.join(folder, "events.jsonl"), '{"id":"e00');
    const second = continueRecording(folder, { id: "r" }, countRecords(readRecords(folder)));
    second.closeScenario(second.openScenario({ ...FACTS, attempt: 2 }), "done", null);
    second.close();
    expect(loadRecording(folder).runs.map((run) => [run.key, run.state])).to.deep.equal([["s#2", "done"]]);
  });

  it("never overwrites another recording", () => {
    createRecording(folder, { id: "r" }).close();
    expect(() => createRecording(folder, { id: "other" })).to.throw(SuiteError, "cannot be written");
  });

  it("has a digest that follows every byte", () => {
    const recording = createRecording(folder, { id: "r" });
    oneExchange(recording, "ask", "answer");
    recording.close();
    const before = recordingDigest(folder);
    expect(recordingDigest(folder)).to.equal(before);
    writeFileSync(path.join(folder, "streams", "c0001.in"), "asK");
    expect(recordingDigest(folder)).not.to.equal(before);
  });

  it("tells a full disk once, and keeps what was written", () => {
    const errors: SuiteError[] = [];
    const recording = createRecording(folder, { id: "r", onFailure: (error) => errors.push(error) });
    recording.openScenario(FACTS);
    oneExchange(recording, "ask", "answer");
    // A stream's place taken by a folder: the open fails as a full disk would.
    rmSync(path.join(folder, "streams"), { recursive: true });
    oneExchange(recording, "lost", "lost");
    oneExchange(recording, "lost", "lost");
    recording.close();
    expect(errors.map((error) => error.code)).to.deep.equal(["ERR_DISK"]);
    expect(readRecords(folder).exchanges.length).to.be.greaterThan(0);
  });
});
