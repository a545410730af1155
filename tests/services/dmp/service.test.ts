import { expect } from "chai";
import type { FaultSpec, PatientFixture, RunningService } from "../../../core/model/index.js";
import { partContent } from "../../../protocols/mtom.js";
import { readSoapEnvelope } from "../../../protocols/soap.js";
import { REGISTRY_FAILURE, REGISTRY_PARTIAL, REGISTRY_SUCCESS, readRegistryResponse } from "../../../protocols/xds.js";
import { at, attr, descendants } from "../../../protocols/xml.js";
import { dmpService } from "../../../services/dmp/index.js";
import { type TestContext, testContext } from "../../support/context.js";
import {
  existsRequest,
  freshOid,
  patientIdOf,
  post,
  SOAP_TYPE,
  type SubmissionOptions,
  signedVihf,
  submitRequest,
} from "./client.js";

describe("services/dmp", () => {
  let context: TestContext;
  let service: RunningService;

  before(async () => {
    context = await testContext();
    service = await dmpService.start(context);
  });
  after(async () => {
    await service.stop();
    context.dispose();
  });

  const patient = (key: string): PatientFixture => {
    const found = context.patients.find((p) => p.key === key);
    if (!found) throw new Error(`no patient ${key}`);
    return found;
  };
  const call = (name: "patients" | "repository", contentType: string, body: string | Uint8Array) =>
    post(String(service.endpoints[name]), context.pki.caBundlePem, context.pki.roles.auth, contentType, body);
  const exists = async (key: string, oid?: string) => {
    const who = patient(key);
    const request = existsRequest(oid ?? who.ins?.oid ?? "", who.ins?.matricule ?? "", signedVihf(context.pki, who));
    const answer = await call("patients", SOAP_TYPE, request);
    const soap = readSoapEnvelope(answer.body, String(answer.headers["content-type"]));
    return { answer, soap, code: attr(descendants(soap.body, "queryResponseCode")[0], "code") };
  };
  const submit = async (options: Partial<SubmissionOptions> = {}) => {
    const who = patient("adrun-zoe");
    const request = submitRequest({
      patientId: patientIdOf(who),
      assertion: signedVihf(context.pki, who),
      ...options,
    });
    const answer = await call("repository", request.contentType, request.body);
    const soap = readSoapEnvelope(answer.body, String(answer.headers["content-type"]));
    const registry = readRegistryResponse(soap.body);
    return { answer, soap, registry, codes: registry?.errors.map((e) => e.code) ?? [], uniqueId: request.uniqueId };
  };
  const withFault = async <T>(fault: Omit<FaultSpec, "service">, act: () => Promise<T>): Promise<T> => {
    const close = context.scenario(`fault-${fault.kind}-${fault.at}`, ["dmp"], [{ service: "dmp", ...fault }]);
    try {
      return await act();
    } finally {
      close();
    }
  };

  describe("transport", () => {
    it("refuses a caller without a client certificate", async () => {
      let refused = false;
      try {
        await post(String(service.endpoints.patients), context.pki.caBundlePem, null, SOAP_TYPE, "<x/>");
      } catch {
        refused = true;
      }
      expect(refused).to.equal(true);
      const connections = context.view().connections;
      expect(connections[connections.length - 1]?.alert?.code).to.equal("no_client_certificate");
    });

    it("serves the last path segment under any prefix, and nothing else", async () => {
      const base = String(service.listeners[0]?.url);
      const send = (path: string) =>
        post(
          `${base}${path}`,
          context.pki.caBundlePem,
          context.pki.roles.auth,
          SOAP_TYPE,
          existsRequest("1.2", "1", ""),
        );
      expect((await send("/autre/v9/services/patients")).status).to.equal(200);
      expect((await send("/si-dmp-server/v2/services/patientsPDQ")).status).to.equal(404);
    });

    it("answers bytes that are no SOAP with a fault and records them as malformed", async () => {
      const answer = await call("repository", SOAP_TYPE, "no xml");
      expect(answer.status).to.equal(400);
      expect(readSoapEnvelope(answer.body).fault?.code).to.equal("Sender");
      const recorded = context.view().exchanges;
      expect(recorded[recorded.length - 1]?.operation).to.equal("dmp.malformed");
    });
  });

  describe("TD0.2", () => {
    it("says OK and active for a patient with a DMP, giving back what was asked", async () => {
      const { answer, soap, code } = await exists("adrun-zoe");
      expect(answer.status).to.equal(200);
      expect(soap.addressing.action).to.equal("urn:hl7-org:v3:PRPA_IN201308UV02");
      expect(code).to.equal("OK");
      const patientNode = descendants(soap.body, "patient")[0];
      expect(attr(at(patientNode ?? null, "statusCode"), "code")).to.equal("active");
      expect(attr(at(patientNode ?? null, "id"), "extension")).to.equal(patient("adrun-zoe").ins?.matricule);
      expect(attr(descendants(soap.body, "queryId")[0], "extension")).to.equal("query-1");
      expect(attr(at(soap.payload, "acknowledgement"), "typeCode")).to.equal("AA");
      expect(attr(at(soap.payload, "acknowledgement/targetMessage/id"), "extension")).to.equal("question-1");
      expect(descendants(soap.body, "attentionLine")).to.have.length(2);
    });

    it("says NF without a DMP, for an unknown matricule, and under an OID that is not an INS", async () => {
      expect((await exists("adrtrois-toussaint")).code).to.equal("NF");
      expect((await exists("adrun-zoe", "1.2.250.1.213.1.4.2")).code).to.equal("NF");
    });

    it("says terminated for a closed DMP", async () => {
      const { soap, code } = await exists("ecetinsi-pierre-alain");
      expect(code).to.equal("OK");
      const patientNode = descendants(soap.body, "patient")[0];
      expect(attr(at(patientNode ?? null, "statusCode"), "code")).to.equal("terminated");
    });

    it("refuses a VIHF signed by an authentication certificate", async () => {
      const who = patient("adrun-zoe");
      const request = existsRequest(who.ins?.oid ?? "", who.ins?.matricule ?? "", signedVihf(context.pki, who, "auth"));
      const answer = await call("patients", SOAP_TYPE, request);
      expect(answer.status).to.equal(400);
      expect(readSoapEnvelope(answer.body).fault?.subcodes).to.deep.equal(["DMPInvalidCertificate"]);
    });

    it("plays the scripted faults", async () => {
      expect((await withFault({ at: "exists", kind: "not-found" }, () => exists("adrun-zoe"))).code).to.equal("NF");
      const closed = await withFault({ at: "exists", kind: "closed" }, () => exists("adrun-zoe"));
      expect(closed.answer.body.toString()).to.contain('code="terminated"');
      const faulted = await withFault({ at: "exists", kind: "soap-fault" }, () => exists("adrun-zoe"));
      expect(faulted.soap.fault?.code).to.equal("Sender");
    });
  });

  describe("TD2.1", () => {
    it("stores a document and answers Success in MTOM", async () => {
      const content = Buffer.from("<ClinicalDocument xmlns='urn:hl7-org:v3'><title>é</title></ClinicalDocument>");
      const { answer, soap, registry, uniqueId } = await submit({ content });
      expect(answer.status).to.equal(200);
      expect(registry?.status).to.equal(REGISTRY_SUCCESS);
      expect(soap.version).to.equal("1.2");
      expect(soap.addressing.action).to.equal("urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse");
      expect(soap.multipart?.parts).to.have.length(1);
      expect(partContent(soap.multipart?.root ?? never())).to.deep.equal(soap.bytes);
      const stored = (await service.control("documents")) as { uniqueId: string; size: number }[];
      expect(stored.find((d) => d.uniqueId === uniqueId)?.size).to.equal(content.length);
    });

    it("accepts both SOAP actions, and a document inside the XML", async () => {
      const kit = "urn:ihe:iti:xds-b:2007:ProvideAndRegisterDocumentSet-b";
      expect((await submit({ action: kit })).registry?.status).to.equal(REGISTRY_SUCCESS);
      const inline = await submit({ inline: true });
      expect(inline.registry?.status).to.equal(REGISTRY_SUCCESS);
      expect(inline.soap.multipart).to.equal(null);
    });

    it("refuses a uniqueId it has, of a document or of a set", async () => {
      const first = await submit();
      expect((await submit({ uniqueId: first.uniqueId })).codes).to.deep.equal(["XDSDuplicateUniqueIdInRegistry"]);
      const setId = freshOid();
      await submit({ setId });
      expect((await submit({ setId })).codes).to.deep.equal(["XDSDuplicateUniqueIdInRegistry"]);
    });

    it("refuses one uniqueId used twice in a message", async () => {
      const setId = freshOid();
      expect((await submit({ setId, uniqueId: setId })).codes).to.deep.equal([
        "XDSRepositoryDuplicateUniqueIdInMessage",
      ]);
    });

    it("refuses an unknown patient and two patients in one submission", async () => {
      const nobody = "299010100000000^^^&1.2.250.1.213.1.4.10&ISO^NH";
      expect((await submit({ patientId: nobody })).codes).to.deep.equal(["XDSUnknownPatientId"]);
      expect((await submit({ documentPatientId: nobody })).codes).to.deep.equal(["XDSPatientIdDoesNotMatch"]);
    });

    it("refuses entries and documents that do not join", async () => {
      expect((await submit({ documentId: "Other" })).codes).to.deep.equal([
        "XDSMissingDocument",
        "XDSMissingDocumentMetadata",
      ]);
    });

    it("refuses a wrong hash and a wrong size", async () => {
      expect((await submit({ hash: "0".repeat(40) })).codes).to.deep.equal(["XDSRepositoryMetadataError"]);
      expect((await submit({ size: "1" })).codes).to.deep.equal(["XDSRepositoryMetadataError"]);
    });

    it("stores nothing of what it refused, and forgets on reset", async () => {
      const uniqueId = freshOid();
      expect((await submit({ uniqueId, size: "1" })).registry?.status).to.equal(REGISTRY_FAILURE);
      expect((await submit({ uniqueId })).registry?.status).to.equal(REGISTRY_SUCCESS);
      await service.control("reset");
      expect((await submit({ uniqueId })).registry?.status).to.equal(REGISTRY_SUCCESS);
    });

    it("knows again after a restart what it stored", async () => {
      const { uniqueId } = await submit();
      const again = await dmpService.start(context);
      try {
        const stored = (await again.control("documents")) as { uniqueId: string }[];
        expect(stored.map((d) => d.uniqueId)).to.include(uniqueId);
      } finally {
        await again.stop();
      }
    });

    it("plays the scripted faults and records them on the exchange", async () => {
      const failed = await withFault(
        { at: "submit", kind: "registry-error", args: { code: "XDSRegistryBusy" } },
        submit,
      );
      expect(failed.registry?.status).to.equal(REGISTRY_FAILURE);
      expect(failed.codes).to.deep.equal(["XDSRegistryBusy"]);
      const recorded = context.view().exchanges;
      expect(recorded[recorded.length - 1]?.faults).to.have.length(1);
      expect((await withFault({ at: "submit", kind: "duplicate" }, submit)).codes).to.deep.equal([
        "XDSDuplicateUniqueIdInRegistry",
      ]);
      expect((await withFault({ at: "submit", kind: "partial-success" }, submit)).registry?.status).to.equal(
        REGISTRY_PARTIAL,
      );
      expect((await withFault({ at: "submit", kind: "soap-fault" }, submit)).soap.fault?.subcodes).to.have.length(1);
    });

    it("plays the faults of the connection", async () => {
      const busy = await withFault({ at: "connection", kind: "http-503" }, () => call("repository", SOAP_TYPE, "x"));
      expect(busy.status).to.equal(503);
      const slow = await withFault({ at: "connection", kind: "slow", args: { milliseconds: 20 } }, submit);
      expect(slow.registry?.status).to.equal(REGISTRY_SUCCESS);
      let cut = false;
      try {
        await withFault({ at: "connection", kind: "cut" }, submit);
      } catch {
        cut = true;
      }
      expect(cut).to.equal(true);
    });
  });
});

function never(): never {
  throw new Error("no multipart answer");
}
