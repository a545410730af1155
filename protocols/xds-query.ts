/**
 * What a consumer asks of an XDS.b registry and repository: stored queries (IHE ITI-18), retrievals (ITI-43) and metadata
 * updates (ITI-57). Reads what other stacks write: any prefix, repeated Slots, split values, missing quotes. Absent is
 * null, never "".
 */
import {
  HAS_MEMBER,
  RIM_NS,
  readSubmitObjects,
  slot,
  XDSB_NS,
  type XdsAssociation,
  type XdsDocument,
  XdsError,
  type XdsSubmissionSet,
} from "./xds.js";
import { attr, child, children, descendants, text, trimmed, type XmlNode } from "./xml.js";

export const QUERY_NS = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0";
export const LCM_NS = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0";
export const UPDATE_STATUS = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus";

/**
 * Ids of the stored queries (ITI TF-2 §3.18.4.1.2.4). The four of dmp.md §2.2; the others read in the public sources of
 * Open eHealth IPF (`QueryType.java`).
 */
export const STORED_QUERIES = {
  FindDocuments: "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d",
  FindSubmissionSets: "urn:uuid:f26abbcb-ac74-4422-8a30-edb644bbc1a9",
  FindFolders: "urn:uuid:958f3006-baad-4929-a4de-ff1114824431",
  GetAll: "urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3",
  GetDocuments: "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4",
  GetFolders: "urn:uuid:5737b14c-8a1a-4539-b659-e03a34a5e1e4",
  GetAssociations: "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155",
  GetDocumentsAndAssociations: "urn:uuid:bab9529a-4a10-40b3-a01f-f68a615d247a",
  GetSubmissionSets: "urn:uuid:51224314-5390-4169-9b91-b1980040715a",
  GetSubmissionSetAndContents: "urn:uuid:e8e3cb2c-e39c-46b9-99e4-c12f57260b83",
  GetFolderAndContents: "urn:uuid:b909a503-523d-4517-8acf-8e5834dfc4c7",
  GetFoldersForDocument: "urn:uuid:10cae35a-c7f9-4cf5-b61e-fc3278ffb578",
  GetRelatedDocuments: "urn:uuid:d90e5407-b356-4d91-a89f-873917b4b0e6",
  FindDocumentsByReferenceId: "urn:uuid:12941a89-e02e-4be5-967c-ce4bfc8fe492",
} as const;
export type StoredQueryName = keyof typeof STORED_QUERIES;

/**
 * `not_query`, `not_retrieve`, `not_update`: the node holds no such request. `too_many`: more parameters, values or
 * documents than a consumer has any use for.
 */
export type XdsQueryErrorCode = "not_query" | "not_retrieve" | "not_update" | "too_many";

export class XdsQueryError extends Error {
  readonly code: XdsQueryErrorCode;
  constructor(code: XdsQueryErrorCode, message: string) {
    super(message);
    this.name = "XdsQueryError";
    this.code = code;
  }
}

/** One single-quoted string, or one number, of a parameter. */
export interface QueryValue {
  /** Quotes taken off, doubled quotes made one. */
  readonly text: string;
  /** Written between single quotes. A number is not. */
  readonly quoted: boolean;
}

/** One `rim:Slot` of a query. */
export interface QuerySlot {
  /** Every value of the Slot: alternatives (OR), even when cut over several Value elements. */
  readonly values: readonly QueryValue[];
  /** Written as a list, in parentheses, by at least one Value. */
  readonly list: boolean;
  /** False when a Value is none of string, number, list: the text then stands as one value. */
  readonly wellFormed: boolean;
  readonly node: XmlNode;
}

export interface StoredQuery {
  /** `AdhocQuery/@id`; null when absent. */
  readonly id: string | null;
  /** Null for an id that is no stored query of ITI-18. */
  readonly name: StoredQueryName | null;
  /** `ResponseOption/@returnType` (`LeafClass`, `ObjectRef`…); null when absent. */
  readonly returnType: string | null;
  readonly returnComposedObjects: string | null;
  readonly home: string | null;
  /** By name, `$` included. Several Slots of one name, in order: they narrow each other (AND). */
  readonly parameters: ReadonlyMap<string, readonly QuerySlot[]>;
  readonly node: XmlNode;
}

