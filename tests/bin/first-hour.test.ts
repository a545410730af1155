/** What somebody meets who begins: a software that does not start yet, wrong settings, a pipe that is closed, two runs at once. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { PLACEHOLDERS } from "../../bin/commands/init.js";
import { lockRun } from "../../bin/run-lock.js";
import { runFolderAt } from "../../bin/run-folder.js";
import { freePort } from "../../drivers/vendor-process.js";
import { FAKE_VENDOR, SEGUR, segur } from "../support/cli.js";

describe("first hour", function () {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-first-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function config(command: readonly string[], services = ""): Promise<number> {
    const port = await freePort();
    const words = command.map((word) => JSON.stringify(word.replace("PORT", String(port)))).join(", ");
    writeFileSync(
      path.join(folder, "segur.yaml"),
      [
        "candidate: { vendor: V, product: P, version: '1' }",
        "perimeters: [mdv-lgc-wave-2]",
        "subProfiles: []",
        services,
        "drivers:",
        "  kind: http",
        "  timeout: 2",
        `  http: { baseUrl: "http://127.0.0.1:${port}" }`,
        `  start: { command: [${words}], port: ${port}, timeout: 60 }`,
      ].join("\n"),
    );
    return port;
  }
  const runs = (): string[] => (existsSync(path.join(folder, "runs")) ? readdirSync(path.join(folder, "runs")) : []);

  describe("a software that ends before it answered", () => {
    beforeEach(() => config([process.execPath, "-e", "console.error('no licence on this machine'); process.exit(3)"]));

    it("is told with the file of its output and its last words", async () => {
      const run = await segur(["run", "--only", "psc-logout"], { cwd: folder });
      expect(run.code).to.equal(2);
      const [name] = runs();
      expect(run.stderr)
        .to.include("ERR_VENDOR_START")
        .and.to.include(path.join(folder, "runs", name ?? "", "vendor.log"))
        .and.to.include("no licence on this machine");
    });

    it("leaves no run behind for `last`, and keeps its output", async () => {
      await segur(["run", "--only", "psc-logout"], { cwd: folder });
      const [name = ""] = runs();
      expect(existsSync(path.join(folder, "runs", name, "vendor.log"))).to.equal(true);
      const judged = await segur(["judge", "last"], { cwd: folder });
      expect(judged.code).to.equal(2);
      expect(judged.stderr).to.include("ERR_RUN_FOLDER");
    });
  });

  it("a software started for one slice finds the addresses of all services", async () => {
    await config([process.execPath, FAKE_VENDOR, "--port", "PORT", "--mode", "idle"]);
    const run = await segur(["run", "--only", "ins-search-found"], { cwd: folder });
    expect(run.code, run.stderr).to.equal(1);
    const [name = ""] = runs();
    const environment = JSON.parse(readFileSync(path.join(folder, "runs", name, "environment.json"), "utf8")) as {
      services: object;
    };
    expect(Object.keys(environment.services)).to.have.members(["psc", "ins", "dmp", "mss"]);
    expect(existsSync(path.join(folder, "runs", name, "run.lock"))).to.equal(false);
  });

  it("a step that failed is told at once, with what was wrong in the answer", async () => {
    await config([process.execPath, FAKE_VENDOR, "--port", "PORT", "--mode", "garbage"]);
    const run = await segur(["run", "--only", "ins-search-found"], { cwd: folder });
    expect(run.stderr)
      .to.include("[1/1] ins-search-found")
      .and.to.include("patient.put en échec : « pas un objet JSON");
    expect(run.stdout).to.include("Étapes refusées par le logiciel ou en échec");
  });

  it("a run that still goes on is not gone on with by another process", async () => {
    await config([process.execPath, FAKE_VENDOR, "--port", "PORT", "--mode", "idle"]);
    const only = ["--only", "ins-search-found"];
    await segur(["run", ...only], { cwd: folder });
    const [name = ""] = runs();
    const events = path.join(folder, "runs", name, "recording", "events.jsonl");
    const before = readFileSync(events);
    const lock = lockRun(runFolderAt(path.join(folder, "runs", name)));
    try {
      const second = await segur(["run", ...only, "--continue", "last"], { cwd: folder });
      expect(second.code).to.equal(2);
      expect(second.stderr).to.include("encore en cours").and.to.include("run.lock");
      expect(readFileSync(events).equals(before)).to.equal(true);
    } finally {
      lock.release();
    }
  });

  describe("doctor", () => {
    it("tells a port given twice, and a program that is not there", async () => {
      const taken = await freePort();
      await config(["./no-such-program"], `services: { ins: { port: ${taken} }, dmp: { port: ${taken} } }`);
      const run = await segur(["doctor"], { cwd: folder });
      expect(run.code).to.equal(2);
      expect(run.stdout)
        .to.include(`port ${taken} donné plusieurs fois (ins, dmp)`)
        .and.to.include("le programme ./no-such-program n'existe pas");
    });

    it("tells that the port of the software is taken", async () => {
      const port = await config([process.execPath, FAKE_VENDOR]);
      const holder = spawn(process.execPath, [FAKE_VENDOR, "--port", String(port)], {
        stdio: ["pipe", "ignore", "inherit"],
      });
      try {
        for (let tries = 0; tries < 200; tries += 1) {
          const up = await fetch(`http://127.0.0.1:${port}/segur/health`).then(
            () => true,
            () => false,
          );
          if (up) break;
        }
        const run = await segur(["doctor", "--lang", "en"], { cwd: folder });
        expect(run.code).to.equal(2);
        expect(run.stdout).to.include(`drivers.start: port ${port} impossible (EADDRINUSE)`);
      } finally {
        holder.kill();
      }
    });

    for (const lang of ["fr", "en"] as const) {
      it(`${lang}: names what segur init wrote and nobody replaced`, async () => {
        await segur(["init", "--lang", lang], { cwd: folder });
        const run = await segur(["doctor", "--lang", lang], { cwd: folder });
        const left = PLACEHOLDERS.filter((word) => run.stdout.includes(word));
        expect(left).to.have.length(3);
        const written = readFileSync(path.join(folder, "segur.yaml"), "utf8");
        for (const word of left) expect(written).to.include(word);
      });
    }
  });

  it("takes --lang before the name of the command too", async () => {
    const run = await segur(["--lang", "en", "plan"], { cwd: folder });
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.include("Scenarios, in order");
    expect((await segur(["--lang", "de", "plan"], { cwd: folder })).code).to.equal(2);
  });

  it("tells a missing option in French", async () => {
    const run = await segur(["keys"], { cwd: folder });
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include("segur: il manque l'option « --out <folder> »").and.not.to.include("error:");
  });

  it("a reader that goes away is no error: no stack, and the exit code of the command", async () => {
    const code = await new Promise<number | null>((resolve) => {
      const child = spawn(process.execPath, [SEGUR, "plan", "--json"], {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
      });
      let said = "";
      child.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString("utf8");
      });
      child.stdout.destroy();
      child.on("close", (ended) => resolve(said.includes("EPIPE") ? -1 : ended));
    });
    expect(code).to.equal(0);
  });

  it("a full disk under standard output is told, and is never exit code 0", async function () {
    if (!existsSync("/dev/full")) this.skip();
    const shell = spawn("/bin/sh", ["-c", '"$0" "$1" plan --lang en > /dev/full', process.execPath, SEGUR], {
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    shell.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
    const code = await new Promise<number | null>((resolve) => shell.on("close", resolve));
    expect(said)
      .to.include("standard output can no longer be written (ENOSPC)")
      .and.not.to.match(/\n\s+at /);
    expect(code).to.equal(2);
  });
});
