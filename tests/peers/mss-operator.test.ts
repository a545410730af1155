/** Foreign SMTP clients against the operator, unchanged: OpenSSL's s_client and Python's smtplib. */
import { spawn } from "node:child_process";
import { expect } from "chai";
import type { RunningService } from "../../core/model/index.js";
import { readSmtp } from "../../protocols/smtp.js";
import { mssService } from "../../services/mss/index.js";
import { type TestContext, testContext } from "../support/context.js";

const MAILBOX = "camille.exemple@cabinet-demo.mssante.example";
const OTHER = "dominique.essai@cabinet-demo.mssante.example";

/** Runs a program with a text on its standard input; gives its output and exit code. */
function run(command: string, args: readonly string[], input: string): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString("latin1");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      out += chunk.toString("latin1");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out }));
    child.stdin.end(input);
  });
}

const SMTPLIB = `
import json, smtplib, ssl, sys
from email.message import EmailMessage
a = json.load(sys.stdin)
context = ssl.create_default_context(cafile=a["ca"])
with smtplib.SMTP("localhost", a["port"]) as smtp:
    smtp.starttls(context=context)
    smtp.ehlo()
    blob = "user=%s\\x01auth=Bearer %s\\x01\\x01" % (a["mailbox"], a["token"])
    smtp.auth("XOAUTH2", lambda challenge=None: "" if challenge else blob, initial_response_ok=a["initial"])
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = a["mailbox"], a["to"], "Réponse é"
    mail["Message-ID"] = "<python@cabinet-demo.mssante.example>"
    mail.set_content("Bonjour é\\n.point\\n")
    mail.add_attachment(bytes(range(256)), maintype="application", subtype="zip", filename="IHE_XDM.zip")
    print(json.dumps(smtp.send_message(mail)))
`;

describe("foreign clients at the MSSanté operator", () => {
  let context: TestContext;
  let service: RunningService;
  let port: number;

  beforeEach(async () => {
    context = await testContext();
    service = await mssService.start(context);
    port = Number(service.endpoints.smtpPort);
    context.tokens.issued("live-token", {
      subject: "f:550e8400-e29b-41d4-a716-446655440000:899900000011",
      clientId: "test-client",
      expiresAt: Date.now() + 60_000,
    });
  });
  afterEach(async () => {
    await service.stop();
    context.dispose();
  });

  function smtplib(token: string, initial: boolean) {
    const facts = { ca: context.pki.caBundleFile, port, mailbox: MAILBOX, to: OTHER, token, initial };
    return run("python3", ["-c", SMTPLIB], JSON.stringify(facts));
  }

  it("openssl s_client goes through STARTTLS, verifies the certificate and reads the EHLO", async () => {
    const args = ["s_client", "-connect", `localhost:${port}`, "-starttls", "smtp", "-crlf", "-quiet"];
    const { out } = await run(
      "openssl",
      [...args, "-verify_return_error", "-CAfile", context.pki.caBundleFile],
      "EHLO here\nNOOP\nQUIT\n",
    );
    expect(out).to.include("250-AUTH XOAUTH2");
    expect(out).to.include("221 2.0.0 Bye");
    expect(context.view().connections[0]?.tls?.protocol).to.equal("TLSv1.3");
  });

  it("openssl s_client speaks TLS 1.2, and TLS 1.1 is refused and recorded", async () => {
    const args = ["s_client", "-connect", `localhost:${port}`, "-starttls", "smtp", "-crlf", "-quiet"];
    await run("openssl", [...args, "-tls1_2"], "QUIT\n");
    await run("openssl", [...args, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], "QUIT\n");
    const [modern, old] = context.view().connections;
    expect(modern?.tls?.protocol).to.equal("TLSv1.2");
    expect(old?.tls).to.equal(null);
    expect(old?.alert).to.deep.equal({ from: "server", code: "protocol_version" });
  });

  it("openssl s_client that wants another authority leaves its alert in the recording", async () => {
    const args = ["s_client", "-connect", `localhost:${port}`, "-starttls", "smtp", "-quiet", "-verify_return_error"];
    const { code } = await run("openssl", [...args, "-tls1_2"], "QUIT\n");
    expect(code).to.not.equal(0);
    expect(context.view().connections[0]?.alert).to.deep.equal({ from: "client", code: "unknown_ca" });
  });

  for (const initial of [true, false]) {
    it(`Python smtplib sends with XOAUTH2 ${initial ? "in the AUTH command" : "after an empty challenge"}`, async () => {
      const { code, out } = await smtplib("live-token", initial);
      expect(code, out).to.equal(0);
      expect(out.trim()).to.equal("{}");
      const session = context.view().exchanges.find((x) => x.operation === "mss.session");
      const smtp = readSmtp(session?.requestBytes ?? new Uint8Array(), session?.responseBytes ?? new Uint8Array());
      expect(smtp.problem).to.equal(null);
      expect(smtp.auths[0]).to.include({ mechanism: "XOAUTH2", accepted: true, initialResponse: initial });
      expect(Buffer.from(smtp.transactions[0]?.message ?? []).toString("latin1")).to.match(/\r\n\.point\r\n/);
    });
  }

  it("Python smtplib is told 334 then 535 for a token that is not live", async () => {
    const { code, out } = await smtplib("dead-token", true);
    expect(code).to.not.equal(0);
    expect(out).to.match(/SMTPAuthenticationError: \(535/);
  });
});
