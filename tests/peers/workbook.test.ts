/** Our workbooks before other spreadsheet programs, and theirs before us: openpyxl and LibreOffice (both of Debian). */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { CONVERGENCE_COLUMNS, readRem, readSheets, type RemLine, writeConvergence } from "../../protocols/rem/index.js";
import { OLDER_COLUMNS } from "../support/rem-workbook.js";

const run = promisify(execFile);
/** Debian's own: python3-openpyxl is installed for this one, whatever other Python the machine has. */
const PYTHON = "/usr/bin/python3";

/** Every cell of every sheet, as openpyxl sees it: value and kind. */
const DUMP = `
import json, openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
sheets = [{
  "name": sheet.title,
  "frozen": sheet.freeze_panes,
  "bold": all(cell.font.b for cell in sheet[1]),
  "rows": [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()],
  "kinds": sorted({cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}),
} for sheet in book.worksheets]
json.dump(sheets, sys.stdout)
`;

/** A REM of the older layout as people make them: title above, merged cells, numbers, dates, formula, rich width, hidden sheet. */
const MAKE = `
import datetime, json, openpyxl, sys
header = json.loads(sys.argv[2])
book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Exigences"
sheet.append(["Référentiel d’exigences"])
sheet.append([])
sheet.append(header)
sheet.append(["NON", "Général", "XX", "Section", "Bloc", "Fonction", "EXIGENCE", "XX.01", "Le système DOIT\\ntracer.", "XX.01.01", "Vérifier", "XX.01.01.01", "Vidéo é😀", "XX.01.01.02", datetime.date(2023, 3, 15)])
sheet.append([None] * 9 + ["XX.01.02", "Encore", "XX.01.02.01", "=1+1"])
sheet.append(["OUI", "IAM", "XX", "Section", "Bloc", "Fonction", "EXIGENCE", "XX.02", " Autre ", 1.10, "Nombre", None, None])
for column in "ABCDEFGHI":
    sheet.merge_cells(column + "4:" + column + "5")
hidden = book.create_sheet("Caché")
hidden.sheet_state = "hidden"
hidden.append(["x"])
book.save(sys.argv[1])
`;

/** With two proofs. */
const OLDER = OLDER_COLUMNS.slice(0, OLDER_COLUMNS.indexOf("N° preuve 3"));

const line = (row: number, cells: Partial<RemLine>): RemLine => ({
  at: { sheet: "Convergence", row },
  perimeter: "Vague 2",
  id: "XX.01",
  chapter: "Chapitre",
  function: "Fonction",
  statement: "Le système DOIT.",
  comment: "",
  nature: "",
  profile: "Général",
  scenarioId: "XX.01.01",
  scenario: "Vérifier",
  proofId: "XX.01.01.01",
  proof: "Une vidéo",
  historicalProfile: "",
  criticality: "Mineure",
  order: "1",
  other: {},
  ...cells,
});

/** What spreadsheet programs like to change: signs of formulas, numbers, dates, escapes, white space, long texts. */
const LINES: readonly RemLine[] = [
  line(2, { statement: "=1+1", comment: "-12", scenario: "@SOMME", proof: "+33 1" }),
  line(3, { id: "39.01", scenarioId: "1.10", proofId: "007", order: "1e5", comment: "2024-01-31", scenario: "VRAI" }),
  line(4, { statement: "deux\nlignes", comment: "fin 😀 é œ « »", scenario: "_x000D_", proof: "<b>&</b> ]]>" }),
  line(5, { statement: "a".repeat(30_000), comment: "'cité'", scenario: "constructor", proof: '"x";y' }),
  line(6, { proofId: "", proof: "", comment: "deux  espaces", scenario: "a\u00a0b\tc" }),
];
const EXTRA = {
  name: "Dossier",
  columns: ["N° preuve", "Octets"],
  rows: [["XX.01.01.01", 12.5] as const, ["=2", 0] as const],
};

const rowOf = (of: RemLine): readonly string[] => [
  of.perimeter,
  of.id,
  of.chapter,
  of.function,
  of.statement,
  of.comment,
  of.profile,
  of.scenarioId,
  of.scenario,
  of.proofId,
  of.proof,
  of.historicalProfile,
  of.criticality,
  of.order,
];

