import { expect } from "chai";
import { coverageOf } from "../../bin/commands/coverage.js";
import { coverageTables } from "../../bin/coverage-tables.js";
import { openSuite } from "../../bin/suite.js";
import { segurInProcess } from "../support/in-process.js";

describe("coverage of the five couloirs", () => {
  const suite = openSuite();
  const table = coverageOf(suite, { list: true });

  it("every row of every perimeter is served by a check, by a proof or by a stated exclusion, by one alone", () => {
    expect(table.perimeters).to.have.lengthOf(10);
    for (const { id, rows, checked, proofsOnly, excluded, list = [] } of table.perimeters) {
      expect(checked + proofsOnly + excluded, id).to.equal(rows);
      expect(list, id).to.have.lengthOf(rows);
      for (const row of list) {
        const byMachine = row.checks.length > 0;
        const byProof = row.proofs.ids + row.proofs.kinds.length > 0;
        expect(byMachine || byProof, `${id} ${row.id}`).to.equal(row.excluded === null);
      }
    }
  });

  it("gives no check to the rows that say something else in a couloir, and their own title", () => {
    const varied = table.perimeters.flatMap(({ id, list = [] }) =>
      list.flatMap((row) => (row.variant ? [{ id, row }] : [])),
    );
    expect(varied.map(({ id, row }) => `${id} ${row.id}`)).to.deep.equal([
      "hop-dpi-wave-2 DMP/HISTO.08",
      "hop-pfi-wave-2 CDA/HL7.01",
      "hop-pfi-wave-2 CDA/HL7.02",
      "hop-pfi-wave-2 CDA/HL7.04",
      "mdv-lgc-wave-1 DMP/va1.21",
      "mdv-lgc-wave-2 DMP/va1.21",
      "rad-ris-wave-1 INS/va1.57",
      "rad-ris-wave-1 MSS/va1.30",
      "rad-ris-wave-1 MSS/va1.31",
      "rad-ris-wave-2 INS/va1.57",
      "rad-ris-wave-2 MSS/va1.30",
      "rad-ris-wave-2 MSS/va1.31",
    ]);
    for (const { row } of varied) {
      expect(row.checks).to.deep.equal([]);
      expect(row.title).not.to.deep.equal(suite.specs.requirements.find((one) => one.id === row.id)?.title);
    }
  });

  it("has an index that names every perimeter and links one table per couloir, with each row of its waves once", () => {
    const tables = coverageTables(table, suite.specs.perimeters);
    const index = tables.get("coverage.md") ?? "";
    for (const { id, rows } of table.perimeters) expect(index).to.include(`| ${id} | ${rows} |`);
    const files = [...tables.keys()].slice(1);
    expect(files).to.deep.equal(["bio-sgl", "hop-dpi", "hop-pfi", "mdv-lgc", "rad-ris"].map((c) => `coverage-${c}.md`));
    for (const file of files) {
      expect(index).to.include(`(${file})`);
      const perimeters = suite.specs.perimeters.filter(
        (one) => `coverage-${one.id.replace(/-wave-.$/, "")}.md` === file,
      );
      const wanted = new Set(perimeters.flatMap((one) => one.groups.flatMap((group) => group.rows)));
      const lines = (tables.get(file) ?? "").split("\n").filter((line) => / \| (1|2|1, 2) \| [mcou]/.test(line));
      expect(lines.map((line) => line.split(" ")[1])).to.have.members([...wanted]);
    }
    expect(tables.get("coverage-mdv-lgc.md")).to.match(
      /^\| INS\/va1\.45 \| 1, 2 \|.*\| The adapter creates the identity/m,
    );
  });

  it("tells of one perimeter alone, row by row, in both languages", async () => {
    const french = await segurInProcess(["coverage", "--perimeter", "hop-pfi-wave-2", "--lang", "fr"]);
    expect(french.code).to.equal(0);
    expect(french.stdout).to.include("Exigences nouvelles de vague 2 (81)");
    expect(french.stdout).to.match(/CDA\/HL7\.01 \(énoncé propre à ce couloir\)\s:\sLa plateforme reçoit/);
    expect(french.stdout).not.to.include("mdv-lgc-wave-1");
    const english = await segurInProcess(["coverage", "--perimeter", "hop-pfi-wave-2", "--lang", "en"]);
    expect(english.stdout).to.include("New wave 2 requirements (81)");
    const json = await segurInProcess(["coverage", "--perimeter", "hop-pfi-wave-2", "--json"]);
    const printed = JSON.parse(json.stdout) as { perimeters: { id: string; list: unknown[] }[] };
    expect(printed.perimeters.map((one) => [one.id, one.list.length])).to.deep.equal([["hop-pfi-wave-2", 104]]);
  });

  it("refuses an unknown perimeter and names the nearest", async () => {
    const { code, stderr } = await segurInProcess(["coverage", "--perimeter", "hop-pfi-wave-9", "--lang", "en"]);
    expect(code).to.equal(2);
    expect(stderr).to.include('there is no perimeter "hop-pfi-wave-9"').and.include('Did you mean "hop-pfi-wave-1"?');
  });
});
