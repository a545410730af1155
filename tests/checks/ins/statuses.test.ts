import { expect } from "chai";
import comparisonRefused from "../../../checks/ins/comparison-refused.js";
import dateUnknown from "../../../checks/ins/date-unknown.js";
import failureKept from "../../../checks/ins/failure-kept.js";
import identityTakenOver from "../../../checks/ins/identity-taken-over.js";
import nothingFound from "../../../checks/ins/nothing-found.js";
import statusQualified from "../../../checks/ins/status-qualified.js";
import statusRetrieved from "../../../checks/ins/status-retrieved.js";
import statusValidated from "../../../checks/ins/status-validated.js";
import traitEmpty from "../../../checks/ins/trait-empty.js";
import traitsTakenOver from "../../../checks/ins/traits-taken-over.js";
import type { InsStatus, PatientFacts, ScenarioRun } from "../../../core/model/index.js";
import { exchange, type FakeRun, type FakeStep, judge, PATIENT, run, said, searched } from "./fabricate.js";

const one = (answer: string) => [{ traits: { firstNames: ["ANNE"] }, answer }];

describe("checks/ins: what the software makes of an answer", () => {
  describe("status transitions", () => {
    const found = (before: InsStatus, told: string, more: Partial<FakeStep> = {}): ScenarioRun =>
      run({
        status: before,
        steps: [
          {
            operation: "ins.search",
            input: { accept: true },
            answer: { code: "00", insStatus: told },
            from: 0,
            to: 9,
            ...more,
          },
        ],
        exchanges: [exchange({ answer: "00", ms: 5 })],
      });
    const confirmed = (before: InsStatus, told: string, document = "CN"): ScenarioRun => {
      const step: FakeStep = {
        operation: "ins.confirm",
        input: { document },
        answer: { insStatus: told },
        from: 0,
        to: 9,
      };
      return run({ status: before, steps: [step], exchanges: [exchange({ answer: "01", ms: 20 })] });
    };

    it("one event on a provisional file: retrieved, or validated", () => {
      const retrieved = (...runs: ScenarioRun[]): string => said(judge(statusRetrieved, runs));
      expect(retrieved(found("PROV", "RECUP"))).to.equal("met");
      for (const told of ["PROV", "VALI", "QUAL"] as const)
        expect(retrieved(found("PROV", told)), told).to.equal("breached: not-retrieved");
      const validated = (...runs: ScenarioRun[]): string => said(judge(statusValidated, runs));
      expect(validated(confirmed("PROV", "VALI"))).to.equal("met");
      for (const told of ["PROV", "RECUP", "QUAL"] as const)
        expect(validated(confirmed("PROV", told)), told).to.equal("breached: not-validated");
      expect(retrieved(confirmed("PROV", "VALI")), "another event").to.equal("unobserved");
      expect(validated(found("PROV", "RECUP")), "another event").to.equal("unobserved");
    });

    it("both events, in any order: qualified", () => {
      const qualified = (...runs: ScenarioRun[]): string => said(judge(statusQualified, runs));
      expect(qualified(found("VALI", "QUAL"))).to.equal("met");
      expect(qualified(confirmed("RECUP", "QUAL"))).to.equal("met");
      expect(qualified(found("VALI", "VALI"))).to.equal("breached: not-qualified");
      expect(qualified(confirmed("RECUP", "VALI"))).to.equal("breached: not-qualified");
      expect(qualified(found("PROV", "QUAL"))).to.equal("breached: qualified-too-soon");
      expect(qualified(confirmed("PROV", "QUAL"))).to.equal("breached: qualified-too-soon");
      expect(qualified(found("PROV", "RECUP")), "never qualifies any").to.equal("unobserved");
    });

    it("say nothing of what they cannot know", () => {
      const said3 = (one: ScenarioRun): string =>
        [statusRetrieved, statusValidated, statusQualified].map((check) => said(judge(check, [one]))).join();
      const none = "unobserved,unobserved,unobserved";
      expect(said3(found("RECUP", "RECUP")), "already retrieved").to.equal(none);
      expect(said3(found("PROV", "PROV", { input: { accept: false } })), "refused").to.equal(none);
      expect(said3(found("PROV", "provisoire")), "a status nobody knows").to.equal(none);
      expect(said3(found("PROV", "PROV", { from: 50, to: 60 })), "no call").to.equal(none);
      expect(said3(confirmed("PROV", "PROV", "LECV")), "a restricted document").to.equal(none);
      const both = { ...confirmed("PROV", "QUAL"), exchanges: [exchange({ answer: "00", ms: 5 })] };
      expect(said3(both), "INSi called while the document is checked").to.equal(none);
      expect(said3({ ...confirmed("PROV", "VALI"), exchanges: [] }), "INSi never called").to.equal(none);
    });
  });

  describe("an answer that may not be taken over", () => {
    const FILE = { ...PATIENT, ins: null };
    const found = (
      traits: Partial<PatientFacts>,
      before: object,
      after: object,
      more: Partial<FakeRun> = {},
    ): ScenarioRun =>
      run({
        control: "good",
        steps: [
          { operation: "patient.get", answer: { patient: before }, from: 0, to: 1 },
          { operation: "ins.search", input: { accept: true }, answer: { insStatus: "PROV" }, from: 2, to: 30 },
          { operation: "patient.get", answer: { patient: after }, from: 40, to: 50 },
        ],
        exchanges: [exchange({ answer: "00", ms: 10, answered: traits })],
        ...more,
      });
    const good = searched(one("00"), { id: "good", answer: { code: "00", insStatus: "RECUP" } });
    const day = { birthDate: "1980-01-00" };
    const month = { birthDate: "1980-00-00" };

    it("leaves the file as it was when the birth day or month is 00", () => {
      const kept = [found(day, FILE, FILE, { id: "d" }), found(month, FILE, FILE, { id: "m" })];
      expect(said(judge(dateUnknown, [good, ...kept]))).to.equal("met");
      const changed = found(day, FILE, { ...FILE, ...day }, { id: "d" });
      expect(said(judge(dateUnknown, [good, changed]))).to.equal("met: taken-over");
      const retrieved = found(month, FILE, { ...FILE, status: "RECUP" }, { id: "m" });
      expect(said(judge(dateUnknown, [good, kept[0] as ScenarioRun, retrieved]))).to.equal("met: taken-over");
    });

    it("and when a name, the first names or the sex is empty", () => {
      const all = (["birthName", "birthFirstNames", "sex"] as const).map((trait) =>
        found({ [trait]: "" }, FILE, FILE, { id: trait }),
      );
      expect(said(judge(traitEmpty, [good, ...all]))).to.equal("met");
      expect(said(judge(traitEmpty, [good, ...all.slice(1)])), "two of three").to.equal("unobserved");
      const ins = found({ sex: "" } as object, FILE, { ...FILE, ins: PATIENT.ins }, { id: "sex" });
      expect(said(judge(traitEmpty, [good, ins]))).to.equal("breached: taken-over");
    });

    it("shows nothing in software that takes nothing over, or whose file nobody read before", () => {
      const kept = [found(day, FILE, FILE, { id: "d" }), found(month, FILE, FILE, { id: "m" })];
      expect(said(judge(dateUnknown, kept)), "no control").to.equal("unobserved");
      const idle = searched(one("00"), { id: "good", answer: { code: "00", insStatus: "PROV" } });
      expect(said(judge(dateUnknown, [idle, ...kept])), "idle").to.equal("unobserved");
      expect(said(judge(dateUnknown, [good, found({}, FILE, FILE)])), "a good answer").to.equal("unobserved");
      expect(said(judge(statusRetrieved, kept)), "no status expected of it").to.equal("unobserved");
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
    const several = searched([...one("02"), ...one("01")], { answer: { code: "02", insStatus: "PROV" } });
    expect(said(judge(nothingFound, [several])), "summed up by the first of two results").to.equal("met");
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

  it("failure kept: an operation that breaks is told on a SOAP fault, as a remark, and not judged otherwise", () => {
    const broken = (answer: string): ScenarioRun => {
      const good = searched(one(answer));
      return {
        ...good,
        steps: good.steps.map((step) => ({ ...step, status: "failed", answer: { error: "http_500" } })),
      };
    };
    expect(said(judge(failureKept, [broken("insi_102")]))).to.equal("unobserved: software-broken");
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

    it("holds the strict traits of an answer that says something new", () => {
      const taken = (file: object, ...extra: ScenarioRun[]): string =>
        said(judge(traitsTakenOver, [shown(file), ...extra]));
      expect(taken(FILE), "nothing new").to.equal("unobserved");
      expect(taken({ ...FILE, firstName: "Anne" })).to.equal("breached: trait-differs");
      const answered = { birthFirstNames: "ANNE BEA" };
      const more = { ...shown({ ...FILE, ...answered }), exchanges: [exchange({ answer: "00", ms: 10, answered })] };
      expect(said(judge(traitsTakenOver, [more]))).to.equal("met");
      expect(said(judge(traitsTakenOver, [{ ...more, steps: shown(FILE).steps }]))).to.equal("breached: trait-differs");
    });

    it("holds the active INS of the answer", () => {
      expect(said(judge(identityTakenOver, [shown(FILE)]))).to.equal("met");
      expect(said(judge(identityTakenOver, [shown({ ...FILE, ins: null })]))).to.equal(
        "breached: matricule-differs, oid-differs",
      );
      const other = { matricule: "280016399901300", oid: FILE.ins?.oid };
      expect(said(judge(identityTakenOver, [shown({ ...FILE, ins: other })]))).to.equal("breached: matricule-differs");
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
