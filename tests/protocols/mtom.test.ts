import { expect } from "chai";
import fc from "fast-check";
import {
  MultipartError,
  parseContentType,
  partContent,
  readMultipart,
  resolveXop,
  xopIncludes,
} from "../../protocols/mtom.js";
import { parseXml } from "../../protocols/xml.js";

const TYPE = 'multipart/related; type="application/xop+xml"; boundary=b; start="<root>"';
const lines = (...parts: string[]): Buffer => Buffer.from(parts.join("\r\n"), "latin1");

describe("protocols/mtom", () => {
  describe("parseContentType", () => {
    it("reads quoted values, escapes and case", () => {
      const type = parseContentType('Multipart/Related; BOUNDARY="a:b=c;d"; start="<x\\"y>"; start-info=text/xml');
      expect(type?.type).to.equal("multipart/related");
      expect({ ...type?.parameters }).to.deep.equal({ boundary: "a:b=c;d", start: '<x"y>', "start-info": "text/xml" });
    });
    it("keeps the first of two parameters and refuses what is no media type", () => {
      expect(parseContentType("a/b; x=1; X=2")?.parameters.x).to.equal("1");
      for (const bad of ["", "nonsense", "a/b c", null]) expect(parseContentType(bad)).to.equal(null);
    });
  });

  it("cuts parts with their offsets, the line end before a delimiter left out", () => {
    const bytes = lines(
      "preamble",
      "--b",
      "Content-ID: <root>",
      "",
      "<x/>",
      "--b",
      "Content-ID: <1>",
      "",
      "",
      "--b--",
      "",
    );
    const { parts, root, closed, startFound } = readMultipart(bytes, TYPE);
    expect(parts.map((p) => Buffer.from(p.body).toString())).to.deep.equal(["<x/>", ""]);
    expect(bytes.subarray(parts[0]?.bodyStart, parts[0]?.end).toString()).to.equal("<x/>");
    expect(root.index).to.equal(0);
    expect([closed, startFound]).to.deep.equal([true, true]);
  });

  it("takes bare line feeds, padded delimiters, folded headers and a missing final line end", () => {
    const bytes = Buffer.from("--b \nContent-Type: application/xop+xml;\n\ttype=x\nContent-ID: <root> \n\n<x/>\n--b--");
    const { root, closed } = readMultipart(bytes, TYPE);
    expect(root.contentType?.parameters.type).to.equal("x");
    expect(root.contentId).to.equal("root");
    expect(Buffer.from(root.body).toString()).to.equal("<x/>");
    expect(closed).to.equal(true);
  });

  it("does not take for a delimiter what only begins like one, or stands inside a line", () => {
    const bytes = lines("--b", "", "--bb", "x--b", "--b--c", "--b--");
    expect(Buffer.from(readMultipart(bytes, TYPE).root.body).toString()).to.equal("--bb\r\nx--b\r\n--b--c");
  });

  it("says when the closing delimiter, the start part or the uniqueness of a Content-ID is missing", () => {
    const open = readMultipart(lines("--b", "Content-ID: <1>", "", "x", "--b", "Content-ID: <1>", "", "y"), TYPE);
    expect(open.closed).to.equal(false);
    expect(open.startFound).to.equal(false);
    expect(open.root.index).to.equal(0);
    expect(open.duplicateContentIds).to.deep.equal(["1"]);
    expect(resolveXop(open, "cid:1")).to.equal(null);
  });

  it("refuses with a code of its own", () => {
    const code = (bytes: Buffer, type: string | null): string => {
      try {
        readMultipart(bytes, type, { maxParts: 2, maxHead: 100 });
        return "read";
      } catch (error) {
        return error instanceof MultipartError ? error.code : "other";
      }
    };
    expect(code(lines("x"), "text/xml")).to.equal("not_multipart");
    expect(code(lines("x"), "multipart/related")).to.equal("no_boundary");
    expect(code(lines("x"), TYPE)).to.equal("no_part");
    expect(code(lines("--b--", ""), TYPE)).to.equal("no_part");
    expect(code(lines("--b", "", "--b", "", "--b", "", "--b--"), TYPE)).to.equal("too_many_parts");
    expect(code(lines("--b", `X: ${"y".repeat(200)}`, "", "", "--b--"), TYPE)).to.equal("head_too_large");
  });

  it("resolves cid references with percent encoding, and the literal form of some stacks", () => {
    const bytes = lines("--b", "Content-ID: <a@urn:ihe:iti>", "", "A", "--b", "Content-ID: <b%20c>", "", "B", "--b--");
    const multipart = readMultipart(bytes, TYPE);
    expect(resolveXop(multipart, "cid:a%40urn%3Aihe%3Aiti")?.index).to.equal(0);
    expect(resolveXop(multipart, "cid:a@urn:ihe:iti")?.index).to.equal(0);
    expect(resolveXop(multipart, "cid:b%20c")?.index).to.equal(1);
    for (const bad of ["cid:%E9%", "http://x", "cid:", "a@urn:ihe:iti"])
      expect(resolveXop(multipart, bad)).to.equal(null);
  });

  it("lists the Includes under a node with the part of each", () => {
    const multipart = readMultipart(lines("--b", "Content-ID: <d>", "", "D", "--b--"), TYPE);
    const node = parseXml(
      '<a xmlns:x="http://www.w3.org/2004/08/xop/include"><x:Include href="cid:d"/><x:Include/></a>',
    );
    expect(xopIncludes(node, multipart).map((i) => [i.href, i.part?.index ?? null])).to.deep.equal([
      ["cid:d", 0],
      [null, null],
    ]);
  });

  it("undoes base64 and nothing else", () => {
    const part = (encoding: string, body: string) =>
      readMultipart(lines("--b", `Content-Transfer-Encoding: ${encoding}`, "", body, "--b--"), TYPE).root;
    expect(Buffer.from(partContent(part("BASE64", "aGVs\r\nbG8="))).toString()).to.equal("hello");
    expect(Buffer.from(partContent(part("binary", "aGVsbG8="))).toString()).to.equal("aGVsbG8=");
  });

  it("gives back any bytes under any boundary that does not occur in them", () => {
    const boundaries = fc.stringMatching(/^[A-Za-z0-9'()+_,./:=?-]{1,40}$/);
    fc.assert(
      fc.property(
        boundaries,
        fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 5 }),
        (boundary, bodies) => {
          const head = Buffer.from(`--${boundary}\r\nContent-Transfer-Encoding: binary\r\n\r\n`);
          const message = Buffer.concat([
            ...bodies.flatMap((body) => [head, Buffer.from(body), Buffer.from("\r\n")]),
            Buffer.from(`--${boundary}--\r\n`),
          ]);
          fc.pre(bodies.every((body) => !Buffer.from(body).includes(`--${boundary}`)));
          const read = readMultipart(message, `multipart/related; boundary="${boundary}"`);
          expect(read.parts.map((p) => Buffer.from(p.body))).to.deep.equal(bodies.map((b) => Buffer.from(b)));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("never throws anything but its own error", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("--b", "--b--", "\r\n", "\n", ":", " ", "X"), { maxLength: 40 }),
        (pieces) => {
          try {
            readMultipart(Buffer.from(pieces.join("")), TYPE);
          } catch (error) {
            expect(error).to.be.instanceOf(MultipartError);
          }
        },
      ),
    );
  });
});
