/** What a registry refuses in the metadata of a submission (ITI TF-3 §4.2, §4.3.1). README.md gives the source of each line. */
import type { PatientFixture } from "../../core/model/index.js";
import {
  HAS_MEMBER,
  parseCx,
  type XdsAssociation,
  type XdsCode,
  XDS_UUID,
  type XdsDocument,
  type XdsSubmission,
  type XdsSubmissionSet,
} from "../../protocols/xds.js";
import { attr, elements } from "../../protocols/xml.js";
import type { RegistryError } from "./answers.js";
import type { JoinedDocument } from "./contents.js";
import { isIns } from "./exists.js";
import { type DocumentStore, type StoredEntry, sha1 } from "./store.js";

export const REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC";

/** A submission set with what it is stored under. */
export interface KnownSet extends XdsSubmissionSet {
  readonly uniqueId: string;
  readonly patientId: string;
}

function metadataError(context: string): RegistryError {
  return { code: "XDSRegistryMetadataError", context };
}

/** Objects of one message; the DMP's own limit is not known. */
const MAX_OBJECTS = 1000;

/** A message of more objects than the mock treats; null when it is within the limit. */
export function tooManyObjects(submission: XdsSubmission): RegistryError | null {
  const count = Math.max(elements(submission.node).length, submission.contents.length);
  if (count <= MAX_OBJECTS) return null;
  return { code: "XDSRepositoryOutOfResources", context: `${count} objects, ${MAX_OBJECTS} at most` };
}

/** Attributes a Document Source must give (ITI TF-3 table 4.3.1-3) and did not. */
export function missingAttributes(submission: XdsSubmission, set: XdsSubmissionSet): RegistryError[] {
  const errors: RegistryError[] = [];
  const need = (owner: string | null, attribute: string, there: boolean): void => {
    if (!there) errors.push(metadataError(`${owner ?? "object without id"}: ${attribute} is missing`));
  };
  need(set.id, "submissionTime", filled(set.submissionTime));
  need(set.id, "sourceId", filled(set.sourceId));
  need(set.id, "contentTypeCode", coded(set.contentTypeCode));
  for (const entry of submission.documents) {
    need(entry.id, "mimeType", filled(entry.mimeType));
    need(entry.id, "objectType", entry.objectType === XDS_UUID.stableDocument);
    need(entry.id, "patientId", filled(entry.patientId));
    need(entry.id, "uniqueId", filled(entry.uniqueId));
    need(entry.id, "creationTime", filled(entry.creationTime));
    need(entry.id, "languageCode", filled(entry.languageCode));
    need(entry.id, "sourcePatientId", filled(entry.sourcePatientId));
    for (const [attribute, code] of codesOf(entry)) need(entry.id, attribute, coded(code));
  }
  return errors;
}

function codesOf(entry: XdsDocument): readonly (readonly [string, XdsCode | null])[] {
  return [
    ["classCode", entry.classCode],
    ["confidentialityCode", entry.confidentialityCodes[0] ?? null],
    ["formatCode", entry.formatCode],
    ["healthcareFacilityTypeCode", entry.healthcareFacilityTypeCode],
    ["practiceSettingCode", entry.practiceSettingCode],
    ["typeCode", entry.typeCode],
  ];
}

function filled(value: string | null): boolean {
  return value !== null && value !== "";
}

/** A coded attribute is its code and its coding scheme. */
function coded(code: XdsCode | null): boolean {
  return code !== null && filled(code.code) && filled(code.scheme);
}

/** Identifiers used twice, in the message or since an earlier one. */
export function duplicates(
  submission: XdsSubmission,
  set: KnownSet,
  contents: readonly JoinedDocument[],
  store: DocumentStore,
): RegistryError[] {
  const errors: RegistryError[] = [];
  const seen = new Set<string>([set.uniqueId]);
  const known = (uniqueId: string, what: string): void => {
    errors.push({ code: "XDSDuplicateUniqueIdInRegistry", context: `${uniqueId} (${what})` });
  };
  if (store.sets.has(set.uniqueId)) known(set.uniqueId, "submission set");
  else if (store.latest(set.uniqueId)) known(set.uniqueId, "used by a document");
  for (const { uniqueId, node } of submission.documents) {
    if (uniqueId === null) continue;
    if (seen.has(uniqueId)) errors.push({ code: "XDSRepositoryDuplicateUniqueIdInMessage", context: uniqueId });
    seen.add(uniqueId);
    const earlier = store.latest(uniqueId);
    const bytes = contents.find(({ entry }) => entry.node === node)?.bytes;
    if (earlier) known(uniqueId, bytes && sha1(bytes) === earlier.hash ? "same content" : "another content");
    else if (store.sets.has(uniqueId)) known(uniqueId, "used by a submission set");
  }
  const objects = [set.id, ...submission.documents.map((d) => d.id)].filter((id): id is string => id !== null);
  for (const id of objects) {
    if (store.entries.has(id)) errors.push(metadataError(`${id}: this entryUUID is already that of another object`));
  }
  for (const id of new Set(objects.filter((id, index) => objects.indexOf(id) !== index))) {
    errors.push(metadataError(`${id}: several objects bear this id`));
  }
  return errors;
}

