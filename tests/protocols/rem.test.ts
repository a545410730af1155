import { expect } from "chai";
import fc from "fast-check";
import {
  CONVERGENCE_COLUMNS,
  normalRequirementId,
  readRem,
  readSheets,
  type RemAnomaly,
  type RemLine,
  type RemTable,
  WorkbookRefused,
  writeConvergence,
} from "../../protocols/rem/index.js";
import { mendText } from "../../protocols/rem/mend.js";
import { NEWER_COLUMNS, OLDER_COLUMNS } from "../support/rem-workbook.js";
import { makeWorkbook, type MadeCell, type MadeSheet } from "./workbook-build.js";

const read = (rows: readonly (readonly MadeCell[])[], rest: Partial<MadeSheet> = {}): Promise<RemTable> =>
  readRem(makeWorkbook({ sheets: [{ name: "Exigences", rows, ...rest }] }));

/** A row of the convergence layout: only what the test is about. */
function row(
  cells: Partial<Record<"id" | "statement" | "scenarioId" | "scenario" | "proofId" | "proof", MadeCell>>,
): MadeCell[] {
  const { id = "XX.01", statement = "Le système DOIT.", scenarioId = "XX.01.01", scenario = "Vérifier." } = cells;
  const { proofId = "XX.01.01.01", proof = "Une vidéo." } = cells;
  const blank: MadeCell[] = ["Vague 1", id, "Chapitre A", "Fonction A", statement, null, "Général"];
  return [...blank, scenarioId, scenario, proofId, proof, "Général", "Mineure", 1];
}

const readRows = (...rows: readonly (readonly MadeCell[])[]): Promise<RemTable> => read([CONVERGENCE_COLUMNS, ...rows]);
const told = (table: RemTable): string[] =>
  table.anomalies.map(({ kind, at, value, mended }) => [kind, at.row, at.column, value, mended ?? "-"].join("|"));
const ids = (table: RemTable): string[] =>
  table.lines.map(({ id, scenarioId, proofId }) => [id, scenarioId, proofId].join(" "));

async function refusal(work: Promise<unknown>): Promise<WorkbookRefused> {
  try {
    await work;
  } catch (error) {
    if (error instanceof WorkbookRefused) return error;
    throw error;
  }
  throw new Error("not refused");
}

