/**
 * What the DMP mock keeps: entries with their versions, submission sets, associations, contents. Files under the state
 * folder, so that a restart still knows every identifier. A change is written whole (one journal line) or not at all.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onDisk, openJournal } from "./journal.js";

export const ENTRY_STATUSES = ["Approved", "Deprecated", "Deleted", "Archived"] as const;
export type EntryStatus = (typeof ENTRY_STATUSES)[number];

/** Repository of the DMP (dmp.md §2.3). */
export const REPOSITORY_ID = "1.2.250.1.213.4.1.1.1.2";

/** One version of the metadata of a document. */
export interface StoredEntry {
  /** `urn:uuid:…`, new with each version of the metadata. */
  readonly entryUuid: string;
  /** Constant across the versions of the metadata; a replacing document has its own. */
  readonly logicalId: string;
  /** From 1. */
  readonly version: number;
  readonly uniqueId: string;
  /** uniqueId of the submission set that brought this version. */
  readonly submissionSetId: string;
  /** CX, as submitted. */
  readonly patientId: string;
  readonly repositoryUniqueId: string;
  readonly status: EntryStatus;
  /** Every confidentialityCode, in order. */
  readonly visibility: readonly string[];
  readonly mimeType: string | null;
  readonly title: string | null;
  readonly typeCode: string | null;
  readonly classCode: string | null;
  /** SHA-1 in hexadecimal and byte count, as a repository computes them. */
  readonly hash: string;
  readonly size: number;
  /** Identifiers (XCN.1) of the authors of the document. */
  readonly authors: readonly string[];
  /** Who sent it, by the VIHF (NameID, Identifiant_Structure). */
  readonly depositor: { readonly nationalId: string | null; readonly structure: string | null };
  /** The `rim:ExtrinsicObject` as a query returns it: ids, status, version, hash and size of the registry in it. */
  readonly xml: string;
  /** ISO 8601. */
  readonly receivedAt: string;
}

export interface StoredSet {
  readonly entryUuid: string;
  readonly uniqueId: string;
  readonly patientId: string;
  /** The `rim:RegistryPackage` as a query returns it. */
  readonly xml: string;
  readonly receivedAt: string;
}

export interface StoredAssociation {
  /** `urn:uuid:…` */
  readonly id: string;
  /** URN of the type (HasMember, RPLC…). */
  readonly type: string;
  /** entryUuid of the set or of the entry it starts from, and of what it leads to. */
  readonly source: string;
  readonly target: string;
  /** The `rim:Association` as a query returns it. */
  readonly xml: string;
}

/** What a transaction adds. An entry whose `entryUuid` is known replaces it: that is how a status changes. */
export interface StoreChange {
  readonly sets?: readonly StoredSet[];
  readonly entries?: readonly StoredEntry[];
  readonly associations?: readonly StoredAssociation[];
  /** Bytes of new documents, by uniqueId. */
  readonly contents?: readonly { readonly uniqueId: string; readonly bytes: Uint8Array }[];
}

export interface DocumentStore {
  /** By entryUuid, every version of every document, in the order of their arrival. */
  readonly entries: ReadonlyMap<string, StoredEntry>;
  /** By uniqueId. */
  readonly sets: ReadonlyMap<string, StoredSet>;
  /** By id. */
  readonly associations: ReadonlyMap<string, StoredAssociation>;
  /** The newest version of a document's metadata; null when the uniqueId is unknown. */
  latest(uniqueId: string): StoredEntry | null;
  /** Throws SuiteError ERR_DISK; nothing is known of the change then. */
  commit(change: StoreChange): void;
  /** Content of a document; null when the uniqueId is unknown. Throws SuiteError ERR_DISK. */
  read(uniqueId: string): Uint8Array | null;
  /** Throws SuiteError ERR_DISK. */
  reset(): void;
}

/** A change as the journal holds it: contents are files beside it. */
type JournalLine = Required<Omit<StoreChange, "contents">>;

