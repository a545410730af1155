import { expect } from "chai";
import { decodeJwt, decodeProtectedHeader } from "jose";
import * as client from "openid-client";
import { TEST_CLIENT } from "../../support/context.js";
import { type Bench, bench, form, SECRET } from "./support.js";

describe("psc service: a login by a foreign OIDC client", () => {
  let b: Bench;
  let config: client.Configuration;
  before(async () => {
    b = await bench();
    config = await b.discover();
  });
  after(() => b.dispose());

  it("walks the wallet, gives tokens and the claims of the professional, and records each call", async () => {
    const close = b.context.scenario("login", ["psc"]);
    const { tokens, callback } = await b.login(config);
    expect(callback.searchParams.get("iss")).to.equal(b.psc.endpoints.issuer);
    expect(callback.searchParams.get("session_state")).to.match(/^[0-9a-f-]{36}$/);
    const id = decodeJwt(tokens.id_token ?? "");
    const { kid, alg, typ } = decodeProtectedHeader(tokens.id_token ?? "");
    expect({ alg, typ }).to.deep.equal({ alg: "RS256", typ: "JWT" });
    expect(kid).to.be.a("string");
    expect(id).to.include({
      iss: b.psc.endpoints.issuer,
      aud: TEST_CLIENT.id,
      azp: TEST_CLIENT.id,
      acr: "eidas1",
      preferred_username: "899900000011",
      SubjectNameID: "899900000011",
      family_name: "EXEMPLE",
      session_state: id.sid,
    });
    expect(id.sub).to.match(/^f:[0-9a-f-]{36}:899900000011$/);
    expect(id.at_hash).to.be.a("string");
    expect(tokens).to.include({ expires_in: 120, refresh_expires_in: 1800, session_state: id.sid });
    const access = decodeJwt(tokens.access_token);
    expect(access).to.include({ azp: TEST_CLIENT.id, acr: "eidas1", typ: "Bearer", authMode: "CARD", nonce: "" });
    expect(access).not.to.have.property("aud");
    expect(Number(access.exp) - Number(access.iat)).to.equal(120);
    const info = await client.fetchUserInfo(config, tokens.access_token, id.sub ?? "");
    expect(info).to.deep.include({ ...b.context.professionals[0]?.claims, sub: id.sub });
    close();
    const seen = b.context.view().exchanges.filter((x) => x.scenario === "login#1");
    expect(seen.map((x) => x.operation)).to.deep.equal([
      "psc.authorize",
      "psc.interaction",
      "psc.interaction",
      "psc.interaction",
      "vendor.agent",
      "psc.token",
      "psc.jwks",
      "psc.userinfo",
    ]);
    expect(seen.every((x) => x.complete)).to.equal(true);
    expect(b.context.logs).to.deep.equal([]);
  });

  it("puts the access token on the board and takes it off when it is revoked", async () => {
    const { tokens } = await b.login(config);
    const facts = b.context.tokens.lookup(tokens.access_token);
    expect(facts).to.include({ subject: "899900000011", clientId: TEST_CLIENT.id, live: true });
    await client.tokenRevocation(config, tokens.access_token);
    expect(b.context.tokens.lookup(tokens.access_token)?.live).to.equal(false);
    expect((await b.userinfo(tokens.access_token)).status).to.equal(401);
  });

  it("introspects an access token with PSC's members, a revoked one as inactive", async () => {
    const { tokens } = await b.login(config);
    const told = await client.tokenIntrospection(config, tokens.access_token);
    expect(told).to.include({ active: true, client_id: TEST_CLIENT.id, username: "899900000011", acr: "eidas1" });
    expect(told.SubjectNameID).to.equal("899900000011");
    const refresh = await client.tokenIntrospection(config, tokens.refresh_token ?? "");
    expect(refresh.active).to.equal(true);
    expect(refresh).not.to.have.property("SubjectNameID");
    await client.tokenRevocation(config, tokens.access_token);
    expect(await client.tokenIntrospection(config, tokens.access_token)).to.deep.equal({ active: false });
  });

  it("renews tokens under new names, keeps sub and iss, and still takes the former refresh token", async () => {
    const { tokens } = await b.login(config);
    const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(next.access_token).not.to.equal(tokens.access_token);
    expect(next.refresh_token).not.to.equal(tokens.refresh_token);
    expect(next.claims()?.sub).to.equal(tokens.claims()?.sub);
    expect((await client.refreshTokenGrant(config, tokens.refresh_token ?? "")).access_token).to.be.a("string");
    expect((await client.refreshTokenGrant(config, next.refresh_token ?? "")).access_token).to.be.a("string");
  });

  it("refuses a code that was exchanged, and revokes what it gave", async () => {
    const { tokens, callback, verifier } = await b.login(config);
    const again = await b.token({
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: b.redirectUri,
      code_verifier: verifier,
    });
    expect(again).to.include({ status: 400 });
    expect(again.json.error).to.equal("invalid_grant");
    expect(b.context.tokens.lookup(tokens.access_token)?.live).to.equal(false);
  });

  it("refuses a redirect URI that is not the registered one, without going there", async () => {
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: `${b.redirectUri}/other`,
      scope: "openid scope_all",
      state: "s",
    });
    const answer = await b.fetch(url, { redirect: "manual" });
    expect(answer.status).to.equal(400);
    expect(answer.headers.get("location")).to.equal(null);
  });

  it("refuses a wrong secret and a call without credentials", async () => {
    const call = { grant_type: "authorization_code", code: "x", redirect_uri: b.redirectUri };
    expect((await b.token(call, { authorization: form.basic(TEST_CLIENT.id, "wrong") })).status).to.equal(401);
    expect((await b.token({ ...call, client_id: TEST_CLIENT.id }, { authorization: "" })).status).to.equal(401);
  });

  it("takes the secret in the form too, and a plain PKCE challenge, as PSC announces", async () => {
    const posted = await b.discover(client.ClientSecretPost(SECRET));
    const state = client.randomState();
    const verifier = client.randomPKCECodeVerifier();
    const start = client.buildAuthorizationUrl(posted, {
      redirect_uri: b.redirectUri,
      scope: "openid scope_all",
      state,
      code_challenge: verifier,
      code_challenge_method: "plain",
    });
    const callback = await b.browse(start);
    const wrong = await b.token({
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: b.redirectUri,
      code_verifier: client.randomPKCECodeVerifier(),
    });
    expect(wrong.json.error).to.equal("invalid_grant");
    const tokens = await client.authorizationCodeGrant(posted, callback, {
      expectedState: state,
      pkceCodeVerifier: verifier,
    });
    expect(tokens.id_token).to.be.a("string");
  });

  it("answers the native endpoint on the auth listener and gives the two discovery documents", async () => {
    const { walletDiscovery, nativeDiscovery, walletAuthorization, issuer } = b.psc.endpoints as Record<string, string>;
    const wallet = (await (await b.fetch(walletDiscovery ?? "", {})).json()) as Record<string, unknown>;
    const native = (await (await b.fetch(nativeDiscovery ?? "", {})).json()) as Record<string, unknown>;
    expect(wallet.authorization_endpoint).to.equal(walletAuthorization);
    expect(native.authorization_endpoint).to.equal(`${issuer}/protocol/openid-connect/auth`);
    expect({ ...wallet, authorization_endpoint: "" }).to.deep.equal({ ...native, authorization_endpoint: "" });
    expect(wallet.acr_values_supported).to.deep.equal(["0", "0"]);
    const start = new URL(String(native.authorization_endpoint));
    start.search = client.buildAuthorizationUrl(config, {
      redirect_uri: b.redirectUri,
      scope: "openid scope_all",
      state: "native",
    }).search;
    expect((await b.browse(start)).searchParams.get("code")).to.be.a("string");
  });

  it("lets the chosen professional in, also in place of another", async () => {
    const first = await b.login(config);
    const second = await b.login(config, { prompt: "login" }, "ps-double");
    expect(first.tokens.claims()?.preferred_username).to.equal("899900000011");
    expect(second.tokens.claims()?.preferred_username).to.equal("899900000029");
  });
});

