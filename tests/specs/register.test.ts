import { expect } from "chai";
import { type Couloir, packageRoot, type Requirement, type UnidentifiedRequirement } from "../../core/model/index.js";
import { loadSpecs } from "../../core/plan/index.js";

/** Columns of the published tables: rows, observed, artifact, answered, declared, demonstration. */
type Counts = readonly [number, number, number, number, number, number];
const KINDS = ["observed", "artifact", "answered", "declared", "demonstration"] as const;

const BY_WAVE: Readonly<Record<string, Counts>> = {
  "1": [219, 67, 63, 55, 4, 30],
  "2": [208, 64, 24, 36, 30, 54],
  other: [4, 2, 1, 0, 0, 1],
};

const BY_DOMAIN: Readonly<Record<string, Counts>> = {
  MSS: [81, 54, 7, 12, 0, 8],
  INS: [66, 10, 16, 35, 0, 5],
  DMP: [65, 38, 5, 7, 3, 12],
  SSI: [54, 2, 2, 6, 23, 21],
  DOC: [38, 2, 28, 3, 0, 5],
  DRIMbox: [23, 10, 3, 7, 0, 3],
  CDA: [16, 1, 6, 6, 0, 3],
  HOP: [10, 0, 0, 2, 1, 7],
  LOI: [10, 0, 5, 4, 0, 1],
  ERGO: [9, 0, 0, 1, 0, 8],
  CSE: [9, 1, 4, 0, 0, 4],
  BIO: [8, 0, 1, 5, 0, 2],
  PSC: [7, 6, 0, 1, 0, 0],
  CRI: [7, 2, 2, 0, 0, 3],
  ANN: [6, 3, 0, 2, 0, 1],
  ePrescription: [5, 1, 1, 0, 3, 0],
  TBB: [4, 0, 4, 0, 0, 0],
  ApCV: [2, 0, 0, 0, 2, 0],
  INTRA: [2, 1, 1, 0, 0, 0],
  VACC: [2, 0, 1, 0, 0, 1],
  PORT: [1, 0, 1, 0, 0, 0],
  MED: [1, 0, 0, 0, 1, 0],
  MDV: [1, 0, 0, 0, 0, 1],
  AAT: [1, 0, 0, 0, 1, 0],
  AC: [1, 1, 0, 0, 0, 0],
  AUTH: [1, 1, 0, 0, 0, 0],
  RES: [1, 0, 1, 0, 0, 0],
};

/** By couloir and wave, rows not marked obsolete in the draft. */
const BY_COULOIR: readonly (readonly [Couloir, "1" | "2", Counts])[] = [
  ["MDV/LGC", "1", [109, 30, 23, 38, 1, 17]],
  ["MDV/LGC", "2", [145, 52, 12, 21, 26, 34]],
  ["HOP/DPI", "1", [44, 6, 19, 9, 1, 9]],
  ["HOP/DPI", "2", [117, 25, 10, 21, 23, 38]],
  ["HOP/PFI", "1", [23, 17, 3, 2, 1, 0]],
  ["HOP/PFI", "2", [81, 21, 6, 11, 21, 22]],
  ["BIO/SGL", "1", [125, 38, 38, 39, 1, 9]],
  ["BIO/SGL", "2", [122, 41, 8, 17, 26, 30]],
  ["RAD/RIS", "1", [106, 38, 25, 34, 0, 9]],
  ["RAD/RIS", "2", [168, 52, 14, 33, 26, 43]],
];

/** A row can count in several services. */
const BY_SERVICE: Readonly<Record<string, Counts>> = {
  dmp: [95, 54, 13, 9, 3, 16],
  mssante: [108, 59, 17, 20, 0, 12],
  insi: [91, 21, 22, 41, 0, 7],
  psc: [17, 13, 1, 1, 1, 1],
  annuaire: [11, 7, 0, 3, 0, 1],
  cda: [114, 26, 53, 23, 0, 12],
  hl7v2: [28, 2, 17, 9, 0, 0],
  apcv: [4, 0, 0, 1, 2, 1],
  eprescription: [7, 1, 2, 1, 3, 0],
  ssi: [78, 15, 5, 7, 24, 27],
  mes: [12, 9, 0, 2, 0, 1],
  other: [53, 6, 7, 12, 3, 25],
};

