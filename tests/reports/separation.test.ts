import { expect } from "chai";
import { byCodeUnit, type PerimeterResult, type RowResult } from "../../core/model/index.js";
import { separation, TASKS } from "../../reports/separation.js";
import { dossierSample } from "./dossier-sample.js";
import { perimeterOf, row } from "./rows.js";

const mend = (id: string): RowResult => row(id, { verdict: "not_conform", reason: "dmp/x", checks: ["dmp/x"] });
const unseen = (id: string): RowResult => row(id, { verdict: "not_tested", reason: "psc/x", checks: ["psc/x"] });
const owes = (id: string): RowResult => row(id, { dossier: "owed" });

function missing({ deciding }: PerimeterResult): string[] {
  return [...new Set(Object.values(deciding).flat())].sort(byCodeUnit);
}

describe("reports/separation", () => {
  it("says wave 1 met; wave 2: these rows, by what has to be done", () => {
    const [one] = separation([
      perimeterOf("w1", { wave: "1", rows: [row("A")] }),
      perimeterOf("w2", {
        wave: "2",
        rows: [
          row("A"),
          mend("B"),
          row("C", { verdict: "undetermined", reason: "ins/x", checks: ["ins/x"] }),
          unseen("D"),
          owes("E"),
          row("F", { verdict: "to_review", reason: "F.01.01", dossier: "to_review" }),
          row("G", { dossier: "to_review" }),
        ],
      }),
    ]);
    expect(one?.waves.map(({ met, own, also }) => ({ met, own, also }))).to.deep.equal([
      { met: true, own: [], also: [] },
      { met: false, own: ["B", "C", "D", "E", "F", "G"], also: [] },
    ]);
    expect(one?.waves[1]?.needs.map(({ task, own }) => [task, own])).to.deep.equal([
      ["mend", ["B"]],
      ["again", ["C"]],
      ["test", ["D"]],
      ["supply", ["E"]],
      ["review", ["F", "G"]],
    ]);
  });

  it("tells a row that no check speaks for from one whose check observed nothing", () => {
    const [one] = separation([
      perimeterOf("w", {
        rows: [
          row("A", { verdict: "not_tested", reason: "no_check" }),
          row("B", { verdict: "not_tested", reason: "inapplicable", checks: ["psc/x"] }),
          row("C", { verdict: "not_tested", reason: "C.01.01", dossier: "owed" }),
          unseen("D"),
        ],
      }),
    ]);
    expect(one?.waves[0]?.needs.map(({ task, own }) => [task, own])).to.deep.equal([
      ["test", ["D"]],
      ["supply", ["A", "B", "C"]],
    ]);
  });

  it("puts a row under each thing it asks for, and counts it once", () => {
    const both = row("A", { verdict: "not_conform", reason: "dmp/x", checks: ["dmp/x"], dossier: "owed" });
    const [one] = separation([perimeterOf("w", { rows: [both] })]);
    expect(one?.waves[0]?.own).to.deep.equal(["A"]);
    expect(one?.waves[0]?.needs.map(({ task }) => task)).to.deep.equal(["mend", "supply"]);
  });

  it("has nothing reviewed before it is supplied", () => {
    const answered = row("A", { verdict: "to_review", reason: "answered", checks: ["ins/x"], dossier: "owed" });
    const [one] = separation([perimeterOf("w", { rows: [answered] })]);
    expect(one?.waves[0]?.needs).to.deep.equal([{ task: "supply", own: ["A"], also: [] }]);
  });

  it("shows apart what was missing for an earlier wave of the same couloir, whatever the order given", () => {
    const first = perimeterOf("w1", { wave: "1", rows: [owes("A"), owes("OLD")] });
    const second = perimeterOf("w2", { wave: "2", rows: [mend("A"), owes("B")] });
    const elsewhere = perimeterOf("h1", { wave: "1", couloir: "HOP/DPI", rows: [owes("B")] });
    for (const given of [
      [first, elsewhere, second],
      [second, first, elsewhere],
    ]) {
      const lgc = separation(given).find(({ couloir }) => couloir === "MDV/LGC");
      expect(lgc?.waves.map(({ perimeter }) => perimeter.id)).to.deep.equal(["w1", "w2"]);
      expect(lgc?.waves[1]).to.deep.include({ own: ["B"], also: ["A"] });
      expect(lgc?.waves[1]?.needs).to.deep.equal([
        { task: "mend", own: [], also: ["A"] },
        { task: "supply", own: ["B"], also: [] },
      ]);
    }
  });

  it("sets couloirs side by side, in the order of the result", () => {
    const given = [
      perimeterOf("h2", { wave: "2", couloir: "HOP/DPI", rows: [owes("A")] }),
      perimeterOf("l2", { wave: "2", rows: [owes("A")] }),
      perimeterOf("h1", { wave: "1", couloir: "HOP/DPI", rows: [row("A")] }),
    ];
    const gaps = separation(given);
    expect(gaps.map(({ couloir, waves }) => [couloir, waves.length])).to.deep.equal([
      ["HOP/DPI", 2],
      ["MDV/LGC", 1],
    ]);
    expect(gaps[0]?.waves[1]?.also).to.deep.equal([]);
  });

  it("names exactly the rows of the decision, no more and no fewer", () => {
    const { perimeters } = dossierSample().result;
    const waves = separation(perimeters).flatMap((gaps) => gaps.waves);
    expect(waves).to.have.length(2);
    for (const { perimeter, own, also, needs } of waves) {
      expect([...own, ...also].sort(byCodeUnit)).to.deep.equal(missing(perimeter));
      expect([...new Set(needs.flatMap((need) => [...need.own, ...need.also]))].sort(byCodeUnit)).to.deep.equal(
        missing(perimeter),
      );
      expect(needs.map(({ task }) => TASKS.indexOf(task))).to.deep.equal(
        needs.map(({ task }) => TASKS.indexOf(task)).sort((a, b) => a - b),
      );
    }
    expect(waves[1]?.also.length).to.be.greaterThan(0);
  });

  it("has nothing to say of no perimeter", () => {
    expect(separation([])).to.deep.equal([]);
  });
});
