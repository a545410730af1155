/** Uploads written from a template of the tests' own, as a recording in memory: no network, no reference vendor. */
import { dmpDocumentChecks } from "../../../checks/dmp/document/index.js";
import { dmpChecks } from "../../../checks/dmp/index.js";
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type { CheckDef, CheckResult, ExchangeRecord, RecordingView } from "../../../core/model/index.js";
import { viewOf } from "../../../core/record/reader.js";

const AT = "2026-11-21T18:30:00.000Z";
const RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0";

export const slot = (name: string, ...values: readonly string[]): string =>
  `<Slot name="${name}"><ValueList>${values.map((value) => `<Value>${value}</Value>`).join("")}</ValueList></Slot>`;

export const code = (scheme: string, owner: string, value: string, system: string): string =>
  `<Classification id="c-${scheme.slice(0, 8)}-${owner}-${value.length}" classificationScheme="urn:uuid:${scheme}" classifiedObject="${owner}" nodeRepresentation="${value}">${slot("codingScheme", system)}<Name><LocalizedString value="label"/></Name></Classification>`;

export const identifier = (scheme: string, owner: string, value: string): string =>
  `<ExternalIdentifier id="e-${scheme.slice(0, 8)}-${owner}" identificationScheme="urn:uuid:${scheme}" registryObject="${owner}" value="${value}"/>`;

export const author = (scheme: string, owner: string, slots: string): string =>
  `<Classification id="a-${owner}" classificationScheme="urn:uuid:${scheme}" classifiedObject="${owner}" nodeRepresentation="">${slots}</Classification>`;

export const XCN = "899900000011^EXEMPLE^CAMILLE^^^^^^&amp;1.2.250.1.71.4.2.1&amp;ISO^D^^^IDNPS";
export const XON = "CABINET^^^^^&amp;1.2.250.1.71.4.2.2&amp;ISO^IDNST^^^499900000011001";
export const AUTHOR = slot("authorPerson", XCN) + slot("authorInstitution", XON);
export const SET_ID = "1.2.3.4.1";
export const DOCUMENT_ID = "1.2.3.4.2";
const PATIENT = "279035121518989^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH";

export interface UploadParts {
  readonly setAuthor?: string;
  readonly entryAuthor?: string;
  /** Goes through the registry objects as text. */
  readonly change?: (objects: string) => string;
  /** Further registry objects and further `xdsb:Document` elements. */
  readonly objects?: string;
  readonly documents?: string;
  /** Bytes of Document01. */
  readonly content?: Uint8Array;
}

/** A SOAP message of one document, in base64 inside the XML. */
export function uploadXml(parts: UploadParts = {}): string {
  const set = `<RegistryPackage id="Set01">${slot("submissionTime", "20261121183000")}${author("a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", "Set01", parts.setAuthor ?? AUTHOR)}${code("aa543740-bdda-424e-8c96-df4873be8500", "Set01", "SA07", "1.2.250.1.71.4.2.4")}<Classification id="mark" classifiedObject="Set01" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>${identifier("6b5aea1a-874d-4603-a4bc-96a0a7b38446", "Set01", PATIENT)}${identifier("554ac39e-e3fe-47fe-b233-965d2a147832", "Set01", "1.2.3.4")}${identifier("96fdda7c-d067-4183-912e-bf5ee74998a8", "Set01", SET_ID)}</RegistryPackage>`;
  const entry = `<ExtrinsicObject id="Document01" mimeType="text/xml" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">${slot("legalAuthenticator", XCN)}${author("93606bcf-9494-43ec-9b4e-a7748d1a838d", "Document01", parts.entryAuthor ?? AUTHOR)}${code("41a5887f-8865-4c09-adf7-e362475b143a", "Document01", "10", "1.2.250.1.213.1.1.4.1")}${code("f4f85eac-e6cb-4883-b524-f2705394840f", "Document01", "N", "2.16.840.1.113883.5.25")}${identifier("58a6f841-87b3-4a3e-92fd-a8ffeff98427", "Document01", PATIENT)}${identifier("2e82c1f6-a085-4c72-9da3-8640a32e42ab", "Document01", DOCUMENT_ID)}</ExtrinsicObject>`;
  const member = `<Association id="m1" associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember" sourceObject="Set01" targetObject="Document01">${slot("SubmissionSetStatus", "Original")}</Association>`;
  const objects = (parts.change ?? ((text) => text))(`${set}${entry}${member}${parts.objects ?? ""}`);
  const content = Buffer.from(parts.content ?? Buffer.from("<a/>")).toString("base64");
  return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><x:ProvideAndRegisterDocumentSetRequest xmlns:x="urn:ihe:iti:xds-b:2007"><l:SubmitObjectsRequest xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><RegistryObjectList xmlns="${RIM}">${objects}</RegistryObjectList></l:SubmitObjectsRequest><x:Document id="Document01">${content}</x:Document>${parts.documents ?? ""}</x:ProvideAndRegisterDocumentSetRequest></s:Body></s:Envelope>`;
}

/** One recorded call of the operation. */
export function recordingOf(xml: string, operation = "dmp.submit"): RecordingView {
  const bytes = Buffer.from(xml);
  const head = `POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/soap+xml\r\nContent-Length: ${bytes.length}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), bytes]);
  const exchange: ExchangeRecord = {
    id: "x0001",
    connection: "c0001",
    direction: "in",
    service: "dmp",
    operation,
    scenario: "dmp-submit#1",
    startedAt: AT,
    endedAt: AT,
    request: { stream: "c0001.in", start: 0, end: request.length },
    response: null,
    complete: true,
    faults: [],
  };
  const facts = {
    id: "dmp-submit",
    attempt: 1,
    services: ["dmp"],
    patient: null,
    professional: null,
    values: {},
    control: null,
    faults: [],
    driverCan: [],
  };
  return viewOf(
    {
      meta: { format: "segur-recording/1", id: "test", startedAt: AT },
      connections: [],
      exchanges: [exchange],
      segments: [],
      events: [
        { id: "e0001", at: AT, kind: "scenario.open", scenario: "dmp-submit#1", exchange: null, data: { facts } },
      ],
    },
    (stream) => (stream === "c0001.in" ? request : null),
  );
}

/** What one check makes of the recording. */
export function judge(id: string, view: RecordingView): CheckResult {
  const check: CheckDef | undefined = [...dmpChecks, ...dmpDocumentChecks].find((one) => one.id === id);
  if (!check) throw new Error(`no check ${id}`);
  const [result] = evaluate(view, [{ check, planned: true }], (_id, error) => {
    throw error instanceof Error ? error : new Error(String(error));
  });
  if (!result) throw new Error("no result");
  return result;
}

/** Messages that fired, breaches marked. */
export function fired(result: CheckResult): string[] {
  return [...new Set(result.findings.map((f) => (f.weight === "breach" ? `breach ${f.message}` : f.message)))];
}
