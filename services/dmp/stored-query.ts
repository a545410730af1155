/** The stored queries of ITI-18 over the store: parameters with their rules, and the objects that answer. */
import {
  fullTime,
  matchesLike,
  parseQueryCode,
  type QuerySlot,
  type StoredQuery,
  type StoredQueryName,
} from "../../protocols/xds-query.js";
import { HAS_MEMBER, parseCx, type XdsAuthor, type XdsCode, XDS_UUID } from "../../protocols/xds.js";
import type { RegistryError } from "./answers.js";
import { documentOf, isNewest, setOf } from "./entries.js";
import { statusUrn } from "./metadata.js";
import type { DmpRoom } from "./room.js";
import type { StoredAssociation, StoredEntry, StoredSet } from "./store.js";

export interface QueryResult {
  readonly entries: readonly StoredEntry[];
  readonly sets: readonly StoredSet[];
  readonly associations: readonly StoredAssociation[];
}

interface Rule {
  readonly name: string;
  readonly required?: boolean;
  /** Several values allowed: alternatives. */
  readonly many?: boolean;
  /** The Slot may stand several times: each narrows the result (AND). */
  readonly and?: boolean;
  /** Holds an HL7 time. */
  readonly time?: boolean;
}

const required = (name: string, many = false): Rule => ({ name, required: true, many });
const many = (name: string): Rule => ({ name, many: true });
const times = (name: string): Rule[] => ["From", "To"].map((end) => ({ name: `${name}${end}`, time: true }));

const ENTRY_UUID = "$XDSDocumentEntryEntryUUID";
const UNIQUE_ID = "$XDSDocumentEntryUniqueId";
const SET_UUID = "$XDSSubmissionSetEntryUUID";
const SET_UNIQUE_ID = "$XDSSubmissionSetUniqueId";
const LEVEL: Rule = { name: "$MetadataLevel" };
const FORMAT = many("$XDSDocumentEntryFormatCode");
const CONFIDENTIALITY: Rule = { name: "$XDSDocumentEntryConfidentialityCode", many: true, and: true };
const ENTRY_TYPE = many("$XDSDocumentEntryType");

interface QueryRules {
  readonly rules: readonly Rule[];
  /** Exactly one of these has to be given. */
  readonly oneOf?: readonly string[];
}

/**
 * Parameters of the queries served (ITI TF-2 §3.18.4.1.2.3.7). Those of TD3.1 and the ones that follow a link; a parameter
 * that is not of the query is ignored, as ebRS 3.0 §6.3.2.1 asks.
 */
const SERVED: Partial<Readonly<Record<StoredQueryName, QueryRules>>> = {
  FindDocuments: {
    rules: [
      required("$XDSDocumentEntryPatientId"),
      required("$XDSDocumentEntryStatus", true),
      many("$XDSDocumentEntryClassCode"),
      many("$XDSDocumentEntryTypeCode"),
      many("$XDSDocumentEntryPracticeSettingCode"),
      many("$XDSDocumentEntryHealthcareFacilityTypeCode"),
      { name: "$XDSDocumentEntryEventCodeList", many: true, and: true },
      CONFIDENTIALITY,
      many("$XDSDocumentEntryAuthorPerson"),
      FORMAT,
      ENTRY_TYPE,
      ...times("$XDSDocumentEntryCreationTime"),
      ...times("$XDSDocumentEntryServiceStartTime"),
      ...times("$XDSDocumentEntryServiceStopTime"),
      LEVEL,
    ],
  },
  FindSubmissionSets: {
    rules: [
      required("$XDSSubmissionSetPatientId"),
      required("$XDSSubmissionSetStatus", true),
      many("$XDSSubmissionSetSourceId"),
      { name: "$XDSSubmissionSetAuthorPerson" },
      many("$XDSSubmissionSetContentType"),
      ...times("$XDSSubmissionSetSubmissionTime"),
    ],
  },
  GetDocuments: { rules: [many(ENTRY_UUID), many(UNIQUE_ID), LEVEL], oneOf: [ENTRY_UUID, UNIQUE_ID] },
  GetDocumentsAndAssociations: { rules: [many(ENTRY_UUID), many(UNIQUE_ID), LEVEL], oneOf: [ENTRY_UUID, UNIQUE_ID] },
  GetAssociations: { rules: [required("$uuid", true)] },
  GetSubmissionSets: { rules: [required("$uuid", true)] },
  GetSubmissionSetAndContents: {
    rules: [{ name: SET_UUID }, { name: SET_UNIQUE_ID }, FORMAT, CONFIDENTIALITY, ENTRY_TYPE, LEVEL],
    oneOf: [SET_UUID, SET_UNIQUE_ID],
  },
  GetRelatedDocuments: {
    rules: [{ name: ENTRY_UUID }, { name: UNIQUE_ID }, required("$AssociationTypes", true), ENTRY_TYPE, LEVEL],
    oneOf: [ENTRY_UUID, UNIQUE_ID],
  },
};

