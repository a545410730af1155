/** TD2.1 (IHE ITI-41): what a repository and its registry refuse, and nothing more. Sources are in README.md. */
import type { PatientFixture } from "../../core/model/index.js";
import { partContent, xopIncludes } from "../../protocols/mtom.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import {
  parseCx,
  readSubmitObjects,
  XDSB_NS,
  type XdsDocument,
  XdsError,
  type XdsSubmission,
} from "../../protocols/xds.js";
import { elements, text } from "../../protocols/xml.js";
import type { RegistryError } from "./answers.js";
import { type DocumentStore, type NewDocument, sha1 } from "./store.js";

const SUBMIT_REQUEST = "ProvideAndRegisterDocumentSetRequest";
export const SUBMIT_ANSWER = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-bResponse";

export type SubmitOutcome =
  | {
      readonly accepted: true;
      readonly setId: string;
      readonly patientId: string;
      readonly documents: readonly NewDocument[];
    }
  | { readonly accepted: false; readonly errors: readonly RegistryError[] };

export function isSubmission(envelope: SoapEnvelope): boolean {
  return envelope.payload?.name === SUBMIT_REQUEST && envelope.payload.ns === XDSB_NS;
}

/** Judges a submission as repository and registry do; stores nothing. */
export function examine(
  envelope: SoapEnvelope,
  store: DocumentStore,
  patients: readonly PatientFixture[],
): SubmitOutcome {
  let submission: XdsSubmission;
  try {
    submission = readSubmitObjects(envelope.body);
  } catch (error) {
    if (error instanceof XdsError) return refuse(metadata("no RegistryObjectList"));
    throw error;
  }
  const set = submission.submissionSet;
  if (!set) return refuse(metadata("no submission set"));
  const { uniqueId, patientId } = set;
  if (uniqueId === null || patientId === null) {
    return refuse(metadata("the submission set has no uniqueId or no patientId"));
  }
  const contents = joinContents(envelope, submission);
  const errors = [
    ...contents.errors,
    ...identifierErrors(submission, uniqueId, store),
    ...patientErrors(submission, patientId, patients),
    ...contents.found.flatMap(({ document, bytes }) => integrityErrors(document, bytes)),
  ];
  if (errors.length > 0) return { accepted: false, errors };
  const documents = contents.found.map(({ document, bytes }) => ({
    uniqueId: document.uniqueId ?? "",
    mimeType: document.mimeType,
    title: document.title,
    typeCode: document.typeCode?.code ?? null,
    bytes,
  }));
  return { accepted: true, setId: uniqueId, patientId, documents };
}

function refuse(...errors: readonly RegistryError[]): SubmitOutcome {
  return { accepted: false, errors };
}

function metadata(context: string): RegistryError {
  return { code: "XDSRepositoryMetadataError", context };
}

/** Joins each entry to the bytes named by `Document/@id`, through XOP or inline base64. */
function joinContents(
  envelope: SoapEnvelope,
  submission: XdsSubmission,
): { found: { document: XdsDocument; bytes: Uint8Array }[]; errors: RegistryError[] } {
  const errors: RegistryError[] = [];
  const found: { document: XdsDocument; bytes: Uint8Array }[] = [];
  for (const document of submission.documents) {
    const content = submission.contents.find((c) => c.id !== null && c.id === document.id);
    const bytes = content ? contentBytes(envelope, content.node) : null;
    if (bytes) found.push({ document, bytes });
    else
      errors.push({ code: "XDSMissingDocument", context: `no document for the entry ${document.id ?? "without id"}` });
  }
  for (const content of submission.contents) {
    if (!submission.documents.some((d) => d.id !== null && d.id === content.id)) {
      errors.push({
        code: "XDSMissingDocumentMetadata",
        context: `no entry for the document ${content.id ?? "without id"}`,
      });
    }
  }
  return { found, errors };
}

function contentBytes(envelope: SoapEnvelope, node: XdsSubmission["node"]): Uint8Array | null {
  const include = xopIncludes(node, envelope.multipart)[0];
  if (include) return include.part ? partContent(include.part) : null;
  return elements(node).length === 0 ? Buffer.from(text(node) ?? "", "base64") : null;
}

function identifierErrors(submission: XdsSubmission, setId: string, store: DocumentStore): RegistryError[] {
  const errors: RegistryError[] = [];
  const seen = new Set<string>([setId]);
  if (store.submissionSets.has(setId)) errors.push({ code: "XDSDuplicateUniqueIdInRegistry", context: setId });
  for (const { uniqueId, id } of submission.documents) {
    if (uniqueId === null) {
      errors.push(metadata(`the entry ${id ?? "without id"} has no uniqueId`));
      continue;
    }
    if (seen.has(uniqueId)) errors.push({ code: "XDSRepositoryDuplicateUniqueIdInMessage", context: uniqueId });
    seen.add(uniqueId);
    if (store.documents.has(uniqueId)) errors.push({ code: "XDSDuplicateUniqueIdInRegistry", context: uniqueId });
  }
  return errors;
}

/** The registry knows the patients of the test base that have, or had, a DMP. */
function patientErrors(
  submission: XdsSubmission,
  setPatient: string,
  patients: readonly PatientFixture[],
): RegistryError[] {
  const wanted = parseCx(setPatient);
  const known = patients.some((p) => p.dmp !== "none" && p.ins !== null && p.ins.matricule === wanted?.id);
  const errors: RegistryError[] = known ? [] : [{ code: "XDSUnknownPatientId", context: setPatient }];
  for (const document of submission.documents) {
    const own = parseCx(document.patientId);
    if (own?.id !== wanted?.id || own?.oid !== wanted?.oid) {
      errors.push({ code: "XDSPatientIdDoesNotMatch", context: document.patientId ?? "no patientId" });
    }
  }
  return errors;
}

/** Hash and size are the repository's to compute; when the sender gives them they must be right. */
function integrityErrors(document: XdsDocument, bytes: Uint8Array): RegistryError[] {
  const errors: RegistryError[] = [];
  if (document.hash !== null && document.hash.toLowerCase() !== sha1(bytes)) {
    errors.push(metadata(`hash of ${document.id}: ${document.hash} given, ${sha1(bytes)} found`));
  }
  if (document.size !== null && document.size !== String(bytes.length)) {
    errors.push(metadata(`size of ${document.id}: ${document.size} given, ${bytes.length} found`));
  }
  return errors;
}
