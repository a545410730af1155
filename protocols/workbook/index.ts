/** `.xlsx` workbooks: foreign ones read under bounds, ours written deterministically. */
export { WORKBOOK_LIMITS } from "./open.js";
export { type CellNature, readSheets, readWorkbook, type SheetCells, type SheetText } from "./read.js";
export { type RefusalFacts, WORKBOOK_REFUSALS, WorkbookRefused, type WorkbookRefusalReason } from "./refusal.js";
export { cellKey, columnLetter, type Merge } from "./scan.js";
export { MAX_CELL_TEXT } from "./text.js";
export { writeWorkbook, type WrittenSheet } from "./write.js";
