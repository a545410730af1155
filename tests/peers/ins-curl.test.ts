/** curl and openssl s_client, unchanged, at the INSi mock. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { RunningService } from "../../core/model/index.js";
import { readInsAnswer } from "../../protocols/ins.js";
import { readClientHello } from "../../protocols/tls-hello.js";
import { insService } from "../../services/ins/index.js";
import { makeVariant } from "../../services/pki/variants.js";
import { traitSearch } from "../services/ins/client.js";
import { type TestContext, testContext } from "../support/context.js";

const run = promisify(execFile);

describe("peers: curl and openssl at the INSi mock", () => {
  let context: TestContext;
  let service: RunningService;
  let folder: string;

  before(async () => {
    context = await testContext();
    service = await insService.start(context);
    folder = mkdtempSync(path.join(tmpdir(), "segur-ins-"));
    writeFileSync(path.join(folder, "search.xml"), traitSearch());
  });
  after(async () => {
    await service.stop();
    context.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const curl = (...args: string[]) =>
    run("curl", [
      ...["--silent", "--show-error", "--max-time", "20", "--cacert", context.pki.caBundleFile],
      ...["--header", "Content-Type: application/soap+xml; charset=utf-8"],
      ...["--data-binary", `@${path.join(folder, "search.xml")}`, ...args, String(service.endpoints.url)],
    ]);

  it("curl searches by traits with a PEM certificate", async () => {
    const { certFile, keyFile } = context.pki.roles.insi;
    const { stdout } = await curl("--cert", certFile, "--key", keyFile);
    expect(readInsAnswer(Buffer.from(stdout), "application/soap+xml").active?.number).to.equal("2751263220749");
  });

  it("curl searches by traits with the PKCS#12", async () => {
    const { p12File, p12Password } = context.pki.roles.insi;
    const { stdout } = await curl("--cert-type", "P12", "--cert", `${p12File}:${p12Password}`);
    expect(readInsAnswer(Buffer.from(stdout), "application/soap+xml").code).to.equal("00");
  });

  it("curl is refused without a certificate, with an expired one and with a foreign one", async () => {
    const before = context.view().connections.length;
    const without = await curl().catch((error: { code: number }) => error.code);
    expect(without).to.be.a("number");
    for (const kind of ["expired", "foreign-authority"] as const) {
      const variant = await makeVariant(context.pki.folder, kind);
      const [cert, key] = [path.join(folder, `${kind}.pem`), path.join(folder, `${kind}.key`)];
      writeFileSync(cert, variant.certPem);
      writeFileSync(key, variant.keyPem);
      const refused = await curl("--cert", cert, "--key", key).catch((error: { code: number }) => error.code);
      expect(refused, kind).to.be.a("number");
    }
    const refused = context.view().connections.slice(before);
    expect(refused).to.have.length(3);
    expect(refused[0]?.alert).to.deep.equal({ from: "server", code: "no_client_certificate" });
    for (const connection of refused) expect(connection.alert).to.not.equal(null);
    expect(context.view().exchanges.filter((x) => refused.some((c) => c.id === x.connection))).to.deep.equal([]);
  });

  it("openssl s_client sees TLS 1.2 or 1.3, the served name and our request for a certificate", async () => {
    const { certFile, keyFile } = context.pki.roles.insi;
    const port = String(service.listeners[0]?.port);
    const args = ["s_client", "-connect", `127.0.0.1:${port}`, "-servername", "localhost", "-verify_return_error"];
    const ca = ["-CAfile", context.pki.caBundleFile, "-verify_hostname", "localhost"];
    const child = run("openssl", [...args, ...ca, "-cert", certFile, "-key", keyFile]);
    child.child.stdin?.end();
    const { stdout } = await child;
    expect(stdout).to.match(/Verification: OK|Verify return code: 0/);
    expect(stdout).to.match(/TLSv1\.[23]/);
    const last = context.view().connections.at(-1);
    expect(last?.clientHelloBytes && readClientHello(last.clientHelloBytes)?.serverName).to.equal("localhost");
  });

  it("openssl s_client is refused with TLS 1.1, and the hello is kept", async () => {
    const port = String(service.listeners[0]?.port);
    const old = ["s_client", "-connect", `127.0.0.1:${port}`, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0"];
    const child = run("openssl", old);
    child.child.stdin?.end();
    const failed = await child.catch((error: { code: number }) => error.code);
    expect(failed).to.be.a("number");
    const last = context.view().connections.at(-1);
    expect(last?.alert).to.deep.equal({ from: "server", code: "protocol_version" });
    expect(last?.tls).to.equal(null);
    expect(last?.clientHelloBytes && readClientHello(last.clientHelloBytes)?.versions).to.deep.equal(["TLSv1.1"]);
  });
});
