import { defineBroken } from "../../core/model/index.js";
import { editAnswer } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "ins/status-validated",
  mutations: [
    {
      id: "still provisional after the document",
      message: "not-validated",
      // Provisional still, so that the search then makes it retrieved.
      edit: (r) => {
        editAnswer(r, "ins-validate-then-search", "ins.confirm", { insStatus: "PROV" });
        editAnswer(r, "ins-validate-then-search", "ins.search", { insStatus: "RECUP" });
      },
    },
    {
      id: "qualified by the document alone",
      message: "not-validated",
      edit: (r) => editAnswer(r, "ins-validate-then-search", "ins.confirm", { insStatus: "QUAL" }),
    },
  ],
  defects: [
    {
      defect: "ins-document-not-counted",
      message: "not-validated",
      scenarios: ["ins-validate-then-search"],
    },
  ],
});
