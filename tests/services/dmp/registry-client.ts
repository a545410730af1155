/** Requests of TD3.x for tests, from templates of their own; the VIHF is not signed, the mock does not look at that. */
import type { PatientFixture } from "../../../core/model/index.js";
import { escapeXml } from "../../../protocols/xml.js";
import { envelope, freshOid, patientIdOf, vihf } from "./client.js";

export interface Who {
  readonly nationalId?: string;
  readonly structure?: string;
  readonly mode?: string;
  readonly purpose?: string;
  readonly reason?: string;
  /** Code of TRE_G15; 10, physician, when absent. */
  readonly profession?: string;
}

export const ME = "899900000011";
export const MY_STRUCTURE = "499900000011001";
export const OTHER = "899900000029";
export const APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved";
export const DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated";
export const ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived";
export const DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted";
export const REPOSITORY = "1.2.250.1.213.4.1.1.1.2";

/** The VIHF of a caller: the professional of the test base, with what is given changed. */
export function assertion(patient: PatientFixture, who: Who = {}): string {
  const reason = who.reason
    ? `<saml2:Attribute Name="Mode_Acces_Raison"><saml2:AttributeValue>${escapeXml(who.reason)}</saml2:AttributeValue></saml2:Attribute>`
    : "";
  return vihf({ resourceId: patientIdOf(patient) })
    .replace(`<saml2:NameID>${ME}<`, `<saml2:NameID>${who.nationalId ?? ME}<`)
    .replace(`>${MY_STRUCTURE}<`, `>${who.structure ?? MY_STRUCTURE}<`)
    .replace(">INDIRECTE_RENFORCEE<", `>${who.mode ?? "INDIRECTE_RENFORCEE"}<`)
    .replace('code="10"', `code="${who.profession ?? "10"}"`)
    .replace('code="normal"', `code="${who.purpose ?? "normal"}"`)
    .replace("</saml2:AttributeStatement>", `${reason}</saml2:AttributeStatement>`);
}

/** Parameters by name. A text is one Slot with one Value; a list is one Slot per member. */
export type Parameters = Readonly<Record<string, string | readonly string[]>>;

export const FIND_DOCUMENTS = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d";

export function queryRequest(id: string, parameters: Parameters, saml: string, returnType = "LeafClass"): string {
  const slots = Object.entries(parameters).flatMap(([name, given]) =>
    (typeof given === "string" ? [given] : given).map(
      (value) =>
        `<rim:Slot name="${name}"><rim:ValueList><rim:Value>${escapeXml(value)}</rim:Value></rim:ValueList></rim:Slot>`,
    ),
  );
  const body = `<query:AdhocQueryRequest xmlns:query="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><query:ResponseOption returnComposedObjects="true" returnType="${returnType}"/><rim:AdhocQuery id="${id}">${slots.join("")}</rim:AdhocQuery></query:AdhocQueryRequest>`;
  return envelope("urn:ihe:iti:2007:RegistryStoredQuery", saml, body);
}

export function retrieveRequest(uniqueIds: readonly string[], saml: string, repository = REPOSITORY): string {
  const requests = uniqueIds.map(
    (id) =>
      `<xdsb:DocumentRequest><xdsb:RepositoryUniqueId>${repository}</xdsb:RepositoryUniqueId><xdsb:DocumentUniqueId>${id}</xdsb:DocumentUniqueId></xdsb:DocumentRequest>`,
  );
  const body = `<xdsb:RetrieveDocumentSetRequest xmlns:xdsb="urn:ihe:iti:xds-b:2007">${requests.join("")}</xdsb:RetrieveDocumentSetRequest>`;
  return envelope("urn:ihe:iti:2007:RetrieveDocumentSet", saml, body);
}

function slot(name: string, value: string): string {
  return `<rim:Slot name="${name}"><rim:ValueList><rim:Value>${escapeXml(value)}</rim:Value></rim:ValueList></rim:Slot>`;
}

/** ITI-57 request: a submission set of the patient and what is given besides it. `Set01` is the set. */
export function updateRequest(patientId: string, objects: string, saml: string, setId = freshOid()): string {
  const external = (scheme: string, value: string): string =>
    `<rim:ExternalIdentifier id="e" registryObject="Set01" identificationScheme="urn:uuid:${scheme}" value="${escapeXml(value)}"/>`;
  const body = `<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><rim:RegistryObjectList xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><rim:RegistryPackage id="Set01">${slot("submissionTime", "20260101120000")}<rim:Classification id="c" classifiedObject="Set01" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>${external("6b5aea1a-874d-4603-a4bc-96a0a7b38446", patientId)}${external("554ac39e-e3fe-47fe-b233-965d2a147832", "1.2.3.4")}${external("96fdda7c-d067-4183-912e-bf5ee74998a8", setId)}</rim:RegistryPackage>${objects}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>`;
  return envelope("urn:ihe:iti:2010:UpdateDocumentSet", saml, body);
}

export function statusChange(target: string, original: string | null, next: string | null, source = "Set01"): string {
  const slots = `${original === null ? "" : slot("OriginalStatus", original)}${next === null ? "" : slot("NewStatus", next)}`;
  return `<rim:Association id="a1" associationType="urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus" sourceObject="${source}" targetObject="${target}">${slots}</rim:Association>`;
}

/** A new version of the metadata, from the ExtrinsicObject a query gave back. */
export function newVersion(xml: string, previous: string | null, edit: (xml: string) => string = (x) => x): string {
  const version = previous === null ? "" : slot("PreviousVersion", previous);
  const object = edit(xml.replace(/ id="urn:uuid:[^"]+"/, ' id="Document01"'));
  return `${object}<rim:Association id="a1" associationType="urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember" sourceObject="Set01" targetObject="Document01">${slot("SubmissionSetStatus", "Original")}${version}</rim:Association>`;
}

/** Adds a visibility code to an ExtrinsicObject. */
export function withCode(xml: string, code: string): string {
  const added = `<rim:Classification id="k" classifiedObject="Document01" classificationScheme="urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f" nodeRepresentation="${code}">${slot("codingScheme", "1.2.250.1.213.1.1.4.13")}</rim:Classification>`;
  return xml.replace("<rim:ExternalIdentifier", `${added}<rim:ExternalIdentifier`);
}
