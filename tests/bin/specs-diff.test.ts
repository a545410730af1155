import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { runFolderAt } from "../../bin/run-folder.js";
import { diffSpecs, type SpecsDiff } from "../../bin/specs/diff.js";
import { openSide } from "../../bin/specs/side.js";
import { openSuite, type Suite } from "../../bin/suite.js";
import { packageRoot, type Requirement, SuiteError } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { segurInProcess } from "../support/in-process.js";

const TEXT = { fr: "Liste d'essai", en: "Test list" };
const ROWS = ["MSS/CONF.05", "MSS/CONF.16", "SSI/GEN.18", "INS/va1.40"];

/** Hand-made lists over the suite's own rows, unsigned, as a person edits them; one real run scored under them. */
describe("segur specs diff", function () {
  const schemas = openSchemas(path.join(packageRoot(import.meta.url), "specs", "schemas"));
  let folder: string;
  let suite: Suite;
  let run: string;
  let made = 0;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-specs-diff-"));
    suite = openSuite();
    const demo = await segurInProcess([
      "demo",
      "--runs",
      path.join(folder, "runs"),
      "--only",
      ...ours("MSS/CONF.16").checks,
    ]);
    expect(demo.code, demo.stderr).to.equal(0);
    run = path.join(folder, "runs", readdirSync(path.join(folder, "runs"))[0] ?? "");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function ours(id: string): Requirement {
    const row = suite.specs.requirements.find((one) => one.id === id);
    if (!row) throw new Error(`the register has no ${id}`);
    const { origin: _origin, ...rest } = row;
    return rest;
  }

  const perimeter = (id: string, rows: readonly string[]) => ({
    id,
    couloir: "MDV/LGC",
    wave: "2",
    title: TEXT,
    frozen: "2026-11-22",
    basis: "test-list",
    basisNote: TEXT,
    knownGap: TEXT,
    subProfiles: [],
    groups: [{ id: "all", title: TEXT, rows }],
  });

  /** A rule pack that nobody signed; each perimeter by its rows. */
  function pack(perimeters: Readonly<Record<string, readonly string[]>>, rows: readonly Requirement[] = []): string {
    const place = path.join(folder, `pack-${++made}`);
    const write = (name: string, value: unknown): void => {
      mkdirSync(path.dirname(path.join(place, name)), { recursive: true });
      writeFileSync(path.join(place, name), stringify(value, { aliasDuplicateObjects: false }));
    };
    write("rules.yaml", { format: "segur-rules/1", name: "essai", version: "1", basisNote: TEXT });
    for (const [id, ids] of Object.entries(perimeters)) write(`perimeters/${id}.yaml`, perimeter(id, ids));
    if (rows.length > 0) write("requirements/rows.yaml", rows);
    return place;
  }

  function compare(before: string, after: string, withRun = false): SpecsDiff {
    const found = diffSpecs(openSide(before, suite), openSide(after, suite), suite, withRun ? runFolderAt(run) : null);
    const validate = schemas.validator("specs-diff");
    expect(validate(JSON.parse(JSON.stringify(found))), JSON.stringify(validate.errors)).to.equal(true);
    return found;
  }

  function refused(named: string): SuiteError {
    try {
      openSide(named, suite);
    } catch (error) {
      if (error instanceof SuiteError) return error;
      throw error;
    }
    throw new Error("nothing was refused");
  }

  it("compares perimeters of the suite by their ids", () => {
    const found = compare("mdv-lgc-wave-1", "mdv-lgc-wave-2");
    expect([found.before.rows, found.after.rows]).to.deep.equal([119, 254]);
    expect(found.added.length + found.changed.length + found.unchanged + found.moved.length).to.equal(254);
    expect(found.removed.length + found.changed.length + found.unchanged + found.moved.length).to.equal(119);
    expect(found.run).to.equal(null);
  });

  it("tells added, removed, changed and moved rows of a hand-made list", () => {
    const old = pack({ essai: ROWS });
    const moved = { ...ours("PSC.14"), register: { replaces: ["SSI/GEN.18"] } };
    const changed: Requirement = { ...ours("MSS/CONF.16"), level: "optional", checks: [], supports: [] };
    const now = pack({ essai: ["MSS/CONF.16", "MSS/CONF.07", "PSC.14", "INS/va1.40"] }, [moved, changed]);
    const found = compare(old, now);
    expect(found.added.map(({ id }) => id)).to.deep.equal(["MSS/CONF.07"]);
    expect(found.removed.map(({ id }) => id)).to.deep.equal(["MSS/CONF.05"]);
    expect(found.moved.map(({ from, to, by }) => [from, to, by])).to.deep.equal([["SSI/GEN.18", "PSC.14", "register"]]);
    expect(found.changed.map(({ id, changes }) => [id, changes.map(({ aspect }) => aspect)])).to.deep.equal([
      ["MSS/CONF.16", ["level", "checks"]],
    ]);
    expect(found.unchanged).to.equal(1);
    expect(found.after).to.include({ signed: false, id: "essai" });
    expect(found.after.rules).to.include({ name: "essai", version: "1" });
  });

  it("scores one run under both, and says which verdicts and decision turn", () => {
    const old = pack({ essai: ["MSS/CONF.16"] }, [{ ...ours("MSS/CONF.16"), proofs: { ids: [], kinds: [] } }]);
    const withProof = pack({ essai: ["MSS/CONF.16"] }, [{ ...ours("MSS/CONF.16"), checks: [] }]);
    const found = compare(old, withProof, true);
    expect(found.run?.decision.before).to.include({ decision: "referencable", reason: null });
    expect(found.run?.decision.after).to.include({ decision: "not_referencable", reason: "owed" });
    expect(found.run?.decision.changes).to.equal(true);
    expect(
      found.run?.rows.map(({ from, before, after }) => [from, before.verdict, after.verdict, after.dossier]),
    ).to.deep.equal([["MSS/CONF.16", "conform", "not_tested", "owed"]]);
    expect(compare(old, old, true).run).to.deep.include({ rows: [], added: [], removed: [] });
  });

  it("gives the verdict a run has, under its own perimeter", () => {
    const found = compare("mdv-lgc-wave-1", "mdv-lgc-wave-2", true);
    const { perimeters } = JSON.parse(readFileSync(path.join(run, "result.json"), "utf8")) as {
      perimeters: { id: string; decision: string; deciding: unknown }[];
    };
    const own = (id: string) => perimeters.find((one) => one.id === id);
    expect(found.run?.decision.before.deciding).to.deep.equal(own("mdv-lgc-wave-1")?.deciding);
    expect(found.run?.decision.after.deciding).to.deep.equal(own("mdv-lgc-wave-2")?.deciding);
    expect(found.run?.added).to.have.length(found.added.length);
  });

  it("writes nothing into the run, and exits 0 whatever it finds", async () => {
    const fingerprint = (): string => {
      const hash = createHash("sha256");
      for (const entry of readdirSync(run, { recursive: true, encoding: "utf8" }).sort()) {
        const facts = statSync(path.join(run, entry));
        hash.update(`${entry} ${facts.mtimeMs}`);
        if (facts.isFile()) hash.update(readFileSync(path.join(run, entry)));
      }
      return hash.digest("hex");
    };
    const before = fingerprint();
    const now = pack({ essai: ["MSS/CONF.05"] });
    for (const [lang, words] of [
      ["fr", ["Retirées", "Décision", "Rien n'a été écrit", "non signées"]],
      ["en", ["Removed", "Decision", "Nothing was written", "unsigned"]],
    ] as const) {
      const said = await segurInProcess(["specs", "diff", "mdv-lgc-wave-2", now, "--run", run, "--lang", lang]);
      expect(said.code, said.stderr).to.equal(0);
      for (const word of words) expect(said.stdout).to.include(word);
    }
    expect(fingerprint()).to.equal(before);
  });

  it("takes one of several perimeters by #id, and the file of one inside its pack", () => {
    const both = pack({ un: ["MSS/CONF.05"], deux: ["MSS/CONF.05", "MSS/CONF.16"] });
    expect(openSide(`${both}#deux`, suite).perimeter.id).to.equal("deux");
    expect(openSide(path.join(both, "perimeters", "un.yaml"), suite).perimeter.id).to.equal("un");
    const several = refused(both);
    expect(several.message).to.include("several perimeters");
    expect(several.mend).to.include(`${both}#deux`).and.to.include(`${both}#un`);
    expect(refused(`${both}#trois`).message).to.equal("the rule pack has no perimeter trois");
    expect(refused(pack({}, [ours("MSS/CONF.05")])).message).to.equal("the rule pack brings no perimeter");
  });

  it("takes a perimeter file alone over the suite's rows, and names a row that is nowhere", () => {
    const file = path.join(folder, "seul.yaml");
    writeFileSync(file, stringify(perimeter("seul", ["MSS/CONF.05"])));
    expect(openSide(file, suite)).to.deep.include({ signed: false });
    writeFileSync(file, stringify(perimeter("seul", ["MSS/ABSENTE.01"])));
    expect(refused(file)).to.include({ code: "ERR_USAGE", message: 'there is no row "MSS/ABSENTE.01"' });
    writeFileSync(file, "x: [");
    expect(refused(file).code).to.equal("ERR_RULES");
    writeFileSync(file, "a".repeat(600_000));
    expect(refused(file)).to.include({ code: "ERR_FILE", message: "this is not the file of a perimeter" });
  });

  it("refuses what is nowhere, a broken pack and a run of other rules: exit 2", async () => {
    expect(refused("mdv-lgc-wave-3").mend).to.equal("did you mean mdv-lgc-wave-1?");
    const broken = pack({ essai: ["MSS/ABSENTE.01"] });
    expect(refused(broken).code).to.equal("ERR_SPEC");
    const foreign = path.join(folder, "foreign");
    cpSync(run, foreign, { recursive: true });
    const meta = JSON.parse(readFileSync(path.join(foreign, "run.json"), "utf8")) as object;
    const rules = { name: "autre", version: "9", digest: "a".repeat(64) };
    writeFileSync(path.join(foreign, "run.json"), JSON.stringify({ ...meta, rules }));
    const said = await segurInProcess(["specs", "diff", "mdv-lgc-wave-1", "mdv-lgc-wave-2", "--run", foreign]);
    expect(said.code).to.equal(2);
    expect(said.stderr).to.include("autre 9");
    const absent = await segurInProcess(["specs", "diff", "nulle-part", "mdv-lgc-wave-2"]);
    expect(absent.code).to.equal(2);
    expect(absent.stderr).to.include("il n'y a ni périmètre, ni dossier, ni fichier nulle-part");
  });
});
