import { expect } from "chai";
import { decodeJwt, decodeProtectedHeader } from "jose";
import * as client from "openid-client";
import { type Bench, bench } from "./support.js";

describe("psc service: a login by a foreign OIDC client", () => {
  let b: Bench;
  before(async () => {
    b = await bench();
  });
  after(() => b.dispose());

  it("walks the wallet, gives tokens and the claims of the professional", async () => {
    const close = b.context.scenario("login", ["psc"]);
    const config = await b.discover();
    const { tokens, callback } = await b.login(config);
    expect(callback.searchParams.get("iss")).to.equal(b.psc.endpoints.issuer);
    expect(callback.searchParams.get("session_state")).to.match(/^[0-9a-f-]{36}$/);
    const id = decodeJwt(tokens.id_token ?? "");
    const { kid, alg, typ } = decodeProtectedHeader(tokens.id_token ?? "");
    expect({ alg, typ }).to.deep.equal({ alg: "RS256", typ: "JWT" });
    expect(kid).to.be.a("string");
    expect(id).to.include({
      iss: b.psc.endpoints.issuer,
      aud: "test-client",
      azp: "test-client",
      acr: "eidas1",
      preferred_username: "899900000011",
      SubjectNameID: "899900000011",
      family_name: "EXEMPLE",
      session_state: id.sid,
    });
    expect(id.sub).to.match(/^f:[0-9a-f-]{36}:899900000011$/);
    expect(id.at_hash).to.be.a("string");
    expect(tokens).to.include({
      expires_in: 120,
      refresh_expires_in: 1800,
      "not-before-policy": 0,
      session_state: id.sid,
    });
    const access = decodeJwt(tokens.access_token);
    expect(access).to.include({ azp: "test-client", acr: "eidas1", typ: "Bearer", authMode: "CARD", nonce: "" });
    expect(access).not.to.have.property("aud");
    expect(Number(access.exp) - Number(access.iat)).to.equal(120);
    const info = await client.fetchUserInfo(config, tokens.access_token, id.sub ?? "");
    expect(info).to.deep.include({ ...b.context.professionals[0]?.claims, sub: id.sub });
    close();
    const operations = b.context.view().exchanges.map((x) => x.operation);
    expect(operations).to.deep.equal([
      "psc.discovery",
      "psc.authorize",
      "psc.interaction",
      "psc.interaction",
      "psc.interaction",
      "vendor.agent",
      "psc.token",
      "psc.jwks",
      "psc.userinfo",
    ]);
    expect(b.context.logs).to.deep.equal([]);
  });
});
