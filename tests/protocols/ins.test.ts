import { expect } from "chai";
import fc from "fast-check";
import {
  firstNameList,
  isInsDate,
  isNormalisedName,
  isPlaceCode,
  nirKey,
  normaliseName,
  readInsAnswer,
  readInsRequest,
} from "../../protocols/ins.js";
import { SoapError } from "../../protocols/soap.js";
import { cardSearch, traitSearch } from "../services/ins/client.js";

const read = (xml: string) => readInsRequest(Buffer.from(xml), "application/soap+xml");

describe("protocols/ins", () => {
  describe("requests", () => {
    it("reads a trait search with its contexts", () => {
      const request = read(traitSearch({ name: "ADRUN", firstNames: ["ZOE", ""], sex: "F", date: "1975-12-31" }));
      expect(request.mode).to.equal("traits");
      expect(request.card).to.equal(null);
      expect(request.traits).to.deep.equal({
        birthName: "ADRUN",
        firstNames: ["ZOE", ""],
        sex: "F",
        birthDate: "1975-12-31",
        birthPlace: null,
      });
      expect(request.bam).to.include({ version: "01_02", nature: "CTXBAM", id: "0f0e", sender: null });
      expect(request.lps?.version).to.equal("01_00");
    });

    it("tells absent from empty", () => {
      expect(read(traitSearch({ sex: "" })).traits).to.include({ sex: "", birthDate: null, birthName: null });
      const without = traitSearch().replace(/<c:ContexteBAM[\s\S]*<\/c:ContexteBAM>/, "");
      expect(read(without).bam).to.equal(null);
    });

    it("reads a card search, and no search from another namespace", () => {
      expect(read(cardSearch("2751263220749", "74")).card?.insured).to.deep.equal({
        number: "2751263220749",
        key: "74",
      });
      const other = read(traitSearch().replace("INSiRecSans", "INSiRecAutre"));
      expect([other.mode, other.traits, other.card]).to.deep.equal([null, null, null]);
    });

    it("throws its own error on what is no envelope", () => {
      for (const bytes of ["", "<a/>", "{}", "<!DOCTYPE a><a/>"]) expect(() => read(bytes)).to.throw(SoapError);
      fc.assert(
        fc.property(fc.string(), (text) => {
          expect(() => readInsAnswer(Buffer.from(text), null)).to.throw(SoapError);
        }),
      );
    });
  });

  describe("trait rules", () => {
    it("writes names in capitals without marks, keeping hyphens and apostrophes", () => {
      expect(normaliseName("d’Artagnan")).to.equal("D'ARTAGNAN");
      expect(normaliseName("  Zoé   Anne-Lise ")).to.equal("ZOE ANNE-LISE");
      expect(normaliseName("Œuf Strauß Æsir")).to.equal("OEUF STRAUSS AESIR");
      expect(normaliseName("Çelik Ñandú")).to.equal("CELIK NANDU");
    });

    it("is stable, and leaves only capitals where letters were Latin", () => {
      fc.assert(
        fc.property(fc.string({ unit: "grapheme" }), (name) => {
          expect(normaliseName(normaliseName(name))).to.equal(normaliseName(name));
        }),
      );
    });

    it("knows a well-formed name", () => {
      for (const name of ["A", "ADRUN", "D'ARTAGNAN DE L'HERAULT", "PIERRE-ALAIN", "DUPONT--DURAND"]) {
        expect(isNormalisedName(name), name).to.equal(true);
      }
      for (const name of ["", "Adrun", "ADRUN ", "A  B", "A---B", "ADRUN2", "-ADRUN", "ÉLOI"]) {
        expect(isNormalisedName(name), name).to.equal(false);
      }
    });

    it("knows dates with unknown parts and Corsican places", () => {
      for (const date of ["1975-12-31", "1950-00-00", "1950-06-00"]) expect(isInsDate(date), date).to.equal(true);
      for (const date of ["31/12/1975", "1975-13-01", "1975-12-32", "75-12-31", ""]) {
        expect(isInsDate(date), date).to.equal(false);
      }
      for (const place of ["63220", "2A020", "2B020", "99100"]) expect(isPlaceCode(place), place).to.equal(true);
      for (const place of ["", "6322", "2C020", "20A02", "PARIS", "632200"]) {
        expect(isPlaceCode(place), place).to.equal(false);
      }
    });

    it("lists first names however they are written", () => {
      const traits = { birthName: null, sex: null, birthDate: null, birthPlace: null };
      expect(firstNameList({ ...traits, firstNames: ["OLA CATARINA", " BELLA "] })).to.deep.equal([
        "OLA",
        "CATARINA",
        "BELLA",
      ]);
      expect(firstNameList({ ...traits, firstNames: [""] })).to.deep.equal([]);
    });

    it("computes the key of the published identities, the wrong one included", () => {
      const published: readonly [string, string][] = [
        ["2751263220749", "74"],
        ["297022A020778", "78"],
        ["160012B020777", "13"],
        ["2360663220836", "56"],
        ["1100863220830", "60"],
        ["1090763220834", "89"],
        ["2090763220834", "39"],
        ["2090663220123", "55"],
        ["1090763220888", "35"],
        ["180032B020401", "23"],
        ["1810363220456", "76"],
      ];
      for (const [number, key] of published) expect(nirKey(number), number).to.equal(key);
      for (const number of ["", "275126322074", "27512632207499", "A751263220749"])
        expect(nirKey(number)).to.equal(null);
      // The letter of Corsica counts at its own place only.
      expect(nirKey("297022A0207AB")).to.equal(null);
    });
  });
});