/** True for a query that searches a whole file; the others ask for objects by their identifiers. */
export function searchesFile(query: StoredQuery): boolean {
  return query.name === "FindDocuments" || query.name === "FindSubmissionSets";
}

/** What a registry refuses in a query before it runs it (ITI TF-3 table 4.2.4.1-2). */
export function queryErrors(query: StoredQuery): readonly RegistryError[] {
  const served = query.name === null ? undefined : SERVED[query.name];
  if (!served) return [{ code: "XDSUnknownStoredQuery", context: query.id ?? "no id of a stored query" }];
  const errors = served.rules.flatMap((rule) => ruleErrors(rule, query.parameters.get(rule.name) ?? []));
  if (served.oneOf) {
    const given = served.oneOf.filter((name) => valuesOf(query, name).length > 0);
    const context = served.oneOf.join(" or ");
    if (given.length === 0) errors.push({ code: "XDSStoredQueryMissingParam", context });
    if (given.length > 1) errors.push({ code: "XDSStoredQueryParamNumber", context: `${context}, not both` });
  }
  if (query.returnType !== "LeafClass" && query.returnType !== "ObjectRef") {
    errors.push({ code: "XDSRegistryError", context: `returnType ${query.returnType ?? "absent"}` });
  }
  return errors;
}