describe("rem, layouts", () => {
  it("reads the older layout, one line per proof", async () => {
    const cells = [
      "NON",
      "Général",
      "DMP/AA",
      "Section A",
      "Bloc A",
      "Fonction A",
      "EXIGENCE",
      "DMP/AA.01",
      "Le système DOIT.",
    ];
    const proofs = ["DMP/AA.01.01.01", "Vidéo", "DMP/AA.01.01.02", "Trace"];
    const table = await read([
      OLDER_COLUMNS,
      [...cells, "DMP/AA.01.01", "Vérifier", ...proofs],
      [...cells, "DMP/AA.01.02", "Encore"],
    ]);
    expect([table.layout, table.sheet, told(table)]).to.deep.equal(["rem-older", "Exigences", []]);
    const common = {
      perimeter: "",
      id: "DMP/AA.01",
      chapter: "Section A",
      function: "Fonction A",
      statement: "Le système DOIT.",
      comment: "",
      nature: "EXIGENCE",
      profile: "Général",
      historicalProfile: "",
      criticality: "",
      order: "",
      other: { "Exigence conditionnelle OUI/NON": "NON", "ID Section": "DMP/AA", Bloc: "Bloc A" },
    };
    const first = { ...common, at: { sheet: "Exigences", row: 2 }, scenarioId: "DMP/AA.01.01", scenario: "Vérifier" };
    expect(table.lines).to.deep.equal([
      { ...first, proofId: "DMP/AA.01.01.01", proof: "Vidéo" },
      { ...first, proofId: "DMP/AA.01.01.02", proof: "Trace" },
      {
        ...common,
        at: { sheet: "Exigences", row: 3 },
        scenarioId: "DMP/AA.01.02",
        scenario: "Encore",
        proofId: "",
        proof: "",
      },
    ]);
  });

  it("reads the newer layout with ten proofs and its last columns", async () => {
    const proofs = Array.from({ length: 10 }, (_, n) => [
      `XX.01.01.${String(n + 1).padStart(2, "0")}`,
      `Preuve ${n + 1}`,
    ]).flat();
    const start = ["Vague 1", "XX.01", "Chap.", "Fonc.", "DOIT", "Note", "EXIGENCE", "IAM", "XX.01.01", "Vérifier"];
    const table = await read([NEWER_COLUMNS, [...start, ...proofs, "Inchangée", "XX.00", "Mineure", 7]]);
    expect([table.layout, table.lines.length, told(table)]).to.deep.equal(["rem-newer", 10, []]);
    expect(table.lines[9]).to.deep.include({
      perimeter: "Vague 1",
      id: "XX.01",
      comment: "Note",
      nature: "EXIGENCE",
      profile: "IAM",
      proofId: "XX.01.01.10",
      proof: "Preuve 10",
      criticality: "Mineure",
      order: "7",
      other: { "Statut publication": "Inchangée", "VA N-1": "XX.00" },
    });
  });

  it("reads the layout of Convergence", async () => {
    const table = await readRows(row({}), row({ proofId: "XX.01.01.02", proof: "Une trace." }));
    expect([table.layout, told(table)]).to.deep.equal(["convergence", []]);
    expect(ids(table)).to.deep.equal(["XX.01 XX.01.01 XX.01.01.01", "XX.01 XX.01.01 XX.01.01.02"]);
    expect(table.lines[0]).to.deep.include({
      historicalProfile: "Général",
      criticality: "Mineure",
      order: "1",
      nature: "",
    });
  });

  it("reads the additions before publication, but never a word of the internal notes", async () => {
    const extras = ["bon pour publication", "référence exigence socle", "Note interne", "Rem Ségur"];
    const cells = ["NON", "Général", "A", "B", "C", "D", "EXIGENCE", "XX.01", "DOIT", "XX.01.01", "Vérifier"];
    const header = [...OLDER_COLUMNS.slice(0, 11), "N° preuve 1", "Preuve 1", ...extras];
    const table = await read([header, [...cells, "XX.01.01.01", "Vidéo", "oui", "SC.XX.01", "SECRET", "LGC"]]);
    expect(table.lines[0]?.other).to.deep.include({ "référence exigence socle": "SC.XX.01", "Rem Ségur": "LGC" });
    expect(JSON.stringify(table)).not.to.include("SECRET");
    expect(told(table)).to.deep.equal(["internal_note|1|P|Note interne|-"]);
  });

  it("knows column names in other spellings, further down, and tells them but for decomposed accents", async () => {
    const spelled: Record<string, string> = {
      Périmètre: "PERIMETRE",
      "N° scénario": "No\u00a0scenario",
      "Scénario de conformité": "Scénario\nde conformité ",
      "N° preuve": "Numéro de preuve",
      Criticité: "Criticite\u0301",
    };
    const header = CONVERGENCE_COLUMNS.map((name) => spelled[name] ?? name);
    const table = await read([["REM du 1er mars"], [], header, row({})]);
    expect(ids(table)).to.deep.equal(["XX.01 XX.01.01 XX.01.01.01"]);
    expect(told(table)).to.deep.equal([
      "header_below|3||3|-",
      "header_spelling|3|Périmètre|PERIMETRE|Périmètre",
      "header_spelling|3|N° scénario|No\u00a0scenario|N° scénario",
      "header_spelling|3|Scénario de conformité|Scénario\nde conformité |Scénario de conformité",
      "header_spelling|3|N° preuve|Numéro de preuve|N° preuve",
    ]);
  });

  it("takes both apostrophes and cut names of the long column", async () => {
    const header = OLDER_COLUMNS.map((name) =>
      name.replace("'", "’").replace(" (DOIT) ou de la préconisation (PEUT)", ""),
    );
    const table = await read([header, ["NON", "Général", "A", "B", "C", "D", "EXIGENCE", "XX.01", "DOIT"]]);
    expect([table.layout, table.lines[0]?.statement, table.lines[0]?.nature]).to.deep.equal([
      "rem-older",
      "DOIT",
      "EXIGENCE",
    ]);
    expect(table.anomalies.map(({ kind, at }) => `${kind} ${at.column}`)).to.deep.equal([
      "header_spelling Nature de l'exigence",
      "header_spelling Énoncé de l'exigence (DOIT) ou de la préconisation (PEUT)",
    ]);
  });

  it("tells columns that are absent, unknown, or half a pair", async () => {
    const header = [...NEWER_COLUMNS.slice(0, 10), "N° preuve 1", "Preuve 1", "N° preuve 2", "Mon avis", "Criticité"];
    const table = await read([header, ["Vague 1", "XX.01"]]);
    expect(told(table)).to.deep.equal([
      "column_unknown|1|N|Mon avis|-",
      "column_absent|1|Preuve 2||-",
      "column_absent|1|Statut publication||-",
      "column_absent|1|VA N-1||-",
      "column_absent|1|Ordre||-",
    ]);
  });

  it("refuses a column that stands there twice", async () => {
    const refused = await refusal(read([[...CONVERGENCE_COLUMNS, "EXIGENCE "]]));
    expect([refused.reason, refused.facts]).to.deep.equal([
      "column_twice",
      { column: "Exigence", first: "E", second: "O" },
    ]);
  });

  it("says what is missing where no sheet has a known layout", async () => {
    const sheets = [
      { name: "Notes", rows: [["x"]] },
      { name: "Liste", rows: [["ID", "Exigence", "N° scénario", "Preuve"]] },
    ];
    const refused = await refusal(readRem(makeWorkbook({ sheets })));
    expect([refused.reason, refused.facts]).to.deep.equal([
      "no_known_layout",
      { sheets: 2, sheet: "Liste", layout: "convergence", missing: "N° preuve" },
    ]);
  });

  it("takes the first visible table, tells the others and what is hidden", async () => {
    const rows = [CONVERGENCE_COLUMNS, row({})];
    const hidden = { name: "Vieux", rows, hidden: true };
    const cols = `<cols><col min="5" max="5" hidden="1"/></cols>`;
    const visible = { name: "Neuf", rows: [...rows, row({ proofId: "XX.01.01.02" })], hiddenRows: [3], before: cols };
    const table = await readRem(makeWorkbook({ sheets: [hidden, visible, { name: "Tiers", rows }] }));
    expect([table.sheet, table.lines.length]).to.deep.equal(["Neuf", 2]);
    expect(told(table)).to.deep.equal([
      "other_sheet|1||Vieux|-",
      "other_sheet|1||Tiers|-",
      "hidden|1|Exigence|E|-",
      "hidden|3||1|-",
    ]);
    const only = await readRem(makeWorkbook({ sheets: [hidden] }));
    expect([only.sheet, told(only)]).to.deep.equal(["Vieux", ["hidden|1||Vieux|-"]]);
  });
});

