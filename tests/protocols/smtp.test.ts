import { expect } from "chai";
import fc from "fast-check";
import { readSmtp, readXoauth2, stuff, unstuff } from "../../protocols/smtp.js";

const bytes = (text: string): Uint8Array => Buffer.from(text.replace(/\n/g, "\r\n"), "latin1");

/** The typical scenario of RFC 5321 appendix D.1. */
const CLIENT = bytes(
  "EHLO bar.com\nMAIL FROM:<Smith@bar.com>\nRCPT TO:<Jones@foo.com>\nRCPT TO:<Green@foo.com>\nRCPT TO:<Brown@foo.com>\n" +
    "DATA\nBlah blah blah...\n...etc. etc. etc.\n.\nQUIT\n",
);
const SERVER = bytes(
  "220 foo.com Simple Mail Transfer Service Ready\n250-foo.com greets bar.com\n250-8BITMIME\n250-SIZE\n250-DSN\n250 HELP\n" +
    "250 OK\n250 OK\n550 No such user here\n250 OK\n354 Start mail input; end with <CRLF>.<CRLF>\n250 OK\n" +
    "221 foo.com Service closing transmission channel\n",
);

describe("protocols/smtp", () => {
  it("pairs commands and replies of the example of RFC 5321", () => {
    const session = readSmtp(CLIENT, SERVER);
    expect(session.problem).to.equal(null);
    expect(session.greeting?.code).to.equal(220);
    expect(session.extensions.plain).to.deep.equal(["8BITMIME", "SIZE", "DSN", "HELP"]);
    expect(session.commands.map((c) => [c.verb, c.reply?.code])).to.deep.equal([
      ["EHLO", 250],
      ["MAIL", 250],
      ["RCPT", 250],
      ["RCPT", 550],
      ["RCPT", 250],
      ["DATA", 354],
      ["QUIT", 221],
    ]);
    const mail = session.transactions[0];
    expect(mail?.from).to.equal("Smith@bar.com");
    expect(mail?.recipients.map((r) => [r.address, r.accepted])).to.deep.equal([
      ["Jones@foo.com", true],
      ["Green@foo.com", false],
      ["Brown@foo.com", true],
    ]);
    expect(Buffer.from(mail?.message ?? []).toString()).to.equal("Blah blah blah...\r\n..etc. etc. etc.\r\n");
    expect(mail?.final?.code).to.equal(250);
  });

  it("follows STARTTLS, and drops what was buffered in clear behind it", () => {
    const client = bytes("EHLO a\nSTARTTLS\nRSET\nEHLO a\nMAIL FROM:<x@y.example> SIZE=12 BODY=8BITMIME\n");
    const server = bytes("220 hi\n250-hi\n250 STARTTLS\n220 go\n250-hi\n250 AUTH XOAUTH2\n250 ok\n");
    const tlsStart = Buffer.from(client).indexOf("EHLO", 10);
    const session = readSmtp(client, server, { tlsStart });
    expect(session.commands.map((c) => `${c.phase} ${c.verb}`)).to.deep.equal([
      "plain EHLO",
      "plain STARTTLS",
      "tls EHLO",
      "tls MAIL",
    ]);
    expect(session.extensions).to.deep.equal({ plain: ["STARTTLS"], tls: ["AUTH XOAUTH2"] });
    expect(session.transactions[0]?.parameters).to.deep.equal({ SIZE: "12", BODY: "8BITMIME" });
    expect(session.transactions[0]?.final).to.equal(null);
  });

  it("stays in clear when STARTTLS is refused", () => {
    const session = readSmtp(bytes("STARTTLS\nAUTH PLAIN AGEAYg==\n"), bytes("220 hi\n454 no\n235 ok\n"));
    expect(session.commands.map((c) => c.phase)).to.deep.equal(["plain", "plain"]);
    expect(session.auths[0]).to.include({ mechanism: "PLAIN", accepted: true, initialResponse: true });
  });

  it("reads both forms of AUTH and both refusals", () => {
    const late = readSmtp(bytes("AUTH XOAUTH2\nZm9v\nNOOP\n"), bytes("220 hi\n334 \n235 ok\n250 ok\n"));
    expect(late.auths[0]).to.deep.include({ initialResponse: false, responses: ["Zm9v"], accepted: true });
    expect(late.commands.map((c) => c.verb)).to.deep.equal(["AUTH", "NOOP"]);
    const refused = readSmtp(bytes("AUTH XOAUTH2 Zm9v\n\nQUIT\n"), bytes("220 hi\n334 e30=\n535 no\n221 bye\n"));
    expect(refused.auths[0]?.outcome?.code).to.equal(535);
    expect(refused.auths[0]?.challenges).to.deep.equal(["e30="]);
    expect(refused.auths[0]?.responses).to.deep.equal(["Zm9v", ""]);
    const cut = readSmtp(bytes("AUTH XOAUTH2 Zm9v\n"), bytes("220 hi\n334 e30=\n"));
    expect(cut.auths[0]).to.include({ accepted: false });
    expect(cut.auths[0]?.outcome?.code).to.equal(334);
  });

  it("reads a transaction alone, pipelined, and one cut before the final dot", () => {
    const server = bytes("250 ok\n250 ok\n354 go\n");
    const client = bytes("mail from:<>\nrcpt to: <a@b.example>\ndata\nhello\n.x\n");
    const { transactions } = readSmtp(client, server, { part: "transaction", phase: "tls" });
    expect(transactions[0]).to.include({ from: "", phase: "tls", dataComplete: false });
    expect(transactions[0]?.recipients[0]?.address).to.equal("a@b.example");
    expect(Buffer.from(transactions[0]?.message ?? []).toString()).to.equal("hello\r\nx\r\n");
  });

  it("names what is not SMTP and keeps what came before", () => {
    expect(readSmtp(Buffer.from([0x16, 3, 1, 0, 5, 10]), bytes("220 hi\n")).problem).to.equal("not_smtp");
    expect(readSmtp(bytes("NOOP\n"), bytes("220 hi\nHTTP/1.1 200 OK\n")).problem).to.equal("reply_garbled");
    expect(readSmtp(Buffer.alloc(70_000, 0x41), bytes("220 hi\n")).problem).to.equal("line_too_long");
    expect(readSmtp(bytes("NOOP\n".repeat(20_001)), bytes("220 hi\n")).problem).to.equal("too_many_commands");
  });

  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (client, server) => {
        readSmtp(client, server);
        readSmtp(client, server, { part: "transaction" });
      }),
      { numRuns: 300 },
    );
  });

  it("stuffs and unstuffs dots, one the inverse of the other", () => {
    expect(stuff(bytes(".\n..\nx.\n")).toString()).to.equal("..\r\n...\r\nx.\r\n");
    fc.assert(
      fc.property(fc.array(fc.constantFrom(".", "..", "a", "", ".b"), { minLength: 1 }), (lines) => {
        const message = bytes(`${lines.join("\n")}\n`);
        expect(unstuff(stuff(message)).equals(message)).to.equal(true);
      }),
    );
  });

  it("reads the XOAUTH2 blob of the published example and names what is off", () => {
    // Example of the Gmail XOAUTH2 protocol page.
    const published =
      "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==";
    expect(readXoauth2(published)).to.deep.equal({
      user: "someuser@example.com",
      token: "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg",
      problem: null,
    });
    const blob = (text: string) => readXoauth2(Buffer.from(text).toString("base64")).problem;
    expect(blob("user=a\x01auth=Bearer t\x01\x01")).to.equal(null);
    expect(blob("user=a\x01auth=Bearer t\x01")).to.equal("bad_grammar");
    expect(blob("auth=Bearer t\x01user=a\x01\x01")).to.equal("bad_grammar");
    expect(blob("user=a\x01auth=Basic t\x01\x01")).to.equal("no_bearer");
    expect(blob("auth=Bearer t\x01\x01")).to.equal("no_user");
    expect(readXoauth2("user=a").problem).to.equal("not_base64");
    expect(readXoauth2("").problem).to.equal("not_base64");
  });
});
