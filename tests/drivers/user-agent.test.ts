import http from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { CookieJar } from "../../drivers/cookie-jar.js";
import { userAgent } from "../../drivers/user-agent.js";
import { type TestContext, testContext } from "../support/context.js";

type Handler = (req: http.IncomingMessage, res: http.ServerResponse) => void;

async function site(handler: Handler): Promise<{ origin: string; port: number; close(): void }> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://localhost:${port}`, port, close: () => server.close() };
}

describe("drivers/user-agent", () => {
  let context: TestContext;
  const closers: (() => void)[] = [];
  before(async () => {
    context = await testContext();
  });
  after(() => context.dispose());
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  const open = async (handler: Handler) => {
    const opened = await site(handler);
    closers.push(opened.close);
    return opened;
  };
  const hints = (scenario = "one", professional: string | null = null) => ({
    professional,
    scenario,
    signal: AbortSignal.timeout(60_000),
  });

  it("follows redirects with cookies and records each call to the vendor", async () => {
    const cookies: (string | undefined)[] = [];
    const vendor = await open((req, res) => {
      cookies.push(req.headers.cookie);
      if (req.url === "/login") {
        res.writeHead(302, { location: "/home", "set-cookie": ["sid=1; Path=/; HttpOnly", "gone=1; Max-Age=0"] }).end();
      } else res.end("home");
    });
    const browse = userAgent({ recorder: context.recorder, ca: [], services: [], vendor: [vendor.origin] });
    const walked = await browse(`${vendor.origin}/login`, hints());
    expect(walked).to.include({ ok: true, finalUrl: `${vendor.origin}/home` });
    expect(cookies).to.deep.equal([undefined, "sid=1"]);
    const calls = context.view().exchanges.filter((x) => x.operation === "vendor.agent");
    expect(calls.map((x) => [x.complete, x.direction])).to.deep.equal([
      [true, "out"],
      [true, "out"],
    ]);
  });

  it("opens nothing but http and https, also when the vendor's own address has no host", async () => {
    const browse = userAgent({ recorder: context.recorder, ca: [], services: [], vendor: ["vendor-app:/callback"] });
    for (const start of ["file:///etc/passwd", "vendor-app:/x", "javascript:alert(1)"]) {
      const walked = await browse(start, hints());
      expect(walked.ok).to.equal(false);
      expect(walked.detail).to.include("refused to open");
    }
  });

  it("begins each scenario in a clean browser", async () => {
    const cookies: (string | undefined)[] = [];
    const vendor = await open((req, res) => {
      cookies.push(req.headers.cookie);
      res.setHeader("set-cookie", "sid=1; Path=/").end("x");
    });
    const browse = userAgent({ recorder: context.recorder, ca: [], services: [], vendor: [vendor.origin] });
    await browse(vendor.origin, hints("one"));
    await browse(vendor.origin, hints("one"));
    await browse(vendor.origin, hints("two"));
    expect(cookies).to.deep.equal([undefined, "sid=1", undefined]);
  });

  it("refuses to leave for a foreign host, and gives up in a circle", async () => {
    const vendor = await open((req, res) => {
      const location = req.url === "/away" ? "https://wallet.example/auth" : "/again";
      res.writeHead(302, { location }).end();
    });
    const browse = userAgent({ recorder: context.recorder, ca: [], services: [], vendor: [vendor.origin] });
    expect(await browse(`${vendor.origin}/away`, hints())).to.deep.include({ ok: false });
    expect((await browse(`${vendor.origin}/away`, hints())).detail).to.contain("refused to go to wallet.example");
    expect((await browse(`${vendor.origin}/again`, hints())).detail).to.contain("too many steps");
  });

  it("answers a form of a service with its hidden fields and the professional hinted at", async () => {
    const posted: string[] = [];
    const service = await open((req, res) => {
      if (req.method === "POST") {
        req.on("data", (chunk: Buffer) => posted.push(chunk.toString()));
        req.on("end", () => res.end("done"));
        return;
      }
      res.setHeader("content-type", "text/html").end(`<form action="/go?a=1&amp;b=2" method="post">
        <input type="hidden" name="t" value="&quot;x&quot;">
        <input type="radio" name="p" value="1" data-key="first" checked><input type="radio" name="p" value="2" data-key="second">
        <button name="answer" value="login">ok</button><button name="answer" value="cancel">no</button></form>`);
    });
    const services = [{ address: "127.0.0.1", port: service.port, url: service.origin }];
    const browse = userAgent({ recorder: context.recorder, ca: [], services, vendor: [] });
    const before = context.view().exchanges.length;
    expect((await browse(service.origin, hints("form", "second"))).finalUrl).to.equal(`${service.origin}/go`);
    await browse(service.origin, hints("form", "unknown"));
    expect(posted).to.deep.equal(["t=%22x%22&p=2&answer=login", "t=%22x%22&p=1&answer=login"]);
    // What happens at a service is recorded there.
    expect(context.view().exchanges.length).to.equal(before);
  });

  it("leaves a form of the vendor alone", async () => {
    const vendor = await open((_req, res) => {
      res.setHeader("content-type", "text/html").end('<form action="/go" method="post"></form>');
    });
    const browse = userAgent({ recorder: context.recorder, ca: [], services: [], vendor: [vendor.origin] });
    expect((await browse(`${vendor.origin}/page`, hints())).finalUrl).to.equal(`${vendor.origin}/page`);
  });
});

describe("drivers/cookie-jar", () => {
  const url = (path: string) => new URL(`https://a.example${path}`);

  it("sends a cookie back to its host and path only, over TLS when it says so", () => {
    const jar = new CookieJar();
    jar.store(url("/auth/x"), ["deep=1; Path=/auth/x", "all=2; Path=/; Secure", "near=3"]);
    expect(jar.header(url("/auth/x/y"))).to.equal("deep=1; near=3; all=2");
    expect(jar.header(url("/authx"))).to.equal("all=2");
    expect(jar.header(new URL("http://a.example/"))).to.equal(null);
    expect(jar.header(new URL("https://b.example/"))).to.equal(null);
  });

  it("replaces, expires, and does not take a cookie for a foreign domain", () => {
    const jar = new CookieJar();
    jar.store(url("/"), ["a=1", "a=2", "b=1; Domain=b.example", "c=1; Domain=example"]);
    expect(jar.header(url("/"))).to.equal("a=2; c=1");
    jar.store(url("/"), ["a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "c=; Domain=example; Max-Age=0"]);
    expect(jar.header(url("/"))).to.equal(null);
  });
});
