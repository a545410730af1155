import net from "node:net";
import tls from "node:tls";
import { expect } from "chai";
import fc from "fast-check";
import { readClientHello } from "../../protocols/tls-hello.js";

/** First bytes that node's TLS client sends with these options. */
async function helloOf(options: tls.ConnectionOptions): Promise<Buffer> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  const received = new Promise<Buffer>((resolve) => {
    server.on("connection", (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (chunk: Buffer) => {
        resolve(chunk);
        socket.destroy();
      });
    });
  });
  const client = tls.connect({ host: "127.0.0.1", port, ...options });
  client.on("error", () => undefined);
  const hello = await received;
  client.destroy();
  await new Promise((resolve) => server.close(resolve));
  return hello;
}

describe("protocols/tls-hello", () => {
  it("reads what a modern client offers", async () => {
    const hello = readClientHello(
      await helloOf({ servername: "wallet.example", ALPNProtocols: ["h2", "http/1.1"], minVersion: "TLSv1.2" }),
    );
    expect(hello?.versions).to.deep.equal(["TLSv1.3", "TLSv1.2"]);
    expect(hello?.legacyVersion).to.equal("TLSv1.2");
    expect(hello?.serverName).to.equal("wallet.example");
    expect(hello?.alpn).to.deep.equal(["h2", "http/1.1"]);
    expect(hello?.cipherSuites).to.include(0x1301);
  });

  it("takes the version of the hello when no list is given", async () => {
    const hello = readClientHello(await helloOf({ maxVersion: "TLSv1.2" }));
    expect(hello?.versions).to.deep.equal(["TLSv1.2"]);
    expect(hello?.serverName).to.equal(null);
    expect(hello?.alpn).to.deep.equal([]);
  });

  it("sees an old version alone", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    expect(readClientHello(await helloOf(old))?.versions).to.deep.equal(["TLSv1.1"]);
  });

  it("reads a hello cut over several records", async () => {
    const whole = await helloOf({ servername: "a.example" });
    const body = whole.subarray(5);
    const record = (part: Buffer) =>
      Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part]);
    const cut = Buffer.concat([record(body.subarray(0, 40)), record(body.subarray(40))]);
    expect(readClientHello(cut)).to.deep.equal(readClientHello(whole));
  });

  it("leaves GREASE values out (RFC 8701)", async () => {
    const bytes = Buffer.from(await helloOf({ servername: "a.example" }));
    const at = bytes.indexOf(Buffer.from([0x00, 0x2b, 0x00])) + 5;
    bytes.writeUInt16BE(0x3a3a, at);
    expect(readClientHello(bytes)?.versions).to.deep.equal(["TLSv1.2"]);
  });

  it("gives null for anything else, cut short or not TLS, and never throws", async () => {
    const whole = await helloOf({ servername: "a.example" });
    for (let length = 0; length < whole.length; length += 1) {
      expect(readClientHello(whole.subarray(0, length))).to.equal(null);
    }
    expect(readClientHello(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).to.equal(null);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (place, value) => {
        const broken = Buffer.from(whole);
        broken[place] = value;
        readClientHello(broken);
      }),
    );
  });
});
