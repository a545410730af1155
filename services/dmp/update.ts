/**
 * TD3.3 (IHE ITI-57): new metadata of a document (mask, make visible) and changes of its status (archive, delete). A
 * request is taken whole or not at all. Rules: ITI TF-2 §3.57.4.1.3, dmp.md §5; sources in README.md.
 */
import { randomUUID } from "node:crypto";
import type { SoapEnvelope } from "../../protocols/soap.js";
import { HAS_MEMBER, parseCx, REGISTRY_SUCCESS, XDS_UUID, type XdsSubmissionSet } from "../../protocols/xds.js";
import type { XmlNode } from "../../protocols/xml.js";
import { readUpdateRequest, UPDATE_STATUS, type UpdateOperation, XdsQueryError } from "../../protocols/xds-query.js";
import { type Caller, callerOf, patientKeyOf, REFUSALS, type RefusalCode } from "./access.js";
import {
  type RegistryError,
  registryFailure,
  registryResponse,
  type SoapAnswer,
  soapAnswer,
  soapFault,
} from "./answers.js";
import { documentOf, isNewest, wrote } from "./entries.js";
import { scriptedRegistryError, scriptedSoapFault, takeFault, unknownFault } from "./faults.js";
import { association, entryXml, setXml, statusOf, withStatus } from "./metadata.js";
import type { DmpRoom, Handler } from "./room.js";
import { refusedSigner } from "./signer.js";
import { deletes, missingRight } from "./update-rights.js";
import type { EntryStatus, StoredAssociation, StoredEntry, StoredSet } from "./store.js";

/** As the sample answers of the editor kit have it; the IHE text has no hyphen. */
const UPDATE_ANSWER = "urn:ihe:iti:2010:UpdateDocumentSet-Response";
/** Once shown to the legal representatives, a document cannot be hidden from them again (dmp.md §5, EX_3.3-1045). */
const HIDDEN_FROM_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX";

/** Changes of status taken: the four of TD3.3c and TD3.3d, and IHE's own pair. A deleted document stays deleted. */
const TRANSITIONS: Readonly<Record<EntryStatus, readonly EntryStatus[]>> = {
  Approved: ["Archived", "Deleted", "Deprecated"],
  Archived: ["Approved", "Deleted"],
  Deprecated: ["Approved", "Archived", "Deleted"],
  Deleted: [],
};

export const updateDocuments: Handler = (room, call, envelope) => {
  const fault = takeFault(room, call, "update");
  const scripted = scriptedSoapFault(envelope, fault);
  if (scripted) return scripted;
  const verdict = scriptedRegistryError(fault);
  if (fault && !verdict) throw unknownFault(fault);
  if (verdict?.when === "instead") return answer(envelope, verdict.payload);
  const signer = refusedSigner(envelope);
  if (signer) return signer;
  const plan = planUpdate(room, envelope);
  if ("refusal" in plan) return soapFault(envelope, "Sender", null, REFUSALS[plan.refusal]);
  if ("errors" in plan) return answer(envelope, registryFailure(...plan.errors));
  room.store.commit(plan);
  return answer(envelope, verdict?.payload ?? registryResponse(REGISTRY_SUCCESS, []));
};

function answer(envelope: SoapEnvelope, payload: string): SoapAnswer {
  return soapAnswer(envelope, UPDATE_ANSWER, payload);
}

interface Changes {
  readonly sets: readonly StoredSet[];
  readonly entries: readonly StoredEntry[];
  readonly associations: readonly StoredAssociation[];
}
type Plan = Changes | { readonly errors: readonly RegistryError[] } | { readonly refusal: RefusalCode };

function planUpdate(room: DmpRoom, envelope: SoapEnvelope): Plan {
  const caller = callerOf(envelope);
  const request = readRequest(envelope);
  if (request instanceof XdsQueryError) return undecodable(request.message);
  const [set, ...others] = request.submissionSets;
  if (!set || others.length > 0) return undecodable("an update has one submission set");
  const strays = request.documents.filter(
    (document) => !request.operations.some((o) => o.kind === "metadata" && o.document === document),
  );
  if (strays.length > 0) return undecodable(`no HasMember leads to ${strays[0]?.id ?? "an entry without id"}`);
  if (request.operations.length === 0) return undecodable("nothing to update");
  const patient = patientKeyOf(room.context.patients, set.patientId);
  const entries = request.operations.map((operation) => entryOf(room, operation));
  // Deleting needs no right to consult (dmp.md §5), nor does changing what one wrote; the indirect mode may only delete.
  const own = entries.every((entry) => entry !== null && wrote(caller, entry));
  const found = room.access.refusal(patient, caller);
  const excused = found === "indirect_mode" ? request.operations.every(deletes) : own;
  const refusal = excused ? null : found;
  const outcome = refusal === null ? "allowed" : "refused";
  room.access.record({ ...caller, patient, operation: "dmp.update", outcome, refusal });
  if (refusal !== null) return { refusal };
  const errors = [
    ...setErrors(room, set, patient),
    ...request.operations.flatMap((operation, index) =>
      operationErrors(room, caller, set, operation, entries[index] ?? null),
    ),
    ...repeated(entries),
  ];
  return errors.length > 0 ? { errors } : changesOf(room, set, request.operations, entries);
}

