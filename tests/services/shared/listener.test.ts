import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import tls from "node:tls";
import { expect } from "chai";
import { Agent, request } from "undici";
import { header, readHttpRequest, readHttpResponse } from "../../../protocols/http.js";
import { ensurePki } from "../../../services/pki/pki.js";
import { type HttpCall, openHttpListener, send } from "../../../services/shared/http-listener.js";
import { type OpenListener, openPlainListener, secureContextOptions } from "../../../services/shared/listener.js";
import { type TestContext, testContext } from "../../support/context.js";

describe("recorded listeners", () => {
  let context: TestContext;
  let listener: OpenListener | undefined;
  let agent: Agent | undefined;

  beforeEach(async () => {
    context = await testContext();
  });
  afterEach(async () => {
    await agent?.destroy();
    await listener?.close();
    listener = undefined;
    agent = undefined;
    context.dispose();
  });

  async function https(
    handle: (call: HttpCall) => Promise<void> | void,
    clientCertificate: "none" | "required" = "none",
  ) {
    listener = await openHttpListener({
      name: "dmp",
      service: "dmp",
      context,
      clientCertificate,
      operation: () => "dmp.unexpected",
      handle,
    });
    return listener;
  }

  it("keeps two calls of one kept-alive connection apart, byte for byte", async () => {
    const open = await https(async (call) => {
      const body = await call.body();
      call.exchange.operation(`dmp.${body.toString()}`);
      await send(call, 200, { "content-type": "text/plain" }, `answer to ${body.toString()}`);
    });
    agent = new Agent({ connect: { ca: context.pki.caBundlePem }, connections: 1 });
    const close = context.scenario("s", ["dmp"]);
    for (const body of ["one", "two"]) {
      const answer = await request(`${open.url}/x`, { method: "POST", body, dispatcher: agent });
      expect(await answer.body.text()).to.equal(`answer to ${body}`);
    }
    close();
    await agent.close();
    const view = context.view();
    expect(view.connections).to.have.length(1);
    expect(view.exchanges.map((x) => x.operation)).to.deep.equal(["dmp.one", "dmp.two"]);
    for (const [index, body] of ["one", "two"].entries()) {
      const exchange = view.exchanges[index];
      if (!exchange?.responseBytes) throw new Error("no response recorded");
      const asked = readHttpRequest(exchange.requestBytes);
      const answered = readHttpResponse(exchange.responseBytes);
      expect(asked?.method).to.equal("POST");
      expect(Buffer.from(asked?.body ?? []).toString()).to.equal(body);
      expect(asked?.end).to.equal(exchange.requestBytes.length);
      expect(Buffer.from(answered?.body ?? []).toString()).to.equal(`answer to ${body}`);
      expect(answered?.end).to.equal(exchange.responseBytes.length);
      expect(header(answered, "content-type")).to.equal("text/plain");
      expect(exchange.complete).to.equal(true);
      expect(exchange.scenario).to.equal("s#1");
    }
    const [connection] = view.connections;
    expect(connection?.clientHelloBytes?.[0]).to.equal(0x16);
    expect(connection?.tls?.protocol).to.match(/^TLSv1\.[23]$/);
  });

  it("carries 8 MB both ways unchanged", async () => {
    const big = Buffer.alloc(8 * 1024 * 1024, 0);
    for (let i = 0; i < big.length; i += 1) big[i] = (i * 31) & 0xff;
    const open = await https(async (call) => {
      await send(call, 200, { "content-type": "application/octet-stream" }, await call.body());
    });
    agent = new Agent({ connect: { ca: context.pki.caBundlePem } });
    const answer = await request(`${open.url}/big`, { method: "POST", body: big, dispatcher: agent });
    const got = Buffer.from(await answer.body.arrayBuffer());
    expect(got.equals(big)).to.equal(true);
    await agent.close();
    const [exchange] = context.view().exchanges;
    expect(Buffer.from(readHttpRequest(exchange?.requestBytes ?? new Uint8Array(0))?.body ?? []).equals(big)).to.equal(
      true,
    );
    expect(exchange?.complete).to.equal(true);
    expect(exchange?.scenario).to.equal(null);
  });

  it("knows where long messages end, whatever tells their length", async () => {
    const long = Buffer.alloc(600_000, "x");
    const open = await https(async (call) => {
      const { length } = await call.body();
      if (call.req.url === "/chunked") {
        call.res.writeHead(200, { "content-type": "text/plain" });
        call.res.write(long);
        await new Promise<void>((resolve) => call.res.end(long, () => resolve()));
      } else if (call.req.url === "/until-closed") {
        call.res.shouldKeepAlive = false;
        call.res.useChunkedEncodingByDefault = false;
        call.res.writeHead(200, { connection: "close" });
        await new Promise<void>((resolve) => call.res.end(long, () => resolve()));
      } else await send(call, 200, { "x-got": String(length) }, long);
    });
    const pool = new Agent({ connect: { ca: context.pki.caBundlePem }, connections: 1 });
    agent = pool;
    const ask = async (where: string, body: Buffer | Readable): Promise<number> => {
      const { body: answer } = await request(`${open.url}${where}`, { method: "POST", body, dispatcher: pool });
      return (await answer.arrayBuffer()).byteLength;
    };
    expect(await ask("/declared", long)).to.equal(long.length);
    expect(await ask("/chunked", Readable.from([long, long, long]))).to.equal(2 * long.length);
    expect(await ask("/declared", Buffer.from("short"))).to.equal(long.length);
    expect(await ask("/until-closed", long)).to.equal(long.length);
    await pool.close();
    const { exchanges } = context.view();
    expect(exchanges.map((x) => x.complete)).to.deep.equal([true, true, true, true]);
    for (const { requestBytes, responseBytes } of exchanges) {
      const [asked, answered] = [readHttpRequest(requestBytes), readHttpResponse(responseBytes ?? new Uint8Array(0))];
      expect([asked?.complete, asked?.end]).to.deep.equal([true, requestBytes.length]);
      expect([answered?.complete, answered?.end]).to.deep.equal([true, responseBytes?.length]);
      expect(answered?.body.length).to.be.greaterThan(long.length - 1);
    }
  });

  it("records a refused handshake with its hello and its alert, and no exchange", async () => {
    const open = await https(() => undefined, "required");
    const socket = tls.connect({
      host: "127.0.0.1",
      port: open.port,
      ca: context.pki.caBundlePem,
      servername: "localhost",
    });
    socket.on("error", () => undefined);
    socket.on("secureConnect", () => socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    await closed(socket);
    const view = context.view();
    expect(view.exchanges).to.have.length(0);
    expect(view.connections[0]?.alert).to.deep.equal({ from: "server", code: "no_client_certificate" });
    expect(view.connections[0]?.clientHelloBytes?.[0]).to.equal(0x16);
    expect(view.connections[0]?.tls).to.equal(null);
  });

  it("records which certificate was refused: one of a foreign authority is no client of ours", async () => {
    const open = await https(() => undefined, "required");
    const foreign = await ensurePki(mkdtempSync(path.join(tmpdir(), "segur-foreign-")));
    const socket = tls.connect({
      host: "127.0.0.1",
      port: open.port,
      ca: context.pki.caBundlePem,
      servername: "localhost",
      key: foreign.roles.auth.keyPem,
      cert: foreign.roles.auth.certPem,
    });
    socket.on("error", () => undefined);
    await closed(socket);
    const [connection] = context.view().connections;
    expect(connection?.alert).to.deep.equal({ from: "server", code: "client_certificate_refused" });
    expect(connection?.peerCertificates.length).to.be.greaterThan(0);
    expect(connection?.tls?.protocol).to.match(/^TLS/);
    expect(context.view().exchanges).to.have.length(0);
  });

  it("refuses TLS 1.1, and says which side refused", async () => {
    const open = await https(() => undefined);
    const socket = tls.connect({
      host: "127.0.0.1",
      port: open.port,
      ca: context.pki.caBundlePem,
      servername: "localhost",
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    socket.on("error", () => undefined);
    await closed(socket);
    expect(context.view().connections[0]?.alert).to.deep.equal({ from: "server", code: "protocol_version" });
  });

  it("keeps bytes that are neither TLS nor HTTP", async () => {
    const open = await https(() => undefined);
    const plain = net.connect(open.port, "127.0.0.1");
    plain.on("error", () => undefined);
    plain.end("GET / HTTP/1.0\r\n\r\n");
    await closed(plain);
    const secure = tls.connect({
      host: "127.0.0.1",
      port: open.port,
      ca: context.pki.caBundlePem,
      servername: "localhost",
    });
    secure.on("error", () => undefined);
    secure.on("data", () => undefined);
    secure.write("\u0000not http at all\r\n\r\n");
    await closed(secure);
    const view = context.view();
    expect(view.connections[0]?.alert).to.deep.equal({ from: "server", code: "not_tls" });
    const malformed = view.exchanges.find((x) => x.operation === "dmp.malformed");
    expect(Buffer.from(malformed?.requestBytes ?? []).toString("latin1")).to.equal("\u0000not http at all\r\n\r\n");
  });

  it("marks an exchange cut by us as incomplete", async () => {
    const open = await https((call) => call.cut());
    agent = new Agent({ connect: { ca: context.pki.caBundlePem } });
    let failed = false;
    await request(`${open.url}/x`, { dispatcher: agent }).catch(() => {
      failed = true;
    });
    expect(failed).to.equal(true);
    const [exchange] = context.view().exchanges;
    expect(exchange?.complete).to.equal(false);
    expect(exchange?.responseBytes).to.equal(null);
  });

  it("a throw of a handler is our 500 and a suite.error event", async () => {
    const open = await https(() => {
      throw new Error("planted");
    });
    agent = new Agent({ connect: { ca: context.pki.caBundlePem } });
    const answer = await request(`${open.url}/x`, { dispatcher: agent });
    expect(answer.statusCode).to.equal(500);
    await answer.body.dump();
    expect(context.view().events.filter((e) => e.kind === "suite.error")).to.have.length(1);
    expect(context.logs.join("\n")).to.include("planted");
  });

  it("records a STARTTLS connection before and after, with the hello between", async () => {
    listener = await openPlainListener(
      { name: "mss-smtp", service: "mss", context, clientCertificate: "none" },
      (plain) => {
        plain.stream.write("220 ready\r\n");
        plain.stream.once("data", () => {
          plain.stream.write("220 go\r\n");
          plain.startTls();
          const secure = new tls.TLSSocket(plain.stream, {
            isServer: true,
            ...secureContextOptions({ name: "mss-smtp", service: "mss", context, clientCertificate: "none" }),
          });
          secure.on("error", () => undefined);
          secure.on("secure", () => plain.secured(secure));
          secure.on("data", (chunk: Buffer) => secure.end(`echo ${chunk.toString()}`));
        });
      },
    );
    const raw = net.connect(listener.port, "127.0.0.1");
    await once(raw, "data");
    raw.write("STARTTLS\r\n");
    await once(raw, "data");
    const secure = tls.connect({ socket: raw, ca: context.pki.caBundlePem, servername: "localhost" });
    await once(secure, "secureConnect");
    secure.write("secret\r\n");
    const [heard] = (await once(secure, "data")) as [Buffer];
    expect(heard.toString()).to.equal("echo secret\r\n");
    secure.destroy();
    await expectSoon(() => context.view().connections[0]?.closedAt !== null);
    const [connection] = context.view().connections;
    expect(connection?.clientHelloBytes?.[0]).to.equal(0x16);
    expect(connection?.tls?.protocol).to.match(/^TLSv1\.[23]$/);
    const shape = connection?.segments.map((s) => `${s.direction} ${s.phase} ${s.end - s.start}`);
    expect(shape).to.deep.equal(["out plain 11", "in plain 10", "out plain 8", "in tls 8", "out tls 13"]);
  });
});

/** Resolves at `close`; errors before it are expected here. */
function closed(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

/** Waits for something the operating system does a moment later (a close), bounded. */
async function expectSoon(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200; i += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the condition never came true");
}
