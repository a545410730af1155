/** TD3.2 (IHE ITI-43): documents given back, as MTOM whatever the request was (ITI TF-2 §3.43.5). */
import { randomUUID } from "node:crypto";
import { XOP_NS } from "../../protocols/mtom.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import { parseCx, REGISTRY_FAILURE, REGISTRY_PARTIAL, REGISTRY_SUCCESS, XDSB_NS } from "../../protocols/xds.js";
import { type DocumentRequest, readRetrieveRequest, XdsQueryError } from "../../protocols/xds-query.js";
import { escapeXml } from "../../protocols/xml.js";
import { callerOf, REFUSALS } from "./access.js";
import { type RegistryError, registryResponse, type SoapAnswer, soapAnswer, soapFault } from "./answers.js";
import { mayRead, patientsOf, refusalFor } from "./entries.js";
import { scriptedRegistryError, scriptedSoapFault, takeFault, unknownFault } from "./faults.js";
import type { DmpRoom, Handler } from "./room.js";
import { refusedSigner } from "./signer.js";
import { REPOSITORY_ID, type StoredEntry } from "./store.js";

const RETRIEVE_ANSWER = "urn:ihe:iti:2007:RetrieveDocumentSetResponse";
/** Bytes of one answer; the same limit as for an upload. */
const MAX_ANSWER = 64 * 1024 * 1024;

export const retrieveDocuments: Handler = (room, call, envelope) => {
  const fault = takeFault(room, call, "retrieve");
  const scripted = scriptedSoapFault(envelope, fault);
  if (scripted) return scripted;
  const verdict = scriptedRegistryError(fault);
  if (fault && !verdict && fault.kind !== "cut-answer") throw unknownFault(fault);
  if (verdict?.when === "instead") return retrieveAnswer(envelope, verdict.payload, []);
  const signer = refusedSigner(envelope);
  if (signer) return signer;
  const answer = answerTo(room, envelope, verdict?.payload ?? null);
  return fault?.kind === "cut-answer" ? { ...answer, cut: "middle" } : answer;
};

/** `scripted`: RegistryResponse to give when the retrieval goes well. */
function answerTo(room: DmpRoom, envelope: SoapEnvelope, scripted: string | null): SoapAnswer {
  const caller = callerOf(envelope);
  let requests: readonly DocumentRequest[];
  try {
    requests = readRetrieveRequest(envelope.body);
  } catch (error) {
    if (error instanceof XdsQueryError)
      return failure(envelope, { code: "XDSRepositoryError", context: error.message });
    throw error;
  }
  if (requests.length === 0) {
    return failure(envelope, { code: "XDSRepositoryError", context: "no DocumentRequest" });
  }
  const errors: RegistryError[] = [];
  const found: StoredEntry[] = [];
  for (const request of requests) {
    const entry = entryOf(room, request);
    if ("code" in entry) errors.push(entry);
    else found.push(entry);
  }
  const patients = patientsOf(room, found);
  const refusal = refusalFor(room, caller, patients);
  const outcome = refusal === null ? "allowed" : "refused";
  for (const patient of patients.length === 0 ? [null] : patients) {
    room.access.record({ ...caller, patient, operation: "dmp.retrieve", outcome, refusal });
  }
  if (refusal !== null) return soapFault(envelope, "Sender", null, REFUSALS[refusal]);
  if (new Set(found.map((entry) => parseCx(entry.patientId)?.id)).size > 1) {
    const context = "the documents asked for are of several patients";
    return failure(envelope, { code: "XDSResultNotSinglePatient", context });
  }
  const parts: Part[] = [];
  let total = 0;
  for (const entry of found) {
    // A document that is hidden from the caller is told like one that is not there (ITI TF-3 table 4.2.4.1-2).
    const bytes = mayRead(room, caller, entry) ? room.store.read(entry.uniqueId) : null;
    if (bytes === null) errors.push(unavailable(entry.uniqueId));
    else if (total + bytes.length > MAX_ANSWER) {
      errors.push({ code: "XDSRepositoryOutOfResources", context: entry.uniqueId, location: entry.uniqueId });
    } else {
      total += bytes.length;
      parts.push({ entry, bytes, contentId: `${randomUUID()}@dmp.mock` });
    }
  }
  const status = errors.length === 0 ? REGISTRY_SUCCESS : parts.length === 0 ? REGISTRY_FAILURE : REGISTRY_PARTIAL;
  const response = scripted !== null && errors.length === 0 ? scripted : registryResponse(status, errors);
  return retrieveAnswer(envelope, response, parts);
}

