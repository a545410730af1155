import { expect } from "chai";
import comparisonRefused from "../../../checks/ins/comparison-refused.js";
import failureKept from "../../../checks/ins/failure-kept.js";
import identityTakenOver from "../../../checks/ins/identity-taken-over.js";
import nothingFound from "../../../checks/ins/nothing-found.js";
import statusTransitions from "../../../checks/ins/status-transitions.js";
import type { InsStatus, ScenarioRun } from "../../../core/model/index.js";
import { exchange, type FakeStep, judge, PATIENT, run, said, searched } from "./fabricate.js";

const one = (answer: string) => [{ traits: { firstNames: ["ANNE"] }, answer }];

describe("checks/ins: what the software makes of an answer", () => {
  describe("status transitions", () => {
    const found = (before: InsStatus, told: string, accept = true): string =>
      said(
        judge(statusTransitions, [
          searched(one("00"), { status: before, accept, answer: { code: "00", insStatus: told } }),
        ]),
      );
    const confirmed = (before: InsStatus, told: string, document = "CN"): string => {
      const step: FakeStep = {
        operation: "ins.confirm",
        input: { document },
        answer: { insStatus: told },
        from: 0,
        to: 9,
      };
      const seen = [exchange({ ...one("01")[0], answer: "01", ms: 20 })];
      return said(judge(statusTransitions, [run({ status: before, steps: [step], exchanges: seen })]));
    };

    it("follow the table of the RNIV", () => {
      expect(found("PROV", "RECUP")).to.equal("met");
      expect(found("VALI", "QUAL")).to.equal("met");
      expect(confirmed("PROV", "VALI")).to.equal("met");
      expect(confirmed("RECUP", "QUAL")).to.equal("met");
    });

    it("fail on every other way", () => {
      expect(found("PROV", "PROV")).to.equal("breached: not-retrieved");
      expect(found("PROV", "QUAL")).to.equal("breached: qualified-too-soon");
      expect(found("VALI", "VALI")).to.equal("breached: not-qualified");
      expect(confirmed("PROV", "QUAL")).to.equal("breached: qualified-too-soon");
      expect(confirmed("RECUP", "VALI")).to.equal("breached: not-qualified");
    });

    it("say nothing of what they cannot know", () => {
      expect(found("RECUP", "RECUP"), "already retrieved").to.equal("unobserved");
      expect(found("PROV", "PROV", false), "refused").to.equal("unobserved");
      expect(found("PROV", "provisoire"), "a status nobody knows").to.equal("unobserved");
      expect(confirmed("PROV", "PROV", "LECV"), "a restricted document").to.equal("unobserved");
      expect(said(judge(statusTransitions, [searched([], { answer: { insStatus: "RECUP" } })])), "no call").to.equal(
        "unobserved",
      );
    });
  });

  it("nothing found: a result to tell, a status to keep", () => {
    const told = (answer: unknown, status: InsStatus = "PROV"): string =>
      said(judge(nothingFound, [searched(one("01"), { status, answer })]));
    expect(told({ code: "01", insStatus: "PROV" })).to.equal("met");
    expect(told({ code: "01", insStatus: "QUAL" }, "VALI")).to.equal("breached: raised");
    expect(told({ code: "01", insStatus: "PROV" }, "RECUP")).to.equal("met: changed");
    expect(told({ code: "02", insStatus: "PROV" })).to.equal("breached: not-a-result");
    expect(told({ insStatus: "PROV" })).to.equal("breached: not-a-result");
  });

  it("failure kept: faults, cuts and unknown codes alike", () => {
    const told = (answer: string, insStatus: string, code: string | null = null): string =>
      said(judge(failureKept, [searched(one(answer), { answer: { code, insStatus } })]));
    for (const answer of ["insi_102", "desir_560", "cut", "99"]) {
      expect(told(answer, "PROV"), answer).to.equal("met");
      expect(told(answer, "RECUP"), answer).to.equal("breached: raised");
    }
    expect(told("cut", "PROV", "01")).to.equal("met: failure-as-result");
    const mixed = searched([...one("00"), ...one("insi_102")], { answer: { code: "00", insStatus: "RECUP" } });
    expect(said(judge(failureKept, [mixed])), "found before the failure").to.equal("unobserved");
  });

  it("failure kept: an operation that breaks is a breach on a SOAP fault, and not judged otherwise", () => {
    const broken = (answer: string): ScenarioRun => {
      const good = searched(one(answer));
      return {
        ...good,
        steps: good.steps.map((step) => ({ ...step, status: "failed", answer: { error: "http_500" } })),
      };
    };
    expect(said(judge(failureKept, [broken("insi_102")]))).to.equal("breached: software-broken");
    expect(said(judge(failureKept, [broken("cut")]))).to.equal("unobserved");
  });

  describe("the file afterwards", () => {
    const FILE = { ...PATIENT, status: "RECUP" };
    const shown = (patient: object, accept = true, insStatus = "RECUP"): ScenarioRun =>
      run({
        steps: [
          { operation: "ins.search", input: { accept }, answer: { code: "00", insStatus }, from: 0, to: 50 },
          { operation: "patient.get", answer: { patient }, from: 60, to: 70 },
        ],
        exchanges: [exchange({ ...one("00")[0], answer: "00", ms: 10 })],
      });

    it("holds the active INS and the traits of the answer", () => {
      expect(said(judge(identityTakenOver, [shown(FILE)]))).to.equal("met");
      expect(said(judge(identityTakenOver, [shown({ ...FILE, ins: null })]))).to.equal(
        "breached: matricule-differs, oid-differs",
      );
      const other = { matricule: "280016399901300", oid: FILE.ins?.oid };
      expect(said(judge(identityTakenOver, [shown({ ...FILE, ins: other })]))).to.equal("breached: matricule-differs");
      expect(said(judge(identityTakenOver, [shown({ ...FILE, firstName: "Anne" })]))).to.equal(
        "breached: trait-differs",
      );
      expect(said(judge(identityTakenOver, [shown([])]))).to.contain("breached");
    });

    it("is not judged for a search that took nothing over", () => {
      expect(said(judge(identityTakenOver, [shown(FILE, false)]))).to.equal("unobserved");
      expect(said(judge(identityTakenOver, [shown(FILE, true, "PROV")]))).to.equal("unobserved");
    });

    it("stays as it was when the operator refuses", () => {
      const before = { ...PATIENT };
      expect(said(judge(comparisonRefused, [shown(before, false, "PROV")]))).to.equal("met");
      expect(said(judge(comparisonRefused, [shown(before, false, "RECUP")]))).to.equal("breached: taken-over");
      const changed = { ...before, birthDate: "1980-02-01" };
      expect(said(judge(comparisonRefused, [shown(changed, false, "PROV")]))).to.equal("met: trait-overwritten");
    });
  });
});
