/** The registry: an explicit list, so that a check exists only when somebody put it here. */
import type { CheckDef } from "../core/model/index.js";
import { cdaChecks } from "./cda/index.js";
import { dmpDocumentChecks } from "./dmp/document/index.js";
import { dmpChecks } from "./dmp/index.js";
import { dmpLifecycleChecks } from "./dmp/lifecycle/index.js";
import { insChecks } from "./ins/index.js";
import { mssChecks } from "./mss/index.js";
import { pscChecks } from "./psc/index.js";

export const allChecks: readonly CheckDef[] = [
  ...pscChecks,
  ...insChecks,
  ...dmpChecks,
  ...dmpDocumentChecks,
  ...dmpLifecycleChecks,
  ...cdaChecks,
  ...mssChecks,
];
