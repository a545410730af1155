import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { Agent, request } from "undici";
import { packageRoot } from "../../core/model/index.js";
import { openSchemas } from "../../core/plan/index.js";
import { SEGUR } from "../support/cli.js";

interface Environment {
  readonly services: Record<string, { readonly endpoints: Record<string, string> }>;
  readonly pki: { readonly caBundle: string; readonly insi: { readonly key: string; readonly cert: string } };
  readonly control: { readonly url: string };
}

describe("segur mock", function () {
  let folder: string;
  let child: ChildProcess;
  let environment: Environment;
  let agent: Agent;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "segur-mock-"));
    child = spawn(process.execPath, [SEGUR, "mock", "--json"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
    let line = "";
    while (!line.includes("\n")) {
      const [chunk] = (await once(child.stdout ?? child, "data")) as [Buffer];
      line += chunk.toString("utf8");
    }
    environment = JSON.parse(line) as Environment;
    agent = new Agent({
      connect: {
        ca: readFileSync(environment.pki.caBundle),
        key: readFileSync(environment.pki.insi.key),
        cert: readFileSync(environment.pki.insi.cert),
      },
    });
  });
  after(async () => {
    await agent?.destroy();
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGINT");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const post = async (where: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await request(`${environment.control.url}${where}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
  };

  it("prints one object of the published schema", () => {
    const validate = openSchemas(path.join(packageRoot(import.meta.url), "specs", "schemas")).validator("mock");
    expect(validate(environment), JSON.stringify(validate.errors)).to.equal(true);
  });

  it("serves what it prints", async () => {
    const answer = await request(environment.services.psc?.endpoints.walletDiscovery ?? "", { dispatcher: agent });
    const discovery = (await answer.body.json()) as { issuer: string; authorization_endpoint: string };
    expect(discovery.issuer).to.equal(environment.services.psc?.endpoints.issuer);
    expect(discovery.authorization_endpoint).to.equal(environment.services.psc?.endpoints.walletAuthorization);
  });

  it("takes control calls and scripted faults", async () => {
    expect((await post("/control/psc/expire-access-token", {})).status).to.equal(200);
    expect((await post("/control/psc/no-such-command", {})).status).to.equal(400);
    expect((await post("/control/nobody/reset", {})).status).to.equal(404);
    const armed = await post("/faults", { faults: [{ service: "ins", at: "answer", kind: "http-503" }] });
    expect(armed).to.deep.equal({ status: 200, body: { armed: 1 } });
    const call = () =>
      request(environment.services.ins?.endpoints.url ?? "", {
        method: "POST",
        headers: { "content-type": "application/soap+xml" },
        body: '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><x/></s:Body></s:Envelope>',
        dispatcher: agent,
      });
    const faulted = await call();
    await faulted.body.dump();
    expect(faulted.statusCode).to.equal(503);
    const next = await call();
    await next.body.dump();
    expect(next.statusCode).to.not.equal(503);
  });

  it("refuses control calls that a foreign page could make", async () => {
    const plain = await request(`${environment.control.url}/control/psc/reset`, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: "{}",
    });
    await plain.body.dump();
    expect(plain.statusCode).to.equal(415);
    const foreign = await post("/control/psc/reset", {}, { host: "evil.example:80" });
    expect(foreign.status).to.equal(403);
    expect((await post("/faults", { faults: [{ service: "ins" }] })).status).to.equal(400);
  });

  it("ends on Ctrl-C with exit 0 and keeps the recording", async () => {
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).to.equal(0);
    const [run] = readdirSync(path.join(folder, "runs"));
    const events = readFileSync(path.join(folder, "runs", run ?? "", "recording", "events.jsonl"), "utf8");
    expect(events).to.include('"recording.close"').and.to.include("expire-access-token");
  });
});
