/** Counter-examples of checks that read what the vendor's adapter answered. */
import type { RecordingEditor, Step } from "../../core/model/index.js";

/** First step of the operation in the scenario. Throws when there is none: the counter-example would prove nothing. */
export function stepOf(recording: RecordingEditor, scenario: string, operation: string): Step {
  const step = recording.run(scenario).steps.find((s) => s.operation === operation);
  if (!step) throw new Error(`no step ${operation} in ${scenario}`);
  return step;
}

/** Changes members of the answer of the first step of an operation, and its status when `status` is given. */
export function editAnswer(
  recording: RecordingEditor,
  scenario: string,
  operation: string,
  change: Readonly<Record<string, unknown>>,
  status?: "done" | "refused" | "failed",
): void {
  const step = stepOf(recording, scenario, operation);
  if (!step.endEvent) throw new Error(`the step ${operation} of ${scenario} never ended`);
  const answer = { ...(step.answer as Record<string, unknown> | null), ...change };
  recording.patchEvent(step.endEvent, { data: { step: step.index, status: status ?? step.status, answer } });
}
