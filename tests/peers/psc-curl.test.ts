/** curl walks a whole login at the PSC mock, and openssl tries versions of TLS that PSC does not take. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import tlsVersion from "../../checks/psc/tls-version.js";
import { evaluate } from "../../core/evaluate/evaluate.js";
import { type Bench, bench, SECRET } from "../services/psc/support.js";
import { TEST_CLIENT } from "../support/context.js";

const run = promisify(execFile);

describe("peers: curl and openssl at the PSC mock", () => {
  let b: Bench;
  let folder: string;
  before(async () => {
    b = await bench();
    folder = mkdtempSync(path.join(tmpdir(), "segur-curl-"));
  });
  after(async () => {
    await b.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const curl = async (...args: string[]): Promise<string> => {
    const jar = path.join(folder, "cookies");
    const common = ["--silent", "--show-error", "--max-time", "20", "--cacert", b.context.pki.caBundleFile];
    return (await run("curl", [...common, "--cookie", jar, "--cookie-jar", jar, ...args])).stdout;
  };
  const form = (fields: Record<string, string>) =>
    Object.entries(fields).flatMap(([name, value]) => ["--data-urlencode", `${name}=${value}`]);

  it("logs in by hand: login page, form, callback, tokens, userinfo, logout", async () => {
    const { issuer, walletAuthorization } = b.psc.endpoints;
    const query = new URLSearchParams({
      response_type: "code",
      client_id: TEST_CLIENT.id,
      redirect_uri: b.redirectUri,
      scope: "openid scope_all",
      acr_values: "eidas1",
      state: "curl-state",
      nonce: "curl-nonce",
    });
    const page = await curl("--location", `${walletAuthorization}?${query.toString()}`);
    const action = /action="([^"]+)"/.exec(page)?.[1] ?? "";
    const wallet = new URL(String(walletAuthorization)).origin;
    const posted = form({ professional: "899900000029", answer: "login" });
    const resume = await curl(
      "--write-out",
      "%{redirect_url}",
      "--output",
      "/dev/null",
      ...posted,
      `${wallet}${action}`,
    );
    const callback = new URL(await curl("--write-out", "%{redirect_url}", "--output", "/dev/null", resume));
    expect(callback.searchParams.get("state")).to.equal("curl-state");
    const exchange = form({
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: b.redirectUri,
    });
    const tokens = JSON.parse(
      await curl("--user", `${TEST_CLIENT.id}:${SECRET}`, ...exchange, `${issuer}/protocol/openid-connect/token`),
    ) as Record<string, string>;
    const bearer = ["--header", `Authorization: Bearer ${tokens.access_token}`];
    const info = JSON.parse(await curl(...bearer, `${issuer}/protocol/openid-connect/userinfo`)) as Record<
      string,
      unknown
    >;
    expect(info.SubjectNameID).to.equal("899900000029");
    const hint = form({ id_token_hint: tokens.id_token ?? "" });
    const end = await curl("--get", ...hint, "--write-out", "%{http_code}", `${issuer}/protocol/openid-connect/logout`);
    expect(end).to.match(/200$/);
    const status = ["--output", "/dev/null", "--write-out", "%{http_code}"];
    expect(await curl(...bearer, ...status, `${issuer}/protocol/openid-connect/userinfo`)).to.equal("401");
  });

  it("refuses TLS 1.1, records the hello, and the check sees it", async () => {
    const close = b.context.scenario("old-tls", ["psc"]);
    const { port } = b.psc.listeners.find(({ name }) => name === "psc-auth") ?? { port: 0 };
    const old = ["s_client", "-connect", `127.0.0.1:${port}`, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];
    await run("openssl", old, { timeout: 20_000 }).catch(() => undefined);
    close();
    const { connections } = b.context.view();
    expect(connections.at(-1)?.alert).to.deep.equal({ from: "server", code: "protocol_version" });
    const [result] = evaluate(b.context.view(), [{ check: tlsVersion, planned: true }]);
    expect(result?.findings.map(({ message, slots }) => [message, slots.offered])).to.deep.equal([
      ["too-old", "TLSv1.1"],
    ]);
  });
});
