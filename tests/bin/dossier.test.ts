/** `segur dossier` as a candidate uses it: init, add, review, claim, status, export, import, apply; and what it refuses. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { editDossier, openDossier } from "../../bin/dossier/folder.js";
import { dossierSheets } from "../../bin/dossier/workbook.js";
import type { DossierFile } from "../../core/dossier/index.js";
import { packageRoot, type RunResult } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { readRem, writeConvergence } from "../../protocols/rem/index.js";
import { makeRun } from "../support/bundle.js";
import { segurInProcess } from "../support/in-process.js";

const root = packageRoot(import.meta.url);
const FILES = path.join(root, "fixtures", "dossier", "files");
const CONFIG = `candidate: { vendor: Essai, product: Logiciel, version: "1.0" }
perimeters: [mdv-lgc-wave-1, mdv-lgc-wave-2]
subProfiles: []
drivers: { kind: manual }
`;

interface Status {
  readonly counts: Readonly<Record<string, number>>;
  readonly view: {
    readonly proofs: readonly {
      readonly id: string;
      readonly rows: readonly string[];
      readonly state: string;
      readonly stale: string | null;
      readonly files: readonly unknown[];
    }[];
    readonly notApplicable: readonly { readonly row: string; readonly state: string }[];
  };
}

describe("segur dossier", function () {
  let folder: string;
  let config: string;
  const inside = (...names: string[]): string => path.join(folder, ...names);
  const dossier = (command: string, ...words: string[]) =>
    segurInProcess(["dossier", command, ...words, "--config", config, "--lang", "en"]);
  const done = async (command: string, ...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await dossier(command, ...words);
    expect(code, stderr).to.equal(0);
    return stdout + stderr;
  };
  const refused = async (reason: RegExp, command: string, ...words: string[]): Promise<void> => {
    const before = existsSync(inside("dossier")) ? readFileSync(inside("dossier", "dossier.yaml"), "utf8") : null;
    const listed = existsSync(inside("dossier")) ? readdirSync(inside("dossier"), { recursive: true }).sort() : null;
    const { code, stderr } = await dossier(command, ...words);
    expect([code, stderr.match(reason)?.[0] ?? stderr]).to.deep.equal([2, stderr.match(reason)?.[0] ?? reason]);
    if (before === null) return;
    expect(readFileSync(inside("dossier", "dossier.yaml"), "utf8")).to.equal(before);
    expect(readdirSync(inside("dossier"), { recursive: true }).sort()).to.deep.equal(listed);
  };
  const written = (): DossierFile => parse(readFileSync(inside("dossier", "dossier.yaml"), "utf8")) as DossierFile;
  const status = async (...words: string[]): Promise<Status> => JSON.parse(await statusText(...words)) as Status;
  const statusText = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await dossier("status", "--json", ...words);
    expect(code, stderr).to.equal(0);
    return stdout;
  };
  const stateOf = async (id: string): Promise<string | undefined> =>
    (await status()).view.proofs.find((proof) => proof.id === id)?.state;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-dossier-"));
    config = inside("segur.yaml");
    writeFileSync(config, CONFIG);
    await done("init");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("begins with everything owed, and a plan that says what to show for each proof", async () => {
    const { view, counts } = await status();
    expect(counts.owed).to.equal(view.proofs.length);
    const plan = readFileSync(inside("dossier", "PLAN.md"), "utf8");
    const lacking = view.proofs.filter(({ id }) => !plan.includes(`### [ ] ${id}\n`));
    expect(lacking.map(({ id }) => id)).to.deep.equal([]);
    for (const part of plan.split("\n### ").slice(1)) expect(part, part.slice(0, 40)).to.match(/^1\. /m);
  });

  it("lists every requirement of the perimeters once", async () => {
    const text = await done("status");
    const rows = (JSON.parse(await statusText()) as { rows: readonly { id: string }[] }).rows;
    expect(rows.length).to.be.greaterThan(200);
    for (const { id } of rows)
      expect(
        text.split("\n").filter((line) => line.startsWith(`  ${id} (`)),
        id,
      ).to.have.length(1);
  });

  it("takes a proof in under its name, keeps its digest, and does not believe it", async () => {
    await done("add", path.join(FILES, "demonstration.mp4"), "INS/va1.36.01.01");
    expect(await stateOf("INS/va1.36.01.01")).to.equal("to_review");
    expect(existsSync(inside("dossier", "INS", "INS-va1.36.01.01.mp4"))).to.equal(true);
    expect(written().proofs?.[0]).to.deep.include({ ids: ["INS/va1.36.01.01"], product: "1.0" });
  });

  it("takes one file for several proofs, and every proof of a row named by any of its names", async () => {
    await done("add", path.join(FILES, "demonstration.mp4"), "SC.INS/va1.56", "INS/va1.36");
    const { view } = await status();
    const waiting = view.proofs.filter(({ state }) => state === "to_review").map(({ id }) => id);
    expect(waiting).to.deep.equal(["INS/va1.36.01.01", ...[1, 2, 3, 4].map((n) => `INS/va1.56.0${n}.01`)]);
  });

  it("keeps a review for the bytes, for the version, and for the proofs it named", async () => {
    await done("add", path.join(FILES, "demonstration.mp4"), "INS/va1.56");
    await done("review", "INS/va1.56.01.01", "--accept", "--by", "R. Fictive");
    expect(await stateOf("INS/va1.56.01.01")).to.equal("accepted");
    expect(await stateOf("INS/va1.56.02.01")).to.equal("to_review");
    writeFileSync(config, CONFIG.replace('"1.0"', '"1.1"'));
    expect(await stateOf("INS/va1.56.01.01")).to.equal("stale");
    writeFileSync(config, CONFIG);
    copyFileSync(path.join(FILES, "connexion-psc.webm"), inside("dossier", "INS", "INS-va1.56.01.01.mp4"));
    expect(await stateOf("INS/va1.56.01.01")).to.equal("stale");
    rmSync(inside("dossier", "INS", "INS-va1.56.01.01.mp4"));
    expect(await stateOf("INS/va1.56.01.01")).to.equal("owed");
  });

  it("may be looked at again for another version of the product", async () => {
    await done("add", path.join(FILES, "demonstration.mp4"), "INS/va1.36");
    await done("review", "INS/va1.36.01.01", "--accept", "--by", "R");
    writeFileSync(config, CONFIG.replace('"1.0"', '"1.1"'));
    await done("review", "INS/va1.36.01.01", "--refuse", "--by", "R", "--why", "old screens");
    expect([await stateOf("INS/va1.36.01.01"), written().proofs?.[0]?.product]).to.deep.equal(["refused", "1.0"]);
    await done("review", "INS/va1.36.01.01", "--accept", "--by", "R");
    expect([await stateOf("INS/va1.36.01.01"), written().proofs?.[0]?.product]).to.deep.equal(["accepted", "1.1"]);
    writeFileSync(config, CONFIG);
    expect(await stateOf("INS/va1.36.01.01")).to.equal("stale");
  });

  it("holds a refusal with its reason, until another review", async () => {
    await done("add", path.join(FILES, "demonstration.mp4"), "INS/va1.36");
    await done("review", "INS/va1.36.01.01", "--refuse", "--by", "R", "--why", "unreadable");
    expect(await done("status"))
      .to.contain("refused by R on")
      .and.to.contain("unreadable");
    await done("review", "INS/va1.36.01.01", "--accept", "--by", "R");
    expect(await stateOf("INS/va1.36.01.01")).to.equal("accepted");
    expect(written().proofs?.[0]?.reviews).to.have.length(2);
  });

  it("blocks a penetration test that is too old, even accepted", async () => {
    const facts = (on: string) => [
      "--fact",
      "kind=pentest",
      "--fact",
      `on=${on}`,
      "--fact",
      "auditor=X",
      "--fact",
      "high=0",
      "--fact",
      "medium=0",
    ];
    await done("add", path.join(FILES, "test-intrusion-signe.pdf"), "SSI/GEN.18", ...facts("2024-01-01"));
    await done("review", "SSI/GEN.18.01.01", "--accept", "--by", "R");
    expect(await stateOf("SSI/GEN.18.01.01")).to.equal("blocked");
  });

  it("keeps a claim apart from an answer, and waits for its review", async () => {
    await done("claim", "ANN/va1.01", "--because", "no local directory");
    expect((await status()).view.notApplicable).to.deep.include({
      row: "ANN/va1.01",
      justification: "no local directory",
      state: "to_review",
    });
    expect(await stateOf("ANN/va1.01.01.01")).to.equal("owed");
    await done("review", "ANN/va1.01", "--accept", "--by", "R");
    expect(await stateOf("ANN/va1.01.01.01")).to.equal(undefined);
  });

  it("takes proofs out and leaves their files", async () => {
    await done("add", path.join(FILES, "demonstration.mp4"), "INS/va1.56");
    await done("remove", "INS/va1.56.01.01");
    expect(await stateOf("INS/va1.56.01.01")).to.equal("owed");
    expect(await stateOf("INS/va1.56.02.01")).to.equal("to_review");
    await done("remove", "INS/va1.56.02.01", "INS/va1.56.03.01", "INS/va1.56.04.01");
    expect(written().proofs).to.deep.equal([]);
    expect(existsSync(inside("dossier", "INS", "INS-va1.56.01.01.mp4"))).to.equal(true);
  });

  it("goes out as the Convergence workbook with its files, and comes back the same", async () => {
    await done("add", path.join(FILES, "demonstration.mp4"), "INS/va1.56", "INS/va1.36");
    await done(
      "add",
      path.join(FILES, "attestation-signee.pdf"),
      "SSI/GEN.20",
      "--fact",
      "kind=commitment",
      "--fact",
      "signedBy=P. Fictive",
      "--fact",
      "on=2026-06-01",
    );
    await done("review", "INS/va1.36.01.01", "--accept", "--by", "R", "--why", "=1+1");
    await done("claim", "ANN/va1.01", "--because", "no local directory");
    await done("export", inside("out"));
    const table = await readRem(readFileSync(inside("out", "convergence.xlsx")));
    expect(table.layout).to.equal("convergence");
    const demanded = (await status()).view.proofs.filter(({ id, rows }) => !rows.includes(id)).map(({ id }) => id);
    const lines = new Set(table.lines.map(({ proofId }) => proofId));
    expect(demanded.filter((id) => !lines.has(id))).to.deep.equal([]);
    const before = written();
    rmSync(inside("dossier"), { recursive: true });
    await done("init");
    await done("import", inside("out", "convergence.xlsx"));
    expect(written()).to.deep.equal({
      ...before,
      proofs: before.proofs?.map((entry) => ({
        ...entry,
        files: written().proofs?.find(({ ids }) => ids[0] === entry.ids[0])?.files,
      })),
    });
    expect(await stateOf("INS/va1.36.01.01")).to.equal("accepted");
    // A second time adds nothing.
    const once = written();
    await done("import", inside("out", "convergence.xlsx"));
    expect(written()).to.deep.equal(once);
  });

  it("does not take the proofs of an earlier dossier for today's, nor lose those of a wave that segur.yaml names no more", async () => {
    const { folder: made } = await makeRun();
    interface Meta {
      config: { candidate: object; perimeters: string[]; subProfiles: string[]; proofs: Record<string, object> };
    }
    const meta = JSON.parse(readFileSync(made.file("run.json"), "utf8")) as Meta;
    const { candidate, perimeters, subProfiles } = meta.config;
    const yaml = (waves: readonly string[]): void =>
      writeFileSync(config, JSON.stringify({ candidate, perimeters: waves, subProfiles, drivers: { kind: "manual" } }));
    yaml(perimeters);
    const { view } = await status();
    const [here, moved] = view.proofs.filter((proof) => !proof.rows.includes(proof.id)).map(({ id }) => id);
    if (here === undefined || moved === undefined) throw new Error("no proofs to try with");
    // Of a dossier that stood elsewhere: its proofs have the day they were looked at.
    const review = { state: "accepted", by: "R", on: "2026-11-01" };
    meta.config.proofs[moved] = { files: ["/elsewhere/dossier/a.png"], review, on: "2026-11-01" };
    writeFileSync(made.file("run.json"), JSON.stringify(meta));
    await done("add", path.join(FILES, "demonstration.mp4"), here);
    await done("review", here, "--accept", "--by", "R");
    yaml(["rad-ris-wave-1"]);
    await done("apply", made.path);
    const result = JSON.parse(readFileSync(made.file("result.json"), "utf8")) as RunResult;
    const proofs = result.perimeters.flatMap(({ groups }) =>
      groups.flatMap(({ rows }) => rows.map((row) => row.proofs)),
    );
    expect(
      proofs.some(({ accepted }) => accepted.includes(here)),
      "accepted here",
    ).to.equal(true);
    expect(
      proofs.some(({ accepted }) => accepted.includes(moved)),
      "accepted elsewhere",
    ).to.equal(false);
  });

  it("seals no review of bytes that are others by now", async () => {
    const { folder: made } = await makeRun();
    const meta = JSON.parse(readFileSync(made.file("run.json"), "utf8")) as {
      config: { candidate: object; perimeters: string[]; subProfiles: string[] };
    };
    const { candidate, perimeters, subProfiles } = meta.config;
    writeFileSync(config, JSON.stringify({ candidate, perimeters, subProfiles, drivers: { kind: "manual" } }));
    const id = (await status()).view.proofs.find((proof) => !proof.rows.includes(proof.id))?.id ?? "";
    await done("add", path.join(FILES, "demonstration.mp4"), id);
    await done("review", id, "--accept", "--by", "R");
    await done("apply", made.path);
    await segurInProcess(["keys", "--out", inside("keys"), "--lang", "en"]);
    const seal = (name: string) =>
      segurInProcess(["seal", made.path, "--key", inside("keys", "vendor.key"), "-o", inside(name), "--lang", "en"]);
    const whole = await seal("a.segur.zip");
    expect(whole.code, whole.stderr).to.equal(0);
    writeFileSync(inside("dossier", written().proofs?.[0]?.files[0]?.path ?? "?"), "another film");
    const { code, stderr } = await seal("b.segur.zip");
    expect([code, existsSync(inside("b.segur.zip"))]).to.deep.equal([2, false]);
    expect(stderr).to.contain("is another than the one that was reviewed");
    await done("apply", made.path);
    expect((await seal("b.segur.zip")).code).to.equal(0);
  });

  it("writes nothing over what another command wrote since it was read, and drops no file of it", () => {
    const schemas = openSchemas(path.join(root, "specs", "schemas"));
    const opened = openDossier(inside("dossier"), schemas);
    const file = inside("dossier", "dossier.yaml");
    const other = `${readFileSync(file, "utf8")}# by another command\n`;
    writeFileSync(file, other);
    expect(() => editDossier(opened, schemas, (document) => document.set("proofs", []))).to.throw(/in the meantime/);
    expect(readFileSync(file, "utf8")).to.equal(other);
  });

  it("lets no private number out", async () => {
    writeFileSync(inside("note.txt"), "Patient 2 85 04 78 006 085 24\n");
    await done("add", inside("note.txt"), "INS/va1.36");
    await refused(/could be a real person's INS[^\n]*/, "export", inside("out"));
    expect(existsSync(inside("out"))).to.equal(false);
  });

  it("is taken into a run made before, and judged again", async () => {
    const { folder: made } = await makeRun();
    const meta = JSON.parse(readFileSync(made.file("run.json"), "utf8")) as {
      config: { candidate: Record<string, string>; perimeters: string[]; subProfiles: string[] };
    };
    const { candidate, perimeters, subProfiles } = meta.config;
    writeFileSync(config, JSON.stringify({ candidate, perimeters, subProfiles, drivers: { kind: "manual" } }));
    const { view } = await status();
    const id = view.proofs.find((proof) => !proof.rows.includes(proof.id))?.id ?? "";
    await done("add", path.join(FILES, "demonstration.mp4"), id);
    await done("review", id, "--accept", "--by", "R");
    await done("apply", made.path);
    const result = JSON.parse(readFileSync(made.file("result.json"), "utf8")) as RunResult;
    const rows = result.perimeters.flatMap(({ groups }) => groups.flatMap((group) => group.rows));
    expect(rows.some(({ proofs }) => proofs.accepted.includes(id))).to.equal(true);
    expect(readFileSync(made.file("report.html"), "utf8")).to.contain(
      path.basename(written().proofs?.[0]?.files[0]?.path ?? "?"),
    );
    // A damaged record is as none: the report says what is owed from result.json alone.
    const record = JSON.parse(readFileSync(made.file("dossier.json"), "utf8")) as { view: object };
    writeFileSync(made.file("dossier.json"), JSON.stringify({ ...record, view: { ...record.view, proofs: [{}] } }));
    const rendered = await segurInProcess(["report", made.path, "--format", "text", "--lang", "en"]);
    expect([rendered.code, rendered.stderr]).to.deep.equal([0, ""]);
    writeFileSync(
      config,
      JSON.stringify({
        candidate: { ...candidate, version: "99" },
        perimeters,
        subProfiles,
        drivers: { kind: "manual" },
      }),
    );
    await refused(/of two products, or of two versions/, "apply", made.path);
  });

  describe("refuses, and leaves everything as it was", () => {
    it("a second dossier", () => refused(/there is a dossier already/, "init"));
    it("an id that nothing demands", () =>
      refused(
        /no row that applies demands the proof INS\/va1\.99/,
        "add",
        path.join(FILES, "message.eml"),
        "INS/va1.99",
      ));
    it("an empty file", async () => {
      writeFileSync(inside("empty.png"), "");
      await refused(/this file is empty/, "add", inside("empty.png"), "INS/va1.36");
    });
    it("a folder for a file", () => refused(/no file that can be a proof/, "add", folder, "INS/va1.36"));
    it("facts that lack a member", () =>
      refused(/ERR_DOSSIER/, "add", path.join(FILES, "message.eml"), "INS/va1.36", "--fact", "kind=pentest"));
    it("a refusal without a reason", async () => {
      await done("add", path.join(FILES, "message.eml"), "INS/va1.36");
      await refused(/a refusal needs its reason/, "review", "INS/va1.36.01.01", "--refuse", "--by", "R");
    });
    it("a review of what is not there", () =>
      refused(/no file is in the dossier for the proof/, "review", "INS/va1.36.01.01", "--accept", "--by", "R"));
    it("a claim without a reason", () => refused(/without a justification/, "claim", "ANN/va1.01"));
    it("a workbook that is none", async () => {
      writeFileSync(inside("x.xlsx"), "no zip");
      const { code, stderr } = await dossier("import", inside("x.xlsx"));
      expect(code, stderr).to.equal(2);
      expect(stderr).not.to.contain("fault of the suite");
    });

    const broken = (name: string, text: string, reason: RegExp) =>
      it(name, async () => {
        writeFileSync(inside("dossier", "dossier.yaml"), text);
        await refused(reason, "status");
      });
    const entry = (file: string) =>
      `format: segur-dossier/1\nproofs:\n  - ids: [INS/va1.36.01.01]\n    files: [{ path: "${file}", sha256: "${"a".repeat(64)}", added: "2026-11-22" }]\n`;
    broken("another format", "format: segur-dossier/2\n", /dossier\.yaml/);
    broken("a file above the dossier", entry("../../etc/passwd"), /is not in the folder of the dossier/);
    broken("an absolute path", entry("/etc/passwd"), /is not in the folder of the dossier/);
    broken("an id of no row", entry("a.png").replace("INS/va1.36.01.01", "NO/1"), /there is no proof "NO\/1"/);
    broken(
      "a claim on no row",
      "format: segur-dossier/1\nnotApplicable: [{ row: NO/1, justification: x }]\n",
      /there is no row "NO\/1"/,
    );
    it("a link out of the dossier", async () => {
      symlinkSync("/etc/hostname", inside("dossier", "a.png"));
      writeFileSync(inside("dossier", "dossier.yaml"), entry("a.png"));
      await refused(/is not in the folder of the dossier/, "status");
    });
    it("a proof that stands in segur.yaml too", async () => {
      await done("add", path.join(FILES, "message.eml"), "INS/va1.36");
      writeFileSync(config, `${CONFIG}proofs: { INS/va1.36.01.01: { files: [segur.yaml] } }\n`);
      await refused(/stands in segur\.yaml and in the dossier/, "status");
    });
    for (const [id, own, reason] of [
      ["NOPE/1.01", "MSS/a.mp4", /there is no proof "NOPE\/1\.01"/],
      ["INS/va1.36.01.01", "../../elsewhere.mp4", /"\.\.\/\.\.\/elsewhere\.mp4" is not in the folder of the dossier/],
    ] as const) {
      it(`a workbook that would leave a dossier nobody can read: ${own}`, async () => {
        const digest = "0".repeat(64);
        const sheets = dossierSheets({
          view: { asOf: "2026-11-22", proofs: [], notApplicable: [] },
          dossier: {
            format: "segur-dossier/1",
            proofs: [{ ids: [id], files: [{ path: own, sha256: digest, added: "2026-11-22" }] }],
          },
          exported: new Map(),
          lang: "fr",
        });
        writeFileSync(inside("hostile.xlsx"), await writeConvergence([], sheets));
        await refused(reason, "import", inside("hostile.xlsx"));
      });
    }
    it("a change of the example candidate", async () => {
      const here = process.cwd();
      process.chdir(folder);
      try {
        rmSync(config);
        const { code, stderr } = await segurInProcess([
          "dossier",
          "add",
          path.join(FILES, "message.eml"),
          "INS/va1.36",
          "--lang",
          "en",
        ]);
        expect([code, /not to be changed/.test(stderr)]).to.deep.equal([2, true]);
      } finally {
        process.chdir(here);
      }
    });
  });
});
