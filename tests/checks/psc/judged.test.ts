import { expect } from "chai";
import type * as client from "openid-client";
import { type Bench, bench } from "../../services/psc/support.js";
import { carefulLogin, carelessLogin, judge, judgeAll, play, pscFault } from "./support.js";

describe("psc checks: a foreign client judged", () => {
  let b: Bench;
  let config: client.Configuration;
  beforeEach(async () => {
    b = await bench();
    config = await b.discover();
  });
  afterEach(() => b.dispose());

  const control = () =>
    play(b, { id: "psc-login" }, async (step) => {
      for (let login = 0; login < 2; login += 1) {
        await step("login", async () => ({ ok: await carefulLogin(b, config) }));
        await step("session.get", async () => ({ authenticated: true }));
      }
    });

  const faulted = (id: string, at: string, kind: string, careful: boolean, observe?: number) =>
    play(
      b,
      { id, faults: [pscFault(at, kind)], control: "psc-login", ...(observe === undefined ? {} : { observe }) },
      async (step) => {
        await step("session.get", async () => ({ authenticated: false }));
        await step("login", async () => ({ ok: await (careful ? carefulLogin : carelessLogin)(b, config) }));
        await step("session.get", async () => ({ authenticated: !careful }));
      },
    );

  it("fires nothing on two good logins, and meets what they show", async () => {
    await control();
    const results = judgeAll(b);
    expect(results.flatMap(({ findings }) => findings)).to.deep.equal([]);
    expect(results.filter(({ outcome }) => outcome === "met").map(({ id }) => id)).to.include.members([
      "psc/acr-values",
      "psc/authorization-request",
      "psc/client-authentication",
      "psc/redirect-uri",
      "psc/secret-in-url",
      "psc/nonce-fresh",
      "psc/pkce",
      "psc/state-fresh",
      "psc/tls-version",
    ]);
    expect(results.filter(({ outcome }) => outcome === "error")).to.deep.equal([]);
  });

  it("does not call a state fresh after one login only", async () => {
    await play(b, { id: "psc-login" }, (step) => step("login", async () => ({ ok: await carefulLogin(b, config) })));
    expect(judge(b, "psc/state-fresh").outcome).to.equal("unobserved");
  });

  it("does not take a page loaded again for a value used again", async () => {
    await play(b, { id: "psc-login" }, async (step) => {
      for (let login = 0; login < 2; login += 1) {
        await step("login", async () => {
          await carefulLogin(b, config);
          return {};
        });
      }
      await step("login", async () => {
        const url = new URL(
          `${b.psc.endpoints.walletAuthorization}?client_id=test-client&scope=openid&state=x&nonce=y`,
        );
        await b.fetch(url, { redirect: "manual" });
        await b.fetch(url, { redirect: "manual" });
        return {};
      });
    });
    expect(judge(b, "psc/state-fresh").findings.map(({ message }) => message)).not.to.include("reused");
  });

  for (const [check, id, at, kind, outcomeOfAccepting, message] of [
    // This client uses PKCE and a nonce: they protect its callback too, and accepting is a remark.
    ["psc/state-verified", "psc-login-state-wrong", "callback", "state-wrong", "met", "accepted-otherwise-protected"],
    ["psc/nonce-verified", "psc-login-nonce-wrong", "id-token", "nonce-wrong", "breached", "accepted"],
    ["psc/id-token-audience", "psc-login-audience-wrong", "id-token", "aud-wrong", "breached", "accepted"],
  ] as const) {
    describe(check, () => {
      it("meets the client that refuses", async () => {
        await control();
        await faulted(id, at, kind, true, 20);
        expect(judge(b, check)).to.include({ outcome: "met", reason: null });
      });

      it("sees the client that accepts", async () => {
        await control();
        await faulted(id, at, kind, false, 20);
        const { outcome, findings } = judge(b, check);
        expect(outcome).to.equal(outcomeOfAccepting);
        expect(findings.map((finding) => finding.message)).to.deep.equal([message]);
      });

      it("is unobserved without the control, without the window, without the fault", async () => {
        await faulted(id, at, kind, true, 20);
        expect(judge(b, check)).to.include({ outcome: "unobserved", reason: "no_control" });
        await control();
        expect(judge(b, check).outcome).to.equal("met");
        const again = await bench();
        try {
          const own = await again.discover();
          await play(again, { id: "psc-login" }, async (step) => {
            await step("login", async () => ({ ok: await carefulLogin(again, own) }));
          });
          await play(again, { id, faults: [pscFault(at, kind)], control: "psc-login", observe: 20 }, async (step) => {
            await step("login", async () => ({}));
          });
          expect(judge(again, check)).to.include({ outcome: "unobserved", reason: "no_trigger" });
        } finally {
          await again.dispose();
        }
      });

      it("is unobserved when nobody watched afterwards", async () => {
        await control();
        await faulted(id, at, kind, true);
        expect(judge(b, check)).to.include({ outcome: "unobserved", reason: "no_window" });
      });
    });
  }

  it("lets a client start again by itself after a refusal", async () => {
    await control();
    await play(
      b,
      {
        id: "psc-login-audience-wrong",
        faults: [pscFault("id-token", "aud-wrong")],
        control: "psc-login",
        observe: 20,
      },
      async (step) => {
        await step("session.get", async () => ({ authenticated: false }));
        await step("login", async () => ({ ok: (await carefulLogin(b, config)) || (await carefulLogin(b, config)) }));
        await step("session.get", async () => ({ authenticated: true }));
      },
    );
    expect(judge(b, "psc/id-token-audience").outcome).to.equal("met");
  });

  it("gives a software that does nothing not one met", async () => {
    const idle = [
      { id: "psc-login" },
      { id: "psc-logout", control: "psc-login", observe: 5 },
      { id: "psc-token-expired" },
      { id: "psc-session-expired" },
      ...["state-wrong", "nonce-wrong", "bad-signature", "audience-wrong", "iss-wrong", "kid-unknown"].map((name) => ({
        id: `psc-login-${name}`,
        faults: [pscFault("id-token", "aud-wrong"), pscFault("callback", "state-wrong")],
        control: "psc-login",
        observe: 5,
      })),
    ];
    for (const scenario of idle) {
      await play(b, scenario, async (step) => {
        for (const operation of ["login", "session.get", "logout", "session.get"])
          await step(operation, async () => ({}));
      });
    }
    expect(judgeAll(b).filter(({ outcome }) => outcome === "met")).to.deep.equal([]);
  });
});
