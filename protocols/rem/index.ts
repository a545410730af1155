/** REM workbooks: read in three official layouts, written in that of Convergence. */
export { WORKBOOK_REFUSALS, WorkbookRefused, type WorkbookRefusalReason } from "../workbook/refusal.js";
export { readSheets, type SheetText } from "../workbook/read.js";
export { normalRequirementId } from "./ids.js";
export { CONVERGENCE_COLUMNS } from "./columns.js";
export { readRem, readRemSheets } from "./read.js";
export { writeConvergence } from "./write.js";
export {
  type ExtraSheet,
  REM_ANOMALIES,
  type RemAnomaly,
  type RemAnomalyKind,
  type RemLayout,
  type RemLine,
  type RemTable,
} from "./types.js";
