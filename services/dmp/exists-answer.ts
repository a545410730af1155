/**
 * Writes PRPA_IN201308UV02 as the sample answer of the editor kit v02.05.00 shows it; closure as two public clients read and
 * write it. README.md says what is confirmed.
 */
import { randomUUID } from "node:crypto";
import type { PatientFixture } from "../../core/model/index.js";
import { at, attr, escapeXml, trimmed, type XmlNode } from "../../protocols/xml.js";
import type { Authorisation } from "./access.js";
import type { PatientQuestion } from "./exists.js";
import type { Closure, FileFacts } from "./exists-facts.js";

export const HL7_NS = "urn:hl7-org:v3";
const XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
/** Device identifier of the DMP in HL7 V3 messages (dmp.md §1.4). */
const DMP_DEVICE = "1.2.250.1.213.4.1.1.1";
/** HL7 vocabulary of the errors of an acknowledgement. */
const ACKNOWLEDGEMENT_DETAIL = "2.16.840.1.113883.5.1100";

/** Codes of AUTORISATION: VALIDE in the kit's sample, the others in the interface of a public client. */
const AUTHORISATION_CODE: Readonly<Record<Authorisation, string>> = {
  none: "NON_EXISTE",
  denied: "INTERDIT",
  expired: "EXPIRE",
  valid: "VALIDE",
};

/** `NF` when there is no file, else `OK` with the patient and the state of the file. */
export function existsAnswer(question: PatientQuestion, patient: PatientFixture | null, facts: FileFacts): string {
  const found = patient !== null && facts.state !== "none";
  const closed = facts.state === "closed";
  return message(question, {
    attention: found ? attentionLines(facts) : "",
    acknowledgement: `<acknowledgement typeCode="AA">${target(question)}</acknowledgement>`,
    content: found ? `${subject(question, patient, facts)}${closed ? closureReason(facts.closure) : ""}` : "",
    response: found ? "OK" : "NF",
  });
}

/** The query could not be treated: acknowledgement AE with one error. */
export function errorAnswer(question: PatientQuestion, code: string, text: string): string {
  const system = code === "INTERR" ? ` codeSystem="${ACKNOWLEDGEMENT_DETAIL}"` : "";
  const detail = `<acknowledgementDetail typeCode="E"><code code="${escapeXml(code)}"${system}/><text>${escapeXml(text)}</text></acknowledgementDetail>`;
  return message(question, {
    attention: "",
    acknowledgement: `<acknowledgement typeCode="AE">${target(question)}${detail}</acknowledgement>`,
    content: "",
    response: "AE",
  });
}

interface Parts {
  readonly attention: string;
  readonly acknowledgement: string;
  /** Between reasonCode and queryAck. */
  readonly content: string;
  readonly response: string;
}

/** Gives back what the caller must find again: message id, query id, sender. */
function message({ payload }: PatientQuestion, parts: Parts): string {
  const queryId = at(payload, "controlActProcess/queryByParameter/queryId");
  const sender = at(payload, "sender/device");
  const receiver = device(idXml(at(sender, "id")), trimmed(at(sender, "softwareName")) ?? "");
  const control = `<controlActProcess classCode="CACT" moodCode="EVN"><reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/>${parts.content}<queryAck>${idXml(queryId, "queryId")}<queryResponseCode code="${parts.response}"/></queryAck></controlActProcess>`;
  return `<PRPA_IN201308UV02 xmlns="${HL7_NS}" ITSVersion="XML_1.0"><id root="${randomUUID()}"/><creationTime value="${stamp(new Date())}"/><interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201308UV02"/><processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="NE"/><receiver typeCode="RCV">${receiver}</receiver><sender typeCode="SND">${device(`<id root="${DMP_DEVICE}"/>`, "DMP")}</sender>${parts.attention}${parts.acknowledgement}${control}</PRPA_IN201308UV02>`;
}

function target({ payload }: PatientQuestion): string {
  return `<targetMessage>${idXml(at(payload, "id"))}</targetMessage>`;
}

