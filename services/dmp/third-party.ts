/** A document another professional put into the file: a level 1 CDA with its metadata, made for a scenario. */
import { randomUUID } from "node:crypto";
import type { PatientFixture } from "../../core/model/index.js";
import {
  CLASS_OF_TYPE,
  CONFIDENTIALITY_CODES,
  HEADER_TEMPLATES,
  LEVEL1_FORMATS,
  LEVEL1_TEMPLATE,
  SCHEMES,
} from "../../protocols/codes.js";
import { HAS_MEMBER, RIM_NS, XDS_UUID } from "../../protocols/xds.js";
import { escapeXml, parseXml } from "../../protocols/xml.js";
import { association, entryXml, setXml } from "./metadata.js";
import { REPOSITORY_ID, sha1, type StoreChange, type StoredEntry } from "./store.js";

/** Who wrote the document. */
export interface ThirdParty {
  readonly nationalId: string;
  readonly familyName: string;
  readonly givenName: string;
  /** Identifier of the structure, with its prefix digit. */
  readonly structure: string;
}

/** A professional of no scenario: nobody logs in as this one. The RPPS number is not assigned. */
export const SOMEBODY_ELSE: ThirdParty = {
  nationalId: "899900000094",
  familyName: "TIERS",
  givenName: "ALEX",
  structure: "499900000094001",
};

export interface DepositedDocument {
  readonly title: string;
  readonly typeCode: string;
  readonly text: string;
  /** confidentialityCode values besides `N`. */
  readonly visibility: readonly string[];
  /** Day of the act, YYYY-MM-DD. */
  readonly eventDate: string;
}

const FACILITY = { code: "SA07", label: "Cabinet individuel" };
const PRACTICE = { code: "AMBULATOIRE", label: "Ambulatoire" };
const SPECIALTY = { code: "G15_10/SM26", label: "Médecin - Médecine générale (SM)" };

/** What the store takes: one submission set of one document. */
export function deposit(patient: PatientFixture, by: ThirdParty, document: DepositedDocument): StoreChange {
  const uniqueId = uuidOid();
  const setId = uuidOid();
  const now = new Date();
  const patientId = `${patient.ins?.matricule ?? ""}^^^&${patient.ins?.oid ?? ""}&ISO^NH`;
  const bytes = Buffer.from(cda(patient, by, document, uniqueId, now));
  const entryUuid = `urn:uuid:${randomUUID()}`;
  const setUuid = `urn:uuid:${randomUUID()}`;
  const facts = {
    entryUuid,
    logicalId: entryUuid,
    version: 1,
    status: "Approved" as const,
    repositoryUniqueId: REPOSITORY_ID,
    hash: sha1(bytes),
    size: bytes.length,
  };
  const receivedAt = now.toISOString();
  const entry: StoredEntry = {
    ...facts,
    uniqueId,
    submissionSetId: setId,
    patientId,
    visibility: ["N", ...document.visibility],
    mimeType: "text/xml",
    title: document.title,
    typeCode: document.typeCode,
    classCode: classOf(document.typeCode),
    authors: [by.nationalId],
    depositor: { nationalId: by.nationalId, structure: by.structure },
    xml: entryXml(parseXml(entryMetadata(patient, by, document, uniqueId, patientId, now)), facts),
    receivedAt,
  };
  const set = {
    entryUuid: setUuid,
    uniqueId: setId,
    patientId,
    xml: setXml(parseXml(setMetadata(by, document, setId, patientId, now)), setUuid, XDS_UUID.submissionSet),
    receivedAt,
  };
  const member = association(
    { type: HAS_MEMBER, source: setUuid, target: entryUuid },
    { SubmissionSetStatus: "Original" },
  );
  return { sets: [set], entries: [entry], associations: [member], contents: [{ uniqueId, bytes }] };
}

