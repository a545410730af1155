/** TD0.2: does the patient have a DMP? PRPA_IN201307UV02 in, PRPA_IN201308UV02 out (dmp.md §1.1 and §1.4). */
import { randomUUID } from "node:crypto";
import type { PatientFixture } from "../../core/model/index.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import { at, attr, children, descendants, escapeXml, trimmed, type XmlNode } from "../../protocols/xml.js";

const HL7_NS = "urn:hl7-org:v3";
const EXISTS_REQUEST = "PRPA_IN201307UV02";
export const EXISTS_ANSWER = "urn:hl7-org:v3:PRPA_IN201308UV02";

/** Device identifier of the DMP in HL7 V3 messages (dmp.md §1.4). */
const DMP_DEVICE = "1.2.250.1.213.4.1.1.1";
/** OIDs under which a matricule INS travels (dmp.md §2.3). */
const INS_OIDS = [8, 9, 10, 11].map((leaf) => `1.2.250.1.213.1.4.${leaf}`);

export interface PatientQuestion {
  /** `root` and `extension` of the identifiers asked for. */
  readonly identifiers: readonly { readonly oid: string | null; readonly matricule: string | null }[];
  readonly payload: XmlNode;
}

/** Null when the body is not a TD0.2 request. */
export function readQuestion(envelope: SoapEnvelope): PatientQuestion | null {
  const payload = envelope.payload;
  if (payload?.name !== EXISTS_REQUEST || payload.ns !== HL7_NS) return null;
  const identifiers = descendants(payload, "patientIdentifier", HL7_NS)
    .flatMap((parameter) => children(parameter, "value", HL7_NS))
    .map((value) => ({ oid: attr(value, "root"), matricule: attr(value, "extension") }));
  return { identifiers, payload };
}

/** The patient of the test base that bears one of the identifiers; null when unknown. */
export function patientOf(patients: readonly PatientFixture[], question: PatientQuestion): PatientFixture | null {
  const asked = question.identifiers.filter((id) => id.oid !== null && INS_OIDS.includes(id.oid));
  return patients.find((p) => p.ins && asked.some((id) => id.matricule === p.ins?.matricule)) ?? null;
}

/** `active`: a DMP in use; `closed`: the file exists and is terminated; `none`: no DMP, whoever the patient is. */
export type DmpState = PatientFixture["dmp"];

/** XML of the answer. `asked` gives back what the caller must find again: message id, query id, sender. */
export function existsAnswer(question: PatientQuestion, patient: PatientFixture | null, state: DmpState): string {
  const { payload } = question;
  const exists = patient !== null && state !== "none";
  const control = at(payload, "controlActProcess");
  const queryId = at(control, "queryByParameter/queryId");
  const sender = at(payload, "sender/device");
  return `<PRPA_IN201308UV02 xmlns="${HL7_NS}" ITSVersion="XML_1.0"><id root="${randomUUID()}"/><creationTime value="${stamp(new Date())}"/><interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201308UV02"/><processingCode code="P"/><processingModeCode code="T"/><acceptAckCode code="NE"/><receiver typeCode="RCV">${device(idXml(at(sender, "id")), trimmed(at(sender, "softwareName")) ?? "")}</receiver><sender typeCode="SND">${device(`<id root="${DMP_DEVICE}"/>`, "DMP")}</sender>${exists && state === "active" ? ATTENTION : ""}<acknowledgement typeCode="AA"><targetMessage>${idXml(at(payload, "id"))}</targetMessage></acknowledgement><controlActProcess classCode="CACT" moodCode="EVN"><reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/>${exists ? subject(patient, question, state) : ""}<queryAck>${idXml(queryId, "queryId")}<queryResponseCode code="${exists ? "OK" : "NF"}"/></queryAck></controlActProcess></PRPA_IN201308UV02>`;
}

/** Access authorisation and "médecin traitant" flag, as the editor kit's sample answer carries them. */
const ATTENTION =
  '<attentionLine><keyWordText code="AUTORISATION" codeSystem="1.2.250.1.213.4.1.2.6.1"/><value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CV" code="VALIDE" codeSystem="1.2.250.1.213.4.1.2.6.2"/></attentionLine><attentionLine><keyWordText code="STATUT_MT" codeSystem="1.2.250.1.213.4.1.2.6.3"/><value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="BL" value="false"/></attentionLine>';

function subject(patient: PatientFixture, question: PatientQuestion, state: DmpState): string {
  // The file is known under the identifier it was asked by: the kit's sample answers with the OID of the question.
  const oid = question.identifiers.find((id) => id.matricule === patient.ins?.matricule)?.oid ?? patient.ins?.oid ?? "";
  const flag = (code: string, system: string): string =>
    `<subjectOf typeCode="SBJ"><administrativeObservation classCode="OBS" moodCode="EVN"><code code="${code}" codeSystem="${system}"/><value xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="BL" value="false"/></administrativeObservation></subjectOf>`;
  return `<subject typeCode="SUBJ" contextConductionInd="false"><registrationEvent classCode="REG" moodCode="EVN"><statusCode code="completed"/><subject1 typeCode="SBJ"><patient classCode="PAT"><id root="${escapeXml(oid)}" extension="${escapeXml(patient.ins?.matricule ?? "")}"/><statusCode code="${state === "active" ? "active" : "terminated"}"/><patientPerson classCode="PSN" determinerCode="INSTANCE"><name><given>${escapeXml(patient.firstName)}</given><family qualifier="SP">${escapeXml(patient.usedName ?? patient.birthName)}</family></name><administrativeGenderCode code="${patient.sex}"/><birthTime value="${patient.birthDate.replaceAll("-", "")}"/></patientPerson>${flag("COMPTE_INTERNET_OUVERT", "1.2.250.1.213.4.1.2.9")}${flag("RATTACHEMENT_ENS", "1.2.250.1.213.4.1.2.3")}</patient></subject1><custodian typeCode="CST"><assignedEntity classCode="ASSIGNED"><id root="${DMP_DEVICE}"/></assignedEntity></custodian></registrationEvent></subject>`;
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
