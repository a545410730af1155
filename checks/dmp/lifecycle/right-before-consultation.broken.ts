import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Takes the questions of a scenario away. */
function unasked(r: RecordingEditor, scenario: string): void {
  for (const question of r.exchanges("dmp.exists", scenario)) r.remove(question);
}

export default defineBroken({
  check: "dmp/right-before-consultation",
  mutations: [
    {
      id: "nothing asked about this patient",
      message: "not_checked",
      edit: (r) => {
        for (const question of r.exchanges("dmp.exists")) r.remove(question);
      },
    },
    {
      id: "questions about somebody else",
      message: "not_checked",
      edit: (r) => {
        for (const question of r.exchanges("dmp.exists")) {
          r.replaceInRequest(question, /(?<=:value [^>]*extension=")[^"]*/, "299999999999999");
        }
      },
    },
    { id: "nothing asked since the file was opened", message: "earlier_only", edit: (r) => unasked(r, "dmp-search") },
  ],
  defects: [
    {
      defect: "dmp-search-before-right",
      message: "not_checked",
      scenarios: ["dmp-search"],
    },
  ],
});
