/** What the registry knows of its own objects when it is asked: metadata read again, and who may see an entry. */
import {
  RIM_NS,
  readSubmitObjects,
  type XdsDocument,
  type XdsSubmission,
  type XdsSubmissionSet,
} from "../../protocols/xds.js";
import { parseXml } from "../../protocols/xml.js";
import { type Caller, EMERGENCY, isAuthor, MASKED, patientKeyOf, REGULATION, type RefusalCode } from "./access.js";
import type { DmpRoom } from "./room.js";
import type { StoredEntry, StoredSet } from "./store.js";

const documents = new WeakMap<StoredEntry, XdsDocument>();
const sets = new WeakMap<StoredSet, XdsSubmissionSet>();

/** Metadata of an entry, read once. */
export function documentOf(entry: StoredEntry): XdsDocument {
  const known = documents.get(entry) ?? readObjects(entry.xml).documents[0];
  if (!known) throw new Error(`the entry ${entry.entryUuid} of the store has no metadata`);
  documents.set(entry, known);
  return known;
}

/** Metadata of a submission set, read once. */
export function setOf(set: StoredSet): XdsSubmissionSet {
  const known = sets.get(set) ?? readObjects(set.xml).submissionSet;
  if (!known) throw new Error(`the submission set ${set.uniqueId} of the store has no metadata`);
  sets.set(set, known);
  return known;
}

function readObjects(xml: string): XdsSubmission {
  return readSubmitObjects(parseXml(`<RegistryObjectList xmlns="${RIM_NS}">${xml}</RegistryObjectList>`));
}

/** The newest version of the metadata of its document. */
export function isNewest(room: DmpRoom, entry: StoredEntry): boolean {
  return room.store.latest(entry.uniqueId)?.entryUuid === entry.entryUuid;
}

/** The professional, or in indirect mode the structure, that wrote or sent the document. */
export function wrote(caller: Caller, entry: StoredEntry): boolean {
  const institutions = documentOf(entry).authors.flatMap((author) => author.institutions);
  return isAuthor(caller, entry, institutions);
}

/**
 * A document masked from professionals is shown to its author, to the attending physician, and in the emergency and
 * regulation accesses when the patient does not refuse them (PDT-INF-526 and PDT-INF-606, row TD3.2, notes 6 and 7).
 * INVISIBLE_PATIENT hides nothing from professionals. What the newest version says holds for the versions before it.
 */
export function mayRead(room: DmpRoom, caller: Caller, entry: StoredEntry): boolean {
  const now = room.store.latest(entry.uniqueId) ?? entry;
  if (!now.visibility.includes(MASKED) || wrote(caller, entry)) return true;
  // A refusal of these accesses has stopped the caller before.
  if (caller.purpose === EMERGENCY || caller.purpose === REGULATION) return true;
  const patient = patientKeyOf(room.context.patients, entry.patientId);
  return patient !== null && caller.nationalId !== null && room.access.attending(patient, caller.nationalId);
}

/** Patients (keys; null for one unknown here) whose documents, or submission sets, these are. */
export function patientsOf(
  room: DmpRoom,
  objects: readonly Pick<StoredEntry, "patientId">[],
): readonly (string | null)[] {
  return [...new Set(objects.map((object) => patientKeyOf(room.context.patients, object.patientId)))];
}

/** First reason why one of these DMPs may not be consulted; null when all may. */
export function refusalFor(room: DmpRoom, caller: Caller, patients: readonly (string | null)[]): RefusalCode | null {
  for (const patient of patients.length === 0 ? [null] : patients) {
    const refusal = room.access.refusal(patient, caller);
    if (refusal !== null) return refusal;
  }
  return null;
}
