import { expect } from "chai";
import * as client from "openid-client";
import type { FaultSpec } from "../../../core/model/index.js";
import { type Bench, bench, pscFault } from "./support.js";

/** What a strict foreign client says of each faulted login; the word it must say is the proof that the fault is real. */
const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  ["callback", "state-wrong", /unexpected "state" response parameter value/],
  ["callback", "state-missing", /"state" missing/],
  ["callback", "iss-mixup", /"iss" \(issuer\)/],
  ["callback", "user-cancel", /authorization response from the server is an error/],
  ["id-token", "nonce-wrong", /"nonce"/],
  ["id-token", "nonce-missing", /"nonce"/],
  ["id-token", "aud-wrong", /"aud" \(audience\)/],
  ["id-token", "azp-wrong", /"azp"/],
  ["id-token", "iss-wrong", /"iss" \(issuer\)/],
  ["id-token", "sub-missing", /"sub"/],
  ["id-token", "iat-missing", /"iat"/],
  ["id-token", "exp-past", /"exp" \(expiration time\)/],
  ["id-token", "alg-none", /signature|"alg"/],
  ["id-token", "hs256-pubkey", /"alg"|algorithm/i],
  ["id-token", "bad-signature", /signature/],
  ["id-token", "kid-unknown", /key|JWKS/i],
  ["token", "token-500", /server responded with an error|unexpected HTTP|response body/i],
  ["token", "invalid-grant", /response body/i],
  ["token", "psc-503", /unexpected HTTP response status code|response body/i],
  ["jwks", "psc-503", /unexpected HTTP response status code/i],
];

describe("psc service: faults", () => {
  let b: Bench;
  before(async () => {
    b = await bench();
  });
  after(() => b.dispose());

  async function faulted(fault: FaultSpec): Promise<unknown> {
    const config = await b.discover();
    const close = b.context.scenario(`faulted-${fault.at}-${fault.kind}`, ["psc"], [fault]);
    try {
      return await b.login(config);
    } catch (error) {
      return error;
    } finally {
      close();
    }
  }

  for (const [at, kind, word] of REFUSED) {
    it(`${kind} at ${at}: openid-client refuses, and the recording says what struck`, async () => {
      const outcome = await faulted(pscFault(at, kind));
      expect(outcome, JSON.stringify(outcome)).to.be.instanceOf(Error);
      const said = [outcome, (outcome as Error).cause]
        .map((error) => String((error as Error)?.message ?? error))
        .join(" ");
      expect(said).to.match(word);
      const { events, exchanges } = b.context.view();
      const event = events.filter((e) => e.kind === "fault.injected").at(-1);
      expect(event?.data.fault).to.have.property("kind", kind);
      expect(exchanges.find((x) => x.id === event?.exchange)?.faults).to.deep.equal([event?.id]);
    });
  }

  it("kid-rotated: a client that reads the keys again gets in", async () => {
    expect(await faulted(pscFault("id-token", "kid-rotated"))).to.have.property("tokens");
    expect(b.context.view().events.some((event) => event.kind === "key.change")).to.equal(true);
  });

  it("acr-eidas2 changes the level and nothing else", async () => {
    const outcome = (await faulted(pscFault("id-token", "acr-eidas2"))) as Awaited<ReturnType<Bench["login"]>>;
    expect(outcome.tokens.claims()?.acr).to.equal("eidas2");
  });

  it("userinfo-sub-mismatch: openid-client refuses userinfo", async () => {
    const config = await b.discover();
    const { tokens } = await b.login(config);
    const close = b.context.scenario("userinfo", ["psc"], [pscFault("userinfo", "userinfo-sub-mismatch")]);
    const told = await client
      .fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? "")
      .catch((error: unknown) => error);
    close();
    expect(String((told as Error).cause)).to.match(/"sub"/);
  });

  it("leaves the next call alone once its strikes are used", async () => {
    const config = await b.discover();
    const close = b.context.scenario("once", ["psc"], [pscFault("id-token", "nonce-wrong")]);
    await b.login(config).then(
      () => expect.fail("the faulted login was accepted"),
      () => undefined,
    );
    expect((await b.login(config)).tokens.access_token).to.be.a("string");
    close();
  });

  it("tells a scenario that names an unknown kind", async () => {
    await faulted(pscFault("id-token", "no-such-kind"));
    expect(b.context.logs.join("\n")).to.contain("no-such-kind");
  });
});
