import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { RunFolder, RunMeta } from "../../bin/run-folder.js";
import type { RunResult } from "../../core/model/index.js";
import { type BundleManifest, NAMES, sha256 } from "../../core/seal/bundle/manifest.js";
import {
  CANDIDATE,
  copyOfRun,
  editJson,
  jsonOf,
  keyPair,
  makeRun,
  repack,
  seal,
  unpack,
  verified,
} from "../support/bundle.js";
import { segurInProcess } from "../support/in-process.js";

const ROW = "MSS/CONF.16";
const PROOF = "MSS/CONF.16.01.01";
const WRITTEN = ["run.json", "result.json", "report.html", "junit.xml", "summary.md"];

describe("segur proof", function () {
  let folder: string;
  let capture: string;
  let run: RunFolder;
  /** The one the good run was made with: two files, for a row of another perimeter. */
  let declared: string;

  const put = (name: string, content: string): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const meta = (of = run): RunMeta => JSON.parse(readFileSync(of.file("run.json"), "utf8")) as RunMeta;
  const proof = (...words: string[]) => segurInProcess(["proof", run.path, "--lang", "en", ...words]);
  const done = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await proof(...words);
    expect([code, stderr]).to.deep.equal([0, ""]);
    return stdout;
  };
  const rowNow = (id: string) =>
    (JSON.parse(readFileSync(run.file("result.json"), "utf8")) as RunResult).perimeters
      .flatMap(({ groups }) => groups.flatMap(({ rows }) => rows))
      .find((row) => row.id === id);

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-proof-"));
    capture = put("capture.png", "a fictitious capture of the session");
    run = await copyOfRun();
    declared = Object.keys(meta().config.proofs)[0] ?? "";
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("lists what is supplied and owed, and writes nothing", async () => {
    await done("--add", `${ROW}=${capture}`);
    for (const name of WRITTEN) if (existsSync(run.file(name))) utimesSync(run.file(name), 1, 1);
    const text = await done();
    const [supplied = "", owed = ""] = text.split("\n\n");
    const files = meta().config.proofs[declared]?.files ?? [];
    expect(supplied.split("\n")).to.deep.equal([
      "Proofs supplied (2)",
      `  ${declared}, bears on no row that applies`,
      ...files.map((file) => `    ${file} (${statSync(file).size} bytes)`),
      `  ${ROW} (${ROW}), to review`,
      `    ${capture} (${statSync(capture).size} bytes)`,
    ]);
    expect(owed).to.match(/^Proofs owed \(\d+\)\n/);
    expect(owed.split("\n").filter((line) => line.endsWith(`: ${PROOF}`))).to.have.length(1);
    for (const name of WRITTEN) if (existsSync(run.file(name))) expect(statSync(run.file(name)).mtimeMs).to.equal(1000);
    expect((await segurInProcess(["proof", run.path])).stdout).to.match(/^Preuves fournies \(2\)\n/);
  });

  it("tells what cannot be sealed, what bears on nothing, and shows names without obeying them", async () => {
    const hostile = put("\u001b[2J\u202e.png", "x");
    run = await copyOfRun((written) => {
      const { config } = written as { config: Record<string, unknown> };
      const proofs = { [PROOF]: { files: [hostile, "/nowhere/gone.png"] }, "No such\u001b": { files: [capture] } };
      return { ...written, config: { ...config, proofs } };
    });
    const text = await done();
    expect(text)
      .to.include("[ESC][2J[U+202E].png (1 bytes)")
      .and.to.include("/nowhere/gone.png (not there, or too large");
    expect(text).to.include("  No such[ESC], bears on no row that applies");
    expect(text).to.not.match(/[\u001b\u202e]/);
  });

  it("names rows met on the adapter's word alone, until a file stands under the row", async () => {
    run = (await makeRun({ mode: "rehearsal", only: ["INS/va1.40"] })).folder;
    const lacking = async (): Promise<string[]> => {
      const block =
        (await done())
          .trimEnd()
          .split("\n\n")
          .find((one) => one.startsWith("Requirements that")) ?? "";
      return block
        .split("\n")
        .slice(1)
        .map((line) => line.trim().split(" ")[0] ?? "");
    };
    expect(await lacking()).to.deep.equal(["INS/va1.40"]);
    await done("--add", `INS/va1.40=${capture}`);
    expect(await lacking()).to.deep.equal([]);
  });

  it("adds files, judges again, and changes nothing else of run.json", async () => {
    const before = meta();
    rmSync(run.file("report.html"), { force: true });
    const other = put("b=c.pdf", "another");
    const text = await done("--add", `${PROOF}=${capture}`, `${ROW}=${other}`);
    expect(text.split("\n").slice(0, 3)).to.deep.equal([
      `+ ${PROOF} ${capture}`,
      `+ ${ROW} ${other}`,
      text.split("\n").find((line) => /^Proofs: 3 supplied, \d+ owed\. Run judged again\.$/.test(line)),
    ]);
    const { proofs } = before.config;
    const after = meta();
    expect(after.config.proofs).to.deep.equal({ ...proofs, [PROOF]: { files: [capture] }, [ROW]: { files: [other] } });
    // The very spelling, members in their order, once the proofs are put back.
    expect(JSON.stringify({ ...after, config: { ...after.config, proofs } })).to.equal(JSON.stringify(before));
    expect(rowNow(ROW)?.proofs).to.deep.equal({ accepted: [], toReview: [PROOF], owed: [] });
    expect(readFileSync(run.file("report.html"), "utf8")).to.include(PROOF);
    const files = await unpack(await seal({ folder: run }));
    expect(Buffer.from(files.get(NAMES.result) ?? "").equals(readFileSync(run.file("result.json")))).to.equal(true);
    const listed = (jsonOf(files, NAMES.manifest) as BundleManifest).proofs.filter(({ id }) => id === PROOF);
    expect(listed.map(({ name, file }) => [name, Buffer.from(files.get(file) ?? "").toString()])).to.deep.equal([
      ["capture.png", "a fictitious capture of the session"],
    ]);
  });

  it("takes a path from the folder where it is called, once", async () => {
    await done("--add", `${PROOF}=${path.relative("", capture)}`);
    await done("--add", `${PROOF}=${capture}`);
    expect(meta().config.proofs[PROOF]).to.deep.equal({ files: [capture] });
  });

  it("does not fill in what an older run.json leaves out", async () => {
    run = await copyOfRun(({ rules: _, mode: __, challenge: ___, ...older }) => older);
    await done("--add", `${PROOF}=${capture}`);
    expect(meta()).to.not.have.any.keys("rules", "mode", "challenge");
  });

  it("drops what the candidate wrote in segur.yaml of files that change, and of these only", async () => {
    const review = { state: "accepted", by: "Camille Essai", on: "2026-11-20" };
    const reviewed = (files: readonly string[]) => ({ files, review });
    run = await copyOfRun((written) => {
      const { config } = written as { config: Record<string, unknown> };
      return {
        ...written,
        config: { ...config, proofs: { [PROOF]: reviewed([capture]), [ROW]: reviewed([capture]) } },
      };
    });
    const more = put("more.png", "more");
    await done("--add", `${PROOF}=${more}`);
    expect(meta().config.proofs).to.deep.equal({ [PROOF]: { files: [capture, more] }, [ROW]: reviewed([capture]) });
    expect(rowNow(ROW)?.proofs.toReview).to.deep.equal([PROOF]);
  });

  it("takes proofs out, and replaces them when both are asked", async () => {
    const more = put("more.png", "more");
    await done("--add", `${PROOF}=${capture}`, `${PROOF}=${more}`);
    expect(await done("--add", `${PROOF}=${capture}`, "--remove", PROOF)).to.match(
      new RegExp(`^- ${PROOF} \\(2 files\\)\n\\+ ${PROOF} `),
    );
    const { [declared]: kept } = meta().config.proofs;
    expect(meta().config.proofs).to.deep.equal({ [declared]: kept, [PROOF]: { files: [capture] } });
    // What segur.yaml would not take may be taken out all the same.
    await done("--remove", PROOF, declared);
    expect(meta().config.proofs).to.deep.equal({});
    expect(rowNow(ROW)?.proofs).to.deep.equal({ accepted: [], toReview: [], owed: [PROOF] });
  });

  describe("refuses, leaves every file as it was, and says what and where", () => {
    const large = (): string => {
      const file = put("large.bin", "");
      truncateSync(file, 200 * 1024 * 1024 + 1);
      return file;
    };
    const folderIn = (): string => {
      const made = path.join(folder, "d.png");
      mkdirSync(made);
      return made;
    };
    const cases: Readonly<
      Record<string, readonly [words: () => readonly string[], code: string, fr: string, where: string]>
    > = {
      "an id that no row has": [
        () => ["--add", `NOPE=${capture}`],
        "ERR_USAGE",
        "il n'y a pas de preuve « NOPE »",
        "--add NOPE",
      ],
      "an id of the language": [
        () => ["--add", `__proto__=${capture}`],
        "ERR_USAGE",
        "pas de preuve « __proto__ »",
        "--add",
      ],
      "a misspelt id": [
        () => ["--add", `${PROOF}0=${capture}`],
        "ERR_USAGE",
        `Vouliez-vous dire « ${PROOF} »`,
        "--add",
      ],
      "a file without an id": [() => ["--add", capture], "ERR_USAGE", "quel fichier prouve quoi", "--add"],
      "an id without a file": [() => ["--add", `${PROOF}=`], "ERR_USAGE", "quel fichier prouve quoi", "--add"],
      "no such file": [
        () => ["--add", `${PROOF}=/nowhere/x.png`],
        "ERR_FILE",
        "puisse être une preuve",
        "/nowhere/x.png",
      ],
      "a folder": [() => ["--add", `${PROOF}=${folderIn()}`], "ERR_FILE", "puisse être une preuve", "d.png"],
      "a device": [() => ["--add", `${PROOF}=/dev/null`], "ERR_FILE", "puisse être une preuve", "/dev/null"],
      "a name too long": [() => ["--add", `${PROOF}=${"x".repeat(5000)}`], "ERR_FILE", "puisse être une preuve", "xxx"],
      "a file too large": [() => ["--add", `${PROOF}=${large()}`], "ERR_FILE", "200 Mo au plus", "large.bin"],
      "the second of two": [
        () => ["--add", `${PROOF}=${capture}`, `${ROW}=/nowhere/x.png`],
        "ERR_FILE",
        "puisse être une preuve",
        "/nowhere/x.png",
      ],
      "what is not supplied": [
        () => ["--add", `${PROOF}=${capture}`, "--remove", "toString"],
        "ERR_USAGE",
        "aucun fichier n'est fourni pour la preuve toString",
        "--remove toString",
      ],
      "another command at work": [
        () => {
          writeFileSync(run.file("run.json.lock"), "");
          return ["--add", `${PROOF}=${capture}`];
        },
        "ERR_FILE",
        "une autre commande",
        "run.json.lock",
      ],
    };
    for (const [what, [words, code, fr, where]] of Object.entries(cases)) {
      it(what, async () => {
        const digests = () => WRITTEN.map((name) => existsSync(run.file(name)) && sha256(readFileSync(run.file(name))));
        const before = digests();
        const told = await segurInProcess(["proof", run.path, ...words()]);
        expect([told.code, told.stdout], told.stderr).to.deep.equal([2, ""]);
        expect(told.stderr).to.include(fr).and.to.include(`[${code}]`).and.to.include(where);
        expect(digests()).to.deep.equal(before);
      });
    }

    it("a run whose rule pack is not given", async () => {
      run = await copyOfRun((written) => ({ ...written, rules: { name: "p", version: "1", digest: "a".repeat(64) } }));
      const before = readFileSync(run.file("run.json"), "utf8");
      const { code, stderr } = await proof("--add", `${PROOF}=${capture}`);
      expect([code, readFileSync(run.file("run.json"), "utf8")]).to.deep.equal([2, before]);
      expect(stderr).to.include("[ERR_RULE_SET]").and.to.include("give the folder of this pack with --specs");
    });

    it("a recording that cannot be judged", async () => {
      writeFileSync(path.join(run.recording, "events.jsonl"), "{\n{}\n");
      const before = readFileSync(run.file("run.json"), "utf8");
      const { code, stderr } = await proof("--add", `${PROOF}=${capture}`);
      expect([code, readFileSync(run.file("run.json"), "utf8")]).to.deep.equal([2, before]);
      expect(stderr).to.include("[ERR_RECORDING]");
      expect(existsSync(run.file("run.json.lock")), "lets go of the lock").to.equal(false);
    });
  });

  it("a countersigned run takes proofs and complements, sealed again; nothing else may change", async () => {
    const agency = keyPair();
    const key = put("agency.key", agency.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    const vendor = keyPair();
    const trust = {
      candidates: [{ vendor: CANDIDATE.vendor, key: vendor }],
      agencies: [{ name: "Agence fictive", key: agency, roles: ["countersign"] as const }],
    };
    // As an older version wrote it: what it leaves out is covered as it stands.
    run = await copyOfRun(({ rules: _, ...older }) => older);
    const signed = await segurInProcess(["countersign", run.path, "--key", key, "--issuer", "Agence fictive"]);
    expect(signed.code, signed.stderr).to.equal(0);
    const digests: string[] = [];
    for (const words of [
      ["--add", `${PROOF}=${capture}`],
      ["--add", `${PROOF}=${put("complement.pdf", "more")}`],
      ["--remove", declared],
    ]) {
      await done(...words);
      const bundle = await seal({ folder: run, key: vendor });
      const { status, countersignature, refusal } = await verified(bundle, trust);
      expect([status, countersignature, refusal]).to.deep.equal(["equal", { issuer: "Agence fictive" }, null]);
      digests.push(sha256(bundle));
    }
    expect(new Set(digests).size, "each a bundle of its own, to be reviewed").to.equal(3);
    const files = await unpack(await seal({ folder: run, key: vendor }));
    editJson<Record<string, unknown>>(files, NAMES.run, (written) => ({ ...written, driver: "exec" }));
    expect((await verified(repack(files, { resign: vendor }), trust)).refusal?.reason).to.equal(
      "countersignature_mismatch",
    );
  });
});
