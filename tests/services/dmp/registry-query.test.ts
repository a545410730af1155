/** TD3.1: every stored query, each of its parameters, each error a registry owes. */
import { expect } from "chai";
import { STORED_QUERIES } from "../../../protocols/xds-query.js";
import { patientIdOf } from "./client.js";
import { type Bench, DOMINIQUE, openBench, ZOE } from "./registry-bench.js";
import {
  APPROVED,
  ARCHIVED,
  assertion,
  DELETED,
  DEPRECATED,
  FIND_DOCUMENTS,
  ME,
  newVersion,
  OTHER,
  type Parameters,
  updateRequest,
} from "./registry-client.js";

describe("services/dmp: TD3.1", () => {
  let bench: Bench;
  let first: { uniqueId: string; entryUuid: string };

  before(async () => {
    bench = await openBench();
    first = await bench.deposit("Lettre", { by: "ps-double" }, { typeCode: "96349-6", eventDate: "2026-01-10" });
    await bench.deposit(
      "Imagerie",
      {},
      { typeCode: "18748-4", eventDate: "2026-03-10", visibility: ["INVISIBLE_PATIENT"] },
    );
    await bench.deposit("Ancien", {}, { status: "Archived" });
    await bench.deposit("D'une autre", { patient: DOMINIQUE });
  });
  after(() => bench.close());

  const zoeId = (): string => patientIdOf(bench.patient(ZOE));

  describe("FindDocuments", () => {
    it("gives the whole metadata of the documents of the patient in the status asked for", async () => {
      const { http, status, titles, documents, xml } = await bench.find();
      expect(http.status).to.equal(200);
      expect(status).to.equal("Success");
      expect(titles).to.deep.equal(["Imagerie", "Lettre"]);
      const letter = documents.find((d) => d.title === "Lettre");
      expect(letter?.id).to.match(/^urn:uuid:/);
      expect(letter?.logicalId).to.equal(letter?.id);
      expect(letter?.status).to.equal(APPROVED);
      expect(letter?.repositoryUniqueId).to.equal("1.2.250.1.213.4.1.1.1.2");
      expect(letter?.hash).to.match(/^[0-9a-f]{40}$/);
      expect(letter?.uniqueId).to.equal(first.uniqueId);
      expect(xml).to.contain('<rim:VersionInfo versionName="1"/>');
      expect(xml).to.contain('totalResultCount="2"');
    });

    it("takes several statuses as alternatives, in one Value or cut over several", async () => {
      const both = { $XDSDocumentEntryStatus: `('${APPROVED}', '${ARCHIVED}')` };
      expect((await bench.find(both)).titles).to.deep.equal(["Ancien", "Imagerie", "Lettre"]);
      expect((await bench.find({ $XDSDocumentEntryStatus: `('${ARCHIVED}')` })).titles).to.deep.equal(["Ancien"]);
      expect((await bench.find({ $XDSDocumentEntryStatus: `('${DELETED}')` })).titles).to.deep.equal([]);
    });

    it("gives references when asked for references", async () => {
      const { kinds, ids } = await bench.find({}, { returnType: "ObjectRef" });
      expect(kinds).to.deep.equal(["ObjectRef", "ObjectRef"]);
      expect(ids).to.include(first.entryUuid);
    });

    it("compares the patient by identifier and authority, not by what follows", async () => {
      const longer = { $XDSDocumentEntryPatientId: `'${zoeId()}^^20260101'` };
      expect((await bench.find(longer)).titles).to.have.length(2);
      const other = { $XDSDocumentEntryPatientId: `'${zoeId().replace("1.4.10", "1.4.8")}'` };
      expect((await bench.find(other)).titles).to.deep.equal([]);
    });

    it("answers Success with nothing for a patient it does not know", async () => {
      const { status, kinds } = await bench.find({ $XDSDocumentEntryPatientId: "'1^^^&1.2&ISO^NH'" });
      expect([status, kinds]).to.deep.equal(["Success", []]);
    });

    const filters: readonly (readonly [string, string | readonly string[], readonly string[]])[] = [
      ["$XDSDocumentEntryTypeCode", "('96349-6^^2.16.840.1.113883.6.1')", ["Lettre"]],
      ["$XDSDocumentEntryTypeCode", "('96349-6^^1.2.3')", []],
      ["$XDSDocumentEntryTypeCode", "('96349-6','18748-4')", ["Imagerie", "Lettre"]],
      ["$XDSDocumentEntryClassCode", "('31^^1.2.250.1.213.1.1.4.1')", ["Imagerie"]],
      ["$XDSDocumentEntryPracticeSettingCode", "('AMBULATOIRE^^1.2.250.1.213.1.1.4.9')", ["Imagerie", "Lettre"]],
      ["$XDSDocumentEntryPracticeSettingCode", "('ETABLISSEMENT^^1.2.250.1.213.1.1.4.9')", []],
      ["$XDSDocumentEntryHealthcareFacilityTypeCode", "('SA07^^1.2.250.1.71.4.2.4')", ["Imagerie", "Lettre"]],
      ["$XDSDocumentEntryHealthcareFacilityTypeCode", "('SA01^^1.2.250.1.71.4.2.4')", []],
      [
        "$XDSDocumentEntryFormatCode",
        "('urn:ihe:iti:xds-sd:text:2008^^1.3.6.1.4.1.19376.1.2.3')",
        ["Imagerie", "Lettre"],
      ],
      ["$XDSDocumentEntryFormatCode", "('urn:ihe:iti:xds-sd:pdf:2008^^1.3.6.1.4.1.19376.1.2.3')", []],
      ["$XDSDocumentEntryConfidentialityCode", "('INVISIBLE_PATIENT^^1.2.250.1.213.1.1.4.13')", ["Imagerie"]],
      ["$XDSDocumentEntryConfidentialityCode", "('N','INVISIBLE_PATIENT')", ["Imagerie", "Lettre"]],
      ["$XDSDocumentEntryConfidentialityCode", ["('N')", "('INVISIBLE_PATIENT')"], ["Imagerie"]],
      ["$XDSDocumentEntryEventCodeList", "('H33^^2.16.840.1.113883.6.3')", []],
      ["$XDSDocumentEntryAuthorPerson", "('%ESSAI%')", ["Lettre"]],
      ["$XDSDocumentEntryAuthorPerson", `('${OTHER}^ESSA_^%')`, ["Lettre"]],
      ["$XDSDocumentEntryAuthorPerson", "('ESSAI')", []],
      ["$XDSDocumentEntryType", "('urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1')", ["Imagerie", "Lettre"]],
      ["$XDSDocumentEntryType", "('urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248')", []],
      ["$XDSDocumentEntryServiceStartTimeFrom", "'20260110120000'", ["Imagerie", "Lettre"]],
      ["$XDSDocumentEntryServiceStartTimeFrom", "20260110120001", ["Imagerie"]],
      ["$XDSDocumentEntryServiceStartTimeTo", "'20260310120000'", ["Lettre"]],
      ["$XDSDocumentEntryServiceStartTimeTo", "'20260310120001'", ["Imagerie", "Lettre"]],
      ["$XDSDocumentEntryServiceStartTimeFrom", "'202602'", ["Imagerie"]],
      ["$XDSDocumentEntryServiceStopTimeFrom", "'2000'", []],
      ["$XDSDocumentEntryCreationTimeFrom", "'20200101'", ["Imagerie", "Lettre"]],
      ["$XDSDocumentEntryCreationTimeTo", "'20200101'", []],
      ["$XDSDocumentEntryComments", "('ignored')", ["Imagerie", "Lettre"]],
    ];
    for (const [name, value, expected] of filters) {
      it(`${name} ${String(value)}`, async () => {
        const { status, titles } = await bench.find({ [name]: value });
        expect(status).to.equal("Success");
        expect(titles).to.deep.equal(expected);
      });
    }

    it("event codes and stop times, AND between Slots, on a document that has them", async () => {
      const stored = await bench.deposit("Actes", { patient: DOMINIQUE });
      const found = await bench.query(
        STORED_QUERIES.GetDocuments,
        { $XDSDocumentEntryEntryUUID: `('${stored.entryUuid}')` },
        { patient: DOMINIQUE },
      );
      const code = (value: string): string =>
        `<rim:Classification id="k" classifiedObject="Document01" classificationScheme="urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4" nodeRepresentation="${value}"><rim:Slot name="codingScheme"><rim:ValueList><rim:Value>2.16.840.1.113883.6.3</rim:Value></rim:ValueList></rim:Slot></rim:Classification>`;
      const stop =
        '<rim:Slot name="serviceStopTime"><rim:ValueList><rim:Value>20260401080000</rim:Value></rim:ValueList></rim:Slot>';
      const object = (/<rim:ExtrinsicObject[\s\S]*<\/rim:ExtrinsicObject>/.exec(found.xml)?.[0] ?? "")
        .replace("<rim:Slot", `${stop}<rim:Slot`)
        .replace("<rim:ExternalIdentifier", `${code("H33")}${code("I10")}<rim:ExternalIdentifier`);
      const saml = assertion(bench.patient(DOMINIQUE));
      const update = updateRequest(patientIdOf(bench.patient(DOMINIQUE)), newVersion(object, "1"), saml);
      expect((await bench.update(update)).status).to.equal("Success");
      const titles = async (parameters: Parameters) => (await bench.find(parameters, { patient: DOMINIQUE })).titles;
      expect(await titles({ $XDSDocumentEntryEventCodeList: "('H33^^2.16.840.1.113883.6.3','Z00')" })).to.deep.equal([
        "Actes",
      ]);
      expect(await titles({ $XDSDocumentEntryEventCodeList: ["('H33')", "('I10')"] })).to.deep.equal(["Actes"]);
      expect(await titles({ $XDSDocumentEntryEventCodeList: ["('H33')", "('Z00')"] })).to.deep.equal([]);
      expect(await titles({ $XDSDocumentEntryServiceStopTimeFrom: "'20260401080000'" })).to.deep.equal(["Actes"]);
      expect(await titles({ $XDSDocumentEntryServiceStopTimeTo: "'20260401080000'" })).to.deep.equal([]);
    });
  });

  describe("refusals", () => {
    const refused = async (parameters: Record<string, string | readonly string[]>, id = FIND_DOCUMENTS) => {
      const { status, codes, kinds } = await bench.query(id, parameters);
      expect([status, kinds]).to.deep.equal(["Failure", []]);
      return codes;
    };
    const ok = (): Record<string, string> => ({
      $XDSDocumentEntryPatientId: `'${zoeId()}'`,
      $XDSDocumentEntryStatus: `('${APPROVED}')`,
    });

    it("XDSUnknownStoredQuery for an id of no query, and for the queries on folders", async () => {
      expect(await refused(ok(), "urn:uuid:00000000-0000-4000-8000-000000000000")).to.deep.equal([
        "XDSUnknownStoredQuery",
      ]);
      expect(await refused(ok(), STORED_QUERIES.FindFolders)).to.deep.equal(["XDSUnknownStoredQuery"]);
    });
    it("XDSStoredQueryMissingParam without patient or status", async () => {
      expect(await refused({ $XDSDocumentEntryStatus: `('${APPROVED}')` })).to.deep.equal([
        "XDSStoredQueryMissingParam",
      ]);
      expect(await refused({ $XDSDocumentEntryPatientId: `'${zoeId()}'` })).to.deep.equal([
        "XDSStoredQueryMissingParam",
      ]);
      expect(await refused({})).to.have.length(2);
      expect(await refused({}, STORED_QUERIES.GetAssociations)).to.deep.equal(["XDSStoredQueryMissingParam"]);
      expect(await refused({}, STORED_QUERIES.GetDocuments)).to.deep.equal(["XDSStoredQueryMissingParam"]);
    });
    it("XDSStoredQueryParamNumber for two patients, a repeated Slot, both identifiers", async () => {
      expect(await refused({ ...ok(), $XDSDocumentEntryPatientId: `('${zoeId()}','1')` })).to.deep.equal([
        "XDSStoredQueryParamNumber",
      ]);
      expect(
        await refused({ ...ok(), $XDSDocumentEntryStatus: [`('${APPROVED}')`, `('${DEPRECATED}')`] }),
      ).to.deep.equal(["XDSStoredQueryParamNumber"]);
      const both = { $XDSDocumentEntryEntryUUID: "('a')", $XDSDocumentEntryUniqueId: "('b')" };
      expect(await refused(both, STORED_QUERIES.GetDocuments)).to.deep.equal(["XDSStoredQueryParamNumber"]);
    });
    it("XDSRegistryError for a value that ends nowhere, a time that is none, another returnType", async () => {
      expect(await refused({ ...ok(), $XDSDocumentEntryTypeCode: "('96349-6" })).to.deep.equal(["XDSRegistryError"]);
      expect(await refused({ ...ok(), $XDSDocumentEntryCreationTimeFrom: "'2026-01-01'" })).to.deep.equal([
        "XDSRegistryError",
      ]);
      const other = await bench.find({}, { returnType: "RegistryObject" });
      expect([other.status, other.codes]).to.deep.equal(["Failure", ["XDSRegistryError"]]);
    });
    it("XDSResultNotSinglePatient for full metadata of two patients, not for references", async () => {
      const other = await bench.deposit("Autre", { patient: DOMINIQUE });
      const asked = { $XDSDocumentEntryUniqueId: `('${first.uniqueId}','${other.uniqueId}')` };
      const full = await bench.query(STORED_QUERIES.GetDocuments, asked);
      expect([full.status, full.codes]).to.deep.equal(["Failure", ["XDSResultNotSinglePatient"]]);
      const references = await bench.query(STORED_QUERIES.GetDocuments, asked, { returnType: "ObjectRef" });
      expect(references.kinds).to.deep.equal(["ObjectRef", "ObjectRef"]);
    });
    it("the scripted errors and faults", async () => {
      const failed = await bench.withFault(
        { at: "search", kind: "registry-error", args: { code: "XDSTooManyResults" } },
        () => bench.find(),
      );
      expect([failed.status, failed.codes, failed.titles]).to.deep.equal(["Failure", ["XDSTooManyResults"], []]);
      const partial = await bench.withFault({ at: "search", kind: "partial-success" }, () => bench.find());
      expect([partial.status, partial.titles.length]).to.deep.equal(["PartialSuccess", 2]);
      const fault = await bench.withFault({ at: "search", kind: "soap-fault" }, () => bench.find());
      expect(fault.fault).to.equal("Sender/DMPInvalidCertificate");
      const recorded = bench.context.view().exchanges.filter((e) => e.operation === "dmp.search");
      expect(recorded[recorded.length - 1]?.faults).to.have.length(1);
    });
    it("another message at the registry, as a message that is not served", async () => {
      const answer = await bench.update("<x/>");
      expect(answer.fault).to.equal("Sender");
    });
  });

  describe("the other queries", () => {
    const quoted = (...ids: readonly string[]): string => `(${ids.map((id) => `'${id}'`).join(",")})`;

    it("GetDocuments by entryUUID and by uniqueId, whatever the status", async () => {
      const byUuid = await bench.query(STORED_QUERIES.GetDocuments, {
        $XDSDocumentEntryEntryUUID: quoted(first.entryUuid),
      });
      expect(byUuid.titles).to.deep.equal(["Lettre"]);
      const archived = (await bench.find({ $XDSDocumentEntryStatus: quoted(ARCHIVED) })).documents[0]?.uniqueId ?? "";
      const byId = await bench.query(STORED_QUERIES.GetDocuments, { $XDSDocumentEntryUniqueId: quoted(archived) });
      expect(byId.titles).to.deep.equal(["Ancien"]);
      const unknown = await bench.query(STORED_QUERIES.GetDocuments, { $XDSDocumentEntryUniqueId: quoted("1.2.3") });
      expect([unknown.status, unknown.kinds]).to.deep.equal(["Success", []]);
    });
    it("GetDocumentsAndAssociations adds the links", async () => {
      const answer = await bench.query(STORED_QUERIES.GetDocumentsAndAssociations, {
        $XDSDocumentEntryUniqueId: quoted(first.uniqueId),
      });
      expect(answer.kinds).to.deep.equal(["ExtrinsicObject", "Association"]);
    });
    it("GetAssociations by either end", async () => {
      const answer = await bench.query(STORED_QUERIES.GetAssociations, { $uuid: quoted(first.entryUuid) });
      expect(answer.kinds).to.deep.equal(["Association"]);
      const set = /sourceObject="([^"]+)"/.exec(answer.xml)?.[1] ?? "";
      const same = await bench.query(STORED_QUERIES.GetAssociations, { $uuid: quoted(set) });
      expect(same.ids).to.deep.equal(answer.ids);
    });
    it("GetSubmissionSets and GetSubmissionSetAndContents", async () => {
      const sets = await bench.query(STORED_QUERIES.GetSubmissionSets, { $uuid: quoted(first.entryUuid) });
      expect(sets.kinds).to.deep.equal(["RegistryPackage", "Association"]);
      const asked = { $XDSSubmissionSetEntryUUID: `'${sets.ids[0]}'` };
      const all = await bench.query(STORED_QUERIES.GetSubmissionSetAndContents, asked);
      expect(all.kinds).to.deep.equal(["RegistryPackage", "ExtrinsicObject", "Association"]);
      const none = await bench.query(STORED_QUERIES.GetSubmissionSetAndContents, {
        ...asked,
        $XDSDocumentEntryFormatCode: "('other')",
      });
      expect(none.kinds).to.deep.equal(["RegistryPackage"]);
    });
    it("GetRelatedDocuments: nothing without a link of the type", async () => {
      const answer = await bench.query(STORED_QUERIES.GetRelatedDocuments, {
        $XDSDocumentEntryEntryUUID: `'${first.entryUuid}'`,
        $AssociationTypes: "('urn:ihe:iti:2007:AssociationType:RPLC')",
      });
      expect([answer.status, answer.kinds]).to.deep.equal(["Success", []]);
    });
    it("FindSubmissionSets with its parameters", async () => {
      const find = async (parameters: Record<string, string>) =>
        (
          await bench.query(STORED_QUERIES.FindSubmissionSets, {
            $XDSSubmissionSetPatientId: `'${zoeId()}'`,
            $XDSSubmissionSetStatus: `('${APPROVED}')`,
            ...parameters,
          })
        ).kinds.length;
      expect(await find({})).to.equal(3);
      expect(await find({ $XDSSubmissionSetStatus: `('${DEPRECATED}')` })).to.equal(0);
      expect(await find({ $XDSSubmissionSetAuthorPerson: "'%ESSAI%'" })).to.equal(1);
      expect(await find({ $XDSSubmissionSetContentType: "('SA07^^1.2.250.1.71.4.2.4')" })).to.equal(3);
      expect(await find({ $XDSSubmissionSetContentType: "('03')" })).to.equal(0);
      expect(await find({ $XDSSubmissionSetSourceId: "('1.2.3')" })).to.equal(0);
      expect(await find({ $XDSSubmissionSetSubmissionTimeFrom: "'20200101'" })).to.equal(3);
      expect(await find({ $XDSSubmissionSetSubmissionTimeTo: "'20200101'" })).to.equal(0);
    });
  });

  it("tells the caller of every search in the journal", async () => {
    await bench.find();
    const journal = (await bench.service.control("accesses", { patient: ZOE })) as {
      nationalId: string;
      operation: string;
    }[];
    expect(journal[journal.length - 1]).to.include({ nationalId: ME, operation: "dmp.search", outcome: "allowed" });
  });
});