type Row = Requirement | UnidentifiedRequirement;

function counts(rows: readonly Row[]): Counts {
  const [observed = 0, artifact = 0, answered = 0, declared = 0, demonstration = 0] = KINDS.map(
    (kind) => rows.filter((row) => row.verification === kind).length,
  );
  return [rows.length, observed, artifact, answered, declared, demonstration];
}

describe("the register of requirement rows", () => {
  const specs = loadSpecs(packageRoot());
  const rows: readonly Row[] = [...specs.requirements, ...specs.unidentified];

  it("holds 431 rows, one of which has no known id and stands in no perimeter", () => {
    expect(rows).to.have.lengthOf(431);
    expect(specs.unidentified.map((row) => [row.id, row.domain, row.confidence])).to.deep.equal([
      [null, "SSI", "inferred"],
    ]);
  });

  for (const [wave, expected] of Object.entries(BY_WAVE)) {
    it(`counts wave ${wave} as published`, () => {
      expect(counts(rows.filter((row) => (row.wave ?? "other") === wave))).to.deep.equal(expected);
    });
  }

  it("counts every domain as published", () => {
    const domains = [...new Set(rows.map((row) => row.domain))];
    const found = Object.fromEntries(domains.map((name) => [name, counts(rows.filter((row) => row.domain === name))]));
    expect(found).to.deep.equal(BY_DOMAIN);
  });

  for (const [couloir, wave, expected] of BY_COULOIR) {
    it(`counts ${couloir} wave ${wave} as published`, () => {
      const live = rows.filter(
        (row) => row.wave === wave && row.couloirs.includes(couloir) && !row.obsoleteFor.includes(couloir),
      );
      expect(counts(live)).to.deep.equal(expected);
    });
  }

  it("counts every service as published", () => {
    const services = [...new Set(rows.flatMap((row) => row.services))];
    const found = Object.fromEntries(
      services.map((name) => [name, counts(rows.filter((row) => row.services.includes(name)))]),
    );
    expect(found).to.deep.equal(BY_SERVICE);
  });

  it("says what a machine would compare exactly for the rows a machine can establish", () => {
    for (const row of rows) {
      expect(row.how !== undefined, row.id ?? "no id").to.equal(counts([row]).slice(1, 4).includes(1));
    }
  });

  it("says everything in French and in English, never the same", () => {
    for (const row of rows) {
      const texts = [row.title, row.how, row.proofs.summary, row.excluded, ...Object.values(row.variants ?? {})];
      for (const text of texts.filter((one) => one !== undefined)) expect(text.fr, row.id ?? "").not.to.equal(text.en);
    }
  });

  it("keeps the other statement of the rows that differ by couloir", () => {
    const variants = rows.flatMap((row) => Object.keys(row.variants ?? {}).map((couloir) => `${row.id} ${couloir}`));
    expect(variants.sort()).to.deep.equal([
      "CDA/HL7.01 HOP/PFI",
      "CDA/HL7.02 HOP/PFI",
      "CDA/HL7.04 HOP/PFI",
      "DMP/HISTO.08 HOP/DPI",
      "DMP/va1.21 MDV/LGC",
      "INS/va1.57 RAD/RIS",
      "MSS/va1.30 RAD/RIS",
      "MSS/va1.31 RAD/RIS",
    ]);
  });

  it("puts every condition to use", () => {
    const used = new Set(specs.requirements.map((row) => row.condition));
    expect(specs.conditions.filter((condition) => !used.has(condition.id)).map((one) => one.id)).to.deep.equal([]);
  });

  it("says of every row that neither a check nor a listed proof serves what lacks, and of no other", () => {
    const unserved = specs.requirements.filter(
      ({ checks, proofs }) => checks.length + proofs.ids.length + proofs.kinds.length === 0,
    );
    const excluded = specs.requirements.filter((row) => row.excluded !== undefined);
    expect(excluded.map((row) => row.id)).to.deep.equal(unserved.map((row) => row.id));
    const byPerson = (row: Requirement) => ["declared", "demonstration"].includes(row.verification);
    for (const row of excluded) {
      expect(row.excluded?.en.includes("only a person could establish it"), row.id).to.equal(byPerson(row));
      expect(row.excluded?.fr.includes("seule une personne pourrait l'établir"), row.id).to.equal(byPerson(row));
    }
  });
});
