import { expect } from "chai";
import { decodeProtectedHeader } from "jose";
import * as client from "openid-client";
import { type Bench, bench } from "./support.js";

describe("psc service: session, logout, control calls", () => {
  let b: Bench;
  let config: client.Configuration;
  beforeEach(async () => {
    b = await bench();
    config = await b.discover();
  });
  afterEach(() => b.dispose());

  const refresh = (token: string | undefined) => client.refreshTokenGrant(config, token ?? "");
  const fails = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => "",
      (error: { error?: string }) => error.error ?? String(error),
    );

  it("closes the session at end_session, gives state back, and nothing of it works afterwards", async () => {
    const { tokens } = await b.login(config);
    const back = await b.browse(
      client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? "",
        post_logout_redirect_uri: b.logoutUri,
        state: "s1",
      }),
    );
    expect(back.pathname).to.equal("/bye");
    expect(back.searchParams.get("state")).to.equal("s1");
    expect(b.context.tokens.lookup(tokens.access_token)?.live).to.equal(false);
    expect((await b.userinfo(tokens.access_token)).status).to.equal(401);
    expect(await fails(refresh(tokens.refresh_token))).to.equal("invalid_grant");
    // The browser's session is gone too: the login page comes again.
    const before = b.context.view().exchanges.length;
    await b.login(config);
    const operations = b.context
      .view()
      .exchanges.slice(before)
      .map((x) => x.operation);
    expect(operations.filter((name) => name === "psc.interaction")).to.have.length(3);
  });

  it("takes a logout posted by the back end with the hint alone", async () => {
    const { tokens } = await b.login(config);
    const answer = await b.post("/protocol/openid-connect/logout", { id_token_hint: tokens.id_token ?? "" });
    expect(answer.status).to.equal(200);
    expect(await fails(refresh(tokens.refresh_token))).to.equal("invalid_grant");
  });

  it("asks for confirmation without a hint, and refuses a hint or an address it does not know", async () => {
    const { tokens } = await b.login(config);
    const page = client.buildEndSessionUrl(config, { post_logout_redirect_uri: b.logoutUri });
    expect((await b.browse(page)).pathname).to.equal("/bye");
    expect(await fails(refresh(tokens.refresh_token))).to.equal("invalid_grant");
    const foreign = { id_token_hint: tokens.id_token ?? "", post_logout_redirect_uri: "https://other.example/" };
    expect((await b.post("/protocol/openid-connect/logout", foreign)).status).to.equal(400);
    const forged = { id_token_hint: `${tokens.id_token ?? ""}x` };
    expect((await b.post("/protocol/openid-connect/logout", forged)).status).to.equal(400);
  });

  it("does not ask who logs in while the session stands", async () => {
    await b.login(config);
    const before = b.context.view().exchanges.length;
    await b.login(config);
    const operations = b.context
      .view()
      .exchanges.slice(before)
      .map((x) => x.operation);
    expect(operations).not.to.include("psc.interaction");
  });

  it("expire-access-token: userinfo refuses, a refresh mends", async () => {
    const { tokens } = await b.login(config);
    await b.psc.control("expire-access-token");
    expect(b.context.tokens.lookup(tokens.access_token)?.live).to.equal(false);
    expect((await b.userinfo(tokens.access_token)).status).to.equal(401);
    const next = await refresh(tokens.refresh_token);
    expect((await b.userinfo(next.access_token)).status).to.equal(200);
    const event = b.context.view().events.find((e) => e.kind === "control");
    expect(event?.data).to.include({ service: "psc", command: "expire-access-token", expired: 1 });
  });

  it("expire-session: nothing mends but a new login", async () => {
    const { tokens } = await b.login(config);
    await b.psc.control("expire-session");
    expect((await b.userinfo(tokens.access_token)).status).to.equal(401);
    expect(await fails(refresh(tokens.refresh_token))).to.equal("invalid_grant");
    expect((await b.login(config)).tokens.access_token).to.be.a("string");
  });

  it("expire-code: the code just given is refused", async () => {
    const start = client.buildAuthorizationUrl(config, { redirect_uri: b.redirectUri, scope: "openid", state: "s" });
    const callback = await b.browse(start);
    await b.psc.control("expire-code");
    const answer = await b.token({
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: b.redirectUri,
    });
    expect(answer.json.error).to.equal("invalid_grant");
  });

  it("rotate-keys: new tokens have the new kid, the old key stays published, sessions go on", async () => {
    const { tokens } = await b.login(config);
    const { kid } = (await b.psc.control("rotate-keys")) as { kid: string };
    config = await b.discover(); // a client that just started: the library reads keys once a minute at most
    const next = await refresh(tokens.refresh_token);
    expect(decodeProtectedHeader(next.id_token ?? "").kid).to.equal(kid);
    const keys = (await (await b.fetch(config.serverMetadata().jwks_uri ?? "", {})).json()) as {
      keys: Record<string, unknown>[];
    };
    expect(keys.keys.map((key) => key.kid)).to.include.members([kid, decodeProtectedHeader(tokens.id_token ?? "").kid]);
    expect(keys.keys.every((key) => !("d" in key))).to.equal(true);
  });

  it("refuses a control call it does not know", async () => {
    const told = await b.psc.control("explode").catch((error: unknown) => error);
    expect(told).to.have.property("code", "ERR_USAGE");
  });

  it("tells unknown routes apart", async () => {
    const { issuer } = b.psc.endpoints;
    expect((await b.fetch(`${issuer}/protocol/openid-connect/nothing`, {})).status).to.equal(404);
    expect(b.context.view().exchanges.at(-1)?.operation).to.equal("psc.unexpected");
  });
});
