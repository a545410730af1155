/**
 * XDS.b metadata in ebRIM 3.0 (IHE ITI TF-3 §4.2): what a submission says of its set, its documents and their links.
 * Reads an ITI-41 request and the METADATA.XML of an IHE_XDM archive alike. Absent is null, never "".
 */
export { type Cx, parseCx, parseXcn, parseXon, type Xcn, type Xon } from "./hl7v2-types.js";

import { attr, child, children, descendants, elements, parseXml, text, type XmlNode } from "./xml.js";

export const RIM_NS = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0";
export const RS_NS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0";
export const XDSB_NS = "urn:ihe:iti:xds-b:2007";

export const HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember";
/** Relations between documents (ITI TF-3 §4.2.2.2), and a signature to what it signs. */
export const DOCUMENT_RELATIONS = {
  replaces: "urn:ihe:iti:2007:AssociationType:RPLC",
  transforms: "urn:ihe:iti:2007:AssociationType:XFRM",
  appends: "urn:ihe:iti:2007:AssociationType:APND",
  transformsAndReplaces: "urn:ihe:iti:2007:AssociationType:XFRM_RPLC",
  signs: "urn:ihe:iti:2007:AssociationType:signs",
} as const;

/** UUIDs of IHE ITI TF-3 §4.2.5 (dmp.md §2.2). */
export const XDS_UUID = {
  submissionSet: "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd",
  setAuthor: "urn:uuid:a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d",
  contentType: "urn:uuid:aa543740-bdda-424e-8c96-df4873be8500",
  setPatientId: "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446",
  setSourceId: "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832",
  setUniqueId: "urn:uuid:96fdda7c-d067-4183-912e-bf5ee74998a8",
  stableDocument: "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1",
  author: "urn:uuid:93606bcf-9494-43ec-9b4e-a7748d1a838d",
  classCode: "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a",
  confidentiality: "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f",
  eventCode: "urn:uuid:2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4",
  formatCode: "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d",
  facilityType: "urn:uuid:f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
  practiceSetting: "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead",
  typeCode: "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983",
  patientId: "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427",
  uniqueId: "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab",
} as const;

export interface XdsCode {
  /** `nodeRepresentation`; null when absent. */
  readonly code: string | null;
  /** Slot `codingScheme`. */
  readonly scheme: string | null;
  /** `Name/LocalizedString/@value`. */
  readonly label: string | null;
  readonly node: XmlNode;
}

export interface XdsAuthor {
  readonly persons: readonly string[];
  readonly institutions: readonly string[];
  readonly roles: readonly string[];
  readonly specialties: readonly string[];
  readonly node: XmlNode;
}

export interface XdsSubmissionSet {
  /** `@id` of the RegistryPackage (symbolic or urn:uuid). */
  readonly id: string | null;
  readonly uniqueId: string | null;
  readonly patientId: string | null;
  readonly sourceId: string | null;
  readonly submissionTime: string | null;
  readonly title: string | null;
  readonly comments: string | null;
  readonly contentTypeCode: XdsCode | null;
  readonly authors: readonly XdsAuthor[];
  readonly intendedRecipients: readonly string[];
  readonly node: XmlNode;
}

export interface XdsDocument {
  readonly id: string | null;
  /** `@lid`, the logical id. */
  readonly logicalId: string | null;
  readonly objectType: string | null;
  readonly status: string | null;
  readonly uniqueId: string | null;
  readonly patientId: string | null;
  readonly mimeType: string | null;
  readonly hash: string | null;
  readonly size: string | null;
  readonly creationTime: string | null;
  readonly serviceStartTime: string | null;
  readonly serviceStopTime: string | null;
  readonly languageCode: string | null;
  readonly title: string | null;
  readonly comments: string | null;
  readonly classCode: XdsCode | null;
  readonly typeCode: XdsCode | null;
  readonly formatCode: XdsCode | null;
  readonly confidentialityCodes: readonly XdsCode[];
  readonly healthcareFacilityTypeCode: XdsCode | null;
  readonly practiceSettingCode: XdsCode | null;
  readonly eventCodes: readonly XdsCode[];
  readonly authors: readonly XdsAuthor[];
  readonly legalAuthenticator: string | null;
  readonly sourcePatientId: string | null;
  /** `PID-5|…`, one per value. */
  readonly sourcePatientInfo: readonly string[];
  readonly uri: string | null;
  readonly repositoryUniqueId: string | null;
  readonly referenceIds: readonly string[];
  readonly node: XmlNode;
}