export interface QueryLimits {
  /** Slots of a query; default 200. */
  readonly maxSlots?: number;
  /** Values of a query in all, documents of a retrieval; default 5000. */
  readonly maxValues?: number;
}

/** Reads the AdhocQueryRequest at or under the node. Throws XdsQueryError. */
export function readStoredQuery(source: XmlNode, limits: QueryLimits = {}): StoredQuery {
  const node = descendants(source, "AdhocQueryRequest", QUERY_NS)[0];
  if (!node) throw new XdsQueryError("not_query", "no AdhocQueryRequest");
  const query = child(node, "AdhocQuery", RIM_NS);
  const option = child(node, "ResponseOption", QUERY_NS);
  const slots = children(query, "Slot", RIM_NS);
  if (slots.length > (limits.maxSlots ?? 200)) {
    throw new XdsQueryError("too_many", `${slots.length} Slots in one query`);
  }
  let left = limits.maxValues ?? 5000;
  const parameters = new Map<string, QuerySlot[]>();
  for (const one of slots) {
    const read = readSlot(one, left);
    left -= read.values.length;
    const name = (attr(one, "name") ?? "").trim();
    parameters.set(name, [...(parameters.get(name) ?? []), read]);
  }
  const id = attr(query, "id")?.trim() ?? null;
  return {
    id,
    name: queryName(id),
    returnType: attr(option, "returnType"),
    returnComposedObjects: attr(option, "returnComposedObjects"),
    home: attr(query, "home"),
    parameters,
    node,
  };
}

function queryName(id: string | null): StoredQueryName | null {
  const wanted = id?.toLowerCase();
  for (const [name, known] of Object.entries(STORED_QUERIES)) {
    if (known === wanted) return name as StoredQueryName;
  }
  return null;
}

function readSlot(node: XmlNode, left: number): QuerySlot {
  const values: QueryValue[] = [];
  let list = false;
  let wellFormed = true;
  for (const value of children(child(node, "ValueList", RIM_NS), "Value", RIM_NS)) {
    const read = readQueryValue(text(value) ?? "");
    if (values.length + read.values.length > left) throw new XdsQueryError("too_many", "too many values in one query");
    values.push(...read.values);
    list ||= read.list;
    wellFormed &&= read.wellFormed;
  }
  return { values, list, wellFormed, node };
}

/**
 * Reads the text of one Value (ITI TF-2 §3.18.4.1.2.3.5): `'string'`, `123`, `('a','b')`. A quote inside a string is
 * doubled. Anything else is given back as one unquoted value, `wellFormed` false. Linear in the length of the text.
 */
export function readQueryValue(raw: string): {
  readonly values: readonly QueryValue[];
  readonly list: boolean;
  readonly wellFormed: boolean;
} {
  const whole = raw.trim();
  if (whole === "") return { values: [], list: false, wellFormed: false };
  const asIs = { values: [{ text: whole, quoted: false }], list: false, wellFormed: false };
  const list = whole.startsWith("(");
  if (list && !whole.endsWith(")")) return asIs;
  const inner = list ? whole.slice(1, -1) : whole;
  const values: QueryValue[] = [];
  let position = 0;
  for (;;) {
    const found = readOne(inner, skipBlanks(inner, position));
    if (!found) return asIs;
    values.push(found.value);
    position = skipBlanks(inner, found.end);
    if (position >= inner.length) break;
    if (!list || inner[position] !== ",") return asIs;
    position += 1;
  }
  return { values, list, wellFormed: true };
}

function skipBlanks(value: string, from: number): number {
  let position = from;
  while (position < value.length && /\s/.test(value[position] ?? "")) position += 1;
  return position;
}

