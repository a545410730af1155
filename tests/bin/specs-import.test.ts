import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import type { SpecsImport } from "../../bin/commands/specs-import.js";
import { remLines } from "../../bin/dossier/workbook.js";
import { openSuite, type Suite } from "../../bin/suite.js";
import { packageRoot, type Requirement } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { readRem, writeConvergence } from "../../protocols/rem/index.js";
import { segurInProcess } from "../support/in-process.js";
import { convergenceRem, newerRem, olderRem, type RemRow } from "../support/rem-workbook.js";
import { segurYaml } from "../support/rule-pack.js";

/** Two rows of ours that checks decide, one that a proof serves, one that nobody knows. */
const ROWS: readonly RemRow[] = [
  {
    id: "SC.MSS/CONF.16",
    scenario: "MSS/CONF.16.01",
    proofs: [["MSS/CONF.16.01.01", "Identifiant de l'exécution du cas de test"]],
  },
  { id: "MSS/CONF.05", scenario: "MSS/CONF.05.01", proofs: [["MSS/CONF.05.01.01", "Copies d'écran ou vidéo"]] },
  { id: "SSI/GEN.01", scenario: "SSI/GEN.01.01", proofs: [["SSI/GEN.01.01.01", "Attestation sur l'honneur"]] },
  {
    id: "MSS/NEUF.01",
    nature: "PRECONISATION",
    profile: "BAL APP",
    conditional: "OUI",
    scenario: "MSS/NEUF.01.01",
    proofs: [
      ["MSS/NEUF.01.01.01", "Source SMTP du message"],
      ["MSS/NEUF.01.01.02", "Traces applicatives de l'envoi"],
    ],
  },
];

