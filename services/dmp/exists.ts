/** TD0.2: does the patient have a DMP, and what may be done with it? PRPA_IN201307UV02 in, PRPA_IN201308UV02 out. */
import type { FaultSpec, PatientFixture } from "../../core/model/index.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import { attr, children, descendants, type XmlNode } from "../../protocols/xml.js";
import { callerOf } from "./access.js";
import { notServed, type SoapAnswer, soapAnswer } from "./answers.js";
import { errorAnswer, existsAnswer, HL7_NS } from "./exists-answer.js";
import { type FileFacts, factsOf, refined } from "./exists-facts.js";
import { scriptedSoapFault, takeFault, textArg, unknownFault } from "./faults.js";
import type { DmpRoom, Handler } from "./room.js";
import { refusedSigner } from "./signer.js";

const EXISTS_REQUEST = "PRPA_IN201307UV02";
const EXISTS_ACTION = "urn:hl7-org:v3:PRPA_IN201308UV02";

/** OIDs under which a matricule INS travels (dmp.md §2.3). */
const INS_OIDS = [8, 9, 10, 11].map((leaf) => `1.2.250.1.213.1.4.${leaf}`);

export function isIns(oid: string | null): boolean {
  return oid !== null && INS_OIDS.includes(oid);
}

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
  const asked = question.identifiers.filter((id) => isIns(id.oid));
  return patients.find((p) => p.ins && asked.some((id) => id.matricule === p.ins?.matricule)) ?? null;
}

export const tellExistence: Handler = (room, call, envelope) => {
  const question = readQuestion(envelope);
  if (!question) return notServed(call, envelope);
  const fault = takeFault(room, call, "exists");
  const faulted = scriptedSoapFault(envelope, fault) ?? refusedSigner(envelope);
  if (faulted) return faulted;
  const answer = (payload: string): SoapAnswer => soapAnswer(envelope, EXISTS_ACTION, payload);
  if (fault?.kind === "hl7-error") {
    const text = textArg(fault, "text", "Erreur interne du système DMP.");
    return answer(errorAnswer(question, textArg(fault, "code", "INTERR"), text));
  }
  const patient = patientOf(room.context.patients, question);
  return answer(existsAnswer(question, patient, scripted(fault, factsFor(room, envelope, patient))));
};

function factsFor(room: DmpRoom, envelope: SoapEnvelope, patient: PatientFixture | null): FileFacts {
  const professional = callerOf(envelope).nationalId;
  if (!patient || professional === null) return factsOf(patient, "valid", false);
  const { access } = room;
  const blocked = access.choices(patient.key).blocked.includes(professional);
  const authorisation = blocked ? "denied" : access.authorisation(patient.key, professional);
  return factsOf(patient, authorisation, access.attending(patient.key, professional));
}

/** Kinds `not-found`, `closed` and `says` tell another story than the patient's own. */
function scripted(fault: FaultSpec | null, facts: FileFacts): FileFacts {
  if (!fault) return facts;
  if (fault.kind === "not-found") return { ...facts, state: "none" };
  if (fault.kind === "closed") return { ...facts, state: "closed" };
  if (fault.kind === "says") return refined(facts, fault.args ?? {});
  throw unknownFault(fault);
}
