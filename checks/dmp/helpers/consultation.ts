/** What a software asks of the registry and repository, read once per exchange: TD3.1, TD3.2, TD3.3, and their answers. */
import { derive, type Exchange } from "../../../core/model/index.js";
import { binaryContent } from "../../../protocols/mtom.js";
import {
  type DocumentRequest,
  readQueryResponse,
  readRetrieveRequest,
  readRetrieveResponse,
  readStoredQuery,
  readUpdateRequest,
  type StoredQuery,
  type StoredQueryName,
  type UpdateRequest,
  XdsQueryError,
} from "../../../protocols/xds-query.js";
import { readSubmitObjects, REGISTRY_SUCCESS, type XdsDocument, XdsError } from "../../../protocols/xds.js";
import { attr, child, descendants, text } from "../../../protocols/xml.js";
import { answerOf, callOf } from "./call.js";

/** TD3.1 and TD3.2. */
export const CONSULTATION = ["dmp.search", "dmp.retrieve"] as const;

/** Queries that list a file. The others name objects by their ids: a software that updates its own document needs them (TD3.1b). */
const LISTING: readonly StoredQueryName[] = [
  "FindDocuments",
  "FindSubmissionSets",
  "FindFolders",
  "GetAll",
  "FindDocumentsByReferenceId",
];

/** The stored query an exchange carries; null when it cannot be read as one. */
export function queryOf(exchange: Exchange): StoredQuery | null {
  return exchange.operation === "dmp.search" ? derive(exchange, readQuery) : null;
}

function readQuery(exchange: Exchange): StoredQuery | null {
  return tolerant(() => {
    const call = callOf(exchange);
    return call && readStoredQuery(call.envelope.body);
  });
}

/** True for a query that lists a file, and for a retrieval. */
export function consults(exchange: Exchange): boolean {
  if (exchange.operation === "dmp.retrieve") return true;
  const name = queryOf(exchange)?.name;
  return name !== undefined && name !== null && LISTING.includes(name);
}

/** Values of a parameter of a query, all its Slots together. */
export function valuesOf(query: StoredQuery, parameter: string): readonly string[] {
  return (query.parameters.get(parameter) ?? []).flatMap((slot) => slot.values.map((value) => value.text));
}

/** The documents the registry described in its answer, in order; empty for any other exchange. */
export function entriesOf(exchange: Exchange): readonly XdsDocument[] {
  return exchange.operation === "dmp.search" ? derive(exchange, readEntries) : [];
}

function readEntries(exchange: Exchange): readonly XdsDocument[] {
  const body = answerOf(exchange)?.envelope?.body ?? null;
  const response = readQueryResponse(body);
  if (!response || response.objects.length === 0) return [];
  return tolerant(() => readSubmitObjects(response.node).documents) ?? [];
}

/** `VersionInfo/@versionName` of an entry; 1 when it says nothing. */
export function versionOf(entry: XdsDocument): string {
  return attr(child(entry.node, "VersionInfo"), "versionName") ?? "1";
}

/** What the TD3.2 request names; null when it cannot be read. */
export function retrievalOf(exchange: Exchange): readonly DocumentRequest[] | null {
  return exchange.operation === "dmp.retrieve" ? derive(exchange, readRetrieval) : null;
}

function readRetrieval(exchange: Exchange): readonly DocumentRequest[] | null {
  return tolerant(() => {
    const call = callOf(exchange);
    return call && readRetrieveRequest(call.envelope.body);
  });
}

/** A document the repository gave back whole. */
export interface ServedDocument {
  readonly uniqueId: string;
  readonly bytes: Uint8Array;
}

/** Documents of a TD3.2 answer delivered to the last byte; empty for any other exchange. */
export function servedBy(exchange: Exchange): readonly ServedDocument[] {
  return exchange.operation === "dmp.retrieve" ? derive(exchange, readServed) : [];
}

function readServed(exchange: Exchange): readonly ServedDocument[] {
  const envelope = answerOf(exchange)?.envelope;
  if (!envelope) return [];
  return (readRetrieveResponse(envelope.body) ?? []).flatMap(({ documentUniqueId, document }) => {
    if (documentUniqueId === null || document === null) return [];
    const held = binaryContent(document, envelope.multipart);
    return held ? [{ uniqueId: documentUniqueId, bytes: held.bytes }] : [];
  });
}

/** The metadata update (TD3.3) an exchange carries; null when it cannot be read as one. */
export function updateOf(exchange: Exchange): UpdateRequest | null {
  return exchange.operation === "dmp.update" ? derive(exchange, readUpdate) : null;
}

function readUpdate(exchange: Exchange): UpdateRequest | null {
  return tolerant(() => {
    const call = callOf(exchange);
    return call && readUpdateRequest(call.envelope.body);
  });
}

function tolerant<T>(read: () => T | null): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof XdsQueryError || error instanceof XdsError) return null;
    throw error;
  }
}

/** The registry or repository answered Success, and the answer was delivered. */
export function succeeded(exchange: Exchange): boolean {
  return answerOf(exchange)?.registry?.status === REGISTRY_SUCCESS;
}

/** TD0.3 (setAuthorization): the action it asks for, `AJOUT` or `SUPPRESSION`; null for any other call. */
export function rightAsked(exchange: Exchange): string | null {
  if (exchange.operation !== "dmp.authorise") return null;
  const payload = callOf(exchange)?.envelope.payload;
  return text(descendants(payload, "action")[0])?.trim().toUpperCase() ?? null;
}

/** Value of the attention line AUTORISATION of a TD0.2 answer; null when it says nothing of it. */
export function rightTold(exchange: Exchange): string | null {
  if (exchange.operation !== "dmp.exists") return null;
  const lines = descendants(answerOf(exchange)?.envelope?.body, "attentionLine");
  const line = lines.find((node) => attr(descendants(node, "keyWordText")[0], "code") === "AUTORISATION");
  return attr(descendants(line, "value")[0], "code");
}

/** Known only from a sample answer of the DMP: the consultation is allowed (dmp.md §1.4, S9). */
export const RIGHT_GIVEN = "VALIDE";