export interface XdsAssociation {
  readonly id: string | null;
  readonly type: string | null;
  readonly source: string | null;
  readonly target: string | null;
  /** Slot `SubmissionSetStatus`. */
  readonly submissionSetStatus: string | null;
  readonly node: XmlNode;
}

/** An `xdsb:Document` beside the metadata: where the bytes of an entry are. */
export interface XdsContent {
  readonly id: string | null;
  readonly node: XmlNode;
}

export interface XdsSubmission {
  /** Null when no RegistryPackage is classified as a submission set. With several, the first; see `submissionSets`. */
  readonly submissionSet: XdsSubmissionSet | null;
  readonly submissionSets: readonly XdsSubmissionSet[];
  readonly documents: readonly XdsDocument[];
  readonly associations: readonly XdsAssociation[];
  readonly contents: readonly XdsContent[];
  /** The element that holds the registry objects. */
  readonly node: XmlNode;
  /** RegistryObjectList elements found. With several, the first is read: another reader may take another one. */
  readonly lists: number;
}

export class XdsError extends Error {
  /** Stable: no registry objects under the node. */
  readonly code = "no_registry_objects";
}

/**
 * Reads the registry objects found in the node (an envelope body, a ProvideAndRegister request, a SubmitObjectsRequest).
 * Throws XmlError for bytes that are no XML, XdsError when there is no RegistryObjectList.
 */
export function readSubmitObjects(source: Uint8Array | XmlNode): XdsSubmission {
  const root = source instanceof Uint8Array ? parseXml(source) : source;
  const [list, ...more] = descendants(root, "RegistryObjectList", RIM_NS);
  if (!list) throw new XdsError("no RegistryObjectList");
  const objects = elements(list).filter((e) => e.ns === RIM_NS);
  // A set is told by a Classification with the set's node, inside the package or beside it.
  const setMarks = objects.flatMap((o) => (o.name === "Classification" ? [o] : children(o, "Classification", RIM_NS)));
  const marked = new Set(
    setMarks
      .filter((c) => attr(c, "classificationNode") === XDS_UUID.submissionSet)
      .map((c) => attr(c, "classifiedObject") ?? attr(c.parent, "id")),
  );
  const submissionSets = objects
    .filter((o) => o.name === "RegistryPackage" && marked.has(attr(o, "id")))
    .map((o) => readSet(o));
  const contents = descendants(root, "Document", XDSB_NS).map((node) => ({ id: attr(node, "id"), node }));
  return {
    submissionSet: submissionSets[0] ?? null,
    submissionSets,
    documents: objects.filter((o) => o.name === "ExtrinsicObject").map(readDocument),
    associations: objects.filter((o) => o.name === "Association").map(readAssociation),
    contents,
    node: list,
    lists: 1 + more.length,
  };
}

function readSet(node: XmlNode): XdsSubmissionSet {
  return {
    id: attr(node, "id"),
    uniqueId: externalId(node, XDS_UUID.setUniqueId),
    patientId: externalId(node, XDS_UUID.setPatientId),
    sourceId: externalId(node, XDS_UUID.setSourceId),
    submissionTime: slot(node, "submissionTime"),
    title: label(node, "Name"),
    comments: label(node, "Description"),
    contentTypeCode: codes(node, XDS_UUID.contentType)[0] ?? null,
    authors: authors(node, XDS_UUID.setAuthor),
    intendedRecipients: slotValues(node, "intendedRecipient"),
    node,
  };
}

