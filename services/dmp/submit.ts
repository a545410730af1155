/** TD2.1 (IHE ITI-41): what a repository and its registry refuse, and what they keep. Sources are in README.md. */
import { randomUUID } from "node:crypto";
import type { FaultSpec } from "../../core/model/index.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import {
  HAS_MEMBER,
  parseXcn,
  readSubmitObjects,
  REGISTRY_SUCCESS,
  XDSB_NS,
  XDS_UUID,
  XdsError,
  type XdsSubmission,
} from "../../protocols/xds.js";
import { LCM_NS } from "../../protocols/xds-query.js";
import { child } from "../../protocols/xml.js";
import { callerOf, type Caller } from "./access.js";
import { type RegistryError, registryFailure, registryResponse, type SoapAnswer, soapAnswer } from "./answers.js";
import { joinContents, type JoinedDocument } from "./contents.js";
import { scriptedRegistryError, scriptedSoapFault, takeFault, unknownFault } from "./faults.js";
import { association, entryXml, setXml, withStatus } from "./metadata.js";
import type { DmpRoom, Handler } from "./room.js";
import { refusedSigner } from "./signer.js";
import { REPOSITORY_ID, type StoreChange, type StoredAssociation, type StoredEntry, sha1 } from "./store.js";
import {
  associationErrors,
  duplicates,
  type KnownSet,
  missingAttributes,
  patientErrors,
  REPLACES,
  tooManyObjects,
} from "./submission-rules.js";

const SUBMIT_REQUEST = "ProvideAndRegisterDocumentSetRequest";
const SUBMIT_ANSWER = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse";

export function isSubmission(envelope: SoapEnvelope): boolean {
  return envelope.payload?.name === SUBMIT_REQUEST && envelope.payload.ns === XDSB_NS;
}

export const submitDocuments: Handler = (room, call, envelope) => {
  const fault = takeFault(room, call, "submit");
  const faulted = scriptedSoapFault(envelope, fault);
  if (faulted) return faulted;
  const answer = (payload: string): SoapAnswer => soapAnswer(envelope, SUBMIT_ANSWER, payload);
  if (fault?.kind === "duplicate") {
    return answer(registryFailure({ code: "XDSDuplicateUniqueIdInRegistry", context: "identifiant déjà présent" }));
  }
  const scripted = scriptedRegistryError(fault);
  if (fault && !scripted && !LOSSES.has(fault.kind)) throw unknownFault(fault);
  if (scripted?.when === "instead") return answer(scripted.payload);
  const refusal = refusedSigner(envelope);
  if (refusal) return refusal;
  const errors = receive(room, envelope);
  if (errors.length > 0) return answer(registryFailure(...errors));
  return { ...answer(scripted?.payload ?? registryResponse(REGISTRY_SUCCESS, [])), ...lossOf(fault) };
};

/** Stored, and the sender does not learn it: nothing of the answer arrives, or half of it. */
const LOSSES: ReadonlyMap<string, "before" | "middle"> = new Map([
  ["answer-lost", "before"],
  ["cut-answer", "middle"],
]);

function lossOf(fault: FaultSpec | null): Pick<SoapAnswer, "cut"> {
  const cut = fault ? LOSSES.get(fault.kind) : undefined;
  return cut ? { cut } : {};
}

/** Judges a submission as repository and registry do, and stores it whole when nothing is wrong with it. */
function receive(room: DmpRoom, envelope: SoapEnvelope): readonly RegistryError[] {
  if (!child(envelope.payload, "SubmitObjectsRequest", LCM_NS)) return [unreadable("no SubmitObjectsRequest")];
  let submission: XdsSubmission;
  try {
    submission = readSubmitObjects(envelope.body);
  } catch (error) {
    if (error instanceof XdsError) return [unreadable("no RegistryObjectList")];
    throw error;
  }
  if (submission.lists > 1) return [unreadable("several RegistryObjectList")];
  const excess = tooManyObjects(submission);
  if (excess) return [excess];
  const set = submission.submissionSet;
  if (!set) return [unreadable("no submission set")];
  if (submission.submissionSets.length > 1) return [unreadable("several submission sets")];
  const { uniqueId, patientId } = set;
  if (uniqueId === null || patientId === null) {
    return [unreadable("the submission set has no uniqueId or no patientId")];
  }
  const known: KnownSet = { ...set, uniqueId, patientId };
  const contents = joinContents(envelope, submission);
  const errors = [
    ...contents.errors,
    ...missingAttributes(submission, known),
    ...duplicates(submission, known, contents.found, room.store),
    ...patientErrors(submission, known, room.context.patients),
    ...associationErrors(submission, known, room.store),
  ];
  if (errors.length === 0) room.store.commit(changeOf(room, submission, known, contents.found, callerOf(envelope)));
  return errors;
}