/** An OID anybody may make: the UUID arc (ITU-T X.667). */
function uuidOid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}`;
}

function classOf(typeCode: string): string {
  return CLASS_OF_TYPE.values.get(typeCode) ?? "10";
}

/** TRE_A05 for the types that are words, LOINC for the others (dmp.md §2.4). */
function typeScheme(typeCode: string): string {
  return /^\d+-\d$/.test(typeCode) ? SCHEMES.loinc : SCHEMES.documentTypes;
}

/** HL7 time in UTC, to the second. */
function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-T:]/g, "");
}

/** Noon of the day of the act, UTC. */
function eventTime(document: DepositedDocument): string {
  return `${document.eventDate.replaceAll("-", "")}120000`;
}

function slot(name: string, ...values: readonly string[]): string {
  const list = values.map((value) => `<Value>${escapeXml(value)}</Value>`).join("");
  return `<Slot name="${name}"><ValueList>${list}</ValueList></Slot>`;
}

function named(element: "Name" | "Description", value: string): string {
  return `<${element}><LocalizedString xml:lang="fr" value="${escapeXml(value)}"/></${element}>`;
}

function classification(scheme: string, code: string, codingScheme: string, label: string): string {
  return `<Classification id="c" classifiedObject="o" classificationScheme="${scheme}" nodeRepresentation="${escapeXml(code)}">${slot("codingScheme", codingScheme)}${named("Name", label)}</Classification>`;
}

/** The classification of one confidentialityCode. */
export function confidentiality(code: string): string {
  const scheme = CONFIDENTIALITY_CODES.values.get(code) ?? SCHEMES.visibility;
  return classification(XDS_UUID.confidentiality, code, scheme, code === "N" ? "Normal" : code);
}

function external(scheme: string, value: string, name: string): string {
  return `<ExternalIdentifier id="e" registryObject="o" identificationScheme="${scheme}" value="${escapeXml(value)}">${named("Name", name)}</ExternalIdentifier>`;
}

function xcn(by: ThirdParty): string {
  return `${by.nationalId}^${by.familyName}^${by.givenName}^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS`;
}

function author(scheme: string, by: ThirdParty): string {
  return `<Classification id="c" classifiedObject="o" classificationScheme="${scheme}" nodeRepresentation="">${slot("authorInstitution", `CABINET TIERS^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^${by.structure}`)}${slot("authorPerson", xcn(by))}${slot("authorSpecialty", `${SPECIALTY.code}^${SPECIALTY.label}^${SCHEMES.authorSpecialties}`)}</Classification>`;
}

function entryMetadata(
  patient: PatientFixture,
  by: ThirdParty,
  document: DepositedDocument,
  uniqueId: string,
  patientId: string,
  now: Date,
): string {
  const codes = [
    author(XDS_UUID.author, by),
    classification(XDS_UUID.classCode, classOf(document.typeCode), SCHEMES.documentClasses, document.title),
    ...["N", ...document.visibility].map(confidentiality),
    classification(
      XDS_UUID.formatCode,
      LEVEL1_FORMATS.values.get("text/plain") ?? "",
      SCHEMES.iheFormats,
      "Document à corps non structuré en texte brut",
    ),
    classification(XDS_UUID.facilityType, FACILITY.code, SCHEMES.sectors, FACILITY.label),
    classification(XDS_UUID.practiceSetting, PRACTICE.code, SCHEMES.practiceSettings, PRACTICE.label),
    classification(XDS_UUID.typeCode, document.typeCode, typeScheme(document.typeCode), document.title),
  ];
  const slots = [
    slot("creationTime", stamp(now)),
    slot("languageCode", "fr-FR"),
    slot("legalAuthenticator", xcn(by)),
    slot("serviceStartTime", eventTime(document)),
    slot("sourcePatientId", patientId),
    slot(
      "sourcePatientInfo",
      `PID-5|${patient.birthName}^${patient.firstName}^^^^^L`,
      `PID-7|${patient.birthDate.replaceAll("-", "")}`,
      `PID-8|${patient.sex}`,
    ),
  ];
  const ids = `${external(XDS_UUID.patientId, patientId, "XDSDocumentEntry.patientId")}${external(XDS_UUID.uniqueId, uniqueId, "XDSDocumentEntry.uniqueId")}`;
  return `<ExtrinsicObject xmlns="${RIM_NS}" id="o" mimeType="text/xml" objectType="${XDS_UUID.stableDocument}">${slots.join("")}${named("Name", document.title)}${codes.join("")}${ids}</ExtrinsicObject>`;
}

function setMetadata(by: ThirdParty, document: DepositedDocument, setId: string, patientId: string, now: Date): string {
  const ids = [
    external(XDS_UUID.setPatientId, patientId, "XDSSubmissionSet.patientId"),
    external(XDS_UUID.setSourceId, uuidOid(), "XDSSubmissionSet.sourceId"),
    external(XDS_UUID.setUniqueId, setId, "XDSSubmissionSet.uniqueId"),
  ];
  return `<RegistryPackage xmlns="${RIM_NS}" id="o">${slot("submissionTime", stamp(now))}${named("Name", document.title)}${author(XDS_UUID.setAuthor, by)}${classification(XDS_UUID.contentType, FACILITY.code, SCHEMES.sectors, FACILITY.label)}${ids.join("")}</RegistryPackage>`;
}

/** Header minimum of the CI-SIS (dmp.md §4.1) around a text in base64. */
function cda(
  patient: PatientFixture,
  by: ThirdParty,
  document: DepositedDocument,
  uniqueId: string,
  now: Date,
): string {
  const time = `${stamp(now)}+0000`;
  const event = `${eventTime(document)}+0000`;
  const person = `<name><family>${escapeXml(by.familyName)}</family><given>${escapeXml(by.givenName)}</given><suffix>DR</suffix></name>`;
  const id = `<id root="1.2.250.1.71.4.2.1" extension="${escapeXml(by.nationalId)}"/>`;
  const unknown = '<addr nullFlavor="NASK"/><telecom nullFlavor="NASK"/>';
  const organization = (name: string, inner = ""): string =>
    `<${name}><id root="1.2.250.1.71.4.2.2" extension="${escapeXml(by.structure)}"/><name>CABINET TIERS</name>${inner}</${name}>`;
  const entity = (inner = ""): string =>
    `<assignedEntity>${id}${unknown}<assignedPerson>${person}</assignedPerson>${inner}</assignedEntity>`;
  const sector = `<standardIndustryClassCode code="${PRACTICE.code}" codeSystem="${SCHEMES.practiceSettings}" displayName="${PRACTICE.label}"/>`;
  const templates = [...HEADER_TEMPLATES, LEVEL1_TEMPLATE].map((root) => `<templateId root="${root}"/>`).join("");
  const gender = `<administrativeGenderCode code="${patient.sex}" codeSystem="2.16.840.1.113883.5.1" displayName="${patient.sex === "F" ? "Féminin" : "Masculin"}"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>${templates}<id root="${uniqueId}"/><code code="${escapeXml(document.typeCode)}" codeSystem="${typeScheme(document.typeCode)}" displayName="${escapeXml(document.title)}"/><title>${escapeXml(document.title)}</title><effectiveTime value="${time}"/><confidentialityCode code="N" codeSystem="${SCHEMES.confidentiality}" displayName="Normal"/><languageCode code="fr-FR"/><setId root="${uniqueId}"/><versionNumber value="1"/><recordTarget><patientRole><id root="${patient.ins?.oid ?? ""}" extension="${patient.ins?.matricule ?? ""}"/>${unknown}<patient><name><family qualifier="BR">${escapeXml(patient.birthName)}</family><given>${escapeXml(patient.birthFirstNames)}</given><given qualifier="BR">${escapeXml(patient.firstName)}</given></name>${gender}<birthTime value="${patient.birthDate.replaceAll("-", "")}"/><birthplace><place><addr><county>${escapeXml(patient.birthPlace)}</county></addr></place></birthplace></patient></patientRole></recordTarget><author><time value="${event}"/><assignedAuthor>${id}<code code="${SPECIALTY.code}" codeSystem="${SCHEMES.authorSpecialties}" displayName="${SPECIALTY.label}"/>${unknown}<assignedPerson>${person}</assignedPerson>${organization("representedOrganization")}</assignedAuthor></author><custodian><assignedCustodian>${organization("representedCustodianOrganization", '<telecom nullFlavor="NASK"/><addr nullFlavor="NASK"/>')}</assignedCustodian></custodian><legalAuthenticator><time value="${time}"/><signatureCode code="S"/>${entity(organization("representedOrganization"))}</legalAuthenticator><documentationOf><serviceEvent><effectiveTime><low value="${event}"/></effectiveTime><performer typeCode="PRF">${entity(organization("representedOrganization", sector))}</performer></serviceEvent></documentationOf><componentOf><encompassingEncounter><effectiveTime><low value="${event}"/></effectiveTime><location><healthCareFacility><code code="${FACILITY.code}" codeSystem="${SCHEMES.sectors}" displayName="${FACILITY.label}"/></healthCareFacility></location></encompassingEncounter></componentOf><component><nonXMLBody><text mediaType="text/plain" representation="B64">${Buffer.from(document.text).toString("base64")}</text></nonXMLBody></component></ClinicalDocument>
`;
}