function entryOf(room: DmpRoom, request: DocumentRequest): StoredEntry | RegistryError {
  const { repositoryUniqueId, documentUniqueId } = request;
  if (documentUniqueId === null || repositoryUniqueId === null) {
    return { code: "XDSRepositoryError", context: "a DocumentRequest needs RepositoryUniqueId and DocumentUniqueId" };
  }
  if (repositoryUniqueId !== REPOSITORY_ID) {
    return { code: "XDSUnknownRepositoryId", context: repositoryUniqueId, location: documentUniqueId };
  }
  // Deleted and obsolete documents are still to be read (PDT-INF-526, row TD3.2).
  return room.store.latest(documentUniqueId) ?? unavailable(documentUniqueId);
}

function unavailable(uniqueId: string): RegistryError {
  return { code: "XDSDocumentUniqueIdError", context: uniqueId, location: uniqueId };
}

function failure(envelope: SoapEnvelope, error: RegistryError): SoapAnswer {
  return retrieveAnswer(envelope, registryResponse(REGISTRY_FAILURE, [error]), []);
}

interface Part {
  readonly entry: StoredEntry;
  readonly bytes: Uint8Array;
  readonly contentId: string;
}

/** `response`: the RegistryResponse that comes first. */
function retrieveAnswer(envelope: SoapEnvelope, response: string, parts: readonly Part[]): SoapAnswer {
  const documents = parts.map(({ entry, contentId }) => {
    const href = `cid:${encodeURIComponent(contentId)}`;
    return `<xdsb:DocumentResponse><xdsb:RepositoryUniqueId>${REPOSITORY_ID}</xdsb:RepositoryUniqueId><xdsb:DocumentUniqueId>${escapeXml(entry.uniqueId)}</xdsb:DocumentUniqueId><xdsb:mimeType>${escapeXml(entry.mimeType ?? "application/octet-stream")}</xdsb:mimeType><xdsb:Document><xop:Include xmlns:xop="${XOP_NS}" href="${href}"/></xdsb:Document></xdsb:DocumentResponse>`;
  });
  const payload = `<xdsb:RetrieveDocumentSetResponse xmlns:xdsb="${XDSB_NS}">${response}${documents.join("")}</xdsb:RetrieveDocumentSetResponse>`;
  const soap = soapAnswer({ ...envelope, multipart: null }, RETRIEVE_ANSWER, payload).body;
  return multipart(envelope.version, soap, parts);
}

function multipart(version: SoapEnvelope["version"], soap: Uint8Array, parts: readonly Part[]): SoapAnswer {
  const boundary = `uuid:${randomUUID()}`;
  const root = "root.message@dmp.mock";
  const inner = version === "1.1" ? "text/xml" : "application/soap+xml";
  const head = (type: string, id: string): Buffer =>
    Buffer.from(
      `\r\n--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>\r\n\r\n`,
    );
  const body = Buffer.concat([
    head(`application/xop+xml; charset=UTF-8; type="${inner}"`, root).subarray(2),
    soap,
    ...parts.flatMap(({ entry, bytes, contentId }) => [head(mediaType(entry.mimeType), contentId), bytes]),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const type = `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<${root}>"; start-info="${inner}"; action="${RETRIEVE_ANSWER}"`;
  return { status: 200, headers: { "content-type": type, "mime-version": "1.0" }, body };
}

/** The type of the entry when it can stand in a header: metadata is foreign text. */
function mediaType(value: string | null): string {
  return value !== null && /^[\w.+-]+\/[\w.+-]+$/.test(value) ? value : "application/octet-stream";
}
