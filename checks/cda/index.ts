/** Checks on the documents themselves, whatever carried them. */
import type { CheckDef } from "../../core/model/index.js";
import actors from "./actors.js";
import addresses from "./addresses.js";
import body from "./body.js";
import bodyContent from "./body-content.js";
import codes from "./codes.js";
import dates from "./dates.js";
import identification from "./identification.js";
import names from "./names.js";
import patientIdentity from "./patient-identity.js";
import selfContained from "./self-contained.js";
import structure from "./structure.js";
import telecom from "./telecom.js";
import templates from "./templates.js";
import volet from "./volet.js";

export const cdaChecks: readonly CheckDef[] = [
  identification,
  templates,
  actors,
  structure,
  patientIdentity,
  names,
  telecom,
  addresses,
  codes,
  dates,
  body,
  bodyContent,
  volet,
  selfContained,
];
