import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { editAnswer, stepOf } from "../helpers/edit-answer.js";

/** Changes members of the file shown at the end of a scenario. */
function editFile(r: RecordingEditor, scenario: string, change: object): void {
  const { patient } = stepOf(r, scenario, "patient.get").answer as { patient: object };
  editAnswer(r, scenario, "patient.get", { patient: { ...patient, ...change } });
}

export default defineBroken({
  check: "ins/identity-taken-over",
  mutations: [
    {
      id: "former matricule kept as current",
      message: "matricule-differs",
      edit: (r) =>
        editFile(r, "ins-search-history", { ins: { matricule: "209076322083439", oid: "1.2.250.1.213.1.4.8" } }),
    },
    {
      id: "OID of the NIR for a NIA",
      message: "oid-differs",
      edit: (r) => editFile(r, "ins-search-nia", { ins: { matricule: "109076322088835", oid: "1.2.250.1.213.1.4.8" } }),
    },
    {
      id: "list of first names cut",
      message: "trait-differs",
      edit: (r) => editFile(r, "ins-search-history", { birthFirstNames: "PIERRE-ALAIN" }),
    },
  ],
  defects: [
    { defect: "ins-history-as-current", message: "matricule-differs", scenarios: ["ins-search-history"] },
    { defect: "ins-oid-fixed", message: "oid-differs", scenarios: ["ins-search-nia"] },
  ],
});
