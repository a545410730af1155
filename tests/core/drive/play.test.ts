import { expect } from "chai";
import { inLanes } from "../../../bin/lanes.js";
import { factsOf, patientAsSeeded, resolveValue } from "../../../core/drive/play.js";
import { type PatientFacts, packageRoot, type Scenario, type ScenarioFacts } from "../../../core/model/index.js";
import { loadIdentities } from "../../../services/shared/identities.js";

const identities = loadIdentities(packageRoot(import.meta.url));
const TEXT = { fr: "", en: "" };
const scenario = (id: string, more: Partial<Scenario> = {}): Scenario => ({
  id,
  title: TEXT,
  instruction: TEXT,
  services: ["dmp"],
  produces: [],
  steps: [],
  ...more,
});
const facts = (more: Partial<Scenario>): ScenarioFacts =>
  factsOf(scenario("s", more), 1, { ...identities, driverCan: [] });

describe("what a scenario is played with", () => {
  it("hands the matricule to the vendor's file only when it was retrieved or qualified", () => {
    for (const [status, known] of [
      ["PROV", false],
      ["VALI", false],
      ["RECUP", true],
      ["QUAL", true],
    ] as const) {
      const played = facts({ patient: { key: "adrun-zoe", status } });
      expect(played.patient?.ins?.matricule).to.equal("275126322074974");
      expect(patientAsSeeded(played.patient as PatientFacts).ins !== null, status).to.equal(known);
    }
  });

  it("keeps to itself how the services answer for a person", () => {
    const played = facts({ patient: { key: "adrun-zoe", status: "QUAL" } });
    expect(Object.keys(played.patient ?? {})).to.not.include.members([
      "insiAnswer",
      "dmp",
      "history",
      "insiOid",
      "insi",
    ]);
  });

  it("fills names in, deep, and says which leads nowhere", () => {
    const played = facts({ professional: "ps-exemple", values: { title: "T", n: { m: 2 } } });
    const answers = [{ patientId: "P1", list: [{ id: 7 }] }];
    expect(
      resolveValue(
        { a: ["$step.0.patientId", "$values.n.m"], b: "$professional", c: "$step.0.list.0.id", d: "plain" },
        played,
        answers,
      ),
    ).to.deep.equal({ a: ["P1", 2], b: "ps-exemple", c: 7, d: "plain" });
    for (const wrong of ["$step.1.patientId", "$values.absent", "$oops", "$patient.ins"]) {
      expect(() => resolveValue(wrong, played, answers), wrong).to.throw(wrong);
    }
  });
});

describe("lanes", () => {
  async function order(list: readonly Scenario[], lanes: number): Promise<string[]> {
    const log: string[] = [];
    await inLanes(list, lanes, async ({ id }) => {
      log.push(`+${id}`);
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`-${id}`);
    });
    return log;
  }
  const a = scenario("a", { services: ["ins"] });
  const b = scenario("b", { services: ["dmp", "psc"] });
  const c = scenario("c", { services: ["psc"] });

  it("plays one at a time with one lane", async () => {
    expect(await order([a, b, c], 1)).to.deep.equal(["+a", "-a", "+b", "-b", "+c", "-c"]);
  });
  it("lets only disjoint services run together", async () => {
    expect((await order([a, b, c], 2)).slice(0, 2)).to.deep.equal(["+a", "+b"]);
    expect(await order([b, c], 2)).to.deep.equal(["+b", "-b", "+c", "-c"]);
  });
  it("runs an exclusive scenario alone", async () => {
    const x = scenario("x", { services: ["mss"], exclusive: true });
    const log = await order([a, b, x], 2);
    expect(log.indexOf("+x")).to.be.greaterThan(Math.max(log.indexOf("-a"), log.indexOf("-b")));
  });
  it("lets those under way end, then throws", async () => {
    const ended: string[] = [];
    let caught: unknown;
    await inLanes([a, b, c], 2, async ({ id }) => {
      if (id === "a") throw new Error("planted");
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(id);
    }).catch((error: unknown) => {
      caught = error;
    });
    expect(caught).to.have.property("message", "planted");
    expect(ended).to.deep.equal(["b"]);
  });
});