function readDocument(node: XmlNode): XdsDocument {
  const code = (scheme: string): XdsCode | null => codes(node, scheme)[0] ?? null;
  return {
    id: attr(node, "id"),
    logicalId: attr(node, "lid"),
    objectType: attr(node, "objectType"),
    status: attr(node, "status"),
    uniqueId: externalId(node, XDS_UUID.uniqueId),
    patientId: externalId(node, XDS_UUID.patientId),
    mimeType: attr(node, "mimeType"),
    hash: slot(node, "hash"),
    size: slot(node, "size"),
    creationTime: slot(node, "creationTime"),
    serviceStartTime: slot(node, "serviceStartTime"),
    serviceStopTime: slot(node, "serviceStopTime"),
    languageCode: slot(node, "languageCode"),
    title: label(node, "Name"),
    comments: label(node, "Description"),
    classCode: code(XDS_UUID.classCode),
    typeCode: code(XDS_UUID.typeCode),
    formatCode: code(XDS_UUID.formatCode),
    confidentialityCodes: codes(node, XDS_UUID.confidentiality),
    healthcareFacilityTypeCode: code(XDS_UUID.facilityType),
    practiceSettingCode: code(XDS_UUID.practiceSetting),
    eventCodes: codes(node, XDS_UUID.eventCode),
    authors: authors(node, XDS_UUID.author),
    legalAuthenticator: slot(node, "legalAuthenticator"),
    sourcePatientId: slot(node, "sourcePatientId"),
    sourcePatientInfo: slotValues(node, "sourcePatientInfo"),
    uri: uri(node),
    repositoryUniqueId: slot(node, "repositoryUniqueId"),
    referenceIds: slotValues(node, "urn:ihe:iti:xds:2013:referenceIdList"),
    node,
  };
}

function readAssociation(node: XmlNode): XdsAssociation {
  return {
    id: attr(node, "id"),
    type: attr(node, "associationType"),
    source: attr(node, "sourceObject"),
    target: attr(node, "targetObject"),
    submissionSetStatus: slot(node, "SubmissionSetStatus"),
    node,
  };
}

/** Values of the Slot of that name, trimmed, in order; empty when the Slot is absent. */
export function slotValues(node: XmlNode, name: string): string[] {
  return children(node, "Slot", RIM_NS)
    .filter((s) => attr(s, "name") === name)
    .flatMap((s) => children(child(s, "ValueList", RIM_NS), "Value", RIM_NS))
    .map((v) => (text(v) ?? "").trim());
}

/** First value of a Slot; null when the Slot or its value is absent. */
export function slot(node: XmlNode, name: string): string | null {
  return slotValues(node, name)[0] ?? null;
}

/** The URI slot may be cut in `N|piece` values (ITI TF-3 §4.2.3.2.27). */
function uri(node: XmlNode): string | null {
  const values = slotValues(node, "URI");
  const pieces = values.map((v) => /^(\d+)\|(.*)$/s.exec(v));
  if (values.length < 2 || pieces.some((p) => p === null)) return values[0] ?? null;
  return pieces
    .map((p) => ({ order: Number(p?.[1]), piece: p?.[2] ?? "" }))
    .sort((a, b) => a.order - b.order)
    .map((p) => p.piece)
    .join("");
}

function label(node: XmlNode, element: "Name" | "Description"): string | null {
  return attr(child(child(node, element, RIM_NS), "LocalizedString", RIM_NS), "value");
}

function externalId(node: XmlNode, scheme: string): string | null {
  const found = children(node, "ExternalIdentifier", RIM_NS).find((e) => attr(e, "identificationScheme") === scheme);
  return attr(found, "value");
}

/** Classifications of the object in that scheme, in order. */
export function classifications(node: XmlNode, scheme: string): XmlNode[] {
  return children(node, "Classification", RIM_NS).filter((c) => attr(c, "classificationScheme") === scheme);
}

/** Every coded value of a set or a document: the name IHE gives the attribute, and the code. Authors are no codes. */
export function codedValues(
  object: XdsSubmissionSet | XdsDocument,
): readonly { readonly attribute: string; readonly code: XdsCode }[] {
  const schemes = "mimeType" in object ? DOCUMENT_CODES : { contentTypeCode: XDS_UUID.contentType };
  return Object.entries(schemes).flatMap(([attribute, scheme]) =>
    codes(object.node, scheme).map((code) => ({ attribute, code })),
  );
}