describe("rem, anomalies of the sources", () => {
  it("white space around ids and texts is taken off", async () => {
    const table = await readRows(row({ id: "\u00a0XX.01", proofId: "XX.01.01.01 ", proof: "\ufeffUne vidéo.\n" }));
    expect(ids(table)).to.deep.equal(["XX.01 XX.01.01 XX.01.01.01"]);
    expect(told(table)).to.deep.equal([
      "outer_space|2|ID|\u00a0XX.01|XX.01",
      "outer_space|2|N° preuve|XX.01.01.01 |XX.01.01.01",
      "outer_space|2|Preuve|\ufeffUne vidéo.\n|Une vidéo.",
    ]);
  });

  it("a proof id without its requirement is kept", async () => {
    const table = await readRows(row({ id: "INS/va1.39", scenarioId: "INS/va1.39.01", proofId: "39.01.01" }));
    expect(ids(table)).to.deep.equal(["INS/va1.39 INS/va1.39.01 39.01.01"]);
    expect(told(table)).to.deep.equal(["proof_not_prefixed|2|N° preuve|39.01.01|-"]);
  });

  it("a proof id with a space inside is kept", async () => {
    const table = await readRows(row({ id: "PSC.03", scenarioId: "PSC.03.01", proofId: "PSC 03.01" }));
    expect(told(table)).to.deep.equal([
      "space_in_id|2|N° preuve|PSC 03.01|-",
      "proof_not_prefixed|2|N° preuve|PSC 03.01|-",
    ]);
  });

  it("a proof id of another requirement is kept", async () => {
    const table = await readRows(row({ id: "PSC.08", scenarioId: "PSC.08.01", proofId: "PSC.01.08.01" }));
    expect(told(table)).to.deep.equal(["proof_not_prefixed|2|N° preuve|PSC.01.08.01|-"]);
  });

  it("a mistyped fourth level is kept", async () => {
    const table = await readRows(
      row({ proofId: "XX.01.01.1" }),
      row({ proofId: "XX.01.01.01.02", proof: "Une trace." }),
      row({ proofId: "XX.01.02.01", proof: "Un journal." }),
      row({ proofId: "XX.01.01", proof: "Un écran." }),
    );
    expect(told(table)).to.deep.equal([
      "proof_step_malformed|2|N° preuve|XX.01.01.1|-",
      "proof_step_malformed|3|N° preuve|XX.01.01.01.02|-",
      "proof_of_other_scenario|4|N° preuve|XX.01.02.01|-",
      "step_missing|5|N° preuve|XX.01.01|-",
    ]);
  });

  it("an underscore against a hyphen is told as a spelling", async () => {
    const table = await readRows(
      row({ id: "DB.VI-SO.01", scenarioId: "DB.VI_SO.01.01", proofId: "DB.VI_SO.01.01.01" }),
      row({ id: "DB.VI_SO.01", scenarioId: "", scenario: "", proofId: "", proof: "" }),
    );
    expect(told(table)).to.deep.equal([
      "id_spelling|2|N° scénario|DB.VI_SO.01.01|-",
      "id_spelling|2|N° preuve|DB.VI_SO.01.01.01|-",
      "id_two_spellings|3|ID|DB.VI_SO.01 / DB.VI-SO.01|-",
    ]);
  });

  it("the same requirement under two ids, and two requirements under one, are told", async () => {
    const statement = "Le système DOIT tracer les accès de chaque utilisateur.";
    const nothing = { scenarioId: "", scenario: "", proofId: "", proof: "" };
    const table = await readRows(
      row({ id: "SSI/IAM.80", statement, ...nothing }),
      row({ id: "SSI/IAM.81", statement: `${statement}\n`, ...nothing }),
      row({ id: "SSI/IAM.80", statement: "Autre texte.", ...nothing }),
      row({ id: "SSI/IAM.80", statement: "Autre  texte.", ...nothing }),
    );
    expect(table.lines.length).to.equal(4);
    expect(told(table).filter((line) => !line.startsWith("outer_space"))).to.deep.equal([
      "statement_two_ids|3|ID|SSI/IAM.81 / SSI/IAM.80|-",
      "id_two_statements|4|ID|SSI/IAM.80|-",
    ]);
  });

  it("entities encoded twice are decoded, in cells without markup", async () => {
    const table = await readRows(
      row({
        statement: "L&#39;acc&eacute;s &lt;nom&gt; &amp;agrave; la donn&amp;eacute;e&nbsp;",
        proof: "<p>L&#39;acc&egrave;s</p>",
      }),
    );
    expect([table.lines[0]?.statement, table.lines[0]?.proof]).to.deep.equal([
      "L'accés <nom> à la donnée",
      "<p>L&#39;acc&egrave;s</p>",
    ]);
    expect(table.anomalies.map(({ kind, at }) => `${kind} ${at.column}`)).to.deep.equal([
      "double_encoded Exigence",
      "outer_space Exigence",
      "html_markup Preuve",
    ]);
    expect(mendText("R&D; &unknown; &#0; &#xD800; &copy").kinds).to.deep.equal([]);
  });

  it("links that lost their version are told", async () => {
    const table = await readRows(
      row({ statement: "Selon le guide vXXXX.", scenario: "Selon v1.2 de XX.01", proof: "Guide v X.Y ou vX.X" }),
    );
    expect(told(table)).to.deep.equal([
      "link_placeholder|2|Exigence|Selon le guide vXXXX.|-",
      "link_placeholder|2|Preuve|Guide v X.Y ou vX.X|-",
    ]);
  });

  it("scenario ids without their requirement, or equal to it, are kept", async () => {
    const table = await readRows(
      row({ id: "CDA/INT.08", scenarioId: "08.01", proofId: "08.01.01" }),
      row({ id: "DMP/HISTO.03", scenarioId: "DMP/HISTO.03", proofId: "", proof: "" }),
      row({ id: "SC.PSC.14", scenarioId: "PSC.14.01", proofId: "PSC.14.01.01", proof: "b" }),
      row({ id: "LGC.DMP/UX.10", scenarioId: "DMP/UX.10.01", proofId: "LGC.DMP/UX.10.01.01", proof: "c" }),
    );
    expect(told(table)).to.deep.equal([
      "scenario_not_prefixed|2|N° scénario|08.01|-",
      "proof_not_prefixed|2|N° preuve|08.01.01|-",
      "step_missing|3|N° scénario|DMP/HISTO.03|-",
      "proof_of_other_scenario|5|N° preuve|LGC.DMP/UX.10.01.01|-",
    ]);
  });

  it("numbers, dates and truth values that took the place of texts are told", async () => {
    const table = await readRows(
      row({
        scenarioId: { inner: "<v>1.1000000000000001</v>", s: 2 },
        proofId: 39,
        proof: { inner: "<v>45000</v>", s: 1 },
      }),
      row({ scenario: { t: "b", inner: "<v>0</v>" }, proof: 12 }),
    );
    expect(ids(table)[0]).to.equal("XX.01 1.1 39");
    expect(told(table).filter((line) => !line.includes("prefixed"))).to.deep.equal([
      "number_as_id|2|N° scénario|1.1|-",
      "number_as_id|2|N° preuve|39|-",
      "date_as_text|2|Preuve|2023-03-15|-",
      "number_as_text|3|Scénario de conformité|FAUX|-",
      "number_as_text|3|Preuve|12|-",
    ]);
  });

  it("formulas give their stored result, errors give nothing", async () => {
    const table = await readRows(
      row({
        scenarioId: { t: "str", inner: `<f>B2&amp;".01"</f><v>XX.01.01</v>` },
        proof: { t: "e", inner: "<f>1/0</f><v>#DIV/0!</v>" },
      }),
    );
    expect(ids(table)).to.deep.equal(["XX.01 XX.01.01 XX.01.01.01"]);
    expect(told(table)).to.deep.equal([
      "formula|2|N° scénario|XX.01.01|-",
      "formula|2|Preuve||-",
      "formula_error|2|Preuve||",
      "proof_without_text|2|Preuve|XX.01.01.01|-",
    ]);
  });

  it("a line that continues the one above inherits its requirement, and its scenario when it has none", async () => {
    const blank = (cells: readonly MadeCell[]): MadeCell[] => [...Array<null>(7).fill(null), ...cells];
    const table = await readRows(
      row({}),
      blank([null, null, "XX.01.01.02", "Une trace."]),
      blank(["XX.01.02", "Vérifier encore.", "XX.01.02.01", "Un écran."]),
    );
    expect(ids(table)).to.deep.equal([
      "XX.01 XX.01.01 XX.01.01.01",
      "XX.01 XX.01.01 XX.01.01.02",
      "XX.01 XX.01.02 XX.01.02.01",
    ]);
    expect(table.lines[1]).to.deep.include({
      statement: "Le système DOIT.",
      profile: "Général",
      criticality: "Mineure",
      order: "1",
    });
    expect(told(table)).to.deep.equal([
      "inherited|3|ID||XX.01",
      "inherited|3|N° scénario||XX.01.01",
      "inherited|4|ID||XX.01",
    ]);
  });

  it("merged cells lend their text to the rows they cover, down one column only", async () => {
    const merge = (...refs: readonly string[]): string =>
      `<mergeCells>${refs.map((ref) => `<mergeCell ref="${ref}"/>`).join("")}</mergeCells>`;
    const blank: MadeCell[] = [...Array<null>(9).fill(null), "XX.01.01.02", "Une trace."];
    const rows = [CONVERGENCE_COLUMNS, row({}), blank, ["Titre"], []];
    const table = await read(rows, { after: merge("B2:B3", "E2:E3", "H2:H3", "I2:I3", "A4:N4", "A9:B200000") });
    expect(ids(table)).to.deep.equal(["XX.01 XX.01.01 XX.01.01.01", "XX.01 XX.01.01 XX.01.01.02"]);
    expect(table.lines[1]).to.deep.include({ statement: "Le système DOIT.", chapter: "" });
    expect(told(table)).to.deep.equal(["merged_cell|3|ID||XX.01", "no_id|4||Titre|-"]);
    const many = merge(...Array.from({ length: 600 }, () => "A2:A60000"));
    const tall = [CONVERGENCE_COLUMNS, ...Array.from({ length: 2_000 }, () => [null, "x"])];
    expect((await refusal(read(tall, { after: many }))).facts).to.include.keys("merged");
  });

  it("rows without an id, title rows and headers again are told apart", async () => {
    const table = await readRows(
      row({ id: null }),
      ["Vague 2", null, "Chapitre B"],
      [...Array<null>(9).fill(null), "XX.09.01.01", "Une vidéo."],
      CONVERGENCE_COLUMNS,
      row({ id: "XX.02", scenarioId: null, scenario: null, proofId: null, proof: "Sans numéro" }),
    );
    expect(ids(table)).to.deep.equal([" XX.01.01 XX.01.01.01", "  XX.09.01.01", "XX.02  "]);
    expect(told(table)).to.deep.equal([
      "no_id|2|ID|Le système DOIT.|-",
      "no_id|3||Vague 2|-",
      "no_id|4|ID||-",
      "proof_without_scenario|4|N° scénario|XX.09.01.01|-",
      "header_again|5||ID|-",
      "proof_without_scenario|6|N° scénario||-",
      "proof_without_id|6|N° preuve|Sans numéro|-",
    ]);
  });

  it("repeated lines and proofs with two texts are told", async () => {
    const table = await readRows(row({}), row({}), row({ proof: "Une trace." }));
    expect(table.lines.length).to.equal(3);
    expect(told(table)).to.deep.equal(["line_twice|3||XX.01.01.01|-", "proof_two_texts|4|Preuve|XX.01.01.01|-"]);
  });

  it("controls, and texts that no cell of Excel holds, are told", async () => {
    const long = "é".repeat(32_768);
    const table = await readRows(row({ statement: "a_x0001_b", proof: long }));
    expect(table.lines[0]?.statement).to.equal("a\u0001b");
    expect(table.lines[0]?.proof).to.equal(long);
    expect(table.anomalies.map(({ kind, value }) => `${kind} ${value.length}`)).to.deep.equal([
      "control_character 3",
      "too_long 200",
    ]);
  });
});

