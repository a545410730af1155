import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { packageRoot, type RunResult } from "../../core/model/index.js";
import { freePort } from "../../drivers/vendor-process.js";
import { segur } from "../support/cli.js";

/** Adapter of a vendor without endpoints of ours: a command per operation, JSON in, JSON out, that talks to its software. */
const BRIDGE = `
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { setTimeout as pause } from "node:timers/promises";

const { operation, input } = JSON.parse(readFileSync(0, "utf8"));
const { pki } = JSON.parse(readFileSync(process.env.SEGUR_ENV, "utf8"));
const ca = readFileSync(pki.caBundle);
const post = () => new Promise((resolve, reject) => {
  const call = request(process.argv[2] + "/segur/operations/" + operation,
    { method: "POST", ca, headers: { "content-type": "application/json" } },
    (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part) => { text += part; }).on("end", () => resolve(text));
    });
  call.on("error", reject);
  call.end(JSON.stringify(input));
});
for (;;) {
  try {
    process.stdout.write(await post());
    break;
  } catch (error) {
    if (error.code !== "ECONNREFUSED") throw error; // not started yet: the driver's own time limit ends the wait
    await pause(50);
  }
}
`;

/** Software whose endpoints are on plain HTTP: forwards to the reference software, which it starts and ends. */
const FRONT = `
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";

const [port, behind, main] = process.argv.slice(2);
const { pki } = JSON.parse(readFileSync(process.env.SEGUR_ENV, "utf8"));
const ca = readFileSync(pki.caBundle);
const child = spawn(process.execPath, [main, "--port", behind], { stdio: ["pipe", "ignore", "inherit"] });
process.stdin.resume().on("end", () => child.stdin.end());
child.on("exit", () => process.exit(0));
createServer((asked, answer) => {
  const call = request("https://localhost:" + behind + asked.url, { method: asked.method, headers: asked.headers, ca },
    (got) => { answer.writeHead(got.statusCode, got.headers); got.pipe(answer); });
  call.on("error", () => answer.destroy());
  asked.pipe(call);
}).listen(Number(port), "127.0.0.1");
`;

/** One scenario of each slice, whatever brings the software to act: the same checks are met. */
const ONLY = ["psc-token-expired", "ins-search-corsica", "dmp-submit-twice", "mss-two-mails"]
  .map((id) => ["--only", id])
  .flat();

describe("roads other than the reference's own", function () {
  const reference = path.join(packageRoot(import.meta.url), "dist", "fixtures", "vendors", "reference", "main.js");
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-road-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** `port`: where the reference software listens, with its login pages. */
  async function road(port: number, drivers: object): Promise<RunResult> {
    const config = {
      candidate: { vendor: "V", product: "P", version: "1", nil: "DEMO000001" },
      perimeters: ["mdv-lgc-wave-2"],
      subProfiles: [],
      psc: {
        clients: [
          {
            id: "segur-reference",
            method: "client_secret_basic",
            secret: "secret-fictif-du-logiciel-de-reference",
            redirectUris: [`https://localhost:${port}/callback`],
            logoutUris: [`https://localhost:${port}/`],
          },
        ],
      },
      drivers: { timeout: 60, quiet: 50, ...drivers },
    };
    writeFileSync(path.join(folder, "segur.yaml"), JSON.stringify(config)); // JSON is YAML
    const run = await segur(["run", ...ONLY], { cwd: folder });
    expect(run.code, run.stderr + run.stdout).to.equal(0);
    const [name = ""] = readdirSync(path.join(folder, "runs"));
    return JSON.parse(readFileSync(path.join(folder, "runs", name, "result.json"), "utf8")) as RunResult;
  }

  /** Slices in which something was met; nothing else may have happened. */
  function metSlices(result: RunResult): string[] {
    const planned = result.checks.filter((check) => check.planned);
    expect(planned.filter((check) => check.outcome !== "met" && check.outcome !== "inapplicable")).to.deep.equal([]);
    return [
      ...new Set(planned.filter((check) => check.outcome === "met").map((check) => check.id.split("/")[0] ?? "")),
    ];
  }

  it("driver exec: a command started per operation", async () => {
    const port = await freePort();
    writeFileSync(path.join(folder, "bridge.mjs"), BRIDGE);
    const result = await road(port, {
      kind: "exec",
      exec: { commands: { default: [process.execPath, path.join(folder, "bridge.mjs"), `https://localhost:${port}`] } },
      start: { command: [process.execPath, reference, "--port", "{port}"], port },
    });
    expect(metSlices(result)).to.include.members(["psc", "ins", "dmp", "mss"]);
  });

  it("driver http, on plain HTTP", async () => {
    const port = await freePort();
    const behind = await freePort();
    const front = path.join(folder, "front.mjs");
    writeFileSync(front, FRONT);
    const result = await road(behind, {
      kind: "http",
      http: { baseUrl: `http://127.0.0.1:${port}` },
      start: { command: [process.execPath, front, "{port}", String(behind), reference], port },
    });
    expect(metSlices(result)).to.include.members(["psc", "ins", "dmp", "mss"]);
  });
});
