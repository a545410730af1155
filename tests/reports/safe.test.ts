import { expect } from "chai";
import fc from "fast-check";
import { cut, MASK, mask, visible } from "../../reports/safe.js";

const names = ["Démonstration", "Jean-Paul"];

describe("reports/safe", () => {
  describe("visible", () => {
    it("names controls, bidi, zero-width, surrogates and non-characters", () => {
      expect(visible("a\u0000b\u001b[31m\r\n\u007f")).to.equal("a[NUL]b[ESC][31m[CR][LF][DEL]");
      expect(visible("x\u202ey\u2066z\u200b\ufeff\u00ad")).to.equal("x[U+202E]y[U+2066]z[U+200B][BOM][U+00AD]");
      expect(visible("\ud800-\ufffe-\ufdd0-\u{e0041}")).to.equal("[U+D800]-[U+FFFE]-[U+FDD0]-[U+E0041]");
      expect(visible("a\u00a0b\u2028c")).to.equal("a[NBSP]b[U+2028]c");
    });

    it("leaves letters of any script and whole emoji pairs alone", () => {
      expect(visible("Éloïse 東京 🏥 שלום")).to.equal("Éloïse 東京 🏥 שלום");
    });

    it("keeps line feeds and tabs only where lines are wanted", () => {
      expect(visible("a\r\n\tb\rc", { lines: true })).to.equal("a\n\tb[CR]c");
    });

    it("cuts piles of combining marks", () => {
      expect(visible(`Z${"\u0301".repeat(200)}fin`)).to.equal("Z\u0301\u0301\u0301[…]fin");
    });

    it("gives, for any string, text without anything invisible, and stays as it is when applied again", () => {
      fc.assert(
        fc.property(fc.string({ unit: "binary" }), (text) => {
          const once = visible(text);
          expect(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(once)).to.equal(false);
          expect(visible(once)).to.equal(once);
        }),
      );
    });
  });

  it("cut never leaves half a pair and counts what is left out", () => {
    expect(cut("ab🏥cd", 3)).to.deep.equal({ text: "ab", left: 4 });
    expect(cut("abc", 3)).to.deep.equal({ text: "abc", left: 0 });
  });

  describe("mask", () => {
    const hidden: readonly [string, string][] = [
      ["299129941234512", "an INS matricule"],
      ["2 99 12 99 412 345 12", "a matricule with spaces"],
      ["2991299412345", "a matricule without its key"],
      ["185052A078006", "a matricule of Corsica"],
      ["899700000001", "a national id of a professional"],
      ["10003456789", "an RPPS"],
    ];
    for (const [secret, what] of hidden) {
      it(`hides ${what}`, () => {
        expect(mask(`avant ${secret}^^^ après`, [])).to.equal(`avant ${MASK}^^^ après`);
      });
    }

    it("hides tokens in headers, forms, JSON and SMTP", () => {
      const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJmOjEifQ.c2lnbmF0dXJl";
      for (const text of [
        `Authorization: Bearer abcdef.ghi-jkl`,
        `authorization: bearer ${jwt}`,
        `AUTH XOAUTH2 dXNlcj1hQGIBYXV0aD1CZWFyZXIgeHh4`,
        `grant_type=authorization_code&code=SECRETVALUE&client_secret=SECRETVALUE`,
        `{"access_token": "SECRETVALUE","refresh_token":"SECRETVALUE"}`,
        `Set-Cookie: KEYCLOAK=SECRETVALUE; Path=/`,
        `Subject: =?UTF-8?B?RMOpbW8=?=`,
      ]) {
        const masked = mask(text, []);
        expect(masked, text).to.contain(MASK);
        for (const secret of ["SECRETVALUE", "abcdef", jwt, "dXNlcj", "RMOpbW8"]) expect(masked).not.to.contain(secret);
      }
      expect(mask("grant_type=authorization_code&code=abc", [])).to.equal(`grant_type=authorization_code&code=${MASK}`);
    });

    it("hides listed names whatever their case, accents and separators, and not inside another word", () => {
      expect(mask("DEMONSTRATION^jean paul, Démonstration JEAN_PAUL", names)).to.equal(
        `${MASK}^${MASK}, ${MASK} ${MASK}`,
      );
      expect(mask("démonstrations", names)).to.equal("démonstrations");
    });

    it("leaves OIDs, dates, times and LOINC codes readable", () => {
      const text = "1.2.250.1.213.1.4.8 20261121182500 19500101 11502-2 1234 e0012";
      expect(mask(text, names)).to.equal(text);
    });

    it("hides what a cut left of a secret at the edges of an excerpt", () => {
      expect(mask("9941234512^^^", [], { cutStart: true })).to.equal(`${MASK}^^^`);
      expect(mask("id=29912994", [], { cutEnd: true })).not.to.contain("2991");
    });
  });
});