describe("psc service: other clients", () => {
  it("authenticates a client by its certificate, and refuses another certificate", async () => {
    const b = await bench({ method: "tls_client_auth" });
    try {
      const config = await b.discover(client.TlsClientAuth());
      expect((await b.login(config)).tokens.access_token).to.be.a("string");
      const call = { grant_type: "refresh_token", refresh_token: "x", client_id: TEST_CLIENT.id };
      const other = await b.token(call, { authorization: "" }, "sign");
      expect(other).to.include({ status: 401 });
      const own = await b.token(call, { authorization: "" }, "auth");
      expect(own.json.error).to.equal("invalid_grant");
    } finally {
      await b.dispose();
    }
  });

  it("learns an unknown client once and gives the block to paste", async () => {
    const blocks: string[] = [];
    const b = await bench({ learn: (block) => blocks.push(block), unknown: true });
    try {
      const config = await b.discover();
      expect((await b.login(config)).tokens.access_token).to.be.a("string");
      await b.login(config);
      expect(blocks).to.have.length(1);
      expect(blocks[0]).to.contain(`id: "${TEST_CLIENT.id}"`).and.contain(b.redirectUri).and.contain(SECRET);
    } finally {
      await b.dispose();
    }
  });

  it("refuses an unknown client when it does not learn", async () => {
    const b = await bench({ unknown: true });
    try {
      const config = await b.discover();
      const url = client.buildAuthorizationUrl(config, { redirect_uri: b.redirectUri, scope: "openid", state: "s" });
      expect((await b.fetch(url, { redirect: "manual" })).status).to.equal(400);
    } finally {
      await b.dispose();
    }
  });

  it("runs CIBA by polling: pending first, then tokens", async () => {
    const b = await bench();
    try {
      const config = await b.discover();
      const started = await b.post("/protocol/openid-connect/ext/ciba/auth", {
        scope: "openid scope_all",
        acr_values: "eidas1",
        login_hint: "899900000011",
        binding_message: "42",
        channel: "MOBILE",
      });
      expect(started.status).to.equal(200);
      expect(started.json).to.include({ expires_in: 120, interval: 5 });
      const poll = { grant_type: "urn:openid:params:grant-type:ciba", auth_req_id: String(started.json.auth_req_id) };
      expect((await b.token(poll)).json.error).to.equal("authorization_pending");
      const done = await b.token(poll);
      expect(done.status).to.equal(200);
      expect(decodeJwt(String(done.json.id_token)).preferred_username).to.equal("899900000011");
      const unknown = await b.post("/protocol/openid-connect/ext/ciba/auth", {
        scope: "openid",
        login_hint: "899900099999",
        binding_message: "42",
      });
      expect(unknown.json.error).to.equal("unknown_user_id");
      expect(config.serverMetadata().issuer).to.equal(b.psc.endpoints.issuer);
    } finally {
      await b.dispose();
    }
  });
});
