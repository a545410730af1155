import { expect } from "chai";
import fc from "fast-check";
import { simpleParser } from "mailparser";
import MailComposer from "nodemailer/lib/mail-composer";
import {
  allParts,
  decodeWords,
  isMessageId,
  leafParts,
  MailError,
  mailHeader,
  mailHeaders,
  partText,
  readAddresses,
  readMail,
  readParameters,
} from "../../protocols/mime.js";

const bytes = (text: string): Uint8Array => Buffer.from(text.replace(/\r?\n/g, "\r\n"), "latin1");

function compose(options: Record<string, unknown>): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    new MailComposer(options).compile().build((error: Error | null, message: Buffer) => {
      if (error) reject(error);
      else resolve(message);
    });
  });
}

describe("protocols/mime", () => {
  it("reads a composed mail as another parser does, and keeps every byte", async () => {
    const attachment = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7) % 256));
    const raw = await compose({
      from: { name: "DR_Camille_ÉXEMPLE_Cabinet", address: "camille@cabinet-demo.mssante.example" },
      to: "Une personne <a@b.example>, c@d.example",
      subject: "XDM/1.0/DDM+Compte rendu d'imagerie médicale très long pour plier la ligne DUPONT Zoé 31/12/1975",
      text: "Bonjour é ".repeat(30),
      html: "<p>Bonjour é</p>",
      headers: { "X-MSS-NIL": "3734" },
      attachments: [
        {
          filename: "20220531_CR d'imagerie médicale_NOM_PRÉNOM.pdf",
          content: attachment,
          contentType: "application/pdf",
        },
        { filename: "IHE_XDM.zip", content: Buffer.from("PK"), contentType: "application/zip" },
      ],
    });
    const mail = readMail(raw);
    const other = await simpleParser(raw);
    expect(allParts(mail).flatMap((p) => p.problems)).to.deep.equal([]);
    expect(mailHeader(mail, "subject")?.value).to.equal(other.subject);
    expect(mailHeader(mail, "message-id")?.value).to.equal(other.messageId);
    expect(isMessageId(mailHeader(mail, "message-id")?.value ?? "")).to.equal(true);
    expect(readAddresses(mailHeader(mail, "from")?.encoded ?? "")).to.deep.equal(
      other.from?.value.map(({ name, address }) => ({ name, address })),
    );
    const files = leafParts(mail).filter((p) => p.disposition === "attachment");
    expect(files.map((p) => [p.fileName, p.mediaType])).to.deep.equal(
      other.attachments.map((a) => [a.filename, a.contentType]),
    );
    expect(Buffer.from(files[0]?.body ?? []).equals(attachment)).to.equal(true);
    const texts = leafParts(mail).filter((p) => p.mediaType.startsWith("text/"));
    expect(texts.map((p) => p.path)).to.deep.equal(["1.1", "1.2"]);
    expect(partText(texts[0] ?? mail)?.trim()).to.equal(other.text?.trim());
    for (const part of allParts(mail)) {
      expect(Buffer.from(raw.subarray(part.bodyStart, part.bodyEnd)).equals(Buffer.from(part.rawBody))).to.equal(true);
      for (const h of part.headers) expect(raw.subarray(h.start, h.end).equals(Buffer.from(h.raw))).to.equal(true);
    }
  });

  it("decodes the examples of RFC 2047 section 8", () => {
    const examples: [string, string][] = [
      ["=?ISO-8859-1?Q?a?=", "a"],
      ["=?ISO-8859-1?Q?a?= b", "a b"],
      ["=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"],
      ["=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab"],
      ["=?ISO-8859-1?Q?a_b?=", "a b"],
      ["=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"],
      ["=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu>", "Keith Moore <moore@cs.utk.edu>"],
      ["=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard"],
      [
        "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
        "If you can read this you understand the example.",
      ],
    ];
    for (const [encoded, decoded] of examples) expect(decodeWords(encoded), encoded).to.equal(decoded);
    // A character cut between two words, as some senders do.
    expect(decodeWords("=?utf-8?B?w6k=?= =?utf-8?B?w6nD?= =?utf-8?B?qQ==?=")).to.equal("ééé");
    expect(decodeWords("x é".replace("é", "\xc3\xa9"))).to.equal("x é");
    expect(decodeWords("x \xe9")).to.equal("x é");
    expect(decodeWords("=?nonsense?Q?=E9?=")).to.equal("é");
  });

  it("decodes the parameters of RFC 2231", () => {
    const read = (text: string) => readParameters(text).parameters;
    expect(
      read(`message/external-body; access-type=URL; URL*0="ftp://"; URL*1="cs.utk.edu/pub/moore/x.tar"`).url,
    ).to.equal("ftp://cs.utk.edu/pub/moore/x.tar");
    expect(read("application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A").title).to.equal(
      "This is ***fun***",
    );
    expect(
      read(
        "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
      ).title,
    ).to.equal("This is even more ***fun*** isn't it!");
    expect(read('attachment; filename="a;b \\"c\\".pdf"').filename).to.equal('a;b "c".pdf');
    expect(read('attachment; filename="=?utf-8?Q?=C3=A9.pdf?="').filename).to.equal("é.pdf");
    expect(read("attachment; filename=\"a.pdf\"; filename*=UTF-8''%C3%A9.pdf").filename).to.equal("é.pdf");
  });

  it("reads addresses: names, quotes, comments, groups", () => {
    expect(
      readAddresses('"Doe, Jane" <j@x.example>, k@x.example (Kay), =?utf-8?Q?L=C3=A9a?= <l@x.example>'),
    ).to.deep.equal([
      { name: "Doe, Jane", address: "j@x.example" },
      { name: "Kay", address: "k@x.example" },
      { name: "Léa", address: "l@x.example" },
    ]);
    expect(readAddresses("team: a@x.example, B <b@x.example>;")).to.deep.equal([
      { name: "", address: "a@x.example" },
      { name: "B", address: "b@x.example" },
    ]);
    expect(readAddresses("undisclosed-recipients:;")).to.deep.equal([]);
  });

  it("knows a Message-ID from what is not one", () => {
    for (const good of ["<a@b>", "<1234.5678@machine.example>", "<x@[127.0.0.1]>", "<a@b> (made by hand)"]) {
      expect(isMessageId(good), good).to.equal(true);
    }
    for (const bad of ["a@b", "<ab>", "<a@b", "<a b@c>", "<a.@c>", "<a@@c>", "<a@b><c@d>", "<é@b>", ""]) {
      expect(isMessageId(bad), bad).to.equal(false);
    }
  });

  it("names what is wrong with a structure and goes on", () => {
    const multipart = (type: string, body: string) => readMail(bytes(`Content-Type: ${type}\n\n${body}`));
    expect(multipart("multipart/mixed", "x").problems).to.deep.equal(["no_boundary"]);
    expect(multipart("multipart/mixed; boundary=b", "x").problems).to.deep.equal(["boundary_not_found"]);
    const open = multipart("multipart/mixed; boundary=b", "--b\n\none\n--bc\ntwo");
    expect(open.problems).to.deep.equal(["boundary_not_closed"]);
    expect(Buffer.from(open.parts[0]?.body ?? []).toString()).to.equal("one\r\n--bc\r\ntwo");
    const one = (head: string, body = "") => readMail(bytes(`${head}\n\n${body}`)).problems;
    expect(one("A: \xe9")).to.deep.equal(["eight_bit_header"]);
    expect(one("A: b\nnot a header")).to.deep.equal(["header_garbled"]);
    expect(one("Content-Transfer-Encoding: base64", "a*b=")).to.deep.equal(["base64_garbage"]);
    expect(one("Content-Transfer-Encoding: quoted-printable", "a=ZZ")).to.deep.equal(["quoted_printable_garbage"]);
    expect(one("Content-Transfer-Encoding: x-uu", "a")).to.deep.equal(["unknown_encoding"]);
    expect(readMail(Buffer.from("A: b\n\nx")).problems).to.deep.equal(["bare_line_feed"]);
  });

  it("tells charsets apart and refuses bytes that are not in them", () => {
    const text = (charset: string, body: string) =>
      partText(
        readMail(bytes(`Content-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: 8bit\n\n${body}`)),
      );
    expect(text("utf-8", "\xc3\xa9")).to.equal("é");
    expect(text("utf-8", "\xe9")).to.equal(null);
    expect(text("iso-8859-1", "\xe9")).to.equal("é");
    expect(text("us-ascii", "\xe9")).to.equal(null);
    expect(text("no-such", "a")).to.equal(null);
  });

  it("keeps duplicate headers and stays inside its bounds", () => {
    expect(mailHeaders(readMail(bytes("X-A: 1\nx-a: 2\n\n")), "X-A").map((h) => h.value)).to.deep.equal(["1", "2"]);
    const code = (make: () => unknown): string => {
      try {
        make();
      } catch (error) {
        return error instanceof MailError ? error.code : "another error";
      }
      return "none";
    };
    expect(code(() => readMail(bytes("\nno header at all")))).to.equal("not_mail");
    expect(code(() => readMail(new Uint8Array(0)))).to.equal("not_mail");
    expect(code(() => readMail(bytes("A: b\n".repeat(1001))))).to.equal("too_many_headers");
    expect(code(() => readMail(Buffer.alloc(65), { maxBytes: 64 }))).to.equal("too_large");
    const nested = Array.from({ length: 30 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`);
    expect(code(() => readMail(bytes(nested.join(""))))).to.equal("too_deep");
    const wide = `Content-Type: multipart/mixed; boundary=b\n\n${"--b\n\nx\n".repeat(600)}--b--\n`;
    expect(code(() => readMail(bytes(wide)))).to.equal("too_many_parts");
  });

  it("throws nothing but MailError, whatever the bytes", () => {
    const pieces = fc.constantFrom(
      "Content-Type: multipart/mixed; boundary=b",
      "Content-Transfer-Encoding: base64",
      "\r\n",
      "--b",
      "--b--",
      "=?utf-8?B?w6k=?=",
      "é",
      "; filename*0*=utf-8''%C3",
      ":",
      " ",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
        try {
          readMail(Buffer.from(list.join("")));
        } catch (error) {
          if (!(error instanceof MailError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});