/** Access authorisation and attending-physician flag. */
function attentionLines({ authorisation, attending }: FileFacts): string {
  const code = AUTHORISATION_CODE[authorisation];
  return `<attentionLine><keyWordText code="AUTORISATION" codeSystem="1.2.250.1.213.4.1.2.6.1"/><value ${XSI} xsi:type="CV" code="${code}" codeSystem="1.2.250.1.213.4.1.2.6.2"/></attentionLine><attentionLine><keyWordText code="STATUT_MT" codeSystem="1.2.250.1.213.4.1.2.6.3"/><value ${XSI} xsi:type="BL" value="${attending}"/></attentionLine>`;
}

function subject(question: PatientQuestion, patient: PatientFixture, facts: FileFacts): string {
  // The file is known under the identifier it was asked by: the kit's sample answers with the OID of the question.
  const oid = question.identifiers.find((id) => id.matricule === patient.ins?.matricule)?.oid ?? patient.ins?.oid ?? "";
  const id = `<id root="${escapeXml(oid)}" extension="${escapeXml(patient.ins?.matricule ?? "")}"/>`;
  const closed = facts.state === "closed";
  const date = closed && facts.closure.date !== null ? `<effectiveTime value="${escapeXml(facts.closure.date)}"/>` : "";
  const { familyName, givenName, birthDate, sex } = facts.traits;
  const person = `<patientPerson classCode="PSN" determinerCode="INSTANCE"><name><given>${escapeXml(givenName)}</given><family qualifier="SP">${escapeXml(familyName)}</family></name><administrativeGenderCode code="${escapeXml(sex)}"/><birthTime value="${escapeXml(birthDate.replaceAll("-", ""))}"/></patientPerson>`;
  const flags = `${flag("COMPTE_INTERNET_OUVERT", "1.2.250.1.213.4.1.2.9", facts.internetAccount)}${flag("RATTACHEMENT_ENS", "1.2.250.1.213.4.1.2.3", facts.attached)}`;
  return `<subject typeCode="SUBJ" contextConductionInd="false"><registrationEvent classCode="REG" moodCode="EVN"><statusCode code="completed"/>${date}<subject1 typeCode="SBJ"><patient classCode="PAT">${id}<statusCode code="${closed ? "terminated" : "active"}"/>${person}${flags}</patient></subject1><custodian typeCode="CST"><assignedEntity classCode="ASSIGNED"><id root="${DMP_DEVICE}"/></assignedEntity></custodian></registrationEvent></subject>`;
}

function flag(code: string, system: string, value: boolean): string {
  return `<subjectOf typeCode="SBJ"><administrativeObservation classCode="OBS" moodCode="EVN"><code code="${code}" codeSystem="${system}"/><value ${XSI} xsi:type="BL" value="${value}"/></administrativeObservation></subjectOf>`;
}

function closureReason({ motive, reason }: Closure): string {
  if (motive === null && reason === null) return "";
  const code = motive === null ? "" : `<code code="${escapeXml(motive)}" codeSystem="1.2.250.1.213.4.1.2.4"/>`;
  const text = reason === null ? "" : `<text>${escapeXml(reason)}</text>`;
  return `<reasonOf typeCode="RSON"><detectedIssueEvent classCode="ALRT" moodCode="EVN">${code}${text}</detectedIssueEvent></reasonOf>`;
}

function device(id: string, name: string): string {
  return `<device classCode="DEV" determinerCode="INSTANCE">${id}<softwareName>${escapeXml(name)}</softwareName></device>`;
}

function idXml(node: XmlNode | null, name = "id"): string {
  if (!node) return "";
  const extension = attr(node, "extension");
  const tail = extension === null ? "" : ` extension="${escapeXml(extension)}"`;
  return `<${name} root="${escapeXml(attr(node, "root") ?? "")}"${tail}/>`;
}

/** HL7 time stamp in UTC, to the second. */
function stamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-T:]/g, "");
}