function readRequest(envelope: SoapEnvelope): ReturnType<typeof readUpdateRequest> | XdsQueryError {
  try {
    return readUpdateRequest(envelope.body);
  } catch (error) {
    if (error instanceof XdsQueryError) return error;
    throw error;
  }
}

function undecodable(context: string): { readonly errors: readonly RegistryError[] } {
  return { errors: [{ code: "XDSMetadataUpdateOperationError", context }] };
}

function refused(context: string): RegistryError {
  return { code: "XDSMetadataUpdateError", context };
}

/** The version that an operation changes: the newest of the logicalId, or the one named. Null when there is none. */
function entryOf(room: DmpRoom, operation: UpdateOperation): StoredEntry | null {
  const all = [...room.store.entries.values()];
  if (operation.kind === "status") return room.store.entries.get(operation.target ?? "") ?? null;
  if (operation.kind === "other") return null;
  return all.filter((e) => e.logicalId === operation.document.logicalId).find((e) => isNewest(room, e)) ?? null;
}

function setErrors(room: DmpRoom, set: XdsSubmissionSet, patient: string | null): RegistryError[] {
  if (set.uniqueId === null || set.patientId === null) {
    return [{ code: "XDSRegistryMetadataError", context: "the submission set has no uniqueId or no patientId" }];
  }
  const errors: RegistryError[] = [];
  if (patient === null) errors.push({ code: "XDSUnknownPatientId", context: set.patientId });
  if (room.store.sets.has(set.uniqueId)) errors.push({ code: "XDSDuplicateUniqueIdInRegistry", context: set.uniqueId });
  return errors;
}

function operationErrors(
  room: DmpRoom,
  caller: Caller,
  set: XdsSubmissionSet,
  operation: UpdateOperation,
  entry: StoredEntry | null,
): RegistryError[] {
  const { association: link } = operation;
  const right = (asked: UpdateOperation, on: StoredEntry): RegistryError[] => {
    const missing = missingRight(room, caller, asked, on);
    return missing === null ? [] : [refused(missing)];
  };
  if (operation.kind === "other") {
    const context = `${link.type ?? "an association without type"} from ${link.source ?? "nothing"} to ${link.target ?? "nothing"}`;
    return [{ code: "XDSMetadataUpdateOperationError", context }];
  }
  if (operation.kind === "metadata") {
    const { document, previousVersion } = operation;
    // ITI57-007: a first version is no update; PreviousVersion tells one.
    if (document.logicalId === null || document.logicalId === document.id || previousVersion === null) {
      const context = `${document.id ?? "an entry without id"} is no new version: it needs a lid and PreviousVersion`;
      return [{ code: "XDSMetadataUpdateOperationError", context }];
    }
    if (!entry) return [refused(`no document entry has the logical id ${document.logicalId}`)];
    return [...patientErrors(set, entry), ...metadataErrors(operation, entry), ...right(operation, entry)];
  }
  if (!entry) return [refused(`no document entry ${operation.target ?? "named"}`)];
  return [...patientErrors(set, entry), ...statusErrors(room, operation, entry), ...right(operation, entry)];
}

function patientErrors(set: XdsSubmissionSet, entry: StoredEntry): RegistryError[] {
  const [one, other] = [parseCx(set.patientId), parseCx(entry.patientId)];
  if (one?.id === other?.id && one?.oid === other?.oid) return [];
  return [
    { code: "XDSPatientIDReconciliationError", context: `${set.patientId} updates a document of another patient` },
  ];
}

function metadataErrors(
  { document, previousVersion }: Extract<UpdateOperation, { kind: "metadata" }>,
  entry: StoredEntry,
): RegistryError[] {
  const errors: RegistryError[] = [];
  const before = documentOf(entry);
  if (entry.status !== "Approved") errors.push(refused(`the version to replace is ${entry.status}, not Approved`));
  if (document.uniqueId !== entry.uniqueId) errors.push(refused(`uniqueId ${entry.uniqueId} cannot change`));
  if (document.objectType !== before.objectType) errors.push(refused("objectType cannot change"));
  if (parseCx(document.patientId)?.id !== parseCx(entry.patientId)?.id) {
    errors.push({ code: "XDSPatientIDReconciliationError", context: "the patient of a document cannot change" });
  }
  if (previousVersion !== String(entry.version)) {
    const context = `PreviousVersion ${previousVersion}, the registry has ${entry.version}`;
    errors.push({ code: "XDSMetadataVersionError", context });
  }
  const hidden = document.confidentialityCodes.some((code) => code.code === HIDDEN_FROM_REPRESENTATIVES);
  if (hidden && !entry.visibility.includes(HIDDEN_FROM_REPRESENTATIVES)) {
    errors.push(refused("a document the legal representatives see cannot be hidden from them"));
  }
  return errors;
}

