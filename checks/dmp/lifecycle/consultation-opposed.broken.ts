import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Copies a call of the scenario where the patient agreed to just after the refusal was noted. */
function despite(operation: string): (r: RecordingEditor) => void {
  return (r) => {
    const run = r.run("dmp-opposed-consultation");
    const noted = run.steps.find((step) => step.operation === "patient.choice")?.endedAt;
    if (!noted) throw new Error("no choice was noted");
    const at = new Date(Date.parse(noted) + 1).toISOString();
    r.duplicate(r.exchange(operation, "dmp-authorise"), { scenario: run.key, at });
  };
}

export default defineBroken({
  check: "dmp/consultation-opposed",
  mutations: [
    { id: "list despite the refusal", message: "consulted", edit: despite("dmp.search") },
    { id: "right added despite the refusal", message: "right_added", edit: despite("dmp.authorise") },
  ],
  defects: [
    { defect: "dmp-consultation-refused-ignored", message: "consulted", scenarios: ["dmp-opposed-consultation"] },
    { defect: "dmp-authorise-despite-opposition", message: "right_added", scenarios: ["dmp-opposed-consultation"] },
  ],
});
