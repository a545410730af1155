import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { findTraces, type Traces } from "../../bin/challenge-traces.js";
import { planOf } from "../../bin/judgement.js";
import { type RunMeta, readRunMeta } from "../../bin/run-folder.js";
import type {
  EventRecord,
  Exchange,
  RecordingView,
  Scenario,
  ScenarioFacts,
  ScenarioRun,
} from "../../core/model/index.js";
import { loadRecording } from "../../core/record/reader.js";
import { nirKey } from "../../protocols/ins.js";
import { realInsIn } from "../../protocols/ins-number.js";
import { type Identities, loadIdentities } from "../../services/shared/identities.js";
import { makeRun } from "../support/bundle.js";

const seedOf = (name: string): Uint8Array => createHash("sha256").update(name).digest();

const ONLY = [
  "ins-search-card",
  "ins-answer-day-unknown",
  "dmp-submit-twice",
  "mss-two-mails",
  "mss-no-document",
  "psc-login",
];

interface Played {
  readonly folder: string;
  readonly meta: RunMeta;
  readonly view: RecordingView;
  readonly planned: readonly Scenario[];
  readonly identities: Identities;
}

async function play(seed: string): Promise<Played> {
  const { folder, suite } = await makeRun({
    only: ONLY,
    mode: "rehearsal",
    challenge: { id: `challenge-${seed}`, seed: seedOf(seed) },
  });
  const meta = readRunMeta(folder);
  const planned = planOf(meta, suite).scenarios.map(({ scenario }) => scenario);
  return {
    folder: folder.path,
    meta,
    view: loadRecording(folder.recording),
    planned,
    identities: loadIdentities(suite.root),
  };
}

