/** A dossier as the workbook that Convergence imports: one line per proof. */
import { writeWorkbook } from "../workbook/write.js";
import { CONVERGENCE_COLUMNS } from "./columns.js";
import type { ExtraSheet, RemLine } from "./types.js";

/**
 * Sheet 1 `Convergence` holds exactly the official columns in the official order, one line per proof, all cells texts; `sheets`
 * follow. `nature` and `other` have no column in this layout and are not written. The same input gives the same bytes.
 * WorkbookRefused `text_too_long` (a cell holds 32,767 characters), `sheet_name` (also when an extra sheet is named like the
 * first), `row_shape`.
 */
export function writeConvergence(lines: readonly RemLine[], sheets: readonly ExtraSheet[] = []): Promise<Uint8Array> {
  return writeWorkbook([
    { name: "Convergence", columns: CONVERGENCE_COLUMNS, rows: lines.map(convergenceRow) },
    ...sheets,
  ]);
}

/** In the order of CONVERGENCE_COLUMNS. */
function convergenceRow(line: RemLine): readonly string[] {
  return [
    line.perimeter,
    line.id,
    line.chapter,
    line.function,
    line.statement,
    line.comment,
    line.profile,
    line.scenarioId,
    line.scenario,
    line.proofId,
    line.proof,
    line.historicalProfile,
    line.criticality,
    line.order,
  ];
}
