import { expect } from "chai";
import { type CheckDef, packageRoot } from "../../../core/model/index.js";
import { openSchemas } from "../../../core/plan/index.js";
import { coverage } from "../../../core/score/index.js";
import { perimeterOf, row } from "./support.js";

function check(id: string, messages: Readonly<Record<string, readonly ["breach" | "remark", string]>>): CheckDef {
  const full = Object.entries(messages).map(([name, [weight, witness]]) => {
    return [name, { weight, witness, source: "s", mark: "standard", fr: "f", en: "e" }] as const;
  });
  const title = { fr: "f", en: "e" };
  return { id, title, reads: ["ins.search"], messages: Object.fromEntries(full), evaluate: () => undefined };
}

const rows = [
  row("A.01", { checks: ["ins/a"], proofs: { ids: ["A.01.01.01"], kinds: ["documentation"] } }),
  row("A.03", { verification: "artifact", supports: ["ins/a"], level: "unknown" }),
  row("A.02", { verification: "answered", proofs: { ids: [], kinds: ["video-or-screenshot"] } }),
  row("A.04", { verification: "declared", proofs: { ids: ["x"], kinds: [] } }),
  row("A.05", { verification: "demonstration", excluded: { fr: "f", en: "e" } }),
  row("Z.01", { checks: ["ins/b"] }),
];
const ELSEWHERE = { fr: "autre", en: "other" };
const VARIED = row("V.01", {
  checks: ["ins/b"],
  variants: { "HOP/PFI": ELSEWHERE },
  proofs: { ids: ["V.01.01.01"], kinds: [] },
});
const checks = [
  check("ins/b", {
    "z-none": ["breach", "none"],
    "a-none": ["breach", "none"],
    seen: ["breach", "RFC 5322"],
    soft: ["remark", "none"],
  }),
  check("ins/a", {}),
];

describe("coverage", () => {
  const found = coverage({
    perimeters: [perimeterOf(rows.slice(0, 5))],
    requirements: rows,
    unidentified: [{ ...row("x"), id: null }],
    checks,
    mutants: { total: 3, killed: 2 },
  });

  it("counts what a machine could establish, what has a check, and lists what still owes one", () => {
    expect(found.perimeters).to.deep.equal([
      {
        id: "p",
        basis: "working-draft",
        rows: 5,
        provable: 3,
        checked: 1,
        supported: 1,
        proofs: 3,
        proofsOnly: 2,
        excluded: 1,
        owed: [
          { id: "A.02", verification: "answered", level: "mandatory" },
          { id: "A.03", verification: "artifact", level: "unknown" },
        ],
      },
    ]);
  });

  it("says which rows each check serves, and which it only supports", () => {
    expect(found.checks).to.deep.equal([
      { id: "ins/a", rows: ["A.01"], supports: ["A.03"] },
      { id: "ins/b", rows: ["Z.01"], supports: [] },
    ]);
  });

  it("lists the breach messages nobody outside vouches for", () => {
    expect(found.withoutWitness).to.deep.equal([
      { check: "ins/b", message: "a-none" },
      { check: "ins/b", message: "z-none" },
    ]);
  });

  it("lists the rows without a known id, and hands on the mutants", () => {
    expect(found.unidentified).to.deep.equal([{ domain: "INS", title: { fr: "f", en: "e" } }]);
    expect(found.mutants).to.deep.equal({ total: 3, killed: 2 });
  });

  const listed = (couloir: "MDV/LGC" | "HOP/PFI") =>
    coverage({
      perimeters: [{ ...perimeterOf([...rows, VARIED]), couloir }],
      requirements: [...rows, VARIED],
      unidentified: [],
      checks,
      mutants: null,
      list: true,
    }).perimeters[0];

  it("lists every row with what serves it, where it is asked for", () => {
    expect(found.perimeters[0]).not.to.have.property("list");
    const list = listed("MDV/LGC")?.list ?? [];
    expect(list.map((one) => one.id)).to.deep.equal(["A.01", "A.02", "A.03", "A.04", "A.05", "V.01", "Z.01"]);
    expect(list[0]).to.deep.equal({
      id: "A.01",
      group: "g",
      title: { fr: "f", en: "e" },
      variant: false,
      level: "mandatory",
      verification: "observed",
      checks: ["ins/a"],
      supports: [],
      proofs: { kinds: ["documentation"], ids: 1 },
      excluded: null,
    });
    expect(list[4]).to.deep.include({ excluded: { fr: "f", en: "e" }, checks: [] });
  });

  it("counts no check for a row that states something else in the couloir", () => {
    const [here, there] = [listed("MDV/LGC"), listed("HOP/PFI")];
    expect([here?.checked, here?.proofsOnly, here?.supported]).to.deep.equal([3, 2, 1]);
    expect([there?.checked, there?.proofsOnly, there?.supported]).to.deep.equal([2, 3, 2]);
    expect(there?.owed.map((one) => one.id)).to.include("V.01");
    const stated = there?.list?.find((one) => one.id === "V.01");
    expect(stated).to.deep.include({ variant: true, title: ELSEWHERE, checks: [], supports: ["ins/b"] });
  });

  it("is printed as its schema says", () => {
    const validate = openSchemas(`${packageRoot()}/specs/schemas`).validator("coverage");
    for (const table of [found, { ...found, perimeters: [listed("HOP/PFI")] }]) {
      expect(validate(JSON.parse(JSON.stringify(table))), JSON.stringify(validate.errors)).to.equal(true);
    }
  });
});
