/** Checks on what TD2.1 says of a document, against the document. */
import type { CheckDef } from "../../../core/model/index.js";
import classCode from "./class-code.js";
import documentDescription from "./document-description.js";
import documentHash from "./document-hash.js";
import documentPatient from "./document-patient.js";
import documentProducer from "./document-producer.js";
import documentTimes from "./document-times.js";
import formatCode from "./format-code.js";
import submissionTime from "./submission-time.js";

export const dmpDocumentChecks: readonly CheckDef[] = [
  documentPatient,
  documentHash,
  classCode,
  formatCode,
  documentDescription,
  documentProducer,
  documentTimes,
  submissionTime,
];