/** A string or a number at a place; null when there is none. */
function readOne(value: string, start: number): { value: QueryValue; end: number } | null {
  if (value[start] === "'") {
    const pieces: string[] = [];
    let from = start + 1;
    for (;;) {
      const quote = value.indexOf("'", from);
      if (quote < 0) return null;
      pieces.push(value.slice(from, quote));
      if (value[quote + 1] !== "'") return { value: { text: pieces.join("'"), quoted: true }, end: quote + 1 };
      from = quote + 2;
    }
  }
  const number = /[+-]?\d+(?:\.\d+)?/y;
  number.lastIndex = start;
  const found = number.exec(value);
  return found ? { value: { text: found[0], quoted: false }, end: number.lastIndex } : null;
}

/** A code asked for: `code^^scheme`, the short form of HL7 CE. `scheme` is null when it is not given. */
export interface QueryCode {
  readonly code: string;
  readonly scheme: string | null;
}

export function parseQueryCode(value: string): QueryCode {
  const parts = value.split("^");
  return { code: parts[0] ?? "", scheme: parts[2] ? parts[2] : null };
}

/**
 * SQL LIKE, as author parameters use it (ITI TF-2 §3.18.4.1.2.3.5): `%` any characters, `_` exactly one; case counts. In
 * the worst case the product of both lengths, never more: patterns are foreign.
 */