function ruleErrors(rule: Rule, slots: readonly QuerySlot[]): RegistryError[] {
  const values = slots.flatMap((slot) => slot.values);
  const context = rule.name;
  if (values.length === 0) return rule.required ? [{ code: "XDSStoredQueryMissingParam", context }] : [];
  if ((values.length > 1 && !rule.many) || (slots.length > 1 && !rule.and)) {
    return [{ code: "XDSStoredQueryParamNumber", context }];
  }
  // A bare text is taken for what it says; a list or a string that does not end can be taken for nothing.
  const broken = values.some((value) => !value.quoted && /['()]/.test(value.text));
  const badTime = rule.time === true && values.some((value) => fullTime(value.text) === null);
  return broken || badTime ? [{ code: "XDSRegistryError", context: `${context}: the value cannot be read` }] : [];
}

/** Runs a query that `queryErrors` found sound. Says nothing of who may see the result. */
export function runQuery(room: DmpRoom, query: StoredQuery): QueryResult {
  switch (query.name) {
    case "FindDocuments":
      return result({ entries: findDocuments(room, query) });
    case "FindSubmissionSets":
      return result({ sets: findSets(room, query) });
    case "GetDocuments":
      return result({ entries: namedEntries(room, query) });
    case "GetDocumentsAndAssociations": {
      const entries = namedEntries(room, query);
      const associations = touching(room, new Set(entries.map((entry) => entry.entryUuid)));
      return result({ entries, associations });
    }
    case "GetAssociations":
      return result({ associations: touching(room, new Set(valuesOf(query, "$uuid"))) });
    case "GetSubmissionSets":
      return setsOf(room, new Set(valuesOf(query, "$uuid")));
    case "GetSubmissionSetAndContents":
      return setAndContents(room, query);
    case "GetRelatedDocuments":
      return related(room, query);
    default:
      return result({});
  }
}

function result(found: Partial<QueryResult>): QueryResult {
  return { entries: [], sets: [], associations: [], ...found };
}

/** All values of a parameter, whatever the Slots. */
function valuesOf(query: StoredQuery, name: string): string[] {
  return (query.parameters.get(name) ?? []).flatMap((slot) => slot.values.map((value) => value.text));
}

/** Every Slot of the parameter holds for one of its values at least. An absent parameter holds. */
function holds(query: StoredQuery, name: string, one: (value: string) => boolean): boolean {
  return (query.parameters.get(name) ?? []).every((slot) => slot.values.some((value) => one(value.text)));
}

/** A code without its scheme is matched by the code alone. */
function hasCode(codes: readonly (XdsCode | null)[]): (wanted: string) => boolean {
  return (wanted) => {
    const { code, scheme } = parseQueryCode(wanted);
    return codes.some((found) => found?.code === code && (scheme === null || found.scheme === scheme));
  };
}

function hasAuthor(authors: readonly XdsAuthor[]): (pattern: string) => boolean {
  return (pattern) => authors.some((author) => author.persons.some((person) => matchesLike(person, pattern)));
}

/** `From` ≤ value < `To` (ITI TF-2 §3.18.4.1.2.3.3). A value that is absent is in no interval. */
function within(query: StoredQuery, name: string, value: string | null): boolean {
  const from = fullTime(valuesOf(query, `${name}From`)[0] ?? null);
  const to = fullTime(valuesOf(query, `${name}To`)[0] ?? null);
  if (from === null && to === null) return true;
  const time = fullTime(value);
  return time !== null && (from === null || from <= time) && (to === null || time < to);
}

/** Same identifier under the same authority; what follows them in a CX is not compared (dmp.md §2.3). */
function samePatient(one: string | null, other: string | null): boolean {
  const a = parseCx(one);
  const b = parseCx(other);
  return a?.id !== null && a?.id === b?.id && a?.oid === b?.oid;
}

/** Only the newest versions, unless the consumer says that it understands versions (`$MetadataLevel` 2). */
function seesVersions(room: DmpRoom, query: StoredQuery): (entry: StoredEntry) => boolean {
  const all = valuesOf(query, LEVEL.name)[0] === "2";
  return (entry) => all || isNewest(room, entry);
}

/** Stable documents unless the query asks otherwise. */
function ofType(query: StoredQuery, entry: StoredEntry): boolean {
  const wanted = valuesOf(query, ENTRY_TYPE.name);
  return (wanted.length === 0 ? [XDS_UUID.stableDocument as string] : wanted).includes(
    documentOf(entry).objectType ?? "",
  );
}

function findDocuments(room: DmpRoom, query: StoredQuery): StoredEntry[] {
  const patient = valuesOf(query, "$XDSDocumentEntryPatientId")[0] ?? null;
  const statuses = valuesOf(query, "$XDSDocumentEntryStatus");
  const version = seesVersions(room, query);
  return [...room.store.entries.values()].filter((entry) => {
    if (!samePatient(entry.patientId, patient) || !statuses.includes(statusUrn(entry.status)) || !version(entry)) {
      return false;
    }
    const document = documentOf(entry);
    return (
      ofType(query, entry) &&
      contentMatches(query, entry) &&
      holds(query, "$XDSDocumentEntryClassCode", hasCode([document.classCode])) &&
      holds(query, "$XDSDocumentEntryTypeCode", hasCode([document.typeCode])) &&
      holds(query, "$XDSDocumentEntryPracticeSettingCode", hasCode([document.practiceSettingCode])) &&
      holds(query, "$XDSDocumentEntryHealthcareFacilityTypeCode", hasCode([document.healthcareFacilityTypeCode])) &&
      holds(query, "$XDSDocumentEntryEventCodeList", hasCode(document.eventCodes)) &&
      holds(query, "$XDSDocumentEntryAuthorPerson", hasAuthor(document.authors)) &&
      within(query, "$XDSDocumentEntryCreationTime", document.creationTime) &&
      within(query, "$XDSDocumentEntryServiceStartTime", document.serviceStartTime) &&
      within(query, "$XDSDocumentEntryServiceStopTime", document.serviceStopTime)
    );
  });
}

function contentMatches(query: StoredQuery, entry: StoredEntry): boolean {
  const document = documentOf(entry);
  return (
    holds(query, FORMAT.name, hasCode([document.formatCode])) &&
    holds(query, CONFIDENTIALITY.name, hasCode(document.confidentialityCodes))
  );
}

function findSets(room: DmpRoom, query: StoredQuery): StoredSet[] {
  const patient = valuesOf(query, "$XDSSubmissionSetPatientId")[0] ?? null;
  const statuses = valuesOf(query, "$XDSSubmissionSetStatus");
  // A set of this mock never leaves its first status.
  if (!statuses.includes(statusUrn("Approved"))) return [];
  return [...room.store.sets.values()].filter((set) => {
    if (!samePatient(set.patientId, patient)) return false;
    const facts = setOf(set);
    return (
      holds(query, "$XDSSubmissionSetSourceId", (value) => value === facts.sourceId) &&
      holds(query, "$XDSSubmissionSetAuthorPerson", hasAuthor(facts.authors)) &&
      holds(query, "$XDSSubmissionSetContentType", hasCode([facts.contentTypeCode])) &&
      within(query, "$XDSSubmissionSetSubmissionTime", facts.submissionTime)
    );
  });
}

/** Entries named by entryUUID or uniqueId, whatever their status. */
function namedEntries(room: DmpRoom, query: StoredQuery): StoredEntry[] {
  const uuids = new Set(valuesOf(query, ENTRY_UUID));
  const uniqueIds = new Set(valuesOf(query, UNIQUE_ID));
  const version = seesVersions(room, query);
  return [...room.store.entries.values()].filter(
    (entry) => (uuids.has(entry.entryUuid) || uniqueIds.has(entry.uniqueId)) && version(entry),
  );
}

function touching(room: DmpRoom, uuids: ReadonlySet<string>): StoredAssociation[] {
  return [...room.store.associations.values()].filter((a) => uuids.has(a.source) || uuids.has(a.target));
}

function setsOf(room: DmpRoom, uuids: ReadonlySet<string>): QueryResult {
  const associations = [...room.store.associations.values()].filter(
    (a) => a.type === HAS_MEMBER && uuids.has(a.target),
  );
  const wanted = new Set(associations.map((a) => a.source));
  const sets = [...room.store.sets.values()].filter((set) => wanted.has(set.entryUuid));
  return result({ sets, associations });
}

function setAndContents(room: DmpRoom, query: StoredQuery): QueryResult {
  const wanted = new Set([...valuesOf(query, SET_UUID), ...valuesOf(query, SET_UNIQUE_ID)]);
  const set = [...room.store.sets.values()].find((s) => wanted.has(s.entryUuid) || wanted.has(s.uniqueId));
  if (!set) return result({});
  const version = seesVersions(room, query);
  const members = [...room.store.associations.values()].filter(
    (a) => a.type === HAS_MEMBER && a.source === set.entryUuid,
  );
  const entries = members
    .map((a) => room.store.entries.get(a.target))
    .filter((entry): entry is StoredEntry => entry !== undefined)
    .filter((entry) => version(entry) && ofType(query, entry) && contentMatches(query, entry));
  const kept = new Set(entries.map((entry) => entry.entryUuid));
  return result({ sets: [set], entries, associations: members.filter((a) => kept.has(a.target)) });
}

/** The document, what it is linked to by the types asked for, and the links. Nothing when it has no such link. */
function related(room: DmpRoom, query: StoredQuery): QueryResult {
  const start = namedEntries(room, query);
  const types = new Set(valuesOf(query, "$AssociationTypes"));
  const associations = touching(room, new Set(start.map((entry) => entry.entryUuid))).filter((a) => types.has(a.type));
  const ends = new Set(associations.flatMap((a) => [a.source, a.target]));
  const entries = [...room.store.entries.values()].filter(
    (entry) => ends.has(entry.entryUuid) && seesVersions(room, query)(entry) && ofType(query, entry),
  );
  const kept = new Set(entries.map((entry) => entry.entryUuid));
  const links = associations.filter((a) => kept.has(a.source) && kept.has(a.target));
  return links.length === 0 ? result({}) : result({ entries, associations: links });
}
