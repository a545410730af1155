/** Counter-examples on the file shown at the end of a scenario. */
import type { RecordingEditor } from "../../../core/model/index.js";

/** Changes members of the file in the last `patient.get` of the scenario. */
export function editLastFile(r: RecordingEditor, scenario: string, change: object): void {
  const step = r.run(scenario).steps.findLast(({ operation }) => operation === "patient.get");
  if (!step?.endEvent) throw new Error(`no patient.get in ${scenario}`);
  const answer = step.answer as { patient: object };
  const changed = { ...answer, patient: { ...answer.patient, ...change } };
  r.patchEvent(step.endEvent, { data: { step: step.index, status: step.status, answer: changed } });
}
