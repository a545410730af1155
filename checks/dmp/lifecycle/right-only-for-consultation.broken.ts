import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Copies the TD0.3 of the consultation to just before the last call of that kind. */
function rightBefore(operation: string, scenario: string): (r: RecordingEditor) => void {
  return (r) => {
    const acts = r.exchanges(operation, scenario);
    const last = acts[acts.length - 1];
    if (!last) throw new Error(`no ${operation} in ${scenario}`);
    const at = new Date(Date.parse(last.startedAt) - 1).toISOString();
    r.duplicate(r.exchange("dmp.authorise", "dmp-authorise"), { scenario: last.scenario, at });
  };
}

export default defineBroken({
  check: "dmp/right-only-for-consultation",
  mutations: [
    { id: "right before an upload", message: "asked", edit: rightBefore("dmp.submit", "dmp-submit") },
    { id: "right before an automatic upload", message: "asked", edit: rightBefore("dmp.submit", "dmp-validate") },
    { id: "right before a deletion", message: "asked", edit: rightBefore("dmp.update", "dmp-update-delete") },
  ],
  defects: [{ defect: "dmp-right-asked-for-feeding", message: "asked", scenarios: ["dmp-submit", "dmp-validate"] }],
});
