import { expect } from "chai";
import { evaluate, validateRegistry } from "../../../core/evaluate/evaluate.js";
import {
  type CheckDef,
  type Exchange,
  type Pointer,
  RECORDING_FORMAT,
  type RecordingView,
  type ScenarioRun,
  SuiteError,
} from "../../../core/model/index.js";

const MESSAGES = {
  wrong: { weight: "breach", source: "s", mark: "verified", witness: "none", fr: "{a}", en: "{a}" },
  odd: { weight: "remark", source: "s", mark: "inferred", witness: "none", fr: "r", en: "r" },
} as const;

function exchange(id: string, scenario: string | null, operation = "dmp.submit"): Exchange {
  return {
    id,
    connection: "c0001",
    direction: "in",
    service: "dmp",
    operation,
    scenario,
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: "2026-01-01T00:00:00.000Z",
    request: { stream: "c0001.in", start: 0, end: 0 },
    response: null,
    complete: true,
    faults: [],
    requestBytes: new Uint8Array(0),
    responseBytes: null,
    conn: null,
  };
}

function view(exchanges: readonly Exchange[], scenarios: readonly string[] = ["a"]): RecordingView {
  return {
    meta: { format: RECORDING_FORMAT, id: "t", startedAt: "2026-01-01T00:00:00.000Z" },
    connections: [],
    exchanges,
    events: [],
    runs: scenarios.map((id): ScenarioRun => ({
      key: `${id}#1`,
      facts: {
        id,
        attempt: 1,
        services: ["dmp"],
        patient: null,
        professional: null,
        values: {},
        control: null,
        faults: [],
        driverCan: [],
      },
      openedAt: "",
      closedAt: "",
      state: "done",
      steps: [],
      exchanges: exchanges.filter((x) => x.scenario === `${id}#1`),
      events: [],
      windows: [],
    })),
  };
}

function check(evaluateIt: CheckDef["evaluate"], more: Partial<CheckDef> = {}): CheckDef {
  return {
    id: "dmp/test",
    title: { fr: "t", en: "t" },
    reads: ["dmp.submit"],
    messages: MESSAGES,
    evaluate: evaluateIt,
    ...more,
  };
}

function play(definition: CheckDef, over: RecordingView, reason: string | null = null) {
  const [result] = evaluate(over, [{ check: definition, planned: true, reason }]);
  if (!result) throw new Error("no result");
  return result;
}

