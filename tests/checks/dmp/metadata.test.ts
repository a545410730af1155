/** Metadata that are right, or doubtful, in other forms than the reference vendor's: no breach may be held against them. */
import { expect } from "chai";
import { author, code, fired, judge, recordingOf, slot, type UploadParts, uploadXml, XCN, XON } from "./upload.js";

const of = (check: string, parts: UploadParts): string[] => fired(judge(check, recordingOf(uploadXml(parts))));
const person = (value: string): UploadParts => ({ setAuthor: slot("authorPerson", value) });

describe("checks/dmp metadata", () => {
  it("has nothing to say of a plain upload", () => {
    for (const check of ["dmp/submission-set", "dmp/author-form", "dmp/metadata-codes", "dmp/registry-objects"]) {
      expect(of(check, {}), check).to.deep.equal([]);
    }
  });

  describe("authors", () => {
    const honest = {
      "internal id of a professional": "3750100125/1453^EXEMPLE^CAMILLE^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^EI",
      "ADELI with the letter of Corsica": "02A0123456^EXEMPLE^CAMILLE^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS",
      "system of a structure": "3750100125/88^AUTOMATE^MODELE^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^U^^^RI",
      "listed digital service": "9.8.7.6.5^SERVICE^NOM^^^^^^&amp;9.8.7.6&amp;ISO^U^^^RI",
      "the patient": "279035121518989^EXEMPLE^ALIX^^^^^^&amp;1.2.250.1.213.1.4.8&amp;ISO^D^^^NH",
      student: "9123456^EXEMPLE^CAMILLE^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS",
    };
    for (const [who, value] of Object.entries(honest)) {
      it(`takes ${who}`, () => expect(of("dmp/author-form", person(value))).to.deep.equal([]));
    }

    it("takes a structure without an identifier, by its name, and a technical number", () => {
      const named = slot("authorPerson", XCN) + slot("authorInstitution", "CABINET");
      expect(of("dmp/author-form", { setAuthor: named })).to.deep.equal([]);
      const technical = slot("authorPerson", XCN) + slot("authorInstitution", XON.replace("499900000011001", "T42"));
      expect(of("dmp/author-form", { setAuthor: technical })).to.deep.equal([]);
    });

    it("takes a structure as a further author of the set, and remarks on a second person", () => {
      const beside = (slots: string): UploadParts => ({
        change: (text) =>
          text.replace(
            '<Classification id="mark"',
            `${author("a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", "Set01", slots)}<Classification id="mark"`,
          ),
      });
      expect(of("dmp/submission-set", beside(slot("authorInstitution", XON)))).to.deep.equal([]);
      expect(of("dmp/submission-set", beside(slot("authorPerson", XCN)))).to.deep.equal(["several_authors"]);
    });

    it("refuses an RPPS number without its prefix, whatever it begins with", () => {
      for (const bare of ["10001234567", "99900000011"]) {
        expect(of("dmp/author-form", person(XCN.replace("899900000011", bare)))).to.deep.equal(["breach person_id"]);
      }
    });

    it("tells what is missing of a person", () => {
      const [finding] = judge("dmp/author-form", recordingOf(uploadXml(person("^EXEMPLE")))).findings;
      expect(finding?.slots.missing).to.equal("XCN.1, XCN.3, XCN.9, XCN.10, XCN.13");
    });
  });

  describe("codes", () => {
    const format = (value: string, system: string): UploadParts => ({
      change: (text) =>
        text.replace(
          "</ExtrinsicObject>",
          `${code("a09d5840-386c-46f2-b5ad-9c3699a4309d", "Document01", value, system)}</ExtrinsicObject>`,
        ),
    });

    it("only remarks on a code that a dated table does not hold", () => {
      expect(of("dmp/metadata-codes", format("urn:ans:ci-sis:later:2031", "1.2.3"))).to.deep.equal(["unknown"]);
      const sector: UploadParts = {
        change: (text) => text.replace('nodeRepresentation="SA07"', 'nodeRepresentation="SA98"'),
      };
      expect(of("dmp/submission-set", sector)).to.deep.equal(["content_type_unknown"]);
    });

    it("takes a further event code, of any nomenclature, and a reference without an authority", () => {
      const event = code("2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4", "Document01", "ZBQK002", "1.2.250.1.213.2.5");
      const reference = slot("urn:ihe:iti:xds:2013:referenceIdList", "ACC-1^^^^urn:ihe:iti:xds:2013:accession");
      const change = (text: string): string =>
        text.replace("</ExtrinsicObject>", `${reference}${event}</ExtrinsicObject>`);
      expect(of("dmp/metadata-codes", { change })).to.deep.equal([]);
    });

    it("takes the three visibility codes after the level", () => {
      const more = ["MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"]
        .map((value) => code("f4f85eac-e6cb-4883-b524-f2705394840f", "Document01", value, "1.2.250.1.213.1.1.4.13"))
        .join("");
      const change = (text: string): string => text.replace("</ExtrinsicObject>", `${more}</ExtrinsicObject>`);
      expect(of("dmp/metadata-codes", { change })).to.deep.equal([]);
    });
  });

  describe("objects", () => {
    const OLD = "urn:uuid:7F0B2D3A-5b1c-4c39-9b3a-0d6f2d7c1e55";
    const relation = (source: string, target: string): UploadParts => ({
      objects: `<Association id="r1" associationType="urn:ihe:iti:2007:AssociationType:RPLC" sourceObject="${source}" targetObject="${target}"/>`,
    });

    it("takes a replacement of an entry of the registry", () => {
      expect(of("dmp/registry-objects", relation("Document01", OLD))).to.deep.equal([]);
    });

    it("refuses a replacement that targets what is no entryUUID", () => {
      expect(of("dmp/registry-objects", relation("Document01", "1.2.3.4.9"))).to.deep.equal(["breach dangling"]);
      expect(of("dmp/registry-objects", relation("Document01", "Document01"))).to.deep.equal([
        "breach replaced_target",
      ]);
      expect(of("dmp/registry-objects", relation("Set01", OLD))).to.deep.equal(["breach relation_source"]);
    });

    it("only remarks on an addition and a transformation, which the DMP does not use", () => {
      for (const type of ["APND", "XFRM", "XFRM_RPLC"]) {
        const objects = `<Association id="r1" associationType="urn:ihe:iti:2007:AssociationType:${type}" sourceObject="Document01" targetObject="${OLD}"/>`;
        expect(of("dmp/registry-objects", { objects }), type).to.deep.equal(["type_unknown"]);
      }
    });

    it("only remarks on a classification that names no object, as an example of the editor kit does", () => {
      const change = (text: string): string => text.replace(' classifiedObject="Document01"', "");
      expect(of("dmp/registry-objects", { change })).to.deep.equal(["owner_absent"]);
    });
  });
});
