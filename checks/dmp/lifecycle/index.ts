/** Checks on the life of documents in the DMP: who may consult, what leaves by itself, replacement, updates, waiting uploads. */
import type { CheckDef } from "../../../core/model/index.js";
import accessPurpose from "./access-purpose.js";
import archiveDocument from "./archive-document.js";
import automaticUpload from "./automatic-upload.js";
import closureTold from "./closure-told.js";
import consultationOpposed from "./consultation-opposed.js";
import consultationWithoutRight from "./consultation-without-right.js";
import deleteDocument from "./delete-document.js";
import hiddenDocumentTold from "./hidden-document-told.js";
import identityAlert from "./identity-alert.js";
import irreversibleConfirmed from "./irreversible-confirmed.js";
import listedTimes from "./listed-times.js";
import noSearchAfterUpload from "./no-search-after-upload.js";
import queueListed from "./queue-listed.js";
import queuedOnce from "./queued-once.js";
import replacement from "./replacement.js";
import replacementDocument from "./replacement-document.js";
import retrieveRequest from "./retrieve-request.js";
import retrievedBytes from "./retrieved-bytes.js";
import rightBeforeConsultation from "./right-before-consultation.js";
import rightOnlyForConsultation from "./right-only-for-consultation.js";
import searchFilters from "./search-filters.js";
import searchRequest from "./search-request.js";
import updateVisibility from "./update-visibility.js";
import uploadKeptBack from "./upload-kept-back.js";
import uploadOpposed from "./upload-opposed.js";
import visibilityCodes from "./visibility-codes.js";

export const dmpLifecycleChecks: readonly CheckDef[] = [
  rightBeforeConsultation,
  consultationWithoutRight,
  rightOnlyForConsultation,
  consultationOpposed,
  searchRequest,
  searchFilters,
  listedTimes,
  retrieveRequest,
  retrievedBytes,
  hiddenDocumentTold,
  accessPurpose,
  automaticUpload,
  uploadKeptBack,
  uploadOpposed,
  noSearchAfterUpload,
  queueListed,
  queuedOnce,
  visibilityCodes,
  replacement,
  replacementDocument,
  updateVisibility,
  irreversibleConfirmed,
  deleteDocument,
  archiveDocument,
  identityAlert,
  closureTold,
];
