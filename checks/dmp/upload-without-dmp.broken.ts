import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Copies the upload of the control into the scenario, after its last exchange. */
function uploadIn(scenario: string): (r: RecordingEditor) => void {
  return (r) => {
    const refused = r.exchange("dmp.exists", scenario);
    const at = new Date(Date.parse(refused.endedAt ?? refused.startedAt) + 1).toISOString();
    r.duplicate(r.exchange("dmp.submit", "dmp-submit"), { scenario: refused.scenario, at });
  };
}

export default defineBroken({
  check: "dmp/upload-without-dmp",
  mutations: [
    { id: "upload for a patient without a record", message: "uploaded", edit: uploadIn("dmp-absent") },
    { id: "upload to a closed record", message: "uploaded", edit: uploadIn("dmp-closed") },
  ],
  defects: [{ defect: "dmp-upload-when-absent", message: "uploaded", scenarios: ["dmp-absent", "dmp-closed"] }],
});
