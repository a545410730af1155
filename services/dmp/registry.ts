/** The registry service: stored queries (TD3.1, ITI-18) and metadata updates (TD3.3, ITI-57). */
import { QUERY_NS, readStoredQuery, type StoredQuery, XdsQueryError } from "../../protocols/xds-query.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import { parseCx, REGISTRY_FAILURE, REGISTRY_SUCCESS, RIM_NS, RS_NS } from "../../protocols/xds.js";
import { escapeXml } from "../../protocols/xml.js";
import { type Caller, callerOf, patientKeyOf, REFUSALS, type RefusalCode } from "./access.js";
import { notServed, type RegistryError, registryErrorList, type SoapAnswer, soapAnswer, soapFault } from "./answers.js";
import { mayRead, patientsOf, refusalFor, wrote } from "./entries.js";
import { scriptedRegistryError, scriptedSoapFault, takeFault, unknownFault } from "./faults.js";
import type { DmpRoom, Handler } from "./room.js";
import { refusedSigner } from "./signer.js";
import type { StoredEntry } from "./store.js";
import { type QueryResult, queryErrors, runQuery, searchesFile } from "./stored-query.js";
import { updateDocuments } from "./update.js";

const SEARCH_ANSWER = "urn:ihe:iti:2007:RegistryStoredQueryResponse";

export const registryService: Handler = (room, call, envelope) => {
  const name = envelope.payload?.name;
  if (name === "AdhocQueryRequest" && envelope.payload?.ns === QUERY_NS) {
    call.exchange.operation("dmp.search");
    return search(room, call, envelope);
  }
  if (name === "SubmitObjectsRequest") {
    call.exchange.operation("dmp.update");
    return updateDocuments(room, call, envelope);
  }
  return notServed(call, envelope);
};

const search: Handler = (room, call, envelope) => {
  const fault = takeFault(room, call, "search");
  const verdict = scriptedRegistryError(fault);
  const scripted = scriptedSoapFault(envelope, fault);
  if (scripted) return scripted;
  if (fault && !verdict) throw unknownFault(fault);
  if (verdict?.when === "instead") return queryAnswer(envelope, verdict.status, verdict.errors, []);
  const signer = refusedSigner(envelope);
  if (signer) return signer;
  const query = readQuery(envelope);
  if (query instanceof XdsQueryError) {
    return queryAnswer(envelope, REGISTRY_FAILURE, [{ code: "XDSRegistryError", context: query.message }], []);
  }
  const errors = queryErrors(query);
  if (errors.length > 0) return queryAnswer(envelope, REGISTRY_FAILURE, errors, []);
  const outcome = searchesFile(query) ? searchFile(room, envelope, query) : searchById(room, envelope, query);
  if ("refusal" in outcome) return soapFault(envelope, "Sender", null, REFUSALS[outcome.refusal]);
  const { found } = outcome;
  if (query.returnType === "LeafClass" && severalPatients(found)) {
    const context = "the objects asked for are of several patients";
    return queryAnswer(envelope, REGISTRY_FAILURE, [{ code: "XDSResultNotSinglePatient", context }], []);
  }
  const objects =
    query.returnType === "ObjectRef"
      ? uuidsOf(found).map((id) => `<rim:ObjectRef xmlns:rim="${RIM_NS}" id="${escapeXml(id)}"/>`)
      : [...found.sets, ...found.entries, ...found.associations].map((object) => object.xml);
  return queryAnswer(envelope, verdict?.status ?? REGISTRY_SUCCESS, verdict?.errors ?? [], objects);
};

function readQuery(envelope: SoapEnvelope): StoredQuery | XdsQueryError {
  try {
    return readStoredQuery(envelope.body);
  } catch (error) {
    if (error instanceof XdsQueryError) return error;
    throw error;
  }
}

type SearchOutcome = { readonly found: QueryResult } | { readonly refusal: RefusalCode };

