import { expect } from "chai";
import { machineProvable, type Perimeter, packageRoot, type Requirement } from "../../core/model/index.js";
import { loadSpecs } from "../../core/plan/index.js";

describe("the perimeters MDV/LGC", () => {
  const specs = loadSpecs(packageRoot());
  const byId = new Map(specs.requirements.map((row) => [row.id, row]));

  function perimeter(id: string): Perimeter {
    const found = specs.perimeters.find((one) => one.id === id);
    if (!found) throw new Error(`no perimeter ${id}`);
    return found;
  }

  function rowsOf(ids: readonly string[]): Requirement[] {
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  const forLgc = (row: Requirement) => row.couloirs.includes("MDV/LGC");
  const live = (row: Requirement) => !row.obsoleteFor.includes("MDV/LGC");

  it("wave 1 is every wave 1 row of the couloir, 119, also those that wave 2 makes obsolete", () => {
    const [group, ...others] = perimeter("mdv-lgc-wave-1").groups;
    const expected = specs.requirements.filter((row) => row.wave === "1" && forLgc(row));
    expect(others).to.deep.equal([]);
    expect(group?.rows).to.have.members(expected.map((row) => row.id));
    expect(group?.rows).to.have.lengthOf(119);
    expect(expected.filter((row) => !live(row))).to.have.lengthOf(10);
  });

  it("wave 2 is 145 new rows and 109 carried, 254 in all", () => {
    const { groups } = perimeter("mdv-lgc-wave-2");
    const wanted = (wave: string) => specs.requirements.filter((row) => row.wave === wave && forLgc(row) && live(row));
    expect(groups.map((group) => [group.id, group.rows.length])).to.deep.equal([
      ["new", 145],
      ["carried", 109],
    ]);
    expect(groups[0]?.rows).to.have.members(wanted("2").map((row) => row.id));
    expect(groups[1]?.rows).to.have.members(wanted("1").map((row) => row.id));
  });

  it("176 of the 254 rows of wave 2 are machine-provable", () => {
    const rows = rowsOf(perimeter("mdv-lgc-wave-2").groups.flatMap((group) => group.rows));
    expect(rows.filter(machineProvable)).to.have.lengthOf(176);
  });

  it("both name their basis, their known gap and the day they were frozen", () => {
    for (const one of specs.perimeters) {
      expect(one.basis).to.equal("working-draft-2023-02");
      expect(one.frozen).to.equal("2026-11-21");
    }
    expect(perimeter("mdv-lgc-wave-2").knownGap.en).to.include("198");
  });

  it("list exactly the sub-profiles of their rows that not everybody has", () => {
    for (const one of specs.perimeters) {
      const rows = rowsOf(one.groups.flatMap((group) => group.rows)).filter((row) => !row.profiles.includes("Général"));
      const profiles = new Set(rows.flatMap((row) => row.profiles.filter((name) => name !== "unknown")));
      expect(one.subProfiles).to.have.members([...profiles]);
    }
  });
});