describe("segur specs import", function () {
  const root = packageRoot(import.meta.url);
  const schemas = openSchemas(path.join(root, "specs", "schemas"));
  let folder: string;
  let suite: Suite;
  let made = 0;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-import-"));
    suite = openSuite();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  interface Imported {
    readonly out: string;
    readonly account: SpecsImport;
    readonly rows: ReadonlyMap<string, Requirement>;
  }

  function written(bytes: Uint8Array): string {
    const file = path.join(folder, `rem-${++made}.xlsx`);
    writeFileSync(file, bytes);
    return file;
  }

  async function imported(bytes: Uint8Array, ...words: string[]): Promise<Imported> {
    const file = written(bytes);
    const out = path.join(folder, `draft-${made}`);
    const run = await segurInProcess(["specs", "import", file, "--out", out, "--json", ...words]);
    expect(run.code, run.stderr).to.equal(0);
    const account = JSON.parse(run.stdout) as SpecsImport;
    const validate = schemas.validator("specs-import");
    expect(validate(account), JSON.stringify(validate.errors)).to.equal(true);
    const opened = openSuite({ specs: out });
    return { out, account, rows: new Map(opened.specs.requirements.map((row) => [row.id, row])) };
  }

  async function refused(file: string, ...words: string[]): Promise<string> {
    const out = path.join(folder, `none-${++made}`);
    const run = await segurInProcess(["specs", "import", file, "--out", out, ...words]);
    expect(run.code, run.stdout).to.equal(2);
    expect(run.stderr).not.to.include("Défaut de la suite");
    expect(readdirSync(folder).filter((name) => name.startsWith(path.basename(out)))).to.deep.equal([]);
    return run.stderr;
  }

  const ours = (id: string): Requirement => {
    const row = suite.specs.requirements.find((one) => one.id === id);
    if (!row) throw new Error(`the register has no ${id}`);
    return row;
  };
  const noted = ({ account }: Imported, note: string): readonly string[] =>
    account.decisions.find((one) => one.note === note)?.of ?? [];

  const layouts = [
    ["rem-older", () => olderRem(ROWS)],
    ["rem-newer", () => newerRem(ROWS)],
    ["convergence", () => convergenceRem(ROWS)],
  ] as const;
  for (const [layout, workbook] of layouts) {
    it(`makes a draft of the layout ${layout} that loads, with every row counted`, async () => {
      const { account, rows } = await imported(await workbook(), "--wave", "2");
      expect(account.sheets).to.deep.equal([
        { name: account.sheets[0]?.name, layout, lines: ROWS.flatMap((row) => row.proofs ?? []).length },
      ]);
      expect(account.counts).to.deep.equal({ all: 4, taken: 4, merged: 0, leftOut: 0 });
      const [perimeter] = account.perimeters;
      expect(perimeter).to.deep.include({ id: "mdv-lgc-rem-wave-2", wave: "2", rows: 4, known: 3, unknown: 1 });
      expect(perimeter?.served).to.deep.equal({ checks: 2, inPart: 0, proof: 2, nothing: 0 });
      expect(rows.get("MSS/NEUF.01")?.proofs.ids).to.deep.equal(["MSS/NEUF.01.01.01", "MSS/NEUF.01.01.02"]);
    });
  }

  it("keeps what decides a row we know, and the statement of the file beside it", async () => {
    const draft = await imported(await olderRem(ROWS), "--wave", "2");
    const row = draft.rows.get("MSS/CONF.16");
    const known = ours("MSS/CONF.16");
    expect(row).to.deep.include({
      title: known.title,
      checks: known.checks,
      supports: known.supports,
      verification: known.verification,
      level: "mandatory",
    });
    expect(row?.register).to.deep.include({ statement: "Le système DOIT faire SC.MSS/CONF.16." });
    expect(row?.source).to.match(/^file:rem-\d+\.xlsx$/);
    expect(noted(draft, "statement_to_compare")).to.deep.equal(["MSS/CONF.05", "MSS/CONF.16"]);
  });

  it("gives a row nobody knows no check, the file's statement, and what its proofs say of it", async () => {
    const draft = await imported(await olderRem(ROWS), "--wave", "2");
    const row = draft.rows.get("MSS/NEUF.01");
    expect(row).to.deep.include({
      title: { fr: "Le système DOIT faire MSS/NEUF.01.", en: "Le système DOIT faire MSS/NEUF.01." },
      checks: [],
      level: "optional",
      profiles: ["BAL APP"],
      verification: "artifact",
      domain: "MSS",
      scenarios: ["MSS/NEUF.01.01"],
    });
    expect(row?.proofs.kinds).to.deep.equal(["config-or-log", "smtp-source"]);
    expect(row?.register?.untranslated).to.equal(true);
    expect(noted(draft, "unknown_id")).to.deep.equal(["MSS/NEUF.01"]);
    const [perimeter] = openSuite({ specs: draft.out }).specs.perimeters.filter(
      (one) => one.id === "mdv-lgc-rem-wave-2",
    );
    expect(perimeter?.subProfiles).to.deep.equal(["BAL APP"]);
    expect(perimeter?.basisNote.en).to.include("read over by nobody").and.to.include(draft.account.file.sha256);
  });

  it("makes a level of Nature and profile, and tells what neither says", async () => {
    const draft = await imported(
      await newerRem([
        { id: "X.01", profile: "IAM", proofs: [["X.01.01.01", "vidéo"]] },
        { id: "X.02", nature: "Préconisée", proofs: [["X.02.01.01", "vidéo"]] },
        { id: "X.03", nature: "Obligatoire", proofs: [["X.03.01.01", "vidéo"]] },
        { id: "X.04", nature: "?", proofs: [["X.04.01.01", "vidéo"]] },
        { id: "X.05p", nature: "", proofs: [["X.05p.01.01", "vidéo"]] },
        { id: "X.06", proofs: [["X.06.01.01", "Boîte en carton"]] },
        { id: "X.07" },
      ]),
    );
    const levels = ["X.01", "X.02", "X.03", "X.04", "X.05p"].map((id) => draft.rows.get(id)?.level);
    expect(levels).to.deep.equal(["conditional", "optional", "mandatory", "unknown", "optional"]);
    expect(noted(draft, "level_unknown")).to.deep.equal(["X.04"]);
    expect(noted(draft, "kind_unknown")).to.deep.equal(["X.06"]);
    expect(draft.rows.get("X.06")?.verification).to.equal("demonstration");
    expect(noted(draft, "nothing_serves")).to.deep.equal(["X.07"]);
    expect(draft.rows.get("X.07")?.excluded?.fr).to.include("aucune preuve");
    expect(draft.account.perimeters[0]?.served.nothing).to.equal(1);
  });

  it("tells a conditional row that no profile explains", async () => {
    const draft = await imported(
      await olderRem([{ id: "X.01", conditional: "OUI", proofs: [["X.01.01.01", "vidéo"]] }]),
      "--wave",
      "2",
    );
    expect(draft.rows.get("X.01")?.level).to.equal("conditional");
    expect(noted(draft, "condition_unnamed")).to.deep.equal(["X.01"]);
  });

  it("makes one perimeter per wave of the column Périmètre", async () => {
    const proofs = [["X.01.01.01", "vidéo"]] as const;
    const draft = await imported(
      await newerRem([
        { id: "X.01", perimeter: "Vague 1", proofs },
        { id: "X.01", perimeter: "Vague 2", statement: "Énoncé revu.", proofs: [["X.01.01.02", "attestation"]] },
        { id: "X.02", perimeter: "Vague 2", proofs },
      ]),
      "--id",
      "notre-rem",
    );
    expect(draft.account.perimeters.map(({ id, rows }) => [id, rows])).to.deep.equal([
      ["notre-rem-wave-1", 1],
      ["notre-rem-wave-2", 2],
    ]);
    expect(draft.account.counts).to.deep.equal({ all: 3, taken: 3, merged: 0, leftOut: 0 });
    expect(draft.rows.get("X.01")?.proofs.ids).to.deep.equal(["X.01.01.01", "X.01.01.02"]);
    expect(noted(draft, "several_statements")).to.deep.equal(["X.01"]);
    expect(draft.rows.get("X.01")?.register).to.deep.include({
      statement: "Le système DOIT faire X.01.",
      other_statements: ["Énoncé revu."],
      rows: ["Exigences 1!2", "Exigences 1!3"],
    });
  });

  it("reads every sheet of a REM, each line with its place", async () => {
    const proofs = [["X.01.01.01", "vidéo"]] as const;
    const wave1 = [{ id: "X.01", perimeter: "Vague 1", proofs }];
    const wave2 = [
      { id: "X.02", proofs },
      { id: "X.03", proofs },
    ];
    const draft = await imported(await newerRem(wave1, wave2), "--couloir", "HOP/DPI");
    expect(draft.account.sheets.map(({ name, lines }) => [name, lines])).to.deep.equal([
      ["Exigences 1", 1],
      ["Exigences 2", 2],
    ]);
    expect(draft.account.perimeters.map(({ id, rows }) => [id, rows])).to.deep.equal([
      ["hop-dpi-rem-wave-1", 1],
      ["hop-dpi-rem-wave-2", 2],
    ]);
    expect(draft.rows.get("X.03")).to.deep.include({ couloirs: ["HOP/DPI"] });
    expect(draft.rows.get("X.03")?.register?.rows).to.deep.equal(["Exigences 2!3"]);
    expect(draft.account.anomalies.map(({ kind }) => kind)).not.to.include("other_sheet");
  });

  it("keeps the history of ids, so that a diff follows a row to its new one", async () => {
    const proofs = [["SC.PSC.14.01.01", "Formulaire du test d'intrusion, signé"]] as const;
    const draft = await imported(
      await newerRem([
        { id: "SC.PSC.14", earlier: "SSI/GEN.99", proofs },
        { id: "X.02", earlier: "SSI/GEN.20", proofs },
      ]),
    );
    expect(draft.rows.get("PSC.14")?.register?.replaces).to.deep.equal(["SSI/GEN.18", "SSI/GEN.99"]);
    const diff = await segurInProcess(["specs", "diff", "mdv-lgc-wave-2", draft.out, "--json"]);
    const { moved } = JSON.parse(diff.stdout) as { moved: { from: string; to: string; by: string }[] };
    expect(moved.map(({ from, to, by }) => [from, to, by])).to.deep.equal([
      ["SSI/GEN.18", "PSC.14", "register"],
      ["SSI/GEN.20", "X.02", "register"],
    ]);
  });

  it("does not take a wave 1 number for the wave 2 row that bears it", async () => {
    const rows: readonly RemRow[] = [
      { id: "PSC.01", proofs: [["PSC.01.01.01", "vidéo"]] },
      { id: "PSC.08", proofs: [["PSC.08.01.01", "vidéo"]] },
    ];
    expect(ours("PSC/va1.01").legacyIds?.["MDV/LGC"]).to.equal("PSC.01");
    const first = await imported(await olderRem(rows), "--wave", "1");
    expect(first.rows.get("PSC/va1.01")?.register?.file_id).to.equal("PSC.01");
    expect(noted(first, "id_prefixed")).to.deep.equal(["LGC.PSC.08"]);
    expect(first.rows.get("LGC.PSC.08")?.checks).to.deep.equal([]);
    expect(first.rows.get("PSC.08")?.checks).to.deep.equal(ours("PSC.08").checks);
    const second = await imported(await olderRem(rows), "--wave", "2");
    expect(second.rows.get("PSC.01")?.register?.file_id).to.equal("PSC.01");
    expect(second.rows.get("PSC/va1.01")?.register?.file_id).to.equal(undefined);
  });

  it("accounts for rows left out and merged, each by name", async () => {
    const proofs = [["X.01.01.01", "vidéo"]] as const;
    const draft = await imported(
      await newerRem([
        { id: "X.01", proofs },
        { id: "SC.X.01 ", statement: "Un autre énoncé.", proofs },
        { id: "LGC.X.01", proofs },
        { id: "X.02", publication: "Obsolète", proofs },
        { id: "n° 4 (bis)", proofs },
        { id: "NON", proofs },
        { id: "", statement: "Sans identifiant.", proofs },
      ]),
    );
    expect(draft.account.counts).to.deep.equal({ all: 6, taken: 1, merged: 1, leftOut: 4 });
    expect(noted(draft, "obsolete")).to.deep.equal(["X.02"]);
    expect(noted(draft, "id_unusable")).to.deep.equal(["NON", "n° 4 (bis)"]);
    expect(noted(draft, "no_id")).to.deep.equal(["Exigences 1!8"]);
    expect(noted(draft, "several_ids")).to.deep.equal(["X.01"]);
    expect(noted(draft, "several_statements")).to.deep.equal(["X.01"]);
    expect(draft.account.anomalies.map(({ kind }) => kind)).to.include.members(["outer_space", "no_id"]);
  });

  it("survives texts that are hard on YAML and on terminals", async () => {
    const hard = `${"[{".repeat(60)} # "x": 'y' \u001b[2J & *a !!js/function ${"é".repeat(2000)}\n- - - - ? |\n__proto__: 1`;
    const rows: readonly RemRow[] = [
      { id: "X.01", statement: hard, proofs: [["X.01.01.01", `vidéo ${hard}`]] },
      { id: "X.02", statement: "__proto__", profile: "__proto__", proofs: [["__proto__", "constructor"]] },
    ];
    const draft = await imported(await newerRem(rows));
    expect(draft.rows.get("X.01")?.title.fr).to.include("[{[{").and.to.include("__proto__: 1");
    const shown = await segurInProcess(["specs", "diff", "mdv-lgc-wave-2", draft.out]);
    expect(shown.code, shown.stderr).to.equal(0);
    expect(shown.stdout).not.to.include("\u001b");
  });

  it("writes a draft that plan and run take as it is, and that judges", async () => {
    const draft = await imported(await olderRem(ROWS), "--wave", "2");
    const place = path.join(folder, "vendor");
    mkdirSync(place, { recursive: true });
    const { freePort } = await import("../../drivers/vendor-process.js");
    const config = segurYaml({ folder: place, port: await freePort(), perimeters: ["mdv-lgc-rem-wave-2"] });
    const plan = await segurInProcess(["plan", "-c", config, "--specs", draft.out, "--json"]);
    expect(plan.code, plan.stderr).to.equal(0);
    expect(plan.stdout).to.include("mdv-lgc-rem-wave-2").and.to.include("MSS/NEUF.01");
    const only = ours("MSS/CONF.16").checks;
    const run = await segurInProcess(["run", "-c", config, "--specs", draft.out, "--json", "--only", ...only]);
    expect(run.code, run.stderr).to.equal(0);
    const result = JSON.parse(run.stdout) as {
      perimeters: { id: string; groups: { rows: { id: string; verdict: string }[] }[] }[];
    };
    const verdicts = result.perimeters.flatMap(({ groups }) => groups.flatMap(({ rows }) => rows));
    expect(verdicts.map(({ id, verdict }) => [id, verdict])).to.deep.include.members([
      ["MSS/CONF.16", "conform"],
      ["SSI/GEN.01", "not_tested"],
      ["MSS/NEUF.01", "not_applicable"],
    ]);
    expect(verdicts).to.have.length(4);
    const [name] = readdirSync(path.join(place, "runs"));
    const diff = await segurInProcess([
      "specs",
      "diff",
      "mdv-lgc-wave-2",
      draft.out,
      "--run",
      path.join(place, "runs", name ?? ""),
      "--json",
    ]);
    expect(diff.code, diff.stderr).to.equal(0);
    const { run: under } = JSON.parse(diff.stdout) as { run: { added: { id: string }[]; removed: unknown[] } };
    expect(under.added.map(({ id }) => id)).to.deep.equal(["MSS/NEUF.01"]);
    expect(under.removed).to.have.length(254 - 3);
  });

  it("signs with the key given, and says what to do next in both languages", async () => {
    const file = written(await olderRem(ROWS));
    const say = async (lang: string): Promise<string> => {
      const run = await segurInProcess([
        "specs",
        "import",
        file,
        "--out",
        path.join(folder, `said-${lang}`),
        "--wave",
        "2",
        "--lang",
        lang,
      ]);
      expect(run.code, run.stderr).to.equal(0);
      return run.stdout;
    };
    expect(await say("fr"))
      .to.include("À décider avant de s'y fier")
      .and.to.include("4 exigences lues : 4 reprises");
    expect(await say("en"))
      .to.include("To decide before relying on it")
      .and.to.include("4 requirements read: 4 taken");
    const keys = await segurInProcess(["rules", "show", path.join(folder, "said-en"), "--lang", "en"]);
    expect(keys.code, keys.stderr).to.equal(0);
    expect(keys.stdout).to.include("signer").and.to.include("unknown");
  });

  describe("refuses, with nothing left behind:", () => {
    const files: readonly (readonly [string, Uint8Array, string])[] = [
      ["no bytes", new Uint8Array(), "le classeur est vide"],
      ["a text", Buffer.from("ID;Exigence\nX.01;texte\n"), "fichier texte"],
      ["a broken archive", Buffer.from("PK\u0003\u0004 et puis rien"), "archive"],
    ];
    for (const [what, bytes, sentence] of files) {
      it(what, async () => expect(await refused(written(bytes), "--wave", "2")).to.include(sentence));
    }

    it("a file that is not there", async () => {
      expect(await refused(path.join(folder, "absent.xlsx"))).to.include("ne peut pas être lu");
    });

    it("a workbook that is no REM", async () => {
      const { writeWorkbook } = await import("../../protocols/workbook/index.js");
      const bytes = await writeWorkbook([{ name: "a", columns: ["x", "y"], rows: [["1", "2"]] }]);
      expect(await refused(written(bytes), "--wave", "2")).to.include("aucune feuille");
    });

    it("a REM without a row", async () => {
      expect(await refused(written(await newerRem([])))).to.match(/aucune exigence|aucune feuille/);
    });

    it("a wave that nobody says", async () => {
      expect(await refused(written(await olderRem(ROWS))))
        .to.include("ne dit pas la vague")
        .and.to.include("--wave 1");
    });

    it("the id of one of our perimeters, and what is no id", async () => {
      const file = written(await olderRem(ROWS));
      expect(await refused(file, "--wave", "2", "--id", "mdv-lgc-wave-2")).to.include("la suite a un périmètre");
      expect(await refused(file, "--wave", "2", "--id", "../x")).to.include("n'est pas un identifiant");
    });

    it("a day that is none", async () => {
      expect(await refused(written(await olderRem(ROWS)), "--wave", "2", "--frozen", "2026-02-30")).to.include(
        "calendrier",
      );
    });

    it("a requirement that holds a book", async () => {
      const proofs = Array.from(
        { length: 10 },
        (_, n) => [`X.01.01.0${n}`, `vidéo ${n} ${"mot ".repeat(8000)}`] as const,
      );
      expect(await refused(written(await newerRem([{ id: "X.01", proofs }])))).to.include("trop de texte");
    });

    it("more requirements than a list has", async () => {
      const rows = Array.from({ length: 5_001 }, (_, n) => ({ id: `X.${n}`, statement: "x" }));
      expect(await refused(written(await convergenceRem(rows)))).to.include("plus d'exigences");
    });

    it("a folder that is not empty, and leaves it alone", async () => {
      const out = path.join(folder, "full");
      mkdirSync(out);
      writeFileSync(path.join(out, "mine.txt"), "kept");
      const run = await segurInProcess(["specs", "import", written(await olderRem(ROWS)), "--wave", "2", "--out", out]);
      expect(run.code).to.equal(2);
      expect(run.stderr).to.include("n'est pas vide");
      expect(readdirSync(out)).to.deep.equal(["mine.txt"]);
    });
  });

  it("gives back through the dossier's workbook what the file said of each row", async () => {
    const bytes = await convergenceRem(ROWS);
    const draft = await imported(bytes, "--wave", "2");
    const { specs } = openSuite({ specs: draft.out });
    const perimeters = specs.perimeters.filter((one) => one.id === "mdv-lgc-rem-wave-2");
    const ids = new Set(ROWS.map(({ id }) => id.replace(/^SC\./, "")));
    const said = async (book: Uint8Array) => {
      const table = await readRem(book);
      return table.lines
        .map(({ id, proofId, proof, scenarioId, scenario, statement, comment, ...line }) => ({
          ...{ id: id.replace(/^SC\./, ""), proofId, proof, scenarioId, scenario, statement, comment },
          ...{ function: line.function, chapter: line.chapter, criticality: line.criticality },
          historicalProfile: line.historicalProfile,
        }))
        .filter(({ id }) => ids.has(id))
        .sort((a, b) => (a.proofId < b.proofId ? -1 : 1));
    };
    const before = await said(bytes);
    expect(before).to.have.length(ROWS.flatMap(({ proofs }) => proofs ?? []).length);
    expect(await said(await writeConvergence(remLines(perimeters, specs.requirements), []))).to.deep.equal(before);
  });

  it("takes an empty folder, and writes plain YAML that its reader can correct", async () => {
    const out = path.join(folder, "empty");
    mkdirSync(out);
    const run = await segurInProcess(["specs", "import", written(await olderRem(ROWS)), "--wave", "2", "--out", out]);
    expect(run.code, run.stderr).to.equal(0);
    const rows = parse(readFileSync(path.join(out, "requirements", "mss.yaml"), "utf8")) as { id: string }[];
    expect(rows.map(({ id }) => id)).to.deep.equal(["MSS/CONF.05", "MSS/CONF.16", "MSS/NEUF.01"]);
    expect(existsSync(path.join(out, "rules.dsse.json"))).to.equal(true);
  });
});