const DOCUMENT_CODES = {
  classCode: XDS_UUID.classCode,
  typeCode: XDS_UUID.typeCode,
  formatCode: XDS_UUID.formatCode,
  confidentialityCode: XDS_UUID.confidentiality,
  healthcareFacilityTypeCode: XDS_UUID.facilityType,
  practiceSettingCode: XDS_UUID.practiceSetting,
  eventCodeList: XDS_UUID.eventCode,
} as const;

function codes(node: XmlNode, scheme: string): XdsCode[] {
  return classifications(node, scheme).map((c) => ({
    code: attr(c, "nodeRepresentation"),
    scheme: slot(c, "codingScheme"),
    label: label(c, "Name"),
    node: c,
  }));
}

function authors(node: XmlNode, scheme: string): XdsAuthor[] {
  return classifications(node, scheme).map((c) => ({
    persons: slotValues(c, "authorPerson"),
    institutions: slotValues(c, "authorInstitution"),
    roles: slotValues(c, "authorRole"),
    specialties: slotValues(c, "authorSpecialty"),
    node: c,
  }));
}

const SINGLE_SLOTS = {
  set: ["submissionTime"],
  document: [
    "hash",
    "size",
    "creationTime",
    "serviceStartTime",
    "serviceStopTime",
    "languageCode",
    "legalAuthenticator",
    "repositoryUniqueId",
    "sourcePatientId",
  ],
} as const;
const SINGLE_IDENTIFIERS = {
  set: { uniqueId: XDS_UUID.setUniqueId, patientId: XDS_UUID.setPatientId, sourceId: XDS_UUID.setSourceId },
  document: { uniqueId: XDS_UUID.uniqueId, patientId: XDS_UUID.patientId },
} as const;
const SINGLE_CODES = {
  set: { contentTypeCode: XDS_UUID.contentType },
  document: {
    classCode: XDS_UUID.classCode,
    typeCode: XDS_UUID.typeCode,
    formatCode: XDS_UUID.formatCode,
    healthcareFacilityTypeCode: XDS_UUID.facilityType,
    practiceSettingCode: XDS_UUID.practiceSetting,
  },
} as const;

/**
 * Attributes of the sets and documents that have a cardinality of one (ITI TF-3 §4.2.3.2, §4.2.3.3) and stand several
 * times: the readers above give the first, another reader may take the last.
 */
export function repeatedAttributes(
  xds: XdsSubmission,
): readonly { readonly node: XmlNode; readonly attribute: string; readonly count: number }[] {
  const of = (node: XmlNode, kind: "set" | "document") => [
    ...SINGLE_SLOTS[kind].map((attribute) => ({ node, attribute, count: slotValues(node, attribute).length })),
    ...Object.entries(SINGLE_IDENTIFIERS[kind]).map(([attribute, scheme]) => ({
      node,
      attribute,
      count: children(node, "ExternalIdentifier", RIM_NS).filter((e) => attr(e, "identificationScheme") === scheme)
        .length,
    })),
    ...Object.entries(SINGLE_CODES[kind]).map(([attribute, scheme]) => ({
      node,
      attribute,
      count: classifications(node, scheme).length,
    })),
  ];
  return [
    ...xds.submissionSets.flatMap((set) => of(set.node, "set")),
    ...xds.documents.flatMap((document) => of(document.node, "document")),
  ].filter(({ count }) => count > 1);
}

/** A RegistryResponse (ebRS 3.0): status URN and errors. */
export interface RegistryResponse {
  readonly status: string | null;
  readonly errors: readonly {
    readonly code: string | null;
    readonly context: string | null;
    readonly severity: string | null;
    readonly location: string | null;
  }[];
  readonly node: XmlNode;
}

export const REGISTRY_SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success";
export const REGISTRY_FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure";
export const REGISTRY_PARTIAL = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess";

/** Reads the RegistryResponse found under the node; null when there is none. */
export function readRegistryResponse(node: XmlNode | null): RegistryResponse | null {
  const response = descendants(node, "RegistryResponse", RS_NS)[0];
  if (!response) return null;
  const errors = children(child(response, "RegistryErrorList", RS_NS), "RegistryError", RS_NS).map((e) => ({
    code: attr(e, "errorCode"),
    context: attr(e, "codeContext"),
    severity: attr(e, "severity"),
    location: attr(e, "location"),
  }));
  return { status: attr(response, "status"), errors, node: response };
}
