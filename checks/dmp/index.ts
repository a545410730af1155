/** Checks of the DMP road: transport, security token, order of calls, submission, behaviour on failure. */
import type { CheckDef } from "../../core/model/index.js";
import associations from "./associations.js";
import certificateRoles from "./certificate-roles.js";
import documentParts from "./document-parts.js";
import existenceFirst from "./existence-first.js";
import failureTold from "./failure-told.js";
import patientIdentifier from "./patient-identifier.js";
import retryAfterRefusal from "./retry-after-refusal.js";
import soapAction from "./soap-action.js";
import soapEnvelope from "./soap-envelope.js";
import tlsConnection from "./tls-connection.js";
import uniqueIdentifiers from "./unique-identifiers.js";
import uploadWithoutDmp from "./upload-without-dmp.js";
import vihfAssertion from "./vihf-assertion.js";
import vihfAttributes from "./vihf-attributes.js";
import vihfConditions from "./vihf-conditions.js";
import vihfIdentifier from "./vihf-identifier.js";
import vihfIssuer from "./vihf-issuer.js";
import vihfPatient from "./vihf-patient.js";
import vihfPresence from "./vihf-presence.js";
import vihfPscUser from "./vihf-psc-user.js";
import vihfPurpose from "./vihf-purpose.js";
import vihfRoles from "./vihf-roles.js";
import vihfSignature from "./vihf-signature.js";
import vihfSubject from "./vihf-subject.js";

export const dmpChecks: readonly CheckDef[] = [
  tlsConnection,
  certificateRoles,
  soapEnvelope,
  soapAction,
  vihfPresence,
  vihfAssertion,
  vihfSignature,
  vihfIssuer,
  vihfSubject,
  vihfAttributes,
  vihfRoles,
  vihfPurpose,
  vihfPatient,
  vihfPscUser,
  vihfConditions,
  vihfIdentifier,
  existenceFirst,
  uploadWithoutDmp,
  patientIdentifier,
  documentParts,
  associations,
  uniqueIdentifiers,
  failureTold,
  retryAfterRefusal,
];
