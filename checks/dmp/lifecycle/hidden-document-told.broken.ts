import { defineBroken } from "../../../core/model/index.js";

export default defineBroken({
  check: "dmp/hidden-document-told",
  mutations: [
    {
      id: "opened without a word",
      message: "not_told",
      edit: (r) => {
        for (const step of r.run("dmp-retrieve").steps) {
          if (step.operation !== "dmp.retrieve" || !step.endEvent) continue;
          const { documents } = step.answer as { documents: object[] };
          const answer = { status: "done", documents: documents.map((one) => ({ ...one, alert: null })) };
          r.patchEvent(step.endEvent, { data: { step: step.index, status: step.status, answer } });
        }
      },
    },
    {
      id: "document hidden by a new code",
      message: "not_told",
      edit: (r) => {
        // The first document opened is hidden from nobody: it becomes so.
        const search = r.exchanges("dmp.search", "dmp-retrieve").slice(-1)[0];
        if (!search) throw new Error("no search of the documents opened");
        r.replaceInResponse(search, /nodeRepresentation="N"/, 'nodeRepresentation="INVISIBLE_REPRESENTANTS_LEGAUX"');
      },
    },
  ],
  defects: [{ defect: "dmp-hidden-not-told", message: "not_told", scenarios: ["dmp-retrieve"] }],
});