describe("rem, hostile texts", () => {
  it("is not slowed down by texts made for that", async () => {
    const texts = [
      `x${" ".repeat(30_000)}x`,
      `<p${" ".repeat(30_000)}`,
      "&amp;".repeat(6_000),
      `v${"x".repeat(30_000)}_`,
      `v${"x.x".repeat(10_000)}_`,
      `x${"0".repeat(30_000)}x`,
      "_x005F".repeat(5_000),
    ];
    const rows = texts.flatMap((text) =>
      Array.from({ length: 20 }, () => row({ statement: text, proofId: text, proof: text })),
    );
    const sheet = { name: "A", rows: [[texts[0] ?? "", texts[5] ?? ""], CONVERGENCE_COLUMNS, ...rows] };
    // Stored: packed, the archive itself would be refused.
    const table = await readRem(makeWorkbook({ sheets: [sheet] }, 0));
    expect(table.lines.length).to.equal(rows.length);
  });
});

describe("rem, requirement ids", () => {
  it("compares them without case, white space, SC. and the kind of dash", () => {
    const same = ["SC.DB.VI-SO.01", " db.vi_so.01\u00a0", "DB.VI\u2011SO.01", "DB.VI-SO .01"];
    expect(new Set(same.map(normalRequirementId))).to.deep.equal(new Set(["DB.VI-SO.01"]));
    expect(normalRequirementId("SCN_DB/CO.01")).to.equal("SCN-DB/CO.01");
    expect(normalRequirementId("INS/va1.53")).not.to.equal(normalRequirementId("INS.53"));
    expect(normalRequirementId("ORDN/CONF.01p")).not.to.equal(normalRequirementId("ORDN/CONF.01"));
  });
});