/** Opens the store of a folder; what an earlier start left there is known again. Throws SuiteError ERR_DISK. */
export function openStore(folder: string): DocumentStore {
  const contents = path.join(folder, "documents");
  const makeFolder = (): void => {
    onDisk("the state of the DMP mock cannot be written", contents, () => mkdirSync(contents, { recursive: true }));
  };
  makeFolder();
  const journal = openJournal(path.join(folder, "registry.jsonl"), readLine);
  const entries = new Map<string, StoredEntry>();
  const sets = new Map<string, StoredSet>();
  const associations = new Map<string, StoredAssociation>();
  const newest = new Map<string, StoredEntry>();
  const learn = (line: JournalLine): void => {
    for (const entry of line.entries) {
      entries.set(entry.entryUuid, entry);
      const known = newest.get(entry.uniqueId);
      if (!known || entry.version >= known.version) newest.set(entry.uniqueId, entry);
    }
    for (const set of line.sets) sets.set(set.uniqueId, set);
    for (const association of line.associations) associations.set(association.id, association);
  };
  for (const line of journal.lines) learn(line);
  // Identifiers are foreign text: a file is named by their digest, never by themselves.
  const fileOf = (uniqueId: string): string => path.join(contents, createHash("sha256").update(uniqueId).digest("hex"));
  return {
    entries,
    sets,
    associations,
    latest: (uniqueId) => newest.get(uniqueId) ?? null,
    commit(change) {
      for (const { uniqueId, bytes } of change.contents ?? []) {
        const file = fileOf(uniqueId);
        onDisk("a document of the DMP mock cannot be written", file, () => writeFileSync(file, bytes));
      }
      const line = {
        sets: change.sets ?? [],
        entries: change.entries ?? [],
        associations: change.associations ?? [],
      };
      journal.append(line);
      learn(line);
    },
    read(uniqueId) {
      if (!newest.has(uniqueId)) return null;
      const file = fileOf(uniqueId);
      return onDisk("a document of the DMP mock cannot be read", file, () => readFileSync(file));
    },
    reset() {
      journal.clear();
      onDisk("the state of the DMP mock cannot be written", contents, () =>
        rmSync(contents, { recursive: true, force: true }),
      );
      makeFolder();
      for (const known of [entries, sets, associations, newest]) known.clear();
    },
  };
}

/** XDS hashes are SHA-1 in hexadecimal (ITI TF-3 §4.2.3.2.10). */
export function sha1(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

function readLine(value: unknown): JournalLine | null {
  if (!isRecord(value)) return null;
  const { sets, entries, associations } = value;
  if (!Array.isArray(sets) || !Array.isArray(entries) || !Array.isArray(associations)) return null;
  if (!sets.every(isSet) || !entries.every(isEntry) || !associations.every(isAssociation)) return null;
  return { sets, entries, associations };
}

function isEntry(value: unknown): value is StoredEntry {
  if (!isRecord(value) || !isRecord(value.depositor)) return false;
  const { version, size, visibility, authors, status, depositor } = value;
  return (
    hasTexts(value, "entryUuid", "logicalId", "uniqueId", "submissionSetId", "patientId", "repositoryUniqueId") &&
    hasTexts(value, "hash", "xml", "receivedAt") &&
    [value.mimeType, value.title, value.typeCode, value.classCode].every(isTextOrNull) &&
    [depositor.nationalId, depositor.structure].every(isTextOrNull) &&
    [visibility, authors].every((list) => Array.isArray(list) && list.every((item) => typeof item === "string")) &&
    Number.isSafeInteger(version) &&
    Number.isSafeInteger(size) &&
    ENTRY_STATUSES.some((known) => known === status)
  );
}

function isSet(value: unknown): value is StoredSet {
  return isRecord(value) && hasTexts(value, "entryUuid", "uniqueId", "patientId", "xml", "receivedAt");
}

function isAssociation(value: unknown): value is StoredAssociation {
  return isRecord(value) && hasTexts(value, "id", "type", "source", "target", "xml");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function hasTexts(value: Record<string, unknown>, ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === "string");
}
