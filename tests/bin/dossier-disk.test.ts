/** No room, or a place that takes no file: a named error, exit 2, and what stood there before is whole. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { RunFolder } from "../../bin/run-folder.js";
import { packageRoot } from "../../core/model/index.js";
import { generateKeyPem } from "../../core/seal/keys.js";
import { copyOfRun } from "../support/bundle.js";
import { segurInProcess } from "../support/in-process.js";

const execute = promisify(execFile);
const FILM = path.join(packageRoot(import.meta.url), "fixtures", "dossier", "files", "demonstration.mp4");
const PROOF = "ANN/va1.02.01.01";
const COMMAND = `
  const { main } = await import(${JSON.stringify(new URL("../../bin/segur.js", import.meta.url).href)});
  process.exitCode = await main(["node", "segur", ...process.argv.slice(1)]);
`;

describe("a disk without room", function () {
  this.timeout(120_000);
  let folder: string;
  let config: string;
  let run: RunFolder;
  const inside = (...names: string[]): string => path.join(folder, ...names);

  /**
   * The command line with a bound on the size of any file it writes, in blocks of 512 or 1,024 bytes as the shell has them: writing
   * beyond it fails as a full disk does. (The signal that the system sends besides is not to end the process.)
   */
  const withRoom = async (blocks: number, ...words: string[]): Promise<{ code: number; stderr: string }> => {
    const script = `trap "" XFSZ; ulimit -f ${blocks}; exec "$@"`;
    const args = ["-c", script, "sh", process.execPath, "--input-type=module", "-e", COMMAND, ...words, "--lang", "en"];
    try {
      const { stderr } = await execute("sh", args);
      return { code: 0, stderr };
    } catch (error) {
      const { code, stderr } = error as { code: number; stderr: string };
      return { code, stderr };
    }
  };
  const refused = async (reason: RegExp, blocks: number, ...words: string[]): Promise<void> => {
    const before = contents();
    const { code, stderr } = await withRoom(blocks, ...words);
    expect([code, reason.test(stderr) ? null : stderr]).to.deep.equal([2, null]);
    expect(stderr).to.not.match(/fault of the suite|\n +at /);
    expect(contents()).to.deep.equal(before);
  };
  /** Every file below the folder, with what it holds. */
  const contents = (): Record<string, string> =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .sort()
        .map((file) => [file, readFileSync(file, "latin1")]),
    );

  before(async () => {
    run = await copyOfRun();
  });
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-disk-"));
    config = inside("segur.yaml");
    const { candidate, perimeters } = (
      JSON.parse(readFileSync(run.file("run.json"), "utf8")) as { config: { candidate: object; perimeters: string[] } }
    ).config;
    writeFileSync(config, JSON.stringify({ candidate, perimeters, subProfiles: [], drivers: { kind: "manual" } }));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const init = async (): Promise<void> => {
    expect((await segurInProcess(["dossier", "init", "--config", config])).code).to.equal(0);
  };

  it("makes no half of a dossier, which could not be made again", async () => {
    await refused(/ERR_DISK/, 1, "dossier", "init", "--config", config);
    expect(existsSync(inside("dossier", "dossier.yaml"))).to.equal(false);
    await init();
  });

  it("takes no half of a file in, and writes no review", async () => {
    await init();
    await refused(/cannot be copied into the dossier/, 4, "dossier", "add", FILM, PROOF, "--config", config);
    expect((await segurInProcess(["dossier", "add", FILM, PROOF, "--config", config])).code).to.equal(0);
    await refused(/ERR_DISK/, 0, "dossier", "review", PROOF, "--accept", "--by", "R", "--config", config);
  });

  it("leaves no half of an export, nor of a bundle", async () => {
    await init();
    expect((await segurInProcess(["dossier", "add", FILM, PROOF, "--config", config])).code).to.equal(0);
    await refused(/the export cannot be written/, 10, "dossier", "export", inside("out"), "--config", config);
    expect(existsSync(inside("out"))).to.equal(false);
    writeFileSync(inside("v.key"), generateKeyPem("ed25519").privatePem, { mode: 0o600 });
    const seal = ["seal", run.path, "--key", inside("v.key"), "-o", inside("x.segur.zip")];
    await refused(/the file cannot be written/, 10, ...seal);
    expect(existsSync(inside("x.segur.zip"))).to.equal(false);
  });

  it("leaves run.json as it was when proofs cannot be written in it", async () => {
    const before = readFileSync(run.file("run.json"), "utf8");
    const { code, stderr } = await withRoom(0, "proof", run.path, "--add", `${PROOF}=${FILM}`);
    expect([code, /ERR_(DISK|FILE)/.test(stderr) ? null : stderr]).to.deep.equal([2, null]);
    expect(readFileSync(run.file("run.json"), "utf8")).to.equal(before);
    expect(readdirSync(run.path).filter((name) => /\.(tmp|lock)$/.test(name))).to.deep.equal([]);
  });

  it("of a place that is no folder says so", async () => {
    await init();
    writeFileSync(inside("dossier", "ANN"), "a file where a chapter would stand");
    const { code, stderr } = await segurInProcess(["dossier", "add", FILM, PROOF, "--config", config, "--lang", "en"]);
    expect(code, stderr).to.equal(2);
    expect(stderr).to.include("cannot be copied into the dossier").and.to.include("[ERR_DISK]");
  });
});
