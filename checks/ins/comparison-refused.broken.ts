import { defineBroken } from "../../core/model/index.js";
import { editAnswer, stepOf } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "ins/comparison-refused",
  mutations: [
    {
      id: "retrieved all the same",
      message: "taken-over",
      edit: (r) => editAnswer(r, "ins-search-refused", "ins.search", { insStatus: "RECUP" }),
    },
    {
      id: "date of the refused identity in the file",
      message: "trait-overwritten",
      edit: (r) => {
        const { patient } = stepOf(r, "ins-search-refused", "patient.get").answer as { patient: object };
        const changed = { patient: { ...patient, birthDate: "2010-08-17" } };
        editAnswer(r, "ins-search-refused", "patient.get", changed);
      },
    },
  ],
  defects: [{ defect: "ins-accept-ignored", message: "taken-over", scenarios: ["ins-search-refused"] }],
});