/** The registry knows the patients of the test base that have a DMP; nothing enters a closed one. */
export function patientErrors(
  submission: XdsSubmission,
  set: KnownSet,
  patients: readonly PatientFixture[],
): RegistryError[] {
  const errors: RegistryError[] = [];
  const wanted = parseCx(set.patientId);
  const patient = isIns(wanted?.oid ?? null) ? patients.find((p) => p.ins?.matricule === wanted?.id) : undefined;
  if (!patient || patient.dmp === "none") errors.push({ code: "XDSUnknownPatientId", context: set.patientId });
  else if (patient.dmp === "closed") errors.push({ code: "XDSRegistryError", context: "le DMP du patient est fermé" });
  for (const entry of submission.documents) {
    if (!samePatient(entry.patientId, set.patientId)) {
      errors.push({ code: "XDSPatientIdDoesNotMatch", context: entry.patientId ?? "no patientId" });
    }
  }
  return errors;
}

/** Trailing components of a CX do not tell patients apart (dmp.md §2.3: the kit appends some). */
function samePatient(one: string | null, other: string): boolean {
  const [a, b] = [parseCx(one), parseCx(other)];
  return a?.id === b?.id && a?.oid === b?.oid;
}

/** Links that miss, lead nowhere, or may not be made. */
export function associationErrors(submission: XdsSubmission, set: KnownSet, store: DocumentStore): RegistryError[] {
  const errors: RegistryError[] = [];
  for (const entry of submission.documents) {
    const linked = submission.associations.some(
      (a) => a.type === HAS_MEMBER && a.source === set.id && a.target === entry.id && entry.id !== null,
    );
    if (!linked) errors.push(metadataError(`${entry.id ?? "entry without id"}: no HasMember from the submission set`));
  }
  const inside = new Set(elements(submission.node).map((object) => attr(object, "id")));
  for (const association of submission.associations) {
    errors.push(...linkErrors(association, submission, set, store, inside));
  }
  return errors;
}

function linkErrors(
  association: XdsAssociation,
  submission: XdsSubmission,
  set: KnownSet,
  store: DocumentStore,
  inside: ReadonlySet<string | null>,
): RegistryError[] {
  const { source, target, type } = association;
  const name = association.id ?? "association without id";
  if (!source || !target || !type) return [metadataError(`${name}: type, source or target is missing`)];
  const registered = (id: string): boolean => store.entries.has(id) || setById(store, id);
  const lost = [source, target].filter((id) => !inside.has(id) && !registered(id));
  if (lost.length > 0) return lost.map((id) => metadataError(`${name}: ${id} is in neither message nor registry`));
  const linked = store.entries.get(target);
  if (type === REPLACES) {
    if (!submission.documents.some((d) => d.id === source)) {
      return [metadataError(`${name}: the source of a replacement is a document of the message`)];
    }
    if (!linked) return [metadataError(`${name}: what is replaced is a document of the registry`)];
  }
  return linked ? earlierEntryErrors(association, linked, set) : [];
}

function earlierEntryErrors(association: XdsAssociation, linked: StoredEntry, set: KnownSet): RegistryError[] {
  const { entryUuid, status } = linked;
  // A set may refer to a document of another patient (ITI TF-3 §4.2.2.2, SubmissionSetStatus Reference).
  const reference = association.type === HAS_MEMBER && association.submissionSetStatus === "Reference";
  if (!reference && !samePatient(linked.patientId, set.patientId)) {
    return [{ code: "XDSPatientIdDoesNotMatch", context: `${entryUuid} belongs to another patient` }];
  }
  if (status === "Deprecated") {
    return [{ code: "XDSRegistryDeprecatedDocumentError", context: `${entryUuid} is deprecated` }];
  }
  if (association.type === REPLACES && status !== "Approved") {
    return [metadataError(`${entryUuid} is ${status}: only an Approved document is replaced`)];
  }
  return [];
}

function setById(store: DocumentStore, entryUuid: string): boolean {
  return [...store.sets.values()].some((set) => set.entryUuid === entryUuid);
}
