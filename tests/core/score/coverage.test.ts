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
  row("A.05", { verification: "demonstration", excluded: "nobody can tell" }),
  row("Z.01", { checks: ["ins/b"] }),
];
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

  it("is printed as its schema says", () => {
    const validate = openSchemas(`${packageRoot()}/specs/schemas`).validator("coverage");
    expect(validate(JSON.parse(JSON.stringify(found))), JSON.stringify(validate.errors)).to.equal(true);
  });
});
