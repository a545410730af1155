import { expect } from "chai";
import { faultTrigger, judgeSilence, silence, stepTrigger, windowAfter } from "../../../checks/helpers/silence.js";
import type { EventRecord, Exchange, Pointer, Report, ScenarioRun, Seen } from "../../../core/model/index.js";

const at = (second: number): string => `2026-11-21T10:00:0${second}.000Z`;

function exchange(id: string, second: number, faults: readonly string[] = [], complete = true): Exchange {
  return {
    id,
    operation: "psc.token",
    startedAt: at(second),
    endedAt: complete ? at(second + 1) : null,
    complete,
    faults,
  } as unknown as Exchange;
}

const struck: EventRecord = {
  id: "e1",
  at: at(1),
  kind: "fault.injected",
  scenario: "bad#1",
  exchange: "x1",
  data: { fault: { service: "psc", at: "id-token", kind: "nonce-wrong" } },
};

function run(change: Partial<ScenarioRun> = {}): ScenarioRun {
  return {
    key: "bad#1",
    facts: { id: "bad", control: "good", faults: [] },
    openedAt: at(0),
    closedAt: at(9),
    state: "done",
    steps: [],
    exchanges: [exchange("x1", 1, ["e1"])],
    events: [struck],
    windows: [{ from: at(3), to: at(5), event: "w1" }],
    ...change,
  } as unknown as ScenarioRun;
}

const control = run({ key: "good#1", facts: { id: "good", control: null, faults: [] } as never, events: [] });

/** Everything a check would have told the engine. */
function judged(subject: ScenarioRun, runs: readonly ScenarioRun[], happened: (run: ScenarioRun) => Pointer | null) {
  const told: { observed: Pointer[]; silences: unknown[] } = { observed: [], silences: [] };
  const report = {
    observed: (pointer: Pointer) => told.observed.push(pointer),
    silence: (evidence: unknown) => told.silences.push(evidence),
  } as unknown as Report;
  const trigger = faultTrigger(subject, "nonce-wrong");
  const came = judgeSilence({ runs } as unknown as Seen, report, { run: subject, trigger, happened });
  return { ...told, came };
}

const inControl = (where: ScenarioRun): Pointer | null => (where.key === "good#1" ? { exchange: "x9" } : null);

describe("checks/helpers/silence", () => {
  it("observes when the three proofs are there and the thing did not come", () => {
    const { observed, silences, came } = judged(run(), [run(), control], inControl);
    expect(came).to.equal(null);
    expect(observed).to.deep.equal([{ exchange: "x1", side: "response" }]);
    expect(silences).to.deep.equal([
      { trigger: { exchange: "x1", side: "response" }, control: { exchange: "x9" }, window: { event: "w1" } },
    ]);
  });

  it("gives where the thing came", () => {
    const { observed, came } = judged(run(), [run(), control], () => ({ exchange: "x5" }));
    expect(came).to.deep.equal({ exchange: "x5" });
    expect(observed).to.have.length(1);
  });

  it("does not observe without the control, the window, or an answer fully delivered", () => {
    expect(judged(run(), [run()], inControl).observed).to.deep.equal([]);
    expect(judged(run({ windows: [] }), [run(), control], inControl).observed).to.deep.equal([]);
    const early = run({ windows: [{ from: at(1), to: at(5), event: "w1" }] });
    expect(judged(early, [early, control], inControl).observed).to.deep.equal([]);
    const failed = run({ state: "failed" });
    expect(judged(failed, [failed, control], inControl).observed).to.deep.equal([]);
    const cut = run({ exchanges: [exchange("x1", 1, ["e1"], false)] });
    expect(judged(cut, [cut, control], inControl)).to.deep.include({ observed: [], came: null });
    const other = run({ events: [{ ...struck, data: { fault: { kind: "aud-wrong" } } }] });
    expect(judged(other, [other, control], inControl).observed).to.deep.equal([]);
  });

  it("takes a step for a trigger when the software answered it", () => {
    const step = (status: string | null) =>
      run({ steps: [{ operation: "ins.search", status, endEvent: "s1", endedAt: at(2) }] as never });
    expect(stepTrigger(step("done"), "ins.search")).to.deep.equal({ at: { event: "s1" }, endedAt: at(2) });
    expect(stepTrigger(step("refused"), "ins.search")).not.to.equal(null);
    expect(stepTrigger(step("failed"), "ins.search")).to.equal(null);
    expect(stepTrigger(step(null), "ins.search")).to.equal(null);
  });

  it("wants a window that opened after the trigger and lasted", () => {
    const trigger = { at: { event: "s1" }, endedAt: at(3) };
    expect(windowAfter(run(), trigger)).to.deep.equal({ event: "w1" });
    expect(windowAfter(run({ windows: [{ from: at(3), to: at(3), event: "w1" }] }), trigger)).to.equal(null);
    expect(silence(run(), { trigger: null, control: null })).to.deep.equal({
      trigger: null,
      control: null,
      window: null,
    });
  });
});