function unreadable(context: string): RegistryError {
  return { code: "XDSRepositoryMetadataError", context };
}

/** What the registry keeps of an accepted submission. Folders are not kept: the DMP uses none (dmp.md §2.2). */
function changeOf(
  room: DmpRoom,
  submission: XdsSubmission,
  set: KnownSet,
  contents: readonly JoinedDocument[],
  caller: Caller,
): StoreChange {
  const receivedAt = new Date().toISOString();
  const uuids = new Map<string, string>();
  for (const id of [set.id, ...submission.documents.map((d) => d.id)]) if (id !== null) uuids.set(id, registryId(id));
  const uuidOf = (id: string | null): string => (id === null ? undefined : uuids.get(id)) ?? registryId("");
  const setUuid = uuidOf(set.id);
  const entries = contents.map((joined) => entryOf(joined, uuidOf(joined.entry.id), set, caller, receivedAt));
  const replaced = submission.associations
    .filter(({ type }) => type === REPLACES)
    .flatMap(({ target }) => room.store.entries.get(target ?? "") ?? [])
    .map((entry) => withStatus(entry, "Deprecated"));
  const { uniqueId, patientId } = set;
  return {
    sets: [
      { entryUuid: setUuid, uniqueId, patientId, xml: setXml(set.node, setUuid, XDS_UUID.submissionSet), receivedAt },
    ],
    entries: [...entries, ...replaced],
    associations: linksOf(room, submission, uuids),
    contents: entries.map((entry, index) => ({
      uniqueId: entry.uniqueId,
      bytes: contents[index]?.bytes ?? new Uint8Array(),
    })),
  };
}

/** A `urn:uuid:` of the sender is kept, a symbolic id gets one (ITI TF-3 §4.2.1.4). */
function registryId(id: string): string {
  return /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : `urn:uuid:${randomUUID()}`;
}

function entryOf(
  { entry, bytes }: JoinedDocument,
  entryUuid: string,
  set: KnownSet,
  caller: Caller,
  receivedAt: string,
): StoredEntry {
  const facts = {
    entryUuid,
    logicalId: entryUuid,
    version: 1,
    status: "Approved",
    repositoryUniqueId: REPOSITORY_ID,
    hash: sha1(bytes),
    size: bytes.length,
  } as const;
  return {
    ...facts,
    uniqueId: entry.uniqueId ?? "",
    submissionSetId: set.uniqueId,
    patientId: entry.patientId ?? set.patientId,
    visibility: entry.confidentialityCodes.flatMap(({ code }) => code ?? []),
    mimeType: entry.mimeType,
    title: entry.title,
    typeCode: entry.typeCode?.code ?? null,
    classCode: entry.classCode?.code ?? null,
    authors: entry.authors.flatMap(({ persons }) => persons.flatMap((person) => parseXcn(person)?.id ?? [])),
    depositor: { nationalId: caller.nationalId, structure: caller.structure },
    xml: entryXml(entry.node, facts),
    receivedAt,
  };
}

/** Associations between what is kept; those of folders have nothing to stand between. */
function linksOf(
  room: DmpRoom,
  submission: XdsSubmission,
  uuids: ReadonlyMap<string, string>,
): readonly StoredAssociation[] {
  const end = (id: string | null): string | null => {
    if (id === null) return null;
    return uuids.get(id) ?? (room.store.entries.has(id) ? id : null);
  };
  return submission.associations.flatMap(({ type, source, target, submissionSetStatus }) => {
    const [from, to] = [end(source), end(target)];
    if (from === null || to === null || type === null) return [];
    const status = submissionSetStatus ?? (type === HAS_MEMBER ? "Original" : null);
    const slots: Record<string, string> = status === null ? {} : { SubmissionSetStatus: status };
    return [association({ type, source: from, target: to }, slots)];
  });
}
