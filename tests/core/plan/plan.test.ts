import { expect } from "chai";
import { packageRoot, SuiteError, VENDOR_OPERATIONS } from "../../../core/model/index.js";
import { buildPlan, describePlan, openSchemas, type Plan } from "../../../core/plan/index.js";
import { check, config, row, scenario, specsOf } from "./support.js";

const fault = { faults: [{ service: "ins", at: "answer", kind: "soap-fault" }] } as const;
const SCENARIOS = [
  scenario("a-search"),
  scenario("b-upload", {
    services: ["dmp"],
    produces: ["dmp.submit", "ins.search"],
    steps: [{ operation: "dmp.submit" }],
  }),
  scenario("c-fault", { ...fault, control: "a-search" }),
  scenario("d-certificate", { exclusive: true, produces: ["mss.session"], steps: [{ operation: "mss.send" }] }),
  scenario("a-fault", { ...fault, control: "d-certificate", steps: [{ operation: "mss.send" }] }),
];
const CHECKS = [
  check("ins/header", ["ins.search"]),
  check("dmp/hash", ["dmp.submit"]),
  check("ins/storm", ["ins.search"], ["c-fault"]),
  check("mss/tls", ["mss.session"]),
  check("cda/file", ["file.cda"]),
  check("psc/none", ["psc.ciba"]),
];
const ROWS = [
  row("INS.01", { checks: ["ins/header"] }),
  row("INS.02", { checks: ["ins/storm"], supports: ["ins/header"] }),
  row("DMP.01", { checks: ["dmp/hash"], wave: "1" }),
];

type Change = Partial<Parameters<typeof buildPlan>[0]>;

function plan(change: Change = {}): Plan {
  const base = { config: config(), specs: specsOf(ROWS, SCENARIOS), checks: CHECKS, driverCan: VENDOR_OPERATIONS };
  return buildPlan({ ...base, ...change });
}
const ids = (things: readonly { readonly id: string }[]) => things.map((thing) => thing.id);
const scenarios = (made: Plan) => made.scenarios.map((one) => one.scenario.id);

