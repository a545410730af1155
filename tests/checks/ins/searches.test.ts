import { expect } from "chai";
import enrichment from "../../../checks/ins/enrichment.js";
import retryLoop from "../../../checks/ins/retry-loop.js";
import searchEnd from "../../../checks/ins/search-end.js";
import variants from "../../../checks/ins/variants.js";
import type { EventRecord, Exchange, ScenarioRun } from "../../../core/model/index.js";
import { exchange, judge, run, said, searched } from "./fabricate.js";

const ALL = ["ANNE", "BEA", "CLEA"];
const call = (firstNames: readonly string[], answer: string, place?: string) => ({
  traits: { firstNames, ...(place ? { place } : {}) },
  answer,
});

describe("checks/ins: how a search goes on", () => {
  describe("enrichment", () => {
    const judged = (...calls: ReturnType<typeof call>[]): string => said(judge(enrichment, [searched(calls)]));

    it("is met by the prescribed order, whichever way first names are written", () => {
      expect(judged(call(["ANNE"], "02"), call(ALL, "02"), call(ALL, "02", "63999"))).to.equal("met");
      expect(judged(call(["ANNE"], "02"), call(["ANNE BEA CLEA"], "00"))).to.equal("met");
      expect(
        judged(call(["ANNE"], "02"), call(["ANNE", "BEA"], "02"), call(ALL, "02"), call(ALL, "00", "63999")),
      ).to.equal("met");
    });

    it("is met by the certified way: each first name alone, then all of them, the place in every search", () => {
      const certified = [
        call(["ANNE"], "02", "63999"),
        call(["BEA"], "01", "63999"),
        call(["CLEA"], "01", "63999"),
        call(ALL, "02", "63999"),
      ];
      expect(judged(...certified)).to.equal("met");
    });

    it("owes nothing after an identity found or a technical failure", () => {
      expect(judged(call(["ANNE"], "02"), call(["BEA"], "00"))).to.equal("met");
      expect(judged(call(["ANNE"], "02"), call(["BEA"], "insi_102"))).to.equal("met");
    });

    it("remarks on stopping, on leaving the place out, and on the wrong order", () => {
      expect(judged(call(["ANNE"], "02"))).to.equal("met: names-not-added");
      expect(judged(call(["ANNE"], "02"), call(["ANNE"], "02"))).to.equal("met: names-not-added");
      expect(judged(call(ALL, "02"))).to.equal("met: place-not-added");
      expect(judged(call(["ANNE"], "02"), call(["ANNE"], "02", "63999"), call(ALL, "00", "63999"))).to.equal(
        "met: place-before-names",
      );
    });

    it("sees nothing without an answer 02, in an unfinished step or without any call", () => {
      expect(judged(call(["ANNE"], "01"), call(["BEA"], "00"))).to.equal("unobserved");
      expect(said(judge(enrichment, [searched([])]))).to.equal("unobserved");
    });
  });

  it("variants: looks at a search that begins with 01 only", () => {
    const judged = (...calls: ReturnType<typeof call>[]): string => said(judge(variants, [searched(calls)]));
    expect(judged(call(["ANNE"], "01"))).to.equal("met: no-variant");
    expect(judged(call(["ANNE"], "01"), call(["BEA"], "01"))).to.equal("met");
    expect(judged(call(ALL, "01"))).to.equal("unobserved");
    expect(judged(call(["ANNE"], "00"))).to.equal("unobserved");
  });

  it("search end: looks at each search by itself", () => {
    expect(said(judge(searchEnd, [searched([call(["ANNE"], "01"), call(["BEA"], "00")])]))).to.equal("met");
    expect(said(judge(searchEnd, [searched([call(["ANNE"], "00"), call(["BEA"], "00")])]))).to.equal(
      "met: call-after-found",
    );
    const two = run({
      steps: [
        { operation: "ins.search", from: 0, to: 50 },
        { operation: "ins.search", from: 100, to: 150 },
      ],
      exchanges: [exchange({ ...call(["ANNE"], "00"), ms: 10 }), exchange({ ...call(["ANNE"], "00"), ms: 110 })],
    });
    expect(said(judge(searchEnd, [two]))).to.equal("met");
  });

  describe("retry loop", () => {
    const control = searched([call(["ANNE"], "00")], { id: "good" });
    const struck = (calls: readonly Exchange[]): { exchanges: Exchange[]; events: EventRecord[] } => ({
      exchanges: calls.map((x, i) => ({ ...x, faults: [`e9${i}`] })),
      events: calls.map((x, i) => ({
        id: `e9${i}`,
        at: x.startedAt,
        kind: "fault.injected",
        scenario: "bad#1",
        exchange: x.id,
        data: { fault: { service: "ins", at: "answer", kind: "desir_550" } },
      })),
    });
    const failed = (
      firstNames: readonly (readonly string[])[],
      more: { windows?: boolean; control?: boolean } = {},
    ): ScenarioRun =>
      run({
        id: "bad",
        ...struck(firstNames.map((names, i) => exchange({ ...call(names, "desir_550"), ms: 10 + i * 10 }))),
        control: "good",
        ...(more.windows === false ? {} : { windows: [[500, 900]] }),
        faults: [{ service: "ins", at: "answer", kind: "desir_550" }],
      });

    it("admits one or two further tries, and other searches", () => {
      expect(said(judge(retryLoop, [failed([["ANNE"]]), control]))).to.equal("met");
      expect(said(judge(retryLoop, [failed([["ANNE"], ["ANNE"], ["ANNE"]]), control]))).to.equal("met");
      expect(said(judge(retryLoop, [failed([["ANNE"], ["BEA"], ["CLEA"], ALL]), control]))).to.equal("met");
    });

    it("remarks on a third one", () => {
      expect(said(judge(retryLoop, [failed([["ANNE"], ["ANNE"], ["ANNE"], ["ANNE"]]), control]))).to.equal(
        "met: loop-after-refusal",
      );
    });

    it("proves nothing without the failure, the control or the window", () => {
      const outcome = (runs: readonly ScenarioRun[]) => judge(retryLoop, runs).reason;
      expect(outcome([failed([]), control])).to.equal("no_trigger");
      expect(outcome([failed([["ANNE"]]), searched([], { id: "good" })])).to.equal("no_control");
      expect(outcome([failed([["ANNE"]], { windows: false }), control])).to.equal("no_window");
    });
  });
});