function statusErrors(
  room: DmpRoom,
  { originalStatus, newStatus }: Extract<UpdateOperation, { kind: "status" }>,
  entry: StoredEntry,
): RegistryError[] {
  if (originalStatus === null || newStatus === null) return [refused("OriginalStatus and NewStatus are needed")];
  const errors: RegistryError[] = [];
  if (!isNewest(room, entry)) errors.push(refused(`${entry.entryUuid} is not the newest version of the entry`));
  if (statusOf(originalStatus) !== entry.status) {
    errors.push(refused(`OriginalStatus ${originalStatus}, the registry has ${entry.status}`));
  }
  const wanted = statusOf(newStatus);
  if (wanted === null || !TRANSITIONS[entry.status].includes(wanted)) {
    errors.push(refused(`NewStatus ${newStatus} cannot follow ${entry.status}`));
  }
  return errors;
}

/** Two operations on one entry would each take the state before the other. */
function repeated(entries: readonly (StoredEntry | null)[]): RegistryError[] {
  const uuids = entries.flatMap((entry) => (entry ? [entry.entryUuid] : []));
  const twice = uuids.find((uuid, index) => uuids.indexOf(uuid) !== index);
  return twice === undefined ? [] : [{ code: "XDSMetadataUpdateOperationError", context: `${twice} is updated twice` }];
}

function changesOf(
  room: DmpRoom,
  set: XdsSubmissionSet,
  operations: readonly UpdateOperation[],
  entries: readonly (StoredEntry | null)[],
): Changes {
  const receivedAt = new Date().toISOString();
  const setUuid = `urn:uuid:${randomUUID()}`;
  const uniqueId = set.uniqueId ?? "";
  const changed: StoredEntry[] = [];
  const associations: StoredAssociation[] = [];
  operations.forEach((operation, index) => {
    const entry = entries[index];
    if (!entry || operation.kind === "other") return;
    if (operation.kind === "status") {
      const status = statusOf(operation.newStatus ?? "") ?? entry.status;
      changed.push(withStatus(entry, status));
      const slots = { OriginalStatus: operation.originalStatus ?? "", NewStatus: operation.newStatus ?? "" };
      associations.push(association({ type: UPDATE_STATUS, source: setUuid, target: entry.entryUuid }, slots));
      return;
    }
    const { document, propagation } = operation;
    const codes = document.confidentialityCodes.flatMap((code) => (code.code === null ? [] : [code.code]));
    const next = nextVersion(room, entry, document.node, codes, {
      submissionSetId: uniqueId,
      receivedAt,
      mimeType: document.mimeType,
      title: document.title,
      typeCode: document.typeCode?.code ?? null,
      classCode: document.classCode?.code ?? null,
    });
    changed.push(...next.change.entries);
    const slots = { SubmissionSetStatus: "Original", PreviousVersion: String(entry.version) };
    associations.push(association({ type: HAS_MEMBER, source: setUuid, target: next.entry.entryUuid }, slots));
    if (propagation) associations.push(...next.change.associations);
  });
  const stored = {
    entryUuid: setUuid,
    uniqueId,
    patientId: set.patientId ?? "",
    xml: setXml(set.node, setUuid, XDS_UUID.submissionSet),
    receivedAt,
  };
  return { sets: [stored], entries: changed, associations };
}

/**
 * The next version of an entry, whatever brought it, and what the store takes: the version before deprecated, the links
 * made again. `node`: the whole new ExtrinsicObject. What the repository knows of the content (hash, size,
 * repositoryUniqueId) stays whatever the message says.
 */
export function nextVersion(
  room: DmpRoom,
  before: StoredEntry,
  node: XmlNode,
  visibility: readonly string[],
  facts: Partial<StoredEntry> = {},
): { readonly entry: StoredEntry; readonly change: Pick<Changes, "entries" | "associations"> } {
  const next = {
    ...before,
    receivedAt: new Date().toISOString(),
    ...facts,
    entryUuid: `urn:uuid:${randomUUID()}`,
    version: before.version + 1,
    status: "Approved" as const,
    visibility,
  };
  const entry = { ...next, xml: entryXml(node, next) };
  return {
    entry,
    change: { entries: [withStatus(before, "Deprecated"), entry], associations: propagated(room, before, entry) },
  };
}

/** Links between documents (RPLC, signs…) are made again for the new version (ITI TF-2 §3.57.4.1.3.3.1.5). */
function propagated(room: DmpRoom, entry: StoredEntry, next: StoredEntry): StoredAssociation[] {
  const moved = (uuid: string): string => (uuid === entry.entryUuid ? next.entryUuid : uuid);
  return [...room.store.associations.values()]
    .filter((a) => a.type !== HAS_MEMBER && a.type !== UPDATE_STATUS)
    .filter((a) => a.source === entry.entryUuid || a.target === entry.entryUuid)
    .map((a) => association({ type: a.type, source: moved(a.source), target: moved(a.target) }));
}
