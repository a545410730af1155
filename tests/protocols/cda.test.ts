import { expect } from "chai";
import fc from "fast-check";
import { CdaError, decodeBase64, isInsOid, readCda } from "../../protocols/cda.js";
import { pathOf, XmlError } from "../../protocols/xml.js";
import { document } from "../checks/dmp-document/sample.js";

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");

describe("protocols/cda", () => {
  it("reads the header of a document it did not shape", async () => {
    const made = await document();
    const cda = readCda(made.cda);
    expect(cda.realmCode?.code).to.equal("FR");
    expect(cda.typeId).to.deep.include({ root: "2.16.840.1.113883.1.3", extension: "POCD_HD000040" });
    expect(cda.templateIds.map((template) => template.root)).to.have.length(3);
    expect(cda.id?.root).to.equal(made.uniqueId);
    expect(cda.code).to.deep.include({ code: "11488-4", codeSystem: "2.16.840.1.113883.6.1" });
    expect(cda.title?.value).to.equal("CR de consultation");
    expect(cda.languageCode?.code).to.equal("fr-FR");
    expect(cda.versionNumber?.value).to.equal("1");
    expect(cda.ins).to.deep.include({ root: "1.2.250.1.213.1.4.10", extension: "297022A02077878" });
    expect(cda.patient?.ids.map((id) => id.extension)).to.deep.equal(["297022A02077878", "IPP-0002"]);
    expect(cda.patient?.birthName?.value).to.equal("ADRTROIS");
    expect(cda.patient?.firstBirthGiven?.value).to.equal("DOMINIQUE");
    expect(cda.patient?.birthPlaceCog?.value).to.equal("2A020");
    expect(cda.authors[0]?.person?.family?.value).to.equal("EXEMPLE");
    expect(cda.authors[0]?.ids[0]?.extension).to.equal("899900000011");
    expect(cda.legalAuthenticator?.signatureCode?.code).to.equal("S");
    expect(cda.custodian?.ids[0]?.extension).to.equal("499900000011001");
    expect(cda.practiceSettingCode?.code).to.equal("AMBULATOIRE");
    expect(cda.encompassingEncounter?.facilityCode?.code).to.equal("SA07");
    expect(cda.mainAct?.effectiveTime?.low?.value).to.match(/^\d{14}[+-]\d{4}$/);
    expect(cda.body).to.deep.include({ kind: "nonXML", mediaType: "application/pdf", representation: "B64" });
    expect(Buffer.from(cda.body?.bytes ?? []).equals(made.pdf)).to.equal(true);
  });

  it("says where each fact stands", async () => {
    const cda = readCda((await document()).cda);
    expect(cda.ins && pathOf(cda.ins.node)).to.equal("/ClinicalDocument/recordTarget/patientRole/id[1]");
    expect(cda.title && pathOf(cda.title.node)).to.equal("/ClinicalDocument/title");
  });

  it("takes what is absent as absent, not as an error", () => {
    const cda = readCda(bytes('<ClinicalDocument xmlns="urn:hl7-org:v3"/>'));
    for (const member of [
      "realmCode",
      "id",
      "code",
      "title",
      "effectiveTime",
      "setId",
      "patient",
      "ins",
      "custodian",
      "body",
    ] as const) {
      expect(cda[member], member).to.equal(null);
    }
    expect(cda.authors).to.deep.equal([]);
    expect(cda.autoPresentable).to.equal(false);
  });

  it("unwraps an auto-presentable document", () => {
    const wrapped = `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"/><ClinicalDocument xmlns="urn:hl7-org:v3"><title>T</title></ClinicalDocument></xsl:stylesheet>`;
    const cda = readCda(bytes(wrapped));
    expect(cda.autoPresentable).to.equal(true);
    expect(cda.title?.value).to.equal("T");
  });

  it("throws its own errors only", () => {
    expect(() => readCda(bytes("<a/>"))).to.throw(CdaError);
    expect(() => readCda(bytes('<ClinicalDocument xmlns="urn:hl7-org:v2"/>'))).to.throw(CdaError);
    expect(() => readCda(bytes("<a>"))).to.throw(XmlError);
    expect(() => readCda(bytes("<!DOCTYPE a><a/>")))
      .to.throw(XmlError)
      .with.property("code", "dtd");
    fc.assert(
      fc.property(fc.string(), (value) => {
        try {
          readCda(bytes(`<ClinicalDocument xmlns="urn:hl7-org:v3">${value}</ClinicalDocument>`));
        } catch (error) {
          expect(error instanceof XmlError || error instanceof CdaError).to.equal(true);
        }
      }),
    );
  });

  it("knows the four OIDs of the INS and no other", () => {
    const known = [8, 9, 10, 11].map((last) => `1.2.250.1.213.1.4.${last}`);
    expect(known.every(isInsOid)).to.equal(true);
    for (const other of ["1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.13", "1.2.250.1.213.1.4", "", null]) {
      expect(isInsOid(other), String(other)).to.equal(false);
    }
  });

  it("decodes base64 strictly, white space aside", () => {
    expect(Buffer.from(decodeBase64(" SGVs\r\n bG8= ") ?? []).toString()).to.equal("Hello");
    for (const bad of ["SGVsbG8", "SGVs*G8=", "SGVsbG8==", "SGVs=bG8", "====", "_-8="]) {
      expect(decodeBase64(bad), bad).to.equal(null);
    }
    expect(decodeBase64("")?.length).to.equal(0);
  });
});
