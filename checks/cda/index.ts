/** Checks on the documents themselves, whatever carried them. */
import type { CheckDef } from "../../core/model/index.js";
import actors from "./actors.js";
import body from "./body.js";
import bodyContent from "./body-content.js";
import dates from "./dates.js";
import identification from "./identification.js";
import patientIdentity from "./patient-identity.js";
import templates from "./templates.js";

export const cdaChecks: readonly CheckDef[] = [
  identification,
  templates,
  actors,
  patientIdentity,
  dates,
  body,
  bodyContent,
];
