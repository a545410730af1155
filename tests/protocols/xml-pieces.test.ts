/** Documents longer than one piece of the reader: nothing is lost or doubled where the pieces meet. */
import { expect } from "chai";
import { decodeBase64 } from "../../protocols/cda.js";
import { decodeXml, parseXml, text, XmlError } from "../../protocols/xml.js";

const PIECE = 1024 * 1024;

describe("protocols/xml, in pieces", () => {
  for (const [name, sign] of [
    ["a letter of two bytes", "é"],
    ["a sign of four bytes", "𝄞"],
    ["a line end", "\r\n"],
    ["a character reference", "&#233;"],
    ["a CDATA section", "<![CDATA[<x>]]>"],
    ["an element", '<b c="d"/>'],
  ] as const) {
    it(`reads ${name} wherever the border falls in it`, () => {
      const width = Buffer.byteLength(sign);
      for (let shift = 0; shift <= width; shift += 1) {
        const filler = "x".repeat(PIECE - 3 - shift);
        const xml = `<a>${filler}${sign}tail</a>`;
        const bytes = Buffer.from(xml);
        expect(decodeXml(bytes) === xml, "decoded").to.equal(true);
        expect(text(parseXml(bytes)) === text(parseXml(xml)), `shift ${shift}`).to.equal(true);
      }
    });
  }

  it("says on which line a fault behind the first piece stands", () => {
    const bytes = Buffer.from(`<a>\n${"x".repeat(PIECE)}\n</b>`);
    expect(() => parseXml(bytes))
      .to.throw(XmlError)
      .with.property("line", 3);
  });

  it("refuses a sequence that is cut at the end of the last piece, and one broken in the middle", () => {
    const long = Buffer.from(`<a>${"x".repeat(PIECE)}</a>`);
    for (const bytes of [
      Buffer.concat([long, Buffer.from([0xc3])]),
      Buffer.concat([long.subarray(0, PIECE), Buffer.from([0xc3, 0x28]), long.subarray(PIECE)]),
    ]) {
      expect(() => parseXml(bytes))
        .to.throw(XmlError)
        .with.property("code", "bad_encoding");
    }
  });
});

describe("protocols/cda decodeBase64, in slices", () => {
  it("decodes long texts on lines of any length as Node does", () => {
    const bytes = Buffer.alloc(1_700_003, "binary of no period 0123456789");
    for (const every of [4, 57, 76, 1021]) {
      const folded = bytes.toString("base64").replace(new RegExp(`.{${every}}`, "g"), "$&\r\n");
      const decoded = decodeBase64(folded);
      expect(decoded !== null && bytes.equals(decoded), `lines of ${every}`).to.equal(true);
    }
  });

  it("refuses padding before the end, wherever the slices meet, and a length that is no multiple of four", () => {
    const long = "QUJD".repeat(PIECE / 4);
    for (const wrong of [
      `${long}QUI=QUJD`,
      `QUI=${long}`,
      `${long.slice(0, -4)}QQ==QUJD`,
      `${long}Q`,
      `${long}QUJ*`,
      `${long}Q===`,
    ]) {
      expect(decodeBase64(wrong), wrong.slice(-8)).to.equal(null);
    }
    expect(decodeBase64(`${long}QUI= \r\n`)?.length).to.equal((PIECE / 4) * 3 + 2);
    expect(decodeBase64(" \n")?.length).to.equal(0);
  });
});
