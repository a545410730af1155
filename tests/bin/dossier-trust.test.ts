/** What a dossier says of a run holds for what was looked at, and for nothing else: bytes, texts, days; and no path leaves with a bundle. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { decideWithReviews } from "../../bin/agency-decision.js";
import { rowsOnce } from "../../bin/dossier/status-text.js";
import { readRunMeta, type RunFolder, type RunMeta } from "../../bin/run-folder.js";
import { dayAfter, digestOfText, type DossierFile } from "../../core/dossier/index.js";
import { packageRoot, type PerimeterResult, type RowResult, type RunResult } from "../../core/model/index.js";
import { type BundleManifest, NAMES, sha256 } from "../../core/seal/bundle/manifest.js";
import { copyOfRun, editJson, jsonOf, keyPair, repack, seal, theSuite, unpack, verified } from "../support/bundle.js";
import { segurInProcess } from "../support/in-process.js";

const FILES = path.join(packageRoot(import.meta.url), "fixtures", "dossier", "files");
const FILM = path.join(FILES, "demonstration.mp4");
const PROOF = "ANN/va1.02.01.01";
const ROW = "ANN/va1.02";
const FORM = "SSI/GEN.13.01.01";
const FORM_ROW = "SSI/GEN.13";
const DAY = /^\d{4}-\d\d-\d\d$/;

type Proofs = RunMeta["config"]["proofs"];

describe("what a dossier says of a run", function () {
  this.timeout(120_000);
  let folder: string;
  let config: string;
  let run: RunFolder;

  const inside = (...names: string[]): string => path.join(folder, ...names);
  const done = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await segurInProcess([...words, "--lang", "en"]);
    expect(code, stderr).to.equal(0);
    return stdout + stderr;
  };
  const dossier = (command: string, ...words: string[]) => done("dossier", command, ...words, "--config", config);
  const meta = (): RunMeta => JSON.parse(readFileSync(run.file("run.json"), "utf8")) as RunMeta;
  const edit = (change: (config: { proofs: Record<string, object>; notApplicable?: object }) => void): void => {
    const written = meta();
    change(written.config);
    writeFileSync(run.file("run.json"), JSON.stringify(written));
  };
  const rowNow = (id: string): RowResult | undefined =>
    (JSON.parse(readFileSync(run.file("result.json"), "utf8")) as RunResult).perimeters
      .flatMap(({ groups }) => groups.flatMap(({ rows }) => rows))
      .find((row) => row.id === id);
  const dossierYaml = () => inside("dossier", "dossier.yaml");
  const written = (): DossierFile => parse(readFileSync(dossierYaml(), "utf8")) as DossierFile;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-trust-"));
    config = inside("segur.yaml");
    run = await copyOfRun();
    const { candidate, perimeters, subProfiles, conditions } = meta().config;
    writeFileSync(
      config,
      JSON.stringify({ candidate, perimeters, subProfiles, conditions, drivers: { kind: "manual" } }),
    );
    await dossier("init");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe("a review of a proof", () => {
    it("stands in run.json with the SHA-256 of what was reviewed, and counts", async () => {
      await dossier("add", FILM, PROOF);
      await dossier("review", PROOF, "--accept", "--by", "R");
      await dossier("apply", run.path);
      const bytes = sha256(readFileSync(FILM));
      expect(meta().config.proofs[PROOF]?.review).to.deep.include({ state: "accepted", sha256: [bytes] });
      expect(rowNow(ROW)).to.deep.include({ verdict: "conform", strength: "reviewed" });
    });

    it("of an older run.json, which names no bytes, waits: judged, listed, sealed, verified", async () => {
      const review = { state: "accepted", by: "R", on: "2026-11-01" };
      edit(({ proofs }) => Object.assign(proofs, { [PROOF]: { files: [FILM], review, on: "2026-11-22" } }));
      await segurInProcess(["judge", run.path]);
      expect(rowNow(ROW)).to.include({ verdict: "to_review", dossier: "to_review" });
      expect(await done("proof", run.path)).to.match(new RegExp(`${PROOF} .*, to review`));
      const bundle = await seal({ folder: run });
      expect((await verified(bundle)).status).to.equal("equal");
      const { perimeters } = jsonOf(await unpack(bundle), NAMES.result) as RunResult;
      const rows = perimeters.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
      expect(rows.find(({ id }) => id === ROW)).to.include({ verdict: "to_review", dossier: "to_review" });
    });

    it("seals nothing but what was reviewed, whether or not dossier.json is there", async () => {
      const own = inside("film.mp4");
      writeFileSync(own, "one film");
      const review = { state: "accepted", by: "R", on: "2026-11-01", sha256: [sha256("one film")] };
      edit(({ proofs }) => Object.assign(proofs, { [PROOF]: { files: [own], review, on: "2026-11-22" } }));
      rmSync(run.file("dossier.json"), { force: true });
      expect((await verified(await seal({ folder: run }))).status).to.equal("equal");
      writeFileSync(own, "another film");
      const refused = await seal({ folder: run }).catch((error: unknown) => error);
      expect(refused).to.have.property(
        "message",
        `a file of the proof ${PROOF} is another than the one that was reviewed`,
      );
    });

    it("written in segur.yaml is of the file as it is when segur.yaml is read", async () => {
      const own = inside("film.mp4");
      writeFileSync(own, "one film");
      const yaml = JSON.parse(readFileSync(config, "utf8")) as object;
      const review = { state: "accepted", by: "R", on: "2026-11-01" };
      writeFileSync(config, JSON.stringify({ ...yaml, proofs: { [PROOF]: { files: ["film.mp4"], review } } }));
      await dossier("apply", run.path);
      expect(meta().config.proofs[PROOF]?.review?.sha256).to.deep.equal([sha256("one film")]);
      expect(rowNow(ROW)?.verdict).to.equal("conform");
    });
  });

  describe("a claim", () => {
    const accept = async (): Promise<void> => {
      await dossier("claim", ROW, "--because", "no such screen");
      await dossier("review", ROW, "--accept", "--by", "R");
    };

    it("is accepted with its text", async () => {
      await accept();
      expect(written().notApplicable?.[0]?.reviews?.[0]?.sha256).to.equal(digestOfText("no such screen"));
      await dossier("apply", run.path);
      expect(rowNow(ROW)).to.include({ verdict: "not_applicable", reason: "claimed_not_applicable" });
      expect((await verified(await seal({ folder: run }))).status).to.equal("equal");
    });

    it("waits again once its text is another, and says so", async () => {
      await accept();
      writeFileSync(dossierYaml(), readFileSync(dossierYaml(), "utf8").replace("no such screen", "no time"));
      await dossier("apply", run.path);
      expect(meta().config.notApplicable).to.deep.equal({ [ROW]: { justification: "no time" } });
      expect(rowNow(ROW)?.verdict).to.equal("to_review");
      expect(await dossier("status")).to.include(
        "to review (the justification has changed since it was reviewed): no time",
      );
      await dossier("review", ROW, "--accept", "--by", "R");
      await dossier("apply", run.path);
      expect(rowNow(ROW)?.verdict).to.equal("not_applicable");
    });

    it("waits when nobody wrote down which text was read, as older versions did not", async () => {
      await accept();
      const older = readFileSync(dossierYaml(), "utf8").replace(/\n *sha256: [0-9a-f]{64}/, "");
      writeFileSync(dossierYaml(), older);
      await dossier("apply", run.path);
      expect(rowNow(ROW)?.verdict).to.equal("to_review");
    });
  });

  describe("the form of a penetration test", () => {
    const form = path.join(FILES, "test-intrusion-signe.pdf");
    const declared = (on: string, high: string): string[] => [
      "--fact",
      "kind=pentest",
      `on=${on}`,
      "auditor=Audit-Fictif",
      `high=${high}`,
      "medium=0",
    ];

    it("without its date and failures waits, however often the candidate accepts it", async () => {
      await dossier("add", form, FORM);
      await dossier("review", FORM, "--accept", "--by", "R");
      const { view } = JSON.parse(await dossier("status", "--json")) as {
        view: { proofs: { id: string; state: string; findings: { rule: string }[] }[] };
      };
      const proof = view.proofs.find(({ id }) => id === FORM);
      expect(proof?.state).to.equal("to_review");
      expect(proof?.findings.map(({ rule }) => rule)).to.include("pentest-facts-missing");
      await dossier("apply", run.path);
      expect(rowNow(FORM_ROW)).to.include({ verdict: "to_review", dossier: "to_review" });
    });

    it("goes on blocking beside another file: `segur proof --add` keeps what is declared", async () => {
      await dossier("add", form, FORM, ...declared("2026-10-15", "1"));
      await dossier("apply", run.path);
      expect(rowNow(FORM_ROW)?.proofs.owed).to.deep.equal([FORM]);
      const before = meta().config.proofs[FORM];
      await done("proof", run.path, "--add", `${FORM}=${FILM}`);
      const after = meta().config.proofs[FORM];
      expect(after?.facts).to.deep.equal(before?.facts);
      expect(after?.on).to.match(DAY);
      expect(after?.files).to.have.length(2);
      expect(rowNow(FORM_ROW)?.proofs.owed).to.deep.equal([FORM]);
    });

    it("is fresh or not on the day of the agency's review at the latest, whatever day the candidate names", async () => {
      const runDay = meta().startedAt.slice(0, 10);
      const later = (days: number): string =>
        Array.from({ length: days }).reduce<string>((day) => dayAfter(day), runDay);
      // Dated two months after the run, and said to have been looked at then.
      const [on, soon] = [later(60), later(10)];
      const facts = { kind: "pentest", on, auditor: "A", failures: { high: 0, medium: 0 } };
      edit(({ proofs }) => Object.assign(proofs, { [FORM]: { files: [form], facts, on } }));
      await segurInProcess(["judge", run.path]);
      const result = JSON.parse(readFileSync(run.file("result.json"), "utf8")) as RunResult;
      const decided = (day: string): string | undefined => {
        const reviews = [{ row: FORM_ROW, proof: FORM, state: "accepted" as const, on: `${day}T10:00:00Z` }];
        const { perimeters } = decideWithReviews({ result, meta: readRunMeta(run), suite: theSuite(), reviews });
        const rows = perimeters.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
        return rows.find(({ id }) => id === FORM_ROW)?.verdict;
      };
      expect(decided(on)).to.equal("conform");
      expect(decided(soon), "reviewed before the form was dated").to.equal("not_tested");
    });

    it("is not sealed with a day that is still to come", async () => {
      const on = "2099-01-01";
      const facts = { kind: "pentest", on, auditor: "A", failures: { high: 0, medium: 0 } };
      edit(({ proofs }) => Object.assign(proofs, { [FORM]: { files: [form], facts, on } }));
      const refused = await seal({ folder: run }).catch((error: unknown) => error);
      expect(refused).to.have.property(
        "message",
        `the proof ${FORM} is said to have been looked at on a day to come: ${on}`,
      );
    });
  });

  describe("a bundle", () => {
    it("names its files of proof as they are in it, and no path of the machine that made it", async () => {
      await dossier("add", FILM, PROOF, "ANN/va1.03.01.01");
      await dossier("apply", run.path);
      const older = { ...meta(), configFile: "/home/somebody/secret/segur.yaml" };
      writeFileSync(run.file("run.json"), JSON.stringify(older));
      const bundle = await seal({ folder: run });
      const files = await unpack(bundle);
      const { proofs } = (jsonOf(files, NAMES.run) as RunMeta).config;
      const manifest = jsonOf(files, NAMES.manifest) as BundleManifest;
      for (const [id, { files: named }] of Object.entries(proofs)) {
        expect(named).to.deep.equal(manifest.proofs.filter((one) => one.id === id).map(({ file }) => file));
      }
      expect(proofs[PROOF]?.files, "shared by two proofs").to.deep.equal(proofs["ANN/va1.03.01.01"]?.files);
      const text = Buffer.from(files.get(NAMES.run) ?? "").toString();
      for (const secret of [folder, tmpdir(), "somebody", run.path]) expect(text).to.not.include(secret);
      expect((await verified(bundle)).status).to.equal("equal");
      expect(meta(), "the folder of the run is left alone").to.deep.equal(older);
    });

    it("of an older version, with paths of the vendor's machine in run.json, is verified as it was", async () => {
      const vendor = keyPair();
      const files = await unpack(await seal({ folder: run, key: vendor }));
      editJson<{ config: { proofs: Record<string, { files: string[] }> } }>(files, NAMES.run, ({ config: own }) => {
        for (const proof of Object.values(own.proofs)) proof.files = proof.files.map((name) => `/home/x/${name}`);
      });
      expect((await verified(repack(files, { resign: vendor }))).status).to.equal("equal");
    });

    it("gives a proof a name that no system takes for a folder", async () => {
      mkdirSync(inside("out"));
      const odd = inside("out", "..\\..\\autorun.inf");
      writeFileSync(odd, "x");
      edit(({ proofs }) => Object.assign(proofs, { [PROOF]: { files: [odd] } satisfies Proofs[string] }));
      const bundle = await seal({ folder: run });
      const { proofs } = jsonOf(await unpack(bundle), NAMES.manifest) as BundleManifest;
      expect(proofs.find(({ id }) => id === PROOF)?.name).to.equal(".._.._autorun.inf");
      expect((await verified(bundle)).status).to.equal("equal");
    });
  });

  it("keeps the line ends of dossier.yaml", async () => {
    const crlf = readFileSync(dossierYaml(), "utf8").replace(/\n/g, "\r\n");
    writeFileSync(dossierYaml(), crlf);
    await dossier("claim", ROW, "--because", "line one\nline two");
    const text = readFileSync(dossierYaml(), "utf8");
    expect(text.match(/(?<!\r)\n/g)).to.equal(null);
    expect(text).to.include("\r\n");
    expect(written().notApplicable?.[0]?.justification).to.equal("line one\nline two");
    await dossier("review", ROW, "--accept", "--by", "R");
    await dossier("apply", run.path);
    expect(rowNow(ROW)?.verdict, "the text read is the text accepted").to.equal("not_applicable");
  });

  it("tells each row once, with the perimeters that say the same of it", async () => {
    const { candidate } = meta().config;
    const couloirs = ["mdv-lgc-wave-1", "rad-ris-wave-1", "bio-sgl-wave-1", "hop-dpi-wave-1"];
    writeFileSync(
      config,
      JSON.stringify({ candidate, perimeters: couloirs, subProfiles: [], drivers: { kind: "manual" } }),
    );
    const { rows } = JSON.parse(await dossier("status", "--json")) as {
      rows: { id: string; perimeters: string[]; level: string; dossier: string }[];
    };
    const keys = rows.map(({ id, level, dossier: owed }) => `${id} ${level} ${owed}`);
    expect(new Set(keys).size, "one line for each thing that is said").to.equal(keys.length);
    const shared = rows.filter(({ perimeters }) => perimeters.length > 1);
    expect(shared).to.not.deep.equal([]);
    const pairs = rows.flatMap(({ id, perimeters }) => perimeters.map((perimeter) => `${id} ${perimeter}`));
    expect(new Set(pairs).size, "each row once in each perimeter").to.equal(pairs.length);
  });

  it("tells a row that two couloirs state otherwise once in each, with the verdict it has there", () => {
    const row = (id: string, verdict: string) => ({ id, level: "mandatory", verdict, strength: null, dossier: "owed" });
    const perimeter = (id: string, ...rows: object[]) => ({ id, groups: [{ id: "g", rows }] });
    const perimeters = [
      perimeter("a", row("SHARED", "conform"), row("SAME", "conform")),
      perimeter("b", row("SHARED", "not_tested"), row("SAME", "conform")),
    ] as unknown as readonly PerimeterResult[];
    const told = (judged: boolean) =>
      rowsOnce(perimeters, judged).map(({ row: { id, verdict }, perimeters: where }) => [id, verdict, ...where]);
    expect(told(true)).to.deep.equal([
      ["SHARED", "conform", "a"],
      ["SAME", "conform", "a", "b"],
      ["SHARED", "not_tested", "b"],
    ]);
    expect(
      told(false).map(([id]) => id),
      "no run: verdicts make no difference",
    ).to.deep.equal(["SHARED", "SAME"]);
  });
});