/** Searching a file is consulting it: refused as a whole, or answered with what the caller may see. */
function searchFile(room: DmpRoom, envelope: SoapEnvelope, query: StoredQuery): SearchOutcome {
  const caller = callerOf(envelope);
  const name = query.name === "FindDocuments" ? "$XDSDocumentEntryPatientId" : "$XDSSubmissionSetPatientId";
  const cx = query.parameters.get(name)?.[0]?.values[0]?.text ?? null;
  const patient = patientKeyOf(room.context.patients, cx);
  const refusal = room.access.refusal(patient, caller);
  const outcome = refusal === null ? "allowed" : "refused";
  room.access.record({ ...caller, patient, operation: "dmp.search", outcome, refusal });
  return refusal === null ? { found: readable(room, caller, runQuery(room, query)) } : { refusal };
}

/**
 * Asking for objects by their identifiers also serves whoever replaces or deletes a document without the right to
 * consult (TD3.1b, dmp.md §5): the answer then holds the caller's own documents and nothing else.
 */
function searchById(room: DmpRoom, envelope: SoapEnvelope, query: StoredQuery): SearchOutcome {
  const caller = callerOf(envelope);
  const all = runQuery(room, query);
  const patients = patientsOf(room, [...all.entries, ...linkedEntries(room, all), ...all.sets]);
  const refusal = refusalFor(room, caller, patients);
  const outcome = refusal === null ? "allowed" : "own_documents";
  for (const patient of patients.length === 0 ? [null] : patients) {
    room.access.record({ ...caller, patient, operation: "dmp.search", outcome, refusal });
  }
  return {
    found: refusal === null ? readable(room, caller, all) : narrowed(room, all, (entry) => wrote(caller, entry)),
  };
}

function linkedEntries(room: DmpRoom, found: QueryResult): StoredEntry[] {
  return found.associations
    .flatMap((association) => [association.source, association.target])
    .map((uuid) => room.store.entries.get(uuid))
    .filter((entry): entry is StoredEntry => entry !== undefined);
}

function readable(room: DmpRoom, caller: Caller, found: QueryResult): QueryResult {
  const may = (entry: StoredEntry): boolean => mayRead(room, caller, entry);
  return { ...narrowed(room, found, may), sets: found.sets };
}

/** Entries that pass, the links that lead to none of the others, the sets that brought one of them. */
function narrowed(room: DmpRoom, found: QueryResult, passes: (entry: StoredEntry) => boolean): QueryResult {
  const shown = (uuid: string): boolean => {
    const entry = room.store.entries.get(uuid);
    return entry === undefined || passes(entry);
  };
  const associations = found.associations.filter((a) => shown(a.source) && shown(a.target));
  const brought = new Set(
    [...room.store.entries.values()].filter((entry) => passes(entry)).map((entry) => entry.submissionSetId),
  );
  const sets = found.sets.filter((set) => brought.has(set.uniqueId));
  return { sets, entries: found.entries.filter(passes), associations };
}

function severalPatients(found: QueryResult): boolean {
  const ids = [...found.entries, ...found.sets].map((object) => parseCx(object.patientId)?.id ?? null);
  return new Set(ids).size > 1;
}

function uuidsOf(found: QueryResult): string[] {
  return [
    ...found.sets.map((set) => set.entryUuid),
    ...found.entries.map((entry) => entry.entryUuid),
    ...found.associations.map((association) => association.id),
  ];
}

/** `startIndex` and `totalResultCount` as the sample answer of the editor kit has them. */
function queryAnswer(
  envelope: SoapEnvelope,
  status: string,
  errors: readonly RegistryError[],
  objects: readonly string[],
): SoapAnswer {
  const payload = `<query:AdhocQueryResponse xmlns:query="${QUERY_NS}" xmlns:rs="${RS_NS}" status="${status}" startIndex="0" totalResultCount="${objects.length}">${registryErrorList(errors)}<rim:RegistryObjectList xmlns:rim="${RIM_NS}">${objects.join("")}</rim:RegistryObjectList></query:AdhocQueryResponse>`;
  return soapAnswer(envelope, SEARCH_ANSWER, payload);
}