describe("workbooks and their peers", function () {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "segur-workbook-"));
    await writeFile(path.join(folder, "ours.xlsx"), await writeConvergence(LINES, [EXTRA]));
    await run(PYTHON, ["-c", MAKE, path.join(folder, "theirs.xlsx"), JSON.stringify(OLDER)]);
    // One start for both workbooks, a second for the text of the first: each takes one or two seconds.
    await office(["--convert-to", "xlsx:Calc MS Excel 2007 XML"], ["ours.xlsx", "theirs.xlsx"]);
    // Separator, quote, UTF-8, first line, all cells as shown; -1: every sheet into a file of its own.
    await office(
      ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"],
      ["ours.xlsx"],
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function office(options: readonly string[], files: readonly string[]): Promise<void> {
    const profile = pathToFileURL(path.join(folder, "profile")).href;
    const fixed = [
      `-env:UserInstallation=${profile}`,
      "--headless",
      ...options,
      "--outdir",
      path.join(folder, "office"),
    ];
    await run("soffice", [...fixed, ...files.map((file) => path.join(folder, file))], { timeout: 90_000 });
  }

  it("openpyxl sees what we wrote, texts as texts", async () => {
    const { stdout } = await run(PYTHON, ["-c", DUMP, path.join(folder, "ours.xlsx")], { maxBuffer: 16 * 1024 * 1024 });
    // openpyxl leaves `_xHHHH_` as it stands in the file.
    const seen = JSON.parse(stdout.replaceAll("_x005F_", "_")) as unknown;
    expect(seen).to.deep.equal([
      { name: "Convergence", frozen: "A2", bold: true, rows: [CONVERGENCE_COLUMNS, ...LINES.map(rowOf)], kinds: ["s"] },
      { name: "Dossier", frozen: "A2", bold: true, rows: [EXTRA.columns, ...EXTRA.rows], kinds: ["n", "s"] },
    ]);
  });

  it("LibreOffice opens ours, and what it saves is read again without loss", async () => {
    const saved = await readFile(path.join(folder, "office", "ours.xlsx"));
    const table = await readRem(saved);
    expect(table.lines).to.deep.equal(LINES);
    expect((await readSheets(saved))[1]?.rows).to.deep.equal([EXTRA.columns, ["XX.01.01.01", "12.5"], ["=2", "0"]]);
  });

  it("LibreOffice shows our texts as they are, none computed, none turned into a number or a date", async () => {
    const csv = await readFile(path.join(folder, "office", "ours-Convergence.csv"), "utf8");
    expect(csvRows(csv)).to.deep.equal([CONVERGENCE_COLUMNS, ...LINES.map(rowOf)]);
  });

  for (const [writer, file] of [
    ["openpyxl", "theirs.xlsx"],
    ["LibreOffice", "office/theirs.xlsx"],
  ] as const) {
    it(`a REM written by ${writer} is read, its oddities told`, async () => {
      const table = await readRem(await readFile(path.join(folder, file)));
      expect([table.layout, table.sheet]).to.deep.equal(["rem-older", "Exigences"]);
      expect(
        table.lines.map(({ at, id, statement, scenarioId, proofId, proof }) => [
          at.row,
          id,
          statement,
          scenarioId,
          proofId,
          proof,
        ]),
      ).to.deep.equal([
        [4, "XX.01", "Le système DOIT\ntracer.", "XX.01.01", "XX.01.01.01", "Vidéo é😀"],
        [4, "XX.01", "Le système DOIT\ntracer.", "XX.01.01", "XX.01.01.02", "2023-03-15"],
        // openpyxl stores no result of the formula; LibreOffice computed it when it saved.
        [5, "XX.01", "Le système DOIT\ntracer.", "XX.01.02", "XX.01.02.01", writer === "openpyxl" ? "" : "2"],
        [6, "XX.02", "Autre", "1.1", "", ""],
      ]);
      const told = table.anomalies.map(({ kind, at }) => `${kind} ${at.row}`);
      for (const kind of [
        "header_below 3",
        "date_as_text 4",
        "merged_cell 5",
        "formula 5",
        "number_as_id 6",
        "outer_space 6",
      ]) {
        expect(told, kind).to.include(kind);
      }
    });
  }
});

/** RFC 4180, as LibreOffice writes it. */
function csvRows(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (end === "" && quoted === undefined && plain === "") break;
    rows[rows.length - 1]?.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end === "\n") rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}