describe("the plan of a run", () => {
  it("goes from rows to checks and adds the checks that rest on a cited rule only", () => {
    const made = plan();
    expect(made.checks.map((one) => [one.id, one.reason, one.rows])).to.deep.equal([
      ["dmp/hash", "rule", []],
      ["ins/header", "row", ["INS.01", "INS.02"]],
      ["ins/storm", "row", ["INS.02"]],
      ["mss/tls", "rule", []],
    ]);
  });

  it("says of every other check why it is not planned", () => {
    expect(plan().unplanned).to.deep.equal([
      { id: "cda/file", reason: "files_only", missing: [] },
      { id: "psc/none", reason: "no_scenario", missing: ["psc.ciba"] },
    ]);
  });

  it("plays controls before their twin, plain scenarios first and exclusive ones last", () => {
    expect(scenarios(plan())).to.deep.equal(["a-search", "b-upload", "d-certificate", "a-fault", "c-fault"]);
    const exclusive = scenario("0-key", { exclusive: true });
    const specs = specsOf(ROWS, [...SCENARIOS.slice(0, 3), exclusive]);
    expect(scenarios(plan({ specs }))).to.deep.equal(["a-search", "b-upload", "c-fault", "0-key"]);
  });

  it("plays in full every scenario that no check names and some check can read, and no other", () => {
    const specs = specsOf(ROWS, [...SCENARIOS, scenario("e-ciba", { produces: ["psc.ciba"] })]);
    const checks = CHECKS.slice(0, 3);
    expect(scenarios(plan({ specs, checks }))).to.deep.equal([
      "a-search",
      "b-upload",
      "d-certificate",
      "a-fault",
      "c-fault",
    ]);
    const named = [check("ins/other", ["ins.search"], ["e-ciba", "b-upload"])];
    const rowsOnly = specsOf([row("INS.03", { checks: ["ins/other"] })], specs.scenarios);
    expect(scenarios(plan({ specs: rowsOnly, checks: named }))).to.deep.equal(["b-upload", "e-ciba"]);
  });

  it("takes the fewest scenarios for what `only` asks, the same whatever the order of the input", () => {
    const rows = [row("INS.01", { checks: ["ins/header"] }), row("DMP.01", { checks: ["dmp/hash"] })];
    const specs = specsOf(rows, SCENARIOS);
    const only = ["ins/header", "dmp/hash"];
    expect(scenarios(plan({ specs, only }))).to.deep.equal(["b-upload"]);
    const backwards = { ...specs, scenarios: [...SCENARIOS].reverse() };
    expect(plan({ specs: backwards, checks: [...CHECKS].reverse(), only })).to.deep.equal(plan({ specs, only }));
  });

  it("takes no faulted scenario for a check of good behaviour while another shows it", () => {
    const longer = scenario("z", { steps: [{ observe: 1 }, { operation: "ins.search" }] });
    const specs = specsOf(ROWS, [scenario("a-fault", { ...fault, control: "z" }), longer]);
    expect(scenarios(plan({ specs, only: ["ins/header"] }))).to.deep.equal(["z"]);
  });

  it("names what the driver cannot trigger, and takes the check out of the gate", () => {
    const made = plan({ driverCan: ["dmp.submit"] });
    expect(made.cannotTrigger).to.deep.equal([
      { id: "a-fault", missing: ["mss.send"] },
      { id: "a-search", missing: ["ins.search"] },
      { id: "c-fault", missing: ["ins.search"] },
      { id: "d-certificate", missing: ["mss.send"] },
    ]);
    expect(scenarios(made)).to.deep.equal(["b-upload"]);
    expect(made.unplanned.filter((one) => one.reason === "driver_cannot")).to.deep.equal([
      { id: "ins/storm", reason: "driver_cannot", missing: ["ins.search"] },
      { id: "mss/tls", reason: "driver_cannot", missing: ["mss.send"] },
    ]);
  });

  it("plans a check whose rows do not apply for the sake of the rule it cites, and says so", () => {
    const rows = [row("INS.01", { checks: ["ins/header"], profiles: ["Sub"] })];
    const specs = specsOf(rows, SCENARIOS);
    const without = plan({ specs, checks: CHECKS.slice(0, 1) });
    expect(without.checks.map((one) => [one.id, one.reason])).to.deep.equal([["ins/header", "rule"]]);
    expect(without.rows[0]).to.include({ applies: false, reason: "profile" });
    const claimed = plan({ specs, checks: CHECKS.slice(0, 1), config: config({ subProfiles: ["Sub"] }) });
    expect(claimed.checks.map((one) => [one.id, one.reason])).to.deep.equal([["ins/header", "row"]]);
  });

  it("follows prefixes of checks, rows and scenarios", () => {
    expect(ids(plan({ only: ["ins/"] }).checks)).to.deep.equal(["ins/header", "ins/storm"]);
    expect(ids(plan({ only: ["INS.02"] }).checks)).to.deep.equal(["ins/header", "ins/storm"]);
    expect(ids(plan({ only: ["SC.INS.01"] }).checks)).to.deep.equal(["ins/header"]);
    const one = plan({ only: ["b-upload"] });
    expect(ids(one.checks)).to.deep.equal(["dmp/hash", "ins/header"]);
    expect(scenarios(one)).to.deep.equal(["b-upload"]);
    expect(one.unplanned.find((check) => check.id === "mss/tls")?.reason).to.equal("not_selected");
    expect(() => plan({ only: ["ims/header"] })).to.throw(SuiteError, /selects no check/);
  });

  it("refuses an unknown perimeter", () => {
    expect(() => plan({ config: config({ perimeters: ["q"] }) })).to.throw(SuiteError, /no perimeter "q"/);
  });

  it("lists the proofs owed or waiting, of applicable rows only", () => {
    const proofs = { ids: ["a", "b", "c", "d"], kinds: ["documentation"] };
    const rows = [row("INS.01", { proofs }), row("INS.02", { proofs, profiles: ["Sub"] })];
    const review = (state: "accepted" | "refused") => ({ files: ["f"], review: { state, by: "x", on: "2026-01-01" } });
    const supplied = config({ proofs: { a: review("accepted"), b: { files: ["f"] }, c: review("refused") } });
    expect(plan({ specs: specsOf(rows, []), config: supplied }).proofsOwed).to.deep.equal([
      { row: "INS.01", proof: "b", state: "to_review", perimeters: ["p"] },
      { row: "INS.01", proof: "c", state: "owed", perimeters: ["p"] },
      { row: "INS.01", proof: "d", state: "owed", perimeters: ["p"] },
    ]);
  });

  it("is printed as its schema says", () => {
    const validate = openSchemas(`${packageRoot()}/specs/schemas`).validator("plan");
    expect(validate(JSON.parse(JSON.stringify(describePlan(plan())))), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate(JSON.parse(JSON.stringify(describePlan(plan({ driverCan: [] })))))).to.equal(true);
  });
});