export function matchesLike(value: string, pattern: string): boolean {
  let at = 0;
  let mark = 0;
  let star = -1;
  let resume = 0;
  while (at < value.length) {
    const wanted = pattern[mark];
    if (wanted === "%") {
      star = mark;
      mark += 1;
      resume = at;
    } else if (mark < pattern.length && (wanted === "_" || wanted === value[at])) {
      at += 1;
      mark += 1;
    } else if (star >= 0) {
      mark = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (pattern[mark] === "%") mark += 1;
  return mark === pattern.length;
}

/**
 * An HL7 DTM of any precision (4 to 14 digits) filled up to the second, as times are compared: `2026` is 20260101000000.
 * Null for anything else. XDS times have no offset: they are UTC.
 */
export function fullTime(value: string | null): string | null {
  if (value === null || !/^\d{4}(?:\d{2}){0,5}$/.test(value)) return null;
  return value + "00000101000000".slice(value.length);
}

/** One `DocumentRequest` of ITI-43; null when a member is absent or empty. */
export interface DocumentRequest {
  readonly homeCommunityId: string | null;
  readonly repositoryUniqueId: string | null;
  readonly documentUniqueId: string | null;
  readonly node: XmlNode;
}

/** Reads the RetrieveDocumentSetRequest at or under the node. Throws XdsQueryError. */
export function readRetrieveRequest(source: XmlNode, limits: QueryLimits = {}): readonly DocumentRequest[] {
  const node = descendants(source, "RetrieveDocumentSetRequest", XDSB_NS)[0];
  if (!node) throw new XdsQueryError("not_retrieve", "no RetrieveDocumentSetRequest");
  const requests = children(node, "DocumentRequest", XDSB_NS);
  if (requests.length > (limits.maxValues ?? 5000)) {
    throw new XdsQueryError("too_many", `${requests.length} documents in one request`);
  }
  const value = (request: XmlNode, name: string): string | null => trimmed(child(request, name, XDSB_NS)) || null;
  return requests.map((request) => ({
    homeCommunityId: value(request, "HomeCommunityId"),
    repositoryUniqueId: value(request, "RepositoryUniqueId"),
    documentUniqueId: value(request, "DocumentUniqueId"),
    node: request,
  }));
}

/** One document given back by ITI-43. */
export interface DocumentResponse {
  readonly repositoryUniqueId: string | null;
  readonly documentUniqueId: string | null;
  readonly mimeType: string | null;
  /** `Document`: holds the bytes in base64 or an `xop:Include`; null when absent. */
  readonly document: XmlNode | null;
}

/** Documents of the RetrieveDocumentSetResponse at or under the node; null when there is none. */
export function readRetrieveResponse(source: XmlNode | null): readonly DocumentResponse[] | null {
  const node = descendants(source, "RetrieveDocumentSetResponse", XDSB_NS)[0];
  if (!node) return null;
  return children(node, "DocumentResponse", XDSB_NS).map((response) => ({
    repositoryUniqueId: trimmed(child(response, "RepositoryUniqueId", XDSB_NS)),
    documentUniqueId: trimmed(child(response, "DocumentUniqueId", XDSB_NS)),
    mimeType: trimmed(child(response, "mimeType", XDSB_NS)),
    document: child(response, "Document", XDSB_NS),
  }));
}

/** The AdhocQueryResponse at or under the node: status and ids, in order; null when there is none. */
export function readQueryResponse(source: XmlNode | null): {
  readonly status: string | null;
  /** The registry objects of the answer (`ExtrinsicObject`, `RegistryPackage`, `Association`, `ObjectRef`). */
  readonly objects: readonly XmlNode[];
  readonly node: XmlNode;
} | null {
  const node = descendants(source, "AdhocQueryResponse", QUERY_NS)[0];
  if (!node) return null;
  const list = child(node, "RegistryObjectList", RIM_NS);
  const objects = list ? list.children.filter((c): c is XmlNode => typeof c !== "string" && c.ns === RIM_NS) : [];
  return { status: attr(node, "status"), objects, node };
}

/** What one association of ITI-57 asks for (ITI TF-2 §3.57.4.1.3). */
export type UpdateOperation =
  | {
      readonly kind: "metadata";
      /** The whole new version of the entry. */
      readonly document: XdsDocument;
      /** Slot `PreviousVersion`; null when absent: then it is no update. */
      readonly previousVersion: string | null;
      /** Slot `AssociationPropagation`; true unless it says `no`. */
      readonly propagation: boolean;
      readonly association: XdsAssociation;
    }
  | {
      readonly kind: "status";
      /** entryUUID of what changes. */
      readonly target: string | null;
      readonly originalStatus: string | null;
      readonly newStatus: string | null;
      readonly association: XdsAssociation;
    }
  /** Any other association: not one of the two above. */
  | { readonly kind: "other"; readonly association: XdsAssociation };

export interface UpdateRequest {
  readonly submissionSets: readonly XdsSubmissionSet[];
  readonly documents: readonly XdsDocument[];
  readonly operations: readonly UpdateOperation[];
  readonly node: XmlNode;
}

/** Reads the SubmitObjectsRequest at or under the node. Throws XdsQueryError. */
export function readUpdateRequest(source: XmlNode, limits: QueryLimits = {}): UpdateRequest {
  const node = descendants(source, "SubmitObjectsRequest", LCM_NS)[0];
  if (!node) throw new XdsQueryError("not_update", "no SubmitObjectsRequest");
  const submission = readObjects(node);
  if (submission.documents.length + submission.associations.length > (limits.maxValues ?? 5000)) {
    throw new XdsQueryError("too_many", "too many objects in one update");
  }
  const sets = new Set(submission.submissionSets.map((set) => set.id));
  const documents = new Map(submission.documents.map((document) => [document.id, document]));
  const operations = submission.associations.map((association): UpdateOperation => {
    const fromSet = sets.has(association.source);
    const document = documents.get(association.target);
    if (fromSet && association.type === HAS_MEMBER && document) {
      return {
        kind: "metadata",
        document,
        previousVersion: slot(association.node, "PreviousVersion"),
        propagation: slot(association.node, "AssociationPropagation")?.toLowerCase() !== "no",
        association,
      };
    }
    if (fromSet && association.type === UPDATE_STATUS) {
      return {
        kind: "status",
        target: association.target,
        originalStatus: slot(association.node, "OriginalStatus"),
        newStatus: slot(association.node, "NewStatus"),
        association,
      };
    }
    return { kind: "other", association };
  });
  return { submissionSets: submission.submissionSets, documents: submission.documents, operations, node };
}

function readObjects(node: XmlNode): ReturnType<typeof readSubmitObjects> {
  try {
    return readSubmitObjects(node);
  } catch (error) {
    if (error instanceof XdsError) throw new XdsQueryError("not_update", "no RegistryObjectList");
    throw error;
  }
}