describe("evaluate", () => {
  const one = view([exchange("x0001", "a#1")]);

  it("met needs a subject that was looked at", () => {
    expect(
      play(
        check(() => undefined),
        one,
      ),
    ).to.include({ outcome: "unobserved", reason: "no_exchange" });
    const met = play(
      check((seen, report) => {
        for (const x of seen.exchanges) report.observed({ exchange: x.id });
      }),
      one,
    );
    expect(met).to.include({ outcome: "met", strength: "witnessed", cause: null });
  });

  it("is not met while something seen could not be judged, and a breach is one all the same", () => {
    const messages = { ...MESSAGES, unread: { ...MESSAGES.odd, undecided: true } } as const;
    const seeing = (...found: readonly string[]) =>
      play(
        check(
          (_seen, report) => {
            report.observed({ exchange: "x0001" });
            for (const message of found) report.finding(message, { exchange: "x0001" }, { a: "1" });
          },
          { messages },
        ),
        one,
      );
    expect(seeing("odd")).to.include({ outcome: "met" });
    expect(seeing("odd", "unread")).to.include({ outcome: "unobserved", reason: "not_judged" });
    expect(seeing("unread", "wrong")).to.include({ outcome: "breached", reason: null });
  });

  it("gives no check an unattributed exchange, nor one of an operation it did not declare", () => {
    const over = view([exchange("x0001", null), exchange("x0002", "a#1", "dmp.exists"), exchange("x0003", "gone#1")]);
    let seenIds: string[] = [];
    play(
      check((seen) => {
        seenIds = [...seen.exchanges, ...seen.runs.flatMap((run) => run.exchanges)].map((x) => x.id);
      }),
      over,
    );
    expect(seenIds).to.deep.equal([]);
  });

  it("a breach wins; a remark leaves the outcome as it is", () => {
    const breached = play(
      check((_seen, report) => {
        report.observed({ exchange: "x0001" });
        report.finding("wrong", { exchange: "x0001" }, { a: "v" });
      }),
      one,
    );
    expect(breached).to.include({ outcome: "breached", cause: "software" });
    const remarked = play(
      check((_seen, report) => {
        report.observed({ exchange: "x0001" });
        report.finding("odd", { exchange: "x0001" });
      }),
      one,
    );
    expect(remarked.outcome).to.equal("met");
    expect(remarked.findings).to.have.length(1);
  });

  it("a throw is our error, and is told", () => {
    const heard: unknown[] = [];
    const [result] = evaluate(
      one,
      [
        {
          check: check(() => {
            throw new Error("planted");
          }),
          planned: true,
        },
      ],
      (_id, error) => heard.push(error),
    );
    expect(result).to.include({ outcome: "error", cause: "suite", reason: "check_threw" });
    expect(heard).to.have.length(1);
  });

  it("what a vendor does while a service of ours fails is our error, not its breach", () => {
    const failed = {
      ...one,
      events: [
        {
          id: "e0001",
          at: "",
          kind: "suite.error" as const,
          scenario: "a#1",
          exchange: "x0001",
          data: { code: "Error" },
        },
      ],
    };
    const result = play(
      check((_s, report) => report.finding("wrong", { exchange: "x0001" }, { a: 1 })),
      failed,
    );
    expect(result).to.include({ outcome: "error", reason: "service_error", cause: "suite" });
  });

  it("an unknown message is our error too", () => {
    expect(
      play(
        check((_s, report) => report.finding("nobody", { exchange: "x0001" })),
        one,
      ).outcome,
    ).to.equal("error");
  });

  it("a precondition seen false is inapplicable, never met", () => {
    const result = play(
      check((_s, report) => report.inapplicable({ exchange: "x0001" }, "no_cda")),
      one,
    );
    expect(result).to.include({ outcome: "inapplicable", reason: "no_cda", cause: null });
  });

  describe("silence", () => {
    const at: Pointer = { exchange: "x0001" };
    const silent = (evidence: { trigger: Pointer | null; control: Pointer | null; window: Pointer | null } | null) =>
      play(
        check(
          (_s, report) => {
            report.observed(at);
            if (evidence) report.silence(evidence);
          },
          { expects: "silence" },
        ),
        one,
      );
    it("is met with all three proofs only", () => {
      expect(silent({ trigger: at, control: at, window: at }).outcome).to.equal("met");
    });
    for (const [missing, reason] of [
      ["trigger", "no_trigger"],
      ["control", "no_control"],
      ["window", "no_window"],
    ] as const) {
      it(`is unobserved without its ${missing}`, () => {
        const result = silent({ trigger: at, control: at, window: at, [missing]: null });
        expect(result).to.include({ outcome: "unobserved", reason });
      });
    }
    it("is unobserved when nothing was said of it, even with subjects", () => {
      expect(silent(null)).to.include({ outcome: "unobserved", reason: "no_trigger" });
    });
    it("does not let one whole run hide a run without control", () => {
      const result = play(
        check(
          (_s, report) => {
            report.silence({ trigger: at, control: at, window: at });
            report.silence({ trigger: at, control: null, window: at });
          },
          { expects: "silence" },
        ),
        one,
      );
      expect(result).to.include({ outcome: "unobserved", reason: "no_control" });
    });
  });

  it("takes the weakest link as strength", () => {
    const over = view([
      exchange("x0001", "a#1"),
      { ...exchange("x0002", "a#1", "vendor.operation"), service: "vendor" },
    ]);
    const result = play(
      check((_s, report) => {
        report.observed({ exchange: "x0001" });
        report.observed({ exchange: "x0002" });
      }),
      over,
    );
    expect(result.strength).to.equal("answered");
  });

  it("gives the same order whatever order things were found in", () => {
    const found = (ids: readonly string[]) =>
      JSON.stringify(
        play(
          check((_s, report) => {
            for (const id of ids) report.finding("wrong", { exchange: id }, { a: id });
          }),
          one,
        ),
      );
    expect(found(["x0002", "x0001"])).to.equal(found(["x0001", "x0002"]));
  });

  it("cuts long slots", () => {
    const result = play(
      check((_s, report) => report.finding("wrong", { exchange: "x0001" }, { a: "y".repeat(9999) })),
      one,
    );
    expect(String(result.findings[0]?.slots.a)).to.have.length(301);
  });

  it("says beforehand known reasons", () => {
    expect(
      play(
        check(() => undefined),
        one,
        "driver_cannot",
      ).reason,
    ).to.equal("driver_cannot");
  });

  it("is not met on a part of the scenarios it names, but still breached", () => {
    const looks = check(
      (_s, report) => {
        report.observed({ exchange: "x0001" });
      },
      { scenarios: ["a", "b"] },
    );
    expect(play(looks, one)).to.include({ outcome: "unobserved", reason: "scenario_not_played" });
    expect(play(looks, view([exchange("x0001", "a#1")], ["a", "b"])).outcome).to.equal("met");
    const breaks = check((_s, report) => report.finding("wrong", { exchange: "x0001" }, { a: 1 }), {
      scenarios: ["a", "b"],
    });
    expect(play(breaks, one).outcome).to.equal("breached");
  });
});

describe("validateRegistry", () => {
  const good = check(() => undefined);
  it("accepts a sound registry", () => {
    expect(() => validateRegistry([good], [])).not.to.throw();
  });
  for (const [name, broken, said] of [
    [
      "a breach on an inferred mark",
      { messages: { wrong: { ...MESSAGES.wrong, mark: "inferred" } } },
      "may not rest on",
    ],
    [
      "a breach by an unknown decision",
      { messages: { wrong: { ...MESSAGES.wrong, mark: "observed", decision: "001-x" } } },
      "decision 001-x is unknown",
    ],
    ["slots that differ", { messages: { wrong: { ...MESSAGES.wrong, en: "{b}" } } }, "same slots"],
    ["no witness", { messages: { wrong: { ...MESSAGES.wrong, witness: "" } } }, "incomplete"],
    ["an id of another form", { id: "Test" }, "not of the form"],
    ["nothing read", { reads: [] }, "reads nothing"],
  ] as const) {
    it(`refuses ${name}`, () => {
      const bad = { ...good, ...broken } as CheckDef;
      expect(() => validateRegistry([bad], [])).to.throw(SuiteError, said);
    });
  }
  it("accepts a breach that a named decision makes blocking", () => {
    const decided = check(() => undefined, {
      messages: { wrong: { ...MESSAGES.wrong, mark: "observed", decision: "001-x" } },
    });
    expect(() => validateRegistry([decided], ["001-x"])).not.to.throw();
  });
  it("refuses two checks of one id", () => {
    expect(() => validateRegistry([good, good], [])).to.throw(SuiteError, "two checks");
  });
});
