import { expect } from "chai";
import { readCda } from "../../protocols/cda.js";
import { documentUniqueId, expectedEntry, localPatientIds } from "../../protocols/cda-xds.js";
import { document } from "../checks/dmp-document/sample.js";

const cda = (inner: string) =>
  readCda(Buffer.from(`<ClinicalDocument xmlns="urn:hl7-org:v3">${inner}</ClinicalDocument>`));

describe("protocols/cda-xds", () => {
  it("recomputes the entry of a level 1 document", async () => {
    const made = await document();
    const entry = expectedEntry(readCda(made.cda));
    const utc = (instant: Date): string => instant.toISOString().replace(/\D/g, "").slice(0, 14);
    expect(entry).to.deep.include({
      uniqueId: made.uniqueId,
      patientId: { id: "297022A02077878", oid: "1.2.250.1.213.1.4.10" },
      classCode: "10",
      formatCode: "urn:ihe:iti:xds-sd:pdf:2008",
      mimeType: "text/xml",
      title: "CR de consultation",
      languageCode: "fr-FR",
      confidentialityCode: "N",
      creationTime: utc(made.made),
      serviceStartTime: utc(made.serviceStart),
      serviceStopTime: utc(made.serviceStop),
      patient: { birthName: "ADRTROIS", birthDate: "19970226", sex: "F" },
    });
    expect(entry.typeCode).to.deep.equal({ code: "11488-4", scheme: "2.16.840.1.113883.6.1" });
    expect(entry.practiceSettingCode?.code).to.equal("AMBULATOIRE");
    expect(entry.healthcareFacilityTypeCode?.code).to.equal("SA07");
    expect(entry.legalAuthenticator).to.deep.equal({
      ids: ["899900000011"],
      familyName: "EXEMPLE",
      givenName: "CAMILLE",
      device: false,
    });
    expect(entry.authors[0]?.institution).to.deep.equal({ ids: ["499900000011001"], name: "CABINET DE DEMONSTRATION" });
  });

  it("leaves null what the document does not say", () => {
    const entry = expectedEntry(cda('<effectiveTime value="20260101120000"/><code code="00000-0"/>'));
    expect(entry).to.deep.include({
      uniqueId: null,
      patientId: null,
      classCode: null,
      formatCode: null,
      creationTime: null,
    });
    expect(entry.legalAuthenticator).to.equal(null);
  });

  it("joins root and extension of the identifier", () => {
    expect(documentUniqueId(cda('<id root="1.2.3"/>'))).to.equal("1.2.3");
    expect(documentUniqueId(cda('<id root="1.2.3" extension="A1"/>'))).to.equal("1.2.3^A1");
  });

  it("finds the format of a structured document by its volet, and does not choose between two", () => {
    const structured = (templates: string): string | null =>
      expectedEntry(cda(`${templates}<component><structuredBody/></component>`)).formatCode;
    expect(structured('<templateId root="1.2.250.1.213.1.1.1.29"/>')).to.equal("urn:asip:ci-sis:ldl-ses:2017");
    expect(
      structured('<templateId root="1.2.250.1.213.1.1.1.29"/><templateId root="1.2.250.1.213.1.1.1.13"/>'),
    ).to.equal(null);
    expect(structured('<templateId root="1.2.3"/>')).to.equal(null);
  });

  it("keeps the local identifiers apart from the INS", () => {
    const patient =
      '<recordTarget><patientRole><id root="1.2.250.1.213.1.4.8" extension="1"/><id root="1.2.3" extension="IPP"/></patientRole></recordTarget>';
    expect(localPatientIds(cda(patient))).to.deep.equal([{ id: "IPP", oid: "1.2.3" }]);
  });
});
