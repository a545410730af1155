import { expect } from "chai";
import {
  type Couloir,
  machineProvable,
  type Perimeter,
  packageRoot,
  type Requirement,
} from "../../core/model/index.js";
import { loadSpecs } from "../../core/plan/index.js";

/**
 * Counts of the register by couloir, "rows not marked obsolete in the draft": `new` = wave 2, `carried` = wave 1, with how many
 * of them a machine could establish (observed + artifact + answered); `wave1` = carried and those obsolete in the draft.
 */
interface Counts {
  readonly wave1: number;
  readonly new: { readonly rows: number; readonly provable: number };
  readonly carried: { readonly rows: number; readonly provable: number };
}

const REGISTER: Readonly<Partial<Record<Couloir, Counts>>> = {
  "MDV/LGC": {
    wave1: 119,
    new: { rows: 145, provable: 52 + 12 + 21 },
    carried: { rows: 109, provable: 30 + 23 + 38 },
  },
  "HOP/DPI": { wave1: 48, new: { rows: 117, provable: 25 + 10 + 21 }, carried: { rows: 44, provable: 6 + 19 + 9 } },
  "HOP/PFI": { wave1: 24, new: { rows: 81, provable: 21 + 6 + 11 }, carried: { rows: 23, provable: 17 + 3 + 2 } },
  "BIO/SGL": {
    wave1: 130,
    new: { rows: 122, provable: 41 + 8 + 17 },
    carried: { rows: 125, provable: 38 + 38 + 39 },
  },
  "RAD/RIS": {
    wave1: 110,
    new: { rows: 168, provable: 52 + 14 + 33 },
    carried: { rows: 106, provable: 38 + 25 + 34 },
  },
};
const COULOIRS = Object.entries(REGISTER) as [Couloir, Counts][];

describe("the perimeters", () => {
  const specs = loadSpecs(packageRoot());
  const byId = new Map(specs.requirements.map((row) => [row.id, row]));

  function perimeter(couloir: Couloir, wave: "1" | "2"): Perimeter {
    const id = `${couloir.toLowerCase().replace("/", "-")}-wave-${wave}`;
    const found = specs.perimeters.find((one) => one.id === id);
    if (!found) throw new Error(`no perimeter ${id}`);
    expect([found.couloir, found.wave]).to.deep.equal([couloir, wave]);
    return found;
  }

  const rowsOf = (ids: readonly string[]): Requirement[] => ids.flatMap((id) => byId.get(id) ?? []);
  const provable = (ids: readonly string[]): number => rowsOf(ids).filter(machineProvable).length;
  const asked = (couloir: Couloir, wave: "1" | "2") =>
    specs.requirements.filter((row) => row.wave === wave && row.couloirs.includes(couloir));
  const live = (couloir: Couloir, wave: "1" | "2") =>
    asked(couloir, wave).filter((row) => !row.obsoleteFor.includes(couloir));
  const idsOf = (rows: readonly Requirement[]): string[] => rows.map((row) => row.id);

  it("are the two waves of the five couloirs", () => {
    expect(specs.perimeters.map((one) => one.id)).to.have.members(
      COULOIRS.flatMap(([couloir]) => [perimeter(couloir, "1").id, perimeter(couloir, "2").id]),
    );
  });

  for (const [couloir, counts] of COULOIRS) {
    it(`${couloir} wave 1 is every wave 1 row of the couloir, ${counts.wave1}, also those that wave 2 makes obsolete`, () => {
      const { groups } = perimeter(couloir, "1");
      expect(groups.map((group) => [group.id, group.rows.length])).to.deep.equal([["wave-1", counts.wave1]]);
      expect(groups[0]?.rows).to.have.members(idsOf(asked(couloir, "1")));
    });

    it(`${couloir} wave 2 is ${counts.new.rows} new rows and ${counts.carried.rows} carried`, () => {
      const { groups } = perimeter(couloir, "2");
      expect(
        groups.map(({ id, rows }) => ({ id, rows: rows.length, provable: provable(rows) })),
        "counts of the register",
      ).to.deep.equal([
        { id: "new", ...counts.new },
        { id: "carried", ...counts.carried },
      ]);
      expect(groups[0]?.rows).to.have.members(idsOf(live(couloir, "2")));
      expect(groups[1]?.rows).to.have.members(idsOf(live(couloir, "1")));
    });
  }

  it("name their basis, their known gap and the day they were frozen", () => {
    for (const one of specs.perimeters) {
      expect(one.basis, one.id).to.equal("working-draft-2023-02");
      expect(one.frozen, one.id).to.equal(one.couloir === "MDV/LGC" ? "2026-11-21" : "2026-11-22");
    }
    expect(perimeter("MDV/LGC", "2").knownGap.en).to.include("198");
    expect(perimeter("RAD/RIS", "2").knownGap.en).to.include("not compared with the published");
  });

  it("list exactly the sub-profiles of their rows that not everybody has", () => {
    for (const one of specs.perimeters) {
      const rows = rowsOf(one.groups.flatMap((group) => group.rows)).filter((row) => !row.profiles.includes("Général"));
      const profiles = new Set(rows.flatMap((row) => row.profiles.filter((name) => name !== "unknown")));
      expect(one.subProfiles, one.id).to.have.members([...profiles]);
    }
  });
});
