import { expect } from "chai";
import {
  parseCx,
  parseXcn,
  parseXon,
  readRegistryResponse,
  readSubmitObjects,
  slotValues,
  XdsError,
} from "../../protocols/xds.js";
import { parseXml } from "../../protocols/xml.js";
import { submitRequest } from "../services/dmp/client.js";

const RIM = 'xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"';

describe("protocols/xds", () => {
  it("reads set, document, association and content of a submission", () => {
    const { body } = submitRequest({
      patientId: "1^^^&1.2.250.1.213.1.4.10&ISO^NH",
      uniqueId: "1.2.3",
      setId: "1.2.4",
    });
    const text = body.toString();
    const xml = text.slice(text.indexOf("<xdsb:Prov"), text.indexOf("</soap:Body>"));
    const read = readSubmitObjects(parseXml(xml));
    expect(read.submissionSet?.uniqueId).to.equal("1.2.4");
    expect(read.submissionSet?.submissionTime).to.equal("20260101120000");
    expect(read.submissionSet?.authors[0]?.institutions).to.have.length(1);
    expect(read.documents[0]).to.deep.include({
      id: "Document01",
      uniqueId: "1.2.3",
      mimeType: "text/xml",
      title: "Compte rendu",
    });
    expect(read.documents[0]?.typeCode).to.deep.include({
      code: "11488-4",
      scheme: "2.16.840.1.113883.6.1",
      label: null,
    });
    expect(read.associations[0]).to.deep.include({
      source: "Set01",
      target: "Document01",
      submissionSetStatus: "Original",
    });
    expect(read.contents.map((c) => c.id)).to.deep.equal(["Document01"]);
  });

  it("says null for what is absent, and finds a set classified beside its package", () => {
    const xml = `<L xmlns="urn:x"><RegistryObjectList ${RIM}><RegistryPackage id="p"/><RegistryPackage id="other"/><Classification classifiedObject="p" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/><ExtrinsicObject/></RegistryObjectList></L>`;
    const read = readSubmitObjects(Buffer.from(xml));
    expect(read.submissionSets.map((s) => s.id)).to.deep.equal(["p"]);
    expect(read.submissionSet?.uniqueId).to.equal(null);
    const document = read.documents[0];
    expect([document?.id, document?.hash, document?.title, document?.typeCode, document?.uri]).to.deep.equal([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(document?.confidentialityCodes).to.deep.equal([]);
  });

  it("refuses what holds no registry objects", () => {
    expect(() => readSubmitObjects(Buffer.from("<a/>"))).to.throw(XdsError);
  });

  it("keeps every value of a slot and joins a cut URI in its order", () => {
    const slot = (name: string, ...values: string[]) =>
      `<Slot name="${name}"><ValueList>${values.map((v) => `<Value>${v}</Value>`).join("")}</ValueList></Slot>`;
    const xml = `<RegistryObjectList ${RIM}><ExtrinsicObject id="d">${slot("sourcePatientInfo", "PID-5|A^B", " PID-8|F ")}${slot("URI", "2|CDA.XML", "1|IHE_XDM/")}</ExtrinsicObject></RegistryObjectList>`;
    const document = readSubmitObjects(Buffer.from(xml)).documents[0];
    expect(document?.sourcePatientInfo).to.deep.equal(["PID-5|A^B", "PID-8|F"]);
    expect(document?.uri).to.equal("IHE_XDM/CDA.XML");
    expect(document && slotValues(document.node, "nothing")).to.deep.equal([]);
  });

  it("reads CX, XCN and XON, absent components as null, trailing ones tolerated", () => {
    expect(parseCx("123^^^&1.2.250.1.213.1.4.10&ISO^NH^^20100907")).to.deep.equal({
      id: "123",
      oid: "1.2.250.1.213.1.4.10",
      authorityType: "ISO",
      type: "NH",
    });
    expect(parseCx("123")).to.deep.equal({ id: "123", oid: null, authorityType: null, type: null });
    expect(parseCx(null)).to.equal(null);
    expect(parseXcn("899900000011^EXEMPLE^CAMILLE^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS")).to.deep.equal({
      id: "899900000011",
      familyName: "EXEMPLE",
      givenName: "CAMILLE",
      oid: "1.2.250.1.71.4.2.1",
      authorityType: "ISO",
      nameType: "D",
      identifierType: "IDNPS",
    });
    expect(parseXon("CABINET^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499900000011001")).to.deep.equal({
      name: "CABINET",
      oid: "1.2.250.1.71.4.2.2",
      authorityType: "ISO",
      identifierType: "IDNST",
      id: "499900000011001",
    });
  });

  it("reads a RegistryResponse and its errors", () => {
    const xml = `<a><rs:RegistryResponse xmlns:rs="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" status="s"><rs:RegistryErrorList><rs:RegistryError errorCode="XDSRegistryError" codeContext="c" severity="e"/></rs:RegistryErrorList></rs:RegistryResponse></a>`;
    const read = readRegistryResponse(parseXml(xml));
    expect(read?.status).to.equal("s");
    expect(read?.errors).to.deep.equal([{ code: "XDSRegistryError", context: "c", severity: "e", location: null }]);
    expect(readRegistryResponse(parseXml("<a/>"))).to.equal(null);
  });
});
