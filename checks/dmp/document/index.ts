/** Checks on what TD2.1 says: of a document, against the document; of the set; of the signature of both. */
import type { CheckDef } from "../../../core/model/index.js";
import authorForm from "./author-form.js";
import classCode from "./class-code.js";
import documentDescription from "./document-description.js";
import documentHash from "./document-hash.js";
import documentPatient from "./document-patient.js";
import documentProducer from "./document-producer.js";
import documentTimes from "./document-times.js";
import formatCode from "./format-code.js";
import metadataCodes from "./metadata-codes.js";
import registryObjects from "./registry-objects.js";
import submissionSet from "./submission-set.js";
import submissionSignature from "./submission-signature.js";
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
  submissionSet,
  authorForm,
  metadataCodes,
  registryObjects,
  submissionSignature,
];
