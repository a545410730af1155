/** A running DMP mock and the calls the tests make to it. */
import type { FaultSpec, PatientFixture, RunningService } from "../../../core/model/index.js";
import { readSoapEnvelope, type SoapEnvelope } from "../../../protocols/soap.js";
import { readRegistryResponse, type RegistryResponse } from "../../../protocols/xds.js";
import { attr, descendants } from "../../../protocols/xml.js";
import { dmpService } from "../../../services/dmp/index.js";
import type { StoredEntry } from "../../../services/dmp/store.js";
import { type TestContext, testContext } from "../../support/context.js";
import {
  existsRequest,
  type HttpAnswer,
  patientIdOf,
  post,
  SOAP_TYPE,
  type SubmissionOptions,
  sign,
  submitRequest,
  vihf,
} from "./client.js";

export interface Submitted {
  readonly answer: HttpAnswer;
  readonly soap: SoapEnvelope;
  readonly registry: RegistryResponse | null;
  readonly codes: readonly (string | null)[];
  readonly uniqueId: string;
}

export interface Desk {
  readonly context: TestContext;
  readonly service: RunningService;
  patient(key: string): PatientFixture;
  /** Sends a message as it stands to one of the services. */
  call(service: string, contentType: string, body: string | Uint8Array): Promise<HttpAnswer>;
  /** A signed VIHF of EXEMPLE CAMILLE for the patient; `edit` changes it before it is signed. */
  token(key: string, edit?: (xml: string) => string): string;
  exists(key: string): Promise<{ readonly soap: SoapEnvelope; readonly code: string | null }>;
  /** TD2.1 for adrun-zoe, or whoever the options name. */
  submit(options?: Partial<SubmissionOptions>): Promise<Submitted>;
  withFault<T>(fault: Omit<FaultSpec, "service">, act: () => Promise<T>): Promise<T>;
  entries(): Promise<readonly StoredEntry[]>;
  entry(uniqueId: string): Promise<StoredEntry>;
  close(): Promise<void>;
}

/** `known`: the context of another desk, to start the service again on its state. */
export async function openDesk(known?: TestContext): Promise<Desk> {
  const context = known ?? (await testContext());
  const service = await dmpService.start(context);
  const patient = (key: string): PatientFixture => {
    const found = context.patients.find((p) => p.key === key);
    if (!found) throw new Error(`no patient ${key}`);
    return found;
  };
  const call = (name: string, contentType: string, body: string | Uint8Array): Promise<HttpAnswer> =>
    post(String(service.endpoints[name]), context.pki.caBundlePem, context.pki.roles.auth, contentType, body);
  const token = (key: string, edit = (xml: string): string => xml): string =>
    sign(edit(vihf({ resourceId: patientIdOf(patient(key)) })), context.pki.roles.sign);
  const entries = async (): Promise<readonly StoredEntry[]> => (await service.control("documents")) as StoredEntry[];
  return {
    context,
    service,
    patient,
    call,
    token,
    async exists(key) {
      const { ins } = patient(key);
      const answer = await call("patients", SOAP_TYPE, existsRequest(ins?.oid ?? "", ins?.matricule ?? "", token(key)));
      const soap = readSoapEnvelope(answer.body, String(answer.headers["content-type"]));
      return { soap, code: attr(descendants(soap.body, "queryResponseCode")[0], "code") };
    },
    async submit(options = {}) {
      const request = submitRequest({
        patientId: patientIdOf(patient("adrun-zoe")),
        assertion: token("adrun-zoe"),
        ...options,
      });
      const answer = await call("repository", request.contentType, request.body);
      const soap = readSoapEnvelope(answer.body, String(answer.headers["content-type"]));
      const registry = readRegistryResponse(soap.body);
      return { answer, soap, registry, codes: registry?.errors.map((e) => e.code) ?? [], uniqueId: request.uniqueId };
    },
    async withFault(fault, act) {
      const close = context.scenario(`fault-${fault.kind}-${fault.at}`, ["dmp"], [{ service: "dmp", ...fault }]);
      try {
        return await act();
      } finally {
        close();
      }
    },
    entries,
    async entry(uniqueId) {
      const found = (await entries()).find((e) => e.uniqueId === uniqueId);
      if (!found) throw new Error(`${uniqueId} is not stored`);
      return found;
    },
    async close() {
      await service.stop();
      context.dispose();
    },
  };
}
