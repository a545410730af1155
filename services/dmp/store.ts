/** The document store behind the DMP mock: files under the state folder, so that a restart still knows every uniqueId. */
import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface StoredDocument {
  readonly uniqueId: string;
  readonly submissionSetId: string;
  readonly patientId: string;
  readonly mimeType: string | null;
  readonly title: string | null;
  readonly typeCode: string | null;
  /** SHA-1 in hexadecimal and byte count, as a repository computes them. */
  readonly hash: string;
  readonly size: number;
  readonly receivedAt: string;
}

export interface NewDocument extends Omit<
  StoredDocument,
  "hash" | "size" | "receivedAt" | "submissionSetId" | "patientId"
> {
  readonly bytes: Uint8Array;
}

export interface DocumentStore {
  readonly documents: ReadonlyMap<string, StoredDocument>;
  /** uniqueIds of the submission sets received. */
  readonly submissionSets: ReadonlySet<string>;
  /** Writes a whole submission. The caller has seen that no identifier is known yet. */
  add(submissionSetId: string, patientId: string, documents: readonly NewDocument[]): void;
  read(uniqueId: string): Uint8Array | null;
  reset(): void;
}

/** Opens the store of a folder; what an earlier start left there is known again. */
export function openStore(folder: string): DocumentStore {
  const contents = path.join(folder, "documents");
  const journal = path.join(folder, "submissions.jsonl");
  const documents = new Map<string, StoredDocument>();
  const submissionSets = new Set<string>();
  mkdirSync(contents, { recursive: true });
  if (existsSync(journal)) {
    for (const line of readFileSync(journal, "utf8").split("\n")) {
      const entry = readLine(line);
      if (!entry) continue;
      submissionSets.add(entry.submissionSetId);
      for (const document of entry.documents) documents.set(document.uniqueId, document);
    }
  }
  // Identifiers are foreign text: a file is named by their digest, never by themselves.
  const fileOf = (uniqueId: string): string => path.join(contents, createHash("sha256").update(uniqueId).digest("hex"));
  return {
    documents,
    submissionSets,
    add(submissionSetId, patientId, added) {
      const receivedAt = new Date().toISOString();
      const stored = added.map(({ bytes, ...facts }): StoredDocument => {
        writeFileSync(fileOf(facts.uniqueId), bytes);
        return { ...facts, submissionSetId, patientId, hash: sha1(bytes), size: bytes.length, receivedAt };
      });
      appendFileSync(journal, `${JSON.stringify({ submissionSetId, documents: stored })}\n`);
      submissionSets.add(submissionSetId);
      for (const document of stored) documents.set(document.uniqueId, document);
    },
    read(uniqueId) {
      return documents.has(uniqueId) ? readFileSync(fileOf(uniqueId)) : null;
    },
    reset() {
      documents.clear();
      submissionSets.clear();
      rmSync(contents, { recursive: true, force: true });
      rmSync(journal, { force: true });
      mkdirSync(contents, { recursive: true });
    },
  };
}

/** XDS hashes are SHA-1 in hexadecimal (ITI TF-3 §4.2.3.2.10). */
export function sha1(bytes: Uint8Array): string {
  return createHash("sha1").update(bytes).digest("hex");
}

/** A journal line; null for the rest of a line cut by a crash. */
function readLine(line: string): { submissionSetId: string; documents: StoredDocument[] } | null {
  if (line === "") return null;
  try {
    return JSON.parse(line) as { submissionSetId: string; documents: StoredDocument[] };
  } catch {
    return null;
  }
}
