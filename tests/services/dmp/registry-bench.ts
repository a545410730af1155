/** A started mock and short ways to ask it, for the tests of TD3.x. */
import type { FaultSpec, PatientFixture, RunningService } from "../../../core/model/index.js";
import { readSoapEnvelope } from "../../../protocols/soap.js";
import { readRegistryResponse, readSubmitObjects, type XdsDocument } from "../../../protocols/xds.js";
import { readQueryResponse } from "../../../protocols/xds-query.js";
import { attr, children, descendants } from "../../../protocols/xml.js";
import { dmpService } from "../../../services/dmp/index.js";
import { type TestContext, testContext } from "../../support/context.js";
import { type HttpAnswer, patientIdOf, post, SOAP_TYPE } from "./client.js";
import {
  APPROVED,
  assertion,
  FIND_DOCUMENTS,
  type Parameters,
  queryRequest,
  retrieveRequest,
  type Who,
} from "./registry-client.js";

export const ZOE = "adrun-zoe";
export const DOMINIQUE = "adrtrois-dominique";

export interface Bench {
  readonly context: TestContext;
  readonly service: RunningService;
  patient(key: string): PatientFixture;
  call(name: "registry" | "repository", body: string): Promise<HttpAnswer>;
  query(id: string, parameters: Parameters, options?: QueryOptions): Promise<QueryAnswer>;
  /** FindDocuments of Approved documents of ZOE, with further parameters. */
  find(parameters?: Parameters, options?: QueryOptions): Promise<QueryAnswer>;
  retrieve(uniqueIds: readonly string[], who?: Who, repository?: string): Promise<HttpAnswer>;
  /** ITI-57 or any registry message: errors and fault. */
  update(body: string): Promise<UpdateAnswer>;
  deposit(title: string, args?: Record<string, unknown>, document?: Record<string, unknown>): Promise<Deposited>;
  withFault<T>(fault: Omit<FaultSpec, "service">, act: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
export interface QueryOptions {
  readonly who?: Who;
  readonly returnType?: string;
  readonly patient?: string;
}
export interface QueryAnswer {
  readonly http: HttpAnswer;
  /** Last piece of the status URN; null in a fault. */
  readonly status: string | null;
  readonly codes: readonly (string | null)[];
  /** Titles of the documents, sorted. */
  readonly titles: readonly string[];
  readonly documents: readonly XdsDocument[];
  /** Local names of the objects, in order. */
  readonly kinds: readonly string[];
  readonly ids: readonly string[];
  readonly fault: string | null;
  readonly xml: string;
}
export interface UpdateAnswer {
  readonly http: HttpAnswer;
  readonly status: string | null;
  readonly codes: readonly (string | null)[];
  readonly fault: string | null;
  readonly action: string | null;
}
export interface Deposited {
  readonly uniqueId: string;
  readonly entryUuid: string;
}

export async function openBench(): Promise<Bench> {
  const context = await testContext();
  const service = await dmpService.start(context);
  const patient = (key: string): PatientFixture => {
    const found = context.patients.find((p) => p.key === key);
    if (!found) throw new Error(`no patient ${key}`);
    return found;
  };
  const call: Bench["call"] = (name, body) =>
    post(String(service.endpoints[name]), context.pki.caBundlePem, context.pki.roles.auth, SOAP_TYPE, body);
  const query: Bench["query"] = async (id, parameters, options = {}) => {
    const saml = assertion(patient(options.patient ?? ZOE), options.who);
    const http = await call("registry", queryRequest(id, parameters, saml, options.returnType));
    return readAnswer(http);
  };
  return {
    context,
    service,
    patient,
    call,
    query,
    find: (parameters = {}, options = {}) =>
      query(
        FIND_DOCUMENTS,
        {
          $XDSDocumentEntryPatientId: `'${patientIdOf(patient(options.patient ?? ZOE))}'`,
          $XDSDocumentEntryStatus: `('${APPROVED}')`,
          ...parameters,
        },
        options,
      ),
    retrieve: (uniqueIds, who, repository) =>
      call("repository", retrieveRequest(uniqueIds, assertion(patient(ZOE), who), repository)),
    async update(body) {
      const http = await call("registry", body);
      const soap = readSoapEnvelope(http.body, String(http.headers["content-type"]));
      const response = readRegistryResponse(soap.body);
      return {
        http,
        status: last(response?.status ?? null),
        codes: response?.errors.map((error) => error.code) ?? [],
        fault: soap.fault ? [soap.fault.code, ...soap.fault.subcodes].join("/") : null,
        action: soap.addressing.action,
      };
    },
    async deposit(title, args = {}, document = {}) {
      const stored = await service.control("deposit", { patient: ZOE, ...args, document: { title, ...document } });
      return stored as Deposited;
    },
    async withFault(fault, act) {
      const closeScenario = context.scenario(
        `fault-${fault.kind}-${fault.at}`,
        ["dmp"],
        [{ service: "dmp", ...fault }],
      );
      try {
        return await act();
      } finally {
        closeScenario();
      }
    },
    async close() {
      await service.stop();
      context.dispose();
    },
  };
}

function last(urn: string | null): string | null {
  return urn === null ? null : (urn.split(":").pop() ?? null);
}

function readAnswer(http: HttpAnswer): QueryAnswer {
  const soap = readSoapEnvelope(http.body, String(http.headers["content-type"]));
  const response = readQueryResponse(soap.body);
  const objects = response?.objects ?? [];
  const documents = response ? readSubmitObjects(response.node).documents : [];
  const errors = descendants(response?.node ?? null, "RegistryErrorList").flatMap((l) => children(l, "RegistryError"));
  return {
    http,
    status: last(response?.status ?? null),
    codes: errors.map((error) => attr(error, "errorCode")),
    titles: documents.map((d) => d.title ?? "").sort(),
    documents,
    kinds: objects.map((o) => o.name),
    ids: objects.map((o) => attr(o, "id") ?? ""),
    fault: soap.fault ? [soap.fault.code, ...soap.fault.subcodes].join("/") : null,
    xml: Buffer.from(soap.bytes).toString("utf8"),
  };
}
