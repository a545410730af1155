/** What one event made of a status: INSi answered 00 and the operator accepted, or a high-confidence document was checked. */
import type { InsStatus, Pointer, ScenarioRun, Step } from "../../../core/model/index.js";
import { callsOf } from "./calls.js";
import { answerAt, member, searchSteps, statusBefore, statusIn, within } from "./steps.js";
import { unusable } from "./unusable.js";

export const RNIV = "RNIV, four trust statuses and their transitions (ins.md §4.1 and §4.2, S4)";

/** Documents of high confidence without restriction (ins.md §4.4). */
const DOCUMENTS = ["CN", "PA", "CS"];

export interface Transition {
  readonly event: "found" | "document";
  /** How the event is named in messages: `INSi 00`, or the code of the document. */
  readonly name: string;
  readonly before: InsStatus;
  readonly after: InsStatus;
  readonly at: Pointer;
}

/** Events of a run after which the adapter told a status. A file that already had an INS is a case of its own: left out. */
export function transitions(run: ScenarioRun): Transition[] {
  // Software that never called INSi shows nothing: its adapter may say what it likes.
  if (callsOf(run).length === 0) return [];
  const found = searchSteps(run).flatMap(({ step, last, accept, before, after }) =>
    last?.outcome === "00" && accept && !unusable(last.answer?.traits) && before !== null && after !== null
      ? [{ event: "found" as const, name: "INSi 00", before, after, at: answerAt(step, "insStatus") }]
      : [],
  );
  return [...found, ...run.steps.flatMap((step) => checked(run, step))];
}

function checked(run: ScenarioRun, step: Step): Transition[] {
  if (step.operation !== "ins.confirm" || step.status !== "done") return [];
  const document = member(step.input, "document");
  const before = statusBefore(run, step);
  const after = statusIn(step);
  if (typeof document !== "string" || !DOCUMENTS.includes(document) || before === null || after === null) return [];
  // Software may call INSi by itself when a document is checked: two events, of which the answer does not tell the order.
  if (callsOf(run).some((call) => within(step, call.exchange.startedAt))) return [];
  return [{ event: "document", name: document, before, after, at: answerAt(step, "insStatus") }];
}
