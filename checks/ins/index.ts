/** Checks on the INSi teleservice and on what the software makes of its answers. */
import type { CheckDef } from "../../core/model/index.js";
import addressing from "./addressing.js";
import cardSearch from "./card-search.js";
import clientCertificate from "./client-certificate.js";
import comparisonRefused from "./comparison-refused.js";
import contextHeaders from "./context-headers.js";
import dateUnknown from "./date-unknown.js";
import enrichment from "./enrichment.js";
import failureKept from "./failure-kept.js";
import firstSearch from "./first-search.js";
import identityTakenOver from "./identity-taken-over.js";
import matriculeOnlyQualified from "./matricule-only-qualified.js";
import nameWriting from "./name-writing.js";
import nothingFound from "./nothing-found.js";
import retryLoop from "./retry-loop.js";
import searchEnd from "./search-end.js";
import statusQualified from "./status-qualified.js";
import statusRetrieved from "./status-retrieved.js";
import statusValidated from "./status-validated.js";
import traitEmpty from "./trait-empty.js";
import traitValues from "./trait-values.js";
import traitsTakenOver from "./traits-taken-over.js";
import transport from "./transport.js";
import variants from "./variants.js";

export const insChecks: readonly CheckDef[] = [
  addressing,
  cardSearch,
  clientCertificate,
  comparisonRefused,
  contextHeaders,
  dateUnknown,
  enrichment,
  failureKept,
  firstSearch,
  identityTakenOver,
  matriculeOnlyQualified,
  nameWriting,
  nothingFound,
  retryLoop,
  searchEnd,
  statusQualified,
  statusRetrieved,
  statusValidated,
  traitEmpty,
  traitValues,
  traitsTakenOver,
  transport,
  variants,
];
