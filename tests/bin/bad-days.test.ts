import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import type { RunResult } from "../../core/model/index.js";
import { freePort } from "../../drivers/vendor-process.js";
import { FAKE_VENDOR, segur } from "../support/cli.js";

/** What a user meets when things go wrong: a clear message, the exit code of the architecture, nothing lost. */
describe("bad days", function () {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-bad-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The lines that differ are given by each case. */
  function config(lines: { services?: string; drivers?: string; more?: string; perimeters?: string }): string {
    const file = path.join(folder, "segur.yaml");
    writeFileSync(
      file,
      [
        "candidate: { vendor: V, product: P, version: '1' }",
        `perimeters: [${lines.perimeters ?? "mdv-lgc-wave-2"}]`,
        "subProfiles: []",
        lines.services ?? "",
        lines.drivers ?? "drivers: { kind: manual, timeout: 1 }",
        lines.more ?? "",
      ].join("\n"),
    );
    return file;
  }

  async function fake(mode: string, timeout = 2): Promise<string> {
    const port = await freePort();
    return config({
      drivers: [
        "drivers:",
        "  kind: http",
        `  timeout: ${timeout}`,
        `  http: { baseUrl: "http://127.0.0.1:${port}" }`,
        "  start:",
        `    command: [${[process.execPath, FAKE_VENDOR, "--port", String(port), "--mode", mode].map((word) => JSON.stringify(word)).join(", ")}]`,
        `    port: ${port}`,
        "    timeout: 60",
      ].join("\n"),
    });
  }

  const only = ["--only", "psc-logout"];
  const runs = (): string[] => {
    try {
      return readdirSync(path.join(folder, "runs"));
    } catch {
      return [];
    }
  };
  function resultOf(): RunResult {
    const [name] = runs();
    return JSON.parse(readFileSync(path.join(folder, "runs", name ?? "", "result.json"), "utf8")) as RunResult;
  }

  it("names file, line and the nearest key for an unknown one", async () => {
    config({ more: "perimetres: []" });
    const run = await segur(["run"], { cwd: folder });
    expect(run.code).to.equal(2);
    expect(run.stderr)
      .to.match(/segur\.yaml:6/)
      .and.to.include("perimetres")
      .and.to.include("perimeters");
    expect(runs()).to.deep.equal([]);
  });

  it("tells all mistakes of a configuration in one go", async () => {
    config({ services: "services: { dmp: { port: many } }", perimeters: "mdv-lgc-wave-9", more: "oops: 1" });
    const run = await segur(["run"], { cwd: folder });
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include("oops").and.to.include("port");
  });

  it("says which perimeter is unknown", async () => {
    config({ perimeters: "mdv-lgc-wave-9" });
    const run = await segur(["run"], { cwd: folder });
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include("mdv-lgc-wave-9");
  });

  it("says what to do when there is no configuration", async () => {
    const run = await segur(["run"], { cwd: folder });
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include("segur init");
  });

  it("refuses an unknown option, and a command that does not exist", async () => {
    expect((await segur(["run", "--onyl", "x"], { cwd: folder })).code).to.equal(2);
    expect((await segur(["fly"], { cwd: folder })).code).to.equal(2);
  });

  it("names the listener whose port is taken", async () => {
    const taken = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as net.AddressInfo;
    config({ services: `services: { psc: { ports: { psc-auth: ${port} } } }` });
    const run = await segur(["run", ...only], { cwd: folder });
    taken.close();
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include("psc-auth").and.to.include(String(port)).and.to.include("ERR_PORT");
  });

  it("vendor unreachable before its first answer: exit 2", async () => {
    const port = await freePort();
    config({ drivers: `drivers: { kind: http, timeout: 1, http: { baseUrl: "http://127.0.0.1:${port}" } }` });
    const run = await segur(["run", ...only], { cwd: folder });
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include("ERR_VENDOR_UNREACHABLE");
  });

  it("vendor whose program does not exist: exit 2", async () => {
    config({
      drivers: `drivers: { kind: http, timeout: 1, http: { baseUrl: "http://127.0.0.1:9" }, start: { command: ["./no-such-program"], port: 9 } }`,
    });
    const run = await segur(["run", ...only], { cwd: folder });
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include("ERR_VENDOR_START").and.to.include("no-such-program");
  });

  for (const [mode, error] of [
    ["garbage", "réponse illisible"],
    ["hang", "pas de réponse dans le délai"],
    ["die", "le logiciel"],
  ] as const) {
    it(`vendor that ${mode}s after first contact: exit 1, rows not tested, recording kept`, async () => {
      await fake(mode, 1);
      const run = await segur(["run", ...only], { cwd: folder });
      expect(run.code, run.stderr).to.equal(1);
      const result = resultOf();
      expect(result.checks.filter((check) => check.outcome === "met").map((check) => check.id)).to.deep.equal([]);
      expect(result.scenarios.some((scenario) => scenario.state === "failed")).to.equal(true);
      expect(run.stderr).to.include(error);
      const verdicts = new Set(
        result.perimeters.flatMap((p) => p.groups.flatMap((g) => g.rows.map((row) => row.verdict))),
      );
      expect(verdicts.has("conform")).to.equal(false);
    });
  }

  it("vendor that says done and does nothing gets not one met", async () => {
    await fake("idle");
    const run = await segur(["run"], { cwd: folder });
    expect(run.code, run.stderr).to.equal(1);
    expect(
      resultOf()
        .checks.filter((check) => check.outcome === "met")
        .map((check) => check.id),
    ).to.deep.equal([]);
  });

  it("Ctrl-C: exit 2, the recording is kept and judged the same anywhere, the vendor is gone", async () => {
    await fake("slow", 5);
    const run = await segur(["run"], {
      cwd: folder,
      running: (child, output) => {
        const timer = setInterval(() => {
          if (/^\[2\//m.test(output())) {
            clearInterval(timer);
            child.kill("SIGINT");
          }
        }, 20);
      },
    });
    expect(run.code, run.stderr).to.equal(2);
    const [name] = runs();
    const file = path.join(folder, "runs", name ?? "", "result.json");
    const before = readFileSync(file);
    const judged = await segur(["judge", path.join("runs", name ?? "")], {
      cwd: folder,
      env: { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
    });
    expect(judged.code).to.not.equal(0);
    expect(readFileSync(file).equals(before)).to.equal(true);
    const events = readFileSync(path.join(folder, "runs", name ?? "", "recording", "events.jsonl"), "utf8");
    expect(events).to.include('"vendor.exit"');
    expect(resultOf().scenarios.some((scenario) => scenario.state === "not_played")).to.equal(true);
  });

  it("goes on with an interrupted run, and refuses when the configuration changed", async () => {
    await fake("die", 1);
    await segur(["run", ...only], { cwd: folder });
    const [name] = runs();
    const again = await segur(["run", ...only, "--continue", name ?? ""], { cwd: folder });
    expect(again.code, again.stderr).to.equal(1);
    expect(
      resultOf()
        .scenarios.map((scenario) => scenario.key)
        .some((key) => key.endsWith("#2")),
    ).to.equal(true);
    const file = path.join(folder, "segur.yaml");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n# changed\n`);
    const refused = await segur(["run", ...only, "--continue", name ?? ""], { cwd: folder });
    expect(refused.code).to.equal(2);
    expect(refused.stderr).to.include("la configuration a changé");
  });

  it("speaks the language asked, and names the nearest word", async () => {
    config({});
    for (const [lang, words] of [
      ["fr", ["ne choisit ni contrôle", "que faire :", "Vouliez-vous dire"]],
      ["en", ["selects no check", "what to do:", "Did you mean"]],
    ] as const) {
      const run = await segur(["run", "--only", "mss/subjct", "--lang", lang], { cwd: folder });
      expect(run.code).to.equal(2);
      for (const word of [...words, "mss/subject"]) expect(run.stderr).to.include(word);
    }
    expect(runs(), "a selection of nothing leaves no folder").to.deep.equal([]);
  });

  it("an unknown defect or message is a mistake of usage, told before anything starts", async () => {
    const defect = await segur(["demo", "--defect", "mss-nonil", "--lang", "en"], { cwd: folder });
    expect(defect.code).to.equal(2);
    expect(defect.stderr).to.include("ERR_USAGE").and.to.include("mss-no-nil");
    const message = await segur(["explain", "mss/subject:prefixx", "--lang", "en"], { cwd: folder });
    expect(message.code).to.equal(2);
    expect(message.stderr).to.include("prefix, ");
  });

  it("a run folder that is not one: exit 2, and says where", async () => {
    const run = await segur(["judge", "nowhere"], { cwd: folder });
    expect(run.code).to.equal(2);
    expect(run.stderr).to.include(path.join(folder, "nowhere"));
  });
});