describe("rem, the Convergence workbook", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.constantFrom(
      "",
      "39.01",
      "1.10",
      "2024-01-31",
      "=1+1",
      "-x",
      "@x",
      "_x000D_",
      "a\nb",
      "a\r\nb",
      " a ",
      "\u00a0",
      "😀",
    ),
    fc.constantFrom("constructor", "__proto__", "&eacute;", "<p>&lt;</p>", "VRAI", "1e5", "x".repeat(30_000)),
  );
  const line: fc.Arbitrary<RemLine> = fc.record({
    at: fc.constant({ sheet: "Convergence", row: 0 }),
    perimeter: text,
    // A line without id, statement and proof is a title, and one without id may continue another: ids are never blank here.
    id: text.filter((id) => mendText(id).text !== "" && id !== "ID"),
    chapter: text,
    function: text,
    statement: text,
    comment: text,
    nature: fc.constant(""),
    profile: text,
    scenarioId: text,
    scenario: text,
    proofId: text,
    proof: text,
    historicalProfile: text,
    criticality: text,
    order: text,
    other: fc.constant({}),
  });
  const mended = (source: RemLine, row: number): unknown => ({
    ...Object.fromEntries(
      Object.entries(source).map(([name, value]) => [name, typeof value === "string" ? mendText(value).text : value]),
    ),
    at: { sheet: "Convergence", row },
  });

  it("holds exactly the official columns, one line per proof, and the sheets behind", async () => {
    const table = await readRows(row({}), row({ proofId: "XX.01.01.02" }));
    const extra = { name: "Dossier", columns: ["N° preuve", "Taille"], rows: [["XX.01.01.01", 12]] };
    const sheets = await readSheets(await writeConvergence(table.lines, [extra]));
    expect(sheets.map(({ name }) => name)).to.deep.equal(["Convergence", "Dossier"]);
    expect(sheets[0]?.rows.length).to.equal(3);
    expect(sheets[0]?.rows[0]).to.deep.equal([
      "Périmètre",
      "ID",
      "Chapitre",
      "Fonction",
      "Exigence",
      "Commentaire",
      "Profil",
      "N° scénario",
      "Scénario de conformité",
      "N° preuve",
      "Preuve",
      "Profil historique",
      "Criticité",
      "Ordre",
    ]);
    expect(sheets[1]?.rows).to.deep.equal([
      ["N° preuve", "Taille"],
      ["XX.01.01.01", "12"],
    ]);
  });

  it("is read again without loss but for mends, each of them told", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), async (lines) => {
        const table = await readRem(await writeConvergence(lines));
        expect(table.lines).to.deep.equal(lines.map((source, index) => mended(source, index + 2)));
        const changes = lines.flatMap((source) =>
          Object.values(source).filter((value) => typeof value === "string" && mendText(value).text !== value),
        );
        const tellings = new Set(table.anomalies.filter(isMend).map(({ at }) => `${at.row} ${at.column}`));
        expect(tellings.size).to.equal(changes.length);
      }),
      { numRuns: 30 },
    );
  });

  it("once read, is written and read the same for ever", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 3 }), async (lines) => {
        const once = await readRem(await writeConvergence(lines));
        const bytes = await writeConvergence(once.lines);
        const again = await readRem(bytes);
        // A text that was encoded three times is mended once more each time; all others stand still.
        const still = once.lines.every((read) =>
          Object.values(read).every((value) => typeof value !== "string" || mendText(value).text === value),
        );
        if (still) expect(again.lines).to.deep.equal(once.lines);
        expect(Buffer.compare(bytes, await writeConvergence(once.lines))).to.equal(0);
      }),
      { numRuns: 15 },
    );
  });

  it("refuses a text that no cell holds and a second sheet of the same name", async () => {
    const table = await readRows(row({}));
    const [first] = table.lines;
    const long = first ? [{ ...first, proof: "x".repeat(32_768) }] : [];
    expect((await refusal(writeConvergence(long))).at).to.equal("Convergence!K2");
    expect((await refusal(writeConvergence([], [{ name: "convergence", columns: [], rows: [] }]))).reason).to.equal(
      "sheet_name",
    );
  });
});

function isMend({ kind }: RemAnomaly): boolean {
  return kind === "outer_space" || kind === "double_encoded";
}
