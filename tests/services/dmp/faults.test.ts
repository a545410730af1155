import { expect } from "chai";
import { REGISTRY_FAILURE, REGISTRY_PARTIAL, REGISTRY_SUCCESS } from "../../../protocols/xds.js";
import { freshOid, patientIdOf, post, submitRequest } from "./client.js";
import { type Desk, openDesk } from "./desk.js";

/** Codes of ITI-41 (dmp.md §1.4). */
const CODES = [
  "XDSMissingDocument",
  "XDSMissingDocumentMetadata",
  "XDSRegistryNotAvailable",
  "XDSRegistryError",
  "XDSRepositoryError",
  "XDSRegistryDuplicateUniqueIdInMessage",
  "XDSRepositoryDuplicateUniqueIdInMessage",
  "XDSDuplicateUniqueIdInRegistry",
  "XDSRegistryBusy",
  "XDSRepositoryBusy",
  "XDSRegistryOutOfResources",
  "XDSRepositoryOutOfResources",
  "XDSRegistryMetadataError",
  "XDSRepositoryMetadataError",
  "XDSUnknownPatientId",
  "XDSPatientIdDoesNotMatch",
  "XDSRegistryDeprecatedDocumentError",
  "PartialFolderContentNotProcessed",
  "PartialReplaceContentNotProcessed",
  "InvalidDocumentContent",
  "DocumentQueued",
];

describe("services/dmp, scripted faults of TD2.1", () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());
  afterEach(() => desk.service.control("reset"));

  const scripted = (kind: string, args?: Record<string, unknown>) =>
    desk.withFault({ at: "submit", kind, ...(args ? { args } : {}) }, () => desk.submit());
  const count = async (): Promise<number> => (await desk.entries()).length;

  it("refuses with each code of ITI-41 and stores nothing", async () => {
    for (const code of CODES) {
      const { registry, codes } = await scripted("registry-error", { code, context: "ctx", location: "here" });
      expect(registry?.status).to.equal(REGISTRY_FAILURE);
      expect(codes).to.deep.equal([code]);
      expect(registry?.errors[0]).to.include({ context: "ctx", location: "here" });
      expect(registry?.errors[0]?.severity).to.match(/:Error$/);
    }
    expect(await count()).to.equal(0);
  });

  it("stores and warns when the severity is Warning", async () => {
    const { registry } = await scripted("registry-error", { code: "XDSExtraMetadataNotSaved", severity: "Warning" });
    expect(registry?.status).to.equal(REGISTRY_SUCCESS);
    expect(registry?.errors[0]?.code).to.equal("XDSExtraMetadataNotSaved");
    expect(registry?.errors[0]?.severity).to.match(/:Warning$/);
    expect(await count()).to.equal(1);
  });

  it("stores and answers PartialSuccess", async () => {
    const { registry, codes } = await scripted("partial-success", { code: "PartialReplaceContentNotProcessed" });
    expect(registry?.status).to.equal(REGISTRY_PARTIAL);
    expect(codes).to.deep.equal(["PartialReplaceContentNotProcessed"]);
    expect(await count()).to.equal(1);
  });

  it("does not hide a real refusal behind a scripted success", async () => {
    const act = () => desk.submit({ size: "1" });
    const { codes } = await desk.withFault({ at: "submit", kind: "partial-success" }, act);
    expect(codes).to.deep.equal(["XDSRepositoryMetadataError"]);
  });

  it("answers SOAP faults with and without subcode, of either side", async () => {
    const own = await scripted("soap-fault", { code: "Receiver", subcode: "", text: "Panne" });
    expect(own.answer.status).to.equal(500);
    expect(own.soap.fault).to.include({ code: "Receiver", reason: "Panne" });
    expect(own.soap.fault?.subcodes).to.deep.equal([]);
    const named = await scripted("soap-fault", { subcode: "DMPInvalidCertificate" });
    expect(named.answer.status).to.equal(400);
    expect(named.soap.fault?.subcodes).to.deep.equal(["DMPInvalidCertificate"]);
    expect(await count()).to.equal(0);
  });

  it("stores, then loses the answer before its first byte: the retry meets the duplicate", async () => {
    const uniqueId = freshOid();
    const act = () => desk.submit({ uniqueId });
    let lost: unknown = null;
    try {
      await desk.withFault({ at: "submit", kind: "answer-lost" }, act);
    } catch (error) {
      lost = error;
    }
    expect(lost).to.be.instanceOf(Error);
    const exchange = desk.context.view().exchanges.at(-1);
    expect(exchange?.complete).to.equal(false);
    expect(exchange?.faults).to.have.length(1);
    expect(await count()).to.equal(1);
    expect((await act()).codes).to.deep.equal(["XDSDuplicateUniqueIdInRegistry"]);
  });

  it("stores, then cuts the answer in its middle", async () => {
    const patient = desk.patient("adrun-zoe");
    const { contentType, body } = submitRequest({
      patientId: patientIdOf(patient),
      assertion: desk.token("adrun-zoe"),
    });
    const { pki } = desk.context;
    let lost: unknown = null;
    try {
      await desk.withFault({ at: "submit", kind: "cut-answer" }, () =>
        post(String(desk.service.endpoints.repository), pki.caBundlePem, pki.roles.auth, contentType, body),
      );
    } catch (error) {
      lost = error;
    }
    expect(lost).to.have.property("message", "aborted");
    const exchange = desk.context.view().exchanges.at(-1);
    expect(exchange?.complete).to.equal(false);
    expect(Buffer.from(exchange?.responseBytes ?? []).toString("latin1")).to.contain("HTTP/1.1 200");
    expect(await count()).to.equal(1);
  });

  it("stores nothing when the connection is cut before it is read through", async () => {
    let lost = false;
    try {
      await desk.withFault({ at: "connection", kind: "cut" }, () => desk.submit());
    } catch {
      lost = true;
    }
    expect(lost).to.equal(true);
    expect(await count()).to.equal(0);
  });

  it("has no fault nobody wrote", async () => {
    const act = () => desk.call("repository", "application/soap+xml", submitRequest({ patientId: "x" }).body);
    const { contentType, body } = submitRequest({ patientId: "x" });
    const answer = await desk.withFault({ at: "submit", kind: "unheard-of" }, () =>
      desk.call("repository", contentType, body),
    );
    expect(answer.status).to.equal(500);
    expect(desk.context.logs.at(-1)).to.contain("no fault unheard-of at submit");
    expect((await act()).status).to.equal(400);
  });
});
