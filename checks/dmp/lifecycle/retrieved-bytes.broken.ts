import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";
import { editAnswer, stepOf } from "../../helpers/edit-answer.js";

/** Changes what the software says of the first document it read. */
function kept(change: Readonly<Record<string, unknown>>): (r: RecordingEditor) => void {
  return (r) => {
    const { documents } = stepOf(r, "dmp-retrieve", "dmp.retrieve").answer as { documents: object[] };
    editAnswer(r, "dmp-retrieve", "dmp.retrieve", { documents: documents.map((one) => ({ ...one, ...change })) });
  };
}

export default defineBroken({
  check: "dmp/retrieved-bytes",
  mutations: [
    { id: "other bytes", message: "differs", edit: kept({ sha256: "0".repeat(64) }) },
    { id: "other length", message: "differs", edit: kept({ size: 1 }) },
    {
      id: "other bytes served",
      message: "differs",
      edit: (r) => {
        for (const answer of r.exchanges("dmp.retrieve", "dmp-retrieve")) {
          r.replaceInResponse(answer, /<\/ClinicalDocument>/g, "</ClinicalDocument> ");
        }
      },
    },
    {
      id: "half a document told as read",
      message: "incomplete",
      edit: (r) => {
        const asked = stepOf(r, "dmp-retrieve-cut", "dmp.retrieve").input as { uniqueIds: string[] };
        const documents = asked.uniqueIds.map((uniqueId) => ({ uniqueId, size: 12, sha256: "0".repeat(64) }));
        editAnswer(r, "dmp-retrieve-cut", "dmp.retrieve", { documents }, "done");
      },
    },
  ],
  defects: [
    { defect: "dmp-retrieve-corrupts", message: "differs", scenarios: ["dmp-retrieve"] },
    { defect: "dmp-retrieve-cut-kept", message: "incomplete", scenarios: ["dmp-retrieve-cut"] },
  ],
});
