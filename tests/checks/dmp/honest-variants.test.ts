/** Clients that differ from the reference vendor and are right all the same: no breach may be held against them. */
import { expect } from "chai";
import { dmpChecks } from "../../../checks/dmp/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckResult, FaultSpec, PatientFixture, RunningService } from "../../../core/model/index.js";
import { dmpService } from "../../../services/dmp/index.js";
import {
  existsRequest,
  freshOid,
  patientIdOf,
  post,
  SOAP_TYPE,
  type SubmissionOptions,
  sign,
  submitRequest,
  vihf,
} from "../../services/dmp/client.js";
import { type TestContext, testContext } from "../../support/context.js";

describe("checks/dmp on honest variants", () => {
  let context: TestContext;
  let service: RunningService;
  let patient: PatientFixture;

  beforeEach(async () => {
    context = await testContext();
    service = await dmpService.start(context);
    const found = context.patients.find((p) => p.key === "adrun-zoe");
    if (!found) throw new Error("no patient");
    patient = found;
  });
  afterEach(async () => {
    await service.stop();
    context.dispose();
  });

  const call = (name: "patients" | "repository", type: string, body: string | Uint8Array) =>
    post(String(service.endpoints[name]), context.pki.caBundlePem, context.pki.roles.auth, type, body);
  const token = (text = vihf({ resourceId: patientIdOf(patient) })): string => sign(text, context.pki.roles.sign);
  const ask = (assertion = token()) =>
    call("patients", SOAP_TYPE, existsRequest(patient.ins?.oid ?? "", patient.ins?.matricule ?? "", assertion));
  const upload = (options: Partial<SubmissionOptions> = {}, change = (body: string): string => body) => {
    const request = submitRequest({ patientId: patientIdOf(patient), assertion: token(), ...options });
    const body = Buffer.from(change(request.body.toString("latin1")), "latin1");
    return call("repository", request.contentType, body);
  };
  const play = async (act: () => Promise<unknown>, faults: FaultSpec[] = [], id = "dmp-submit"): Promise<void> => {
    const close = context.scenario(id, ["dmp"], faults, { patient });
    try {
      await act();
    } finally {
      close();
    }
  };
  const judged = (): Map<string, CheckResult> =>
    new Map(
      evaluate(
        context.view(),
        dmpChecks.map((check) => ({ check, planned: true })),
      ).map((r) => [r.id, r]),
    );
  /** Messages that fired, `check message`, after asserting that none is a breach. */
  const remarks = (): string[] => {
    const findings = [...judged().values()].flatMap((result) => result.findings);
    expect(findings.filter((f) => f.weight === "breach")).to.deep.equal([]);
    return [...new Set(findings.map((f) => `${f.check} ${f.message}`))];
  };

  it("has nothing to say of a plain client", async () => {
    await play(async () => {
      await ask();
      await upload();
    });
    expect(remarks()).to.deep.equal([]);
    expect(judged().get("dmp/vihf-signature")?.outcome).to.equal("met");
  });

  it("takes one VIHF for several calls, and a trailing date in the metadata as the kit writes it", async () => {
    await play(async () => {
      const assertion = token();
      await ask(assertion);
      await upload({ assertion, patientId: `${patientIdOf(patient)}^^20100907` });
    });
    expect(remarks()).to.deep.equal([]);
  });

  it("only remarks on the kit's spellings: mode attribute, action, ids that differ by case", async () => {
    const kit = vihf({ resourceId: patientIdOf(patient) }).replace("Authentification_Mode", "Authentification_mode");
    await play(async () => {
      await ask(token(kit));
      await upload({
        assertion: token(kit),
        action: "urn:ihe:iti:xds-b:2007:ProvideAndRegisterDocumentSet-b",
        documentId: "document01",
      });
    });
    expect(remarks()).to.have.members([
      "dmp/vihf-attributes mode_spelling",
      "dmp/soap-action kit_form",
      "dmp/document-parts case_differs",
    ]);
  });

  it("takes an Issuer written with another order and other type names", async () => {
    const issuer = "C=FR, 2.5.4.8=Paris (75), O=Cabinet de démonstration, OU=499900000011001, CN=segur-test-sign";
    await play(async () => {
      await ask(token(vihf({ resourceId: patientIdOf(patient), issuer: issuer.replace("é", "E") })));
    });
    expect(remarks()).to.deep.equal([]);
  });

  it("takes a nurse without a speciality", async () => {
    const roles =
      '<saml2:AttributeValue><Role xmlns="urn:hl7-org:v3" code="60" codeSystem="1.2.250.1.71.1.2.7" xsi:type="CE"/></saml2:AttributeValue>';
    await play(async () => {
      await ask(token(vihf({ resourceId: patientIdOf(patient), roles })));
    });
    expect(remarks()).to.deep.equal([]);
  });

  it("takes a refused upload sent again as it is, after a refusal and after a cut", async () => {
    const uniqueId = freshOid();
    const setId = freshOid();
    await play(async () => {
      await upload({ uniqueId, setId }).catch(() => undefined);
      await upload({ uniqueId, setId });
      await upload({ uniqueId, setId });
    }, [
      { service: "dmp", at: "connection", kind: "cut" },
      { service: "dmp", at: "submit", kind: "registry-error" },
    ]);
    const result = judged().get("dmp/unique-identifiers");
    expect(result?.observed.count).to.equal(3);
    expect(result?.findings).to.deep.equal([]);
  });

  it("takes the same document submitted twice, in two sets", async () => {
    const uniqueId = freshOid();
    await play(async () => {
      await upload({ uniqueId });
      await upload({ uniqueId });
      await upload({ uniqueId });
    });
    const result = judged().get("dmp/unique-identifiers");
    expect(result?.observed.count).to.equal(3);
    expect(result?.findings).to.deep.equal([]);
  });

  it("sees an upload without registry objects among good ones", async () => {
    await play(async () => {
      await upload();
      await upload({}, (body) => body.replaceAll("RegistryObjectList", "RegistryObjectLost"));
    });
    const result = judged().get("dmp/document-parts");
    expect(result?.findings.map((f) => [f.message, f.slots.count])).to.deep.equal([["no_submission_set", 0]]);
  });

  it("holds an identifier used again for another document against the client", async () => {
    const uniqueId = freshOid();
    await play(async () => {
      await upload({ uniqueId });
      await upload({ uniqueId, content: Buffer.from("<other/>") });
    });
    const result = judged().get("dmp/unique-identifiers");
    expect(result?.findings.map((f) => f.message)).to.deep.equal(["document_repeated"]);
  });

  it("takes a question asked in an earlier scenario", async () => {
    await play(() => ask(), [], "dmp-asked-before");
    await play(() => upload());
    expect(judged().get("dmp/existence-first")?.outcome).to.equal("met");
  });

  it("does not read as an upload what was cut before its end", async () => {
    await play(() => upload().catch(() => undefined), [{ service: "dmp", at: "connection", kind: "cut" }]);
    // The request came whole, the answer never went: the request is judged, the failure is not.
    expect(judged().get("dmp/soap-envelope")?.outcome).to.equal("met");
    expect(judged().get("dmp/failure-told")?.outcome).to.equal("unobserved");
  });

  it("finds what is broken in one call among good ones", async () => {
    await play(async () => {
      await ask();
      await upload();
      await upload({}, (body) => body.replace("CAMILLE EXEMPLE", "CAMILLE EXEMPLF"));
    });
    const result = judged().get("dmp/vihf-signature");
    expect(result?.findings.map((f) => [f.message, f.slots.reason])).to.deep.equal([["invalid", "digest_mismatch"]]);
    expect(result?.observed.count).to.equal(3);
  });

  it("judges nothing when nobody called", () => {
    for (const result of judged().values()) expect(result.outcome, result.id).to.equal("unobserved");
  });
});
