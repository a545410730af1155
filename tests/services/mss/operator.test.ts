import net from "node:net";
import { expect } from "chai";
import nodemailer from "nodemailer";
import type { FaultSpec, RunningService } from "../../../core/model/index.js";
import { readSmtp, readXoauth2 } from "../../../protocols/smtp.js";
import { readClientHello } from "../../../protocols/tls-hello.js";
import { mssService } from "../../../services/mss/index.js";
import { type TestContext, testContext } from "../../support/context.js";

const MAILBOX = "camille.exemple@cabinet-demo.mssante.example";
const OTHER = "dominique.essai@cabinet-demo.mssante.example";
const CITIZEN = "275126322074974@patient.mssante.fr";

describe("services/mss operator", () => {
  let context: TestContext;
  let service: RunningService;
  let port: number;

  beforeEach(async () => {
    context = await testContext();
    service = await mssService.start(context);
    port = Number(service.endpoints.smtpPort);
    issue("live-token");
  });

  afterEach(async () => {
    await service.stop();
    context.dispose();
  });

  function issue(token: string, seconds = 120, nationalId = "899900000011"): void {
    context.tokens.issued(token, {
      subject: `f:550e8400-e29b-41d4-a716-446655440000:${nationalId}`,
      clientId: "test-client",
      expiresAt: Date.now() + seconds * 1000,
    });
  }

  function transport(token = "live-token", options: Record<string, unknown> = {}) {
    return nodemailer.createTransport({
      host: "127.0.0.1",
      port,
      requireTLS: true,
      tls: { ca: context.pki.caBundlePem, servername: "localhost" },
      auth: { type: "OAuth2", user: MAILBOX, accessToken: token },
      ...options,
    } as never);
  }

  async function send(change: Record<string, unknown> = {}, token?: string, options?: Record<string, unknown>) {
    const client = transport(token, options);
    try {
      return await client.sendMail({ from: MAILBOX, to: OTHER, subject: "essai", text: ".point\r\nfin", ...change });
    } finally {
      client.close();
    }
  }

  /** Sends the mail, expects a refusal, and gives the SMTP reply code the client saw. */
  async function refusedCode(change: Record<string, unknown> = {}, token?: string): Promise<number | undefined> {
    try {
      await send(change, token);
    } catch (error) {
      return (error as { responseCode?: number }).responseCode;
    }
    throw new Error("the mail was taken");
  }

  async function withFault<T>(fault: Omit<FaultSpec, "service">, run: () => Promise<T>): Promise<T> {
    const close = context.scenario("faulted", ["mss"], [{ service: "mss", ...fault }]);
    try {
      return await run();
    } finally {
      close();
    }
  }

  /** Waits until the session exchanges of every connection are closed in the recording. */
  async function settled(): Promise<ReturnType<TestContext["view"]>> {
    for (;;) {
      const view = context.view();
      if (view.exchanges.every((x) => x.endedAt !== null)) return view;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it("records session and transaction, both phases, and the mail byte for byte", async () => {
    const close = context.scenario("s", ["mss"]);
    await send({ to: [OTHER, CITIZEN], dsn: { id: "x", return: "headers", notify: ["success"], recipient: MAILBOX } });
    const view = await settled();
    close();
    const session = view.exchanges.find((x) => x.operation === "mss.session");
    const submit = view.exchanges.find((x) => x.operation === "mss.submit");
    if (!session?.conn || !submit) throw new Error("nothing recorded");
    expect(session.scenario).to.equal("s#1");
    expect([session.complete, submit.complete]).to.deep.equal([true, true]);
    expect(session.conn.tls?.protocol).to.equal("TLSv1.3");
    expect(readClientHello(session.conn.clientHelloBytes ?? new Uint8Array())?.serverName).to.equal("localhost");
    expect(new Set(session.conn.segments.map((s) => s.phase))).to.deep.equal(new Set(["plain", "tls"]));

    const whole = readSmtp(session.requestBytes, session.responseBytes ?? new Uint8Array());
    expect(whole.problem).to.equal(null);
    expect(whole.commands.map((c) => `${c.phase}:${c.verb}`)).to.deep.equal([
      "plain:EHLO",
      "plain:STARTTLS",
      "tls:EHLO",
      "tls:AUTH",
      "tls:MAIL",
      "tls:RCPT",
      "tls:RCPT",
      "tls:DATA",
      ...(whole.commands.length > 8 ? ["tls:QUIT"] : []),
    ]);
    expect(whole.extensions.plain).to.include("STARTTLS").and.not.include("AUTH XOAUTH2");
    expect(whole.extensions.tls).to.include.members(["AUTH XOAUTH2", "DSN", "SIZE 26214400"]);
    expect(readXoauth2(whole.auths[0]?.responses[0] ?? "")).to.deep.equal({
      user: MAILBOX,
      token: "live-token",
      problem: null,
    });

    const part = readSmtp(submit.requestBytes, submit.responseBytes ?? new Uint8Array(), {
      part: "transaction",
      phase: "tls",
    });
    expect(part.transactions).to.have.length(1);
    const transaction = part.transactions[0];
    expect(transaction?.recipients.map((r) => r.address)).to.deep.equal([OTHER, CITIZEN]);
    expect(transaction?.recipients[0]?.parameters.NOTIFY).to.equal("SUCCESS");
    expect(transaction?.final?.code).to.equal(250);
    expect(Buffer.from(transaction?.message ?? []).toString("latin1")).to.match(/\r\n\r\n\.point\r\nfin\r\n$/);
    expect(whole.transactions[0]?.message).to.deep.equal(transaction?.message);
    const stored = (await service.control("mailbox", { address: CITIZEN })) as { size: number }[];
    expect(stored.map((m) => m.size)).to.deep.equal([transaction?.message?.length]);
  });

  it("keeps the offsets right over two mails on one connection and a refused MAIL", async () => {
    const client = transport("live-token", { pool: true, maxConnections: 1 });
    await client.sendMail({ from: MAILBOX, to: OTHER, text: "un" });
    await client.sendMail({ from: "x@elsewhere.example", to: OTHER, text: "refused" }).catch(() => undefined);
    await client.sendMail({ from: MAILBOX, to: OTHER, text: "deux" });
    client.close();
    const view = await settled();
    const submits = view.exchanges.filter((x) => x.operation === "mss.submit");
    expect(view.exchanges.filter((x) => x.operation === "mss.session")).to.have.length(1);
    expect(submits.map((x) => Buffer.from(x.requestBytes).toString("latin1").slice(0, 10))).to.deep.equal([
      "MAIL FROM:",
      "MAIL FROM:",
      "MAIL FROM:",
    ]);
    expect(
      submits.map((x) =>
        Buffer.from(x.responseBytes ?? [])
          .toString("latin1")
          .slice(0, 3),
      ),
    ).to.deep.equal(["250", "553", "250"]);
    for (const index of [0, 2]) {
      expect(Buffer.from(submits[index]?.requestBytes ?? []).toString("latin1")).to.match(/\r\n\.\r\n$/);
    }
  });

  it("refuses a token that is unknown, expired or revoked with 334 then 535, and a mailbox of somebody else", async () => {
    issue("dead-token", -1);
    issue("gone-token");
    context.tokens.revoked("gone-token");
    issue("other-token", 60, "899900000029");
    for (const token of ["never-issued", "dead-token", "gone-token", "other-token"]) {
      expect(await refusedCode({}, token), token).to.equal(535);
    }
    const view = await settled();
    const first = view.exchanges.find((x) => x.operation === "mss.session");
    const session = readSmtp(first?.requestBytes ?? new Uint8Array(), first?.responseBytes ?? new Uint8Array());
    const challenge = Buffer.from(session.auths[0]?.challenges[0] ?? "", "base64").toString();
    expect(JSON.parse(challenge)).to.deep.equal({ status: "401", schemes: "bearer", scope: "mail" });
    expect(session.auths[0]?.outcome?.lines[0]).to.match(/^5\.7\.8 /);
  });

  it("takes only the mailboxes of the person, its own known mailboxes and listed domains", async () => {
    expect(await refusedCode({ from: OTHER })).to.equal(553);
    expect(await refusedCode({ to: "nobody@cabinet-demo.mssante.example" })).to.equal(550);
    expect(await refusedCode({ to: "someone@example.org" })).to.equal(550);
    await send({ from: "cabinet@cabinet-demo.mssante.example", to: "service@hopital-demo.mssante.example" });
    await send({ to: CITIZEN });
  });

  it("wants STARTTLS before anything that matters", async () => {
    const replies = await talk(port, ["EHLO here", "AUTH XOAUTH2 eA==", "MAIL FROM:<a@b.example>", "NOOP", "QUIT"]);
    expect(replies.map((r) => r.slice(0, 3))).to.deep.equal(["220", "250", "530", "530", "250", "221"]);
    expect(replies[2]).to.match(/^530 5\.7\.0 /);
  });

  it("records a handshake that fails, with its alert and the ClientHello", async () => {
    const old = { servername: "localhost", minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" };
    const failed = await send({}, undefined, { tls: old }).catch((error: Error) => error);
    expect(failed).to.be.an("error");
    const view = await settled();
    expect(view.connections[0]?.alert).to.deep.equal({ from: "server", code: "protocol_version" });
    expect(view.connections[0]?.tls).to.equal(null);
    const hello = readClientHello(view.connections[0]?.clientHelloBytes ?? new Uint8Array());
    expect(hello?.versions).to.deep.equal(["TLSv1.1"]);
    await send();
  });

  it("cuts after 334 when a scenario says so, and marks the session", async () => {
    await withFault({ at: "auth", kind: "token-refused-334-cut" }, async () => {
      await send().then(
        () => expect.fail("the mail was taken"),
        () => undefined,
      );
    });
    const view = await settled();
    const session = view.exchanges.find((x) => x.operation === "mss.session");
    expect(session?.faults).to.have.length(1);
    expect(session?.complete).to.equal(true);
    expect(Buffer.from(session?.responseBytes ?? []).toString("latin1")).to.match(/\r\n334 \S+\r\n$/);
    await send();
  });

  it("hides STARTTLS and takes AUTH in clear when a scenario says so", async () => {
    await withFault({ at: "starttls", kind: "starttls-missing" }, async () => {
      const blob = Buffer.from(`user=${MAILBOX}\x01auth=Bearer live-token\x01\x01`).toString("base64");
      const replies = await talk(port, ["EHLO here", "STARTTLS", `AUTH XOAUTH2 ${blob}`, "QUIT"]);
      expect(replies[1]).to.not.include("STARTTLS");
      expect(replies[1]).to.include("AUTH XOAUTH2");
      expect(replies.map((r) => r.slice(0, 3))).to.deep.equal(["220", "250", "500", "235", "221"]);
    });
    await send();
  });

  const refusals: [Omit<FaultSpec, "service">, number][] = [
    [{ at: "greeting", kind: "busy-421" }, 421],
    [{ at: "auth", kind: "auth-unavailable" }, 454],
    [{ at: "mail", kind: "sender-not-entitled" }, 553],
    [{ at: "mail", kind: "too-big" }, 552],
    [{ at: "mail", kind: "busy-421" }, 421],
    [{ at: "rcpt", kind: "unknown-recipient" }, 550],
    [{ at: "rcpt", kind: "unlisted-domain" }, 550],
    [{ at: "rcpt", kind: "mailbox-full" }, 452],
    [{ at: "rcpt", kind: "mailbox-full", args: { permanent: true } }, 552],
    [{ at: "rcpt", kind: "greylisting" }, 451],
    [{ at: "rcpt", kind: "too-many" }, 452],
    [{ at: "data", kind: "too-big" }, 552],
    [{ at: "data", kind: "mailbox-full" }, 452],
  ];
  for (const [fault, code] of refusals) {
    it(`answers ${code} for ${fault.kind} at ${fault.at}, once`, async () => {
      await withFault(fault, async () => {
        expect(await refusedCode()).to.equal(code);
        await send();
      });
      const view = await settled();
      expect(view.events.filter((e) => e.kind === "fault.injected")).to.have.length(1);
      expect(view.exchanges.filter((x) => x.faults.length > 0)).to.have.length(1);
    });
  }

  it("answers 334 and 535 for token-refused-535 at auth, as often as told", async () => {
    // This client tries a refused token once more by itself.
    await withFault({ at: "auth", kind: "token-refused-535", times: 2 }, async () => {
      expect(await refusedCode()).to.equal(535);
      await send();
    });
  });

  it("presents another certificate at STARTTLS when a scenario says so, to that connection only", async () => {
    for (const kind of ["certificate-expired", "certificate-foreign"]) {
      await withFault({ at: "starttls", kind }, async () => {
        const failed = await send().catch((error: NodeJS.ErrnoException) => error);
        expect((failed as Error).message, kind).to.match(/certificate|altnames|issuer/i);
        await send();
      });
    }
    const session = (await settled()).exchanges.find((x) => x.operation === "mss.session");
    expect(session?.complete).to.equal(true);
    expect(session?.faults).to.have.length(1);
  });

  it("refuses one recipient and serves the other", async () => {
    await withFault({ at: "rcpt", kind: "unknown-recipient", args: { recipient: CITIZEN } }, async () => {
      const info = await send({ to: [OTHER, CITIZEN] });
      expect(info.accepted).to.deep.equal([OTHER]);
      expect(info.rejected).to.deep.equal([CITIZEN]);
    });
  });

  it("cuts after the final dot without an answer, and answers late", async () => {
    await withFault({ at: "data", kind: "cut-after-dot" }, async () => {
      await send().then(
        () => expect.fail("an answer came"),
        () => undefined,
      );
    });
    await withFault({ at: "data", kind: "slow-data", args: { ms: 50 } }, () => send());
    const submits = (await settled()).exchanges.filter((x) => x.operation === "mss.submit");
    expect(submits.map((x) => x.complete)).to.deep.equal([false, true]);
    const cut = readSmtp(submits[0]?.requestBytes ?? new Uint8Array(), submits[0]?.responseBytes ?? new Uint8Array(), {
      part: "transaction",
    });
    expect(cut.transactions[0]?.dataComplete).to.equal(true);
    expect(cut.transactions[0]?.final).to.equal(null);
  });

  it("refuses a message over its size limit, announced or not", async () => {
    const big = "x".repeat(78).concat("\r\n").repeat(340_000);
    expect(await refusedCode({ text: big })).to.equal(552);
  });

  it("forgets the mails on reset and names an unknown control command", async () => {
    await send();
    expect(await service.control("reset")).to.deep.equal({ removed: 1 });
    expect(await service.control("mailbox", { address: OTHER })).to.deep.equal([]);
    await service.control("dance").then(
      () => expect.fail("accepted"),
      (error: { code?: string }) => expect(error.code).to.equal("ERR_SPEC"),
    );
  });
});

/** Sends lines one by one, each after the answer to the one before; gives every answer, greeting first. */
function talk(port: number, lines: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, "127.0.0.1");
    const replies: string[] = [];
    const left = [...lines];
    let held = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      held += chunk;
      if (!/^\d{3}(?: .*)?\r\n$/m.test(held)) return;
      replies.push(held);
      held = "";
      const next = left.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(replies));
  });
}
