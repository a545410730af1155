/** A search that brought no identity leaves the status alone: shared by the checks on 01/02 and on failures. */
import type { InsStatus, MessageDef, Report } from "../../../core/model/index.js";
import { answerAt, type SearchStep } from "./steps.js";

/** Statuses that say "retrieved through INSi" (criterion I of the RNIV). */
const RETRIEVED: readonly InsStatus[] = ["RECUP", "QUAL"];

export const KEPT_MESSAGES = {
  raised: {
    weight: "breach",
    source: "RNIV: retrieved and qualified presuppose traits retrieved through INSi (ins.md §4.1 and §4.2, S4)",
    mark: "verified",
    witness: "none",
    fr: "Statut {before} devenu {found} alors qu'INSi n'a donné aucune identité ({outcome}).",
    en: "Status {before} became {found} although INSi gave no identity ({outcome}).",
  },
  changed: {
    weight: "remark",
    source: "deduction of this project on transitions (ins.md §4.2)",
    mark: "inferred",
    witness: "none",
    fr: "Statut {before} devenu {found} après {outcome} ; il devrait rester le même.",
    en: "Status {before} became {found} after {outcome}; it should stay the same.",
  },
} as const satisfies Record<string, MessageDef>;

/** Judges the status of one search. `outcome` is how its last answer is named in messages. */
export function judgeKept(search: SearchStep, outcome: string, report: Report): void {
  const { before, after, step } = search;
  if (before === null || after === null) return;
  const at = answerAt(step, "insStatus");
  report.observed(at);
  if (after === before) return;
  const raised = RETRIEVED.includes(after) && !RETRIEVED.includes(before);
  report.finding(raised ? "raised" : "changed", at, { before, found: after, outcome });
}