describe("traces of a challenge", function () {
  let a: Played;
  let b: Played;
  const traces = (view: RecordingView, seed = "a", planned = a.planned): Traces =>
    findTraces(view, { identities: a.identities, planned, seed: seedOf(seed) });
  const untraced = ({ scenarios }: Traces): string[] =>
    scenarios.flatMap(({ exchanges }) => exchanges.filter(({ found }) => found.length === 0).map(({ id }) => id));
  const of = (found: Traces, id: string) => {
    const one = found.scenarios.find(({ key }) => key === `${id}#1`);
    if (!one) throw new Error(`${id} was not played`);
    return one;
  };
  const first = (view: RecordingView, operation: string, scenario: string): Exchange => {
    const exchange = view.exchanges.find((x) => x.operation === operation && x.scenario === `${scenario}#1`);
    if (!exchange) throw new Error(`no ${operation} in ${scenario}`);
    return exchange;
  };
  const withExchange = (view: RecordingView, id: string, change: Partial<Exchange>): RecordingView => ({
    ...view,
    exchanges: view.exchanges.map((x) => (x.id === id ? { ...x, ...change } : x)),
  });
  const withFacts = (view: RecordingView, id: string, change: (facts: ScenarioFacts) => unknown): RecordingView => ({
    ...view,
    events: view.events.map((event) =>
      event.kind === "scenario.open" && event.scenario === `${id}#1`
        ? { ...event, data: { facts: change(event.data.facts as ScenarioFacts) } }
        : event,
    ),
  });

  before(async () => {
    a = await play("a");
    b = await play("b");
  });

  it("are written down with the run, the seed in run.json only", () => {
    expect(a.meta.mode).to.equal("rehearsal");
    expect(a.meta.challenge).to.deep.equal({ id: "challenge-a", seed: Buffer.from(seedOf("a")).toString("hex") });
    const opened = a.view.events.find(({ kind }) => kind === "recording.open");
    expect(opened?.data).to.include({ mode: "rehearsal", challenge: "challenge-a" });
    expect(JSON.stringify(a.view.events)).not.to.include(a.meta.challenge?.seed);
    const [open] = a.view.events.filter(({ kind }) => kind === "scenario.open");
    const facts = open?.data.facts as ScenarioFacts;
    const name = facts.patient?.birthName ?? facts.professional?.familyName;
    const shown = a.view.runs.flatMap(({ facts: { patient } }) => (patient ? [patient.birthName] : []));
    expect(name).to.be.a("string");
    expect(a.meta.maskNames, "names to mask are those drawn").to.include.members(shown);
    expect(a.meta.maskNames).not.to.include("ADRUN");
  });

  it("are in every exchange that cannot but carry them", () => {
    const found = traces(a.view);
    expect(found.mismatches).to.deep.equal([]);
    expect(found.unseen).to.deep.equal([]);
    expect(untraced(found)).to.deep.equal([]);
    expect(of(found, "ins-search-card").found).to.deep.equal(["birthName", "matricule"]);
    expect(of(found, "dmp-submit-twice").found).to.deep.equal([
      "birthName",
      "matricule",
      "localId",
      "documentWord",
      "professional",
    ]);
    // The archive of a mail: base64, zip, CDA.
    expect(of(found, "mss-two-mails").exchanges.map(({ found: kinds }) => kinds)).to.deep.equal(
      Array.from({ length: 2 }, () => ["birthName", "matricule", "localId", "documentWord", "professional"]),
    );
    expect(of(found, "mss-no-document").found).to.deep.equal(["documentWord", "professional"]);
    const login = of(found, "psc-login");
    expect([login.expected, login.found]).to.deep.equal([false, ["professional"]]);
    expect(found.scenarios.filter(({ expected }) => expected).length).to.be.at.least(5);
  });

  it("are not there in a run of another seed, and the recording says other things", () => {
    const found = traces(b.view);
    expect(found.scenarios.flatMap((one) => one.found)).to.deep.equal([]);
    const expected = found.scenarios.filter((one) => one.expected);
    expect(untraced(found)).to.have.lengthOf(expected.flatMap(({ exchanges }) => exchanges).length);
    const whats = (id: string) =>
      found.mismatches.filter(({ scenario, what }) => scenario === id && what !== "order").map(({ what }) => what);
    expect(whats("dmp-submit-twice")).to.deep.equal(["patient", "professional", "values"]);
    expect(whats("ins-answer-day-unknown")).to.deep.equal(["patient", "faults"]);
  });

  it("are not there when the recording was edited to match and the bytes were not", () => {
    const facts = new Map(
      a.view.events.filter(({ kind }) => kind === "scenario.open").map((event) => [event.scenario, event.data]),
    );
    const forged: RecordingView = {
      ...b.view,
      events: b.view.events.map((event) =>
        event.kind === "scenario.open" ? { ...event, data: facts.get(event.scenario) ?? {} } : event,
      ),
    };
    const found = traces(forged);
    expect(found.mismatches.filter(({ what }) => what !== "order")).to.deep.equal([]);
    expect(found.scenarios.flatMap((one) => one.found)).to.deep.equal([]);
    expect(found.scenarios.some(({ expected }) => expected)).to.equal(true);
  });

  it("name the one exchange that was taken from another run", () => {
    for (const [operation, scenario] of [
      ["dmp.submit", "dmp-submit-twice"],
      ["mss.submit", "mss-two-mails"],
      ["ins.search", "ins-answer-day-unknown"],
    ] as const) {
      const { id } = first(a.view, operation, scenario);
      const { requestBytes } = first(b.view, operation, scenario);
      const found = traces(withExchange(a.view, id, { requestBytes }));
      expect(untraced(found), operation).to.deep.equal([id]);
      expect(found.mismatches).to.deep.equal([]);
    }
  });

  it("are also those of another scenario of the session: software may send late, or about a patient it saw earlier", () => {
    const { id } = first(a.view, "ins.search", "ins-answer-day-unknown");
    const { requestBytes } = first(a.view, "dmp.submit", "dmp-submit-twice");
    const found = traces(withExchange(a.view, id, { requestBytes }));
    expect(untraced(found)).to.deep.equal([]);
    expect(of(found, "ins-answer-day-unknown").exchanges.find((one) => one.id === id)?.found).to.deep.equal([
      "session",
    ]);
  });

  it("are not expected of an exchange that was cut short, nor sought in what our own driver said", () => {
    const { id } = first(a.view, "ins.search", "ins-answer-day-unknown");
    const cut = withExchange(a.view, id, { complete: false, requestBytes: new Uint8Array(0) });
    expect(of(traces(cut), "ins-answer-day-unknown")).to.deep.include({ expected: false, found: [] });
    // The vendor's answer to patient.get repeats the patient.
    const { patient } = (a.view.runs.find(({ facts }) => facts.id === "ins-answer-day-unknown") as ScenarioRun).facts;
    const echoes = a.view.exchanges.filter(
      ({ direction, responseBytes }) =>
        direction === "out" && Buffer.from(responseBytes ?? []).includes(patient?.birthName ?? "?"),
    );
    expect(echoes.length).to.be.greaterThan(0);
  });

  describe("against what the recording says", () => {
    const mismatches = (view: RecordingView, planned = a.planned) =>
      traces(view, "a", planned).mismatches.map(({ scenario, what }) => `${scenario} ${what}`);

    it("name the fact that is not as drawn", () => {
      const edits: Readonly<Record<string, (facts: ScenarioFacts) => unknown>> = {
        patient: (facts) => ({ ...facts, patient: { ...facts.patient, localId: "IPP-0001" } }),
        values: (facts) => ({ ...facts, values: { ...facts.values, more: 1 } }),
        faults: ({ faults: _faults, ...facts }) => facts,
        control: (facts) => ({ ...facts, control: "psc-login" }),
        services: (facts) => ({ ...facts, services: ["ins", "dmp"] }),
        professional: (facts) => ({ ...facts, professional: {} }),
      };
      for (const [what, change] of Object.entries(edits)) {
        expect(mismatches(withFacts(a.view, "ins-search-card", change))).to.include(`ins-search-card ${what}`);
      }
    });

    it("stand facts nested beyond reason", () => {
      let deep: unknown = "x";
      for (let i = 0; i < 200_000; i += 1) deep = [deep];
      const nested = withFacts(a.view, "ins-search-card", (facts) => ({ ...facts, values: deep }));
      expect(mismatches(nested)).to.deep.equal(["ins-search-card values"]);
    });

    it("name a scenario that was not asked for", () => {
      const fewer = a.planned.filter(({ id }) => id !== "psc-login");
      expect(mismatches(a.view, fewer)).to.deep.equal(["psc-login unknown"]);
    });

    it("name the first scenario that was out of turn", () => {
      const opens = a.view.events.filter(({ kind }) => kind === "scenario.open");
      const [one, two] = [opens[1]?.scenario, opens[3]?.scenario];
      const swapped = (event: EventRecord): EventRecord => {
        if (event.kind !== "scenario.open" && event.kind !== "scenario.close") return event;
        const other = event.scenario === one ? two : event.scenario === two ? one : event.scenario;
        const open = opens.find(({ scenario }) => scenario === other);
        return {
          ...event,
          scenario: other ?? null,
          ...(event.kind === "scenario.open" && open ? { data: open.data } : {}),
        };
      };
      const found = traces({ ...a.view, events: a.view.events.map(swapped) }).mismatches;
      expect(found.map(({ what, event }) => [what, event])).to.deep.equal([["order", opens[1]?.id]]);
    });

    it("follow a run that was interrupted and went on", () => {
      const closes = a.view.events.filter(({ kind }) => kind === "scenario.close");
      const last = closes[3];
      if (!last) throw new Error("too few scenarios");
      const at = a.view.events.indexOf(last);
      const again = (event: EventRecord): EventRecord =>
        event.scenario === last.scenario ? { ...event, scenario: event.scenario?.replace("#1", "#2") ?? null } : event;
      const begun = a.view.events.slice(0, at);
      const from = begun.findIndex((event) => event.kind === "scenario.open" && event.scenario === last.scenario);
      const [opened] = a.view.events;
      if (!opened) throw new Error("no event");
      // Its own scenario is played again from the beginning, then the rest.
      const events = [
        ...begun,
        { ...last, data: { state: "interrupted" } },
        opened,
        ...a.view.events.slice(from).map(again),
      ];
      expect(mismatches({ ...a.view, events })).to.deep.equal([]);
      const twice = [...a.view.events, ...a.view.events.filter(({ kind }) => kind !== "recording.open")];
      expect(mismatches({ ...a.view, events: twice }).map((text) => text.split(" ")[1])).to.deep.equal(["order"]);
    });
  });

  it("are sought within bounds, and what was not looked into is said", () => {
    const drawn = { identities: a.identities, planned: a.planned, seed: seedOf("a") };
    const found = findTraces(a.view, drawn, { budget: { bytes: 20_000 } });
    expect(found.unseen.map(({ reason }) => reason)).to.include("total_size");
    expect(untraced(found)).not.to.deep.equal([]);
  });

  it("are of nobody: the privacy gate finds no number in such a run, even without knowing what was drawn", () => {
    const files = readdirSync(a.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file): [string, Uint8Array] => [path.relative(a.folder, file), readFileSync(file)]);
    expect(files.length).to.be.greaterThan(50);
    expect(realInsIn(files, { fictitious: new Set() })).to.deep.equal({ found: [], unseen: [] });
    const planted: [string, Uint8Array][] = [
      ...files,
      ["recording/streams/c9999.in", Buffer.from(`NIR 1850478006084${nirKey("1850478006084") ?? ""}`)],
    ];
    expect(realInsIn(planted, { fictitious: new Set() }).found.map(({ file }) => file)).to.deep.equal([
      "recording/streams/c9999.in",
    ]);
  });
});
