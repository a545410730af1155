import { defineBroken } from "../../core/model/index.js";
import { editAnswer } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "ins/status-transitions",
  mutations: [
    {
      id: "still provisional after 00",
      message: "not-retrieved",
      edit: (r) => editAnswer(r, "ins-search-found", "ins.search", { insStatus: "PROV" }),
    },
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
      id: "still retrieved after the document",
      message: "not-qualified",
      edit: (r) => editAnswer(r, "ins-qualify", "ins.confirm", { insStatus: "RECUP" }),
    },
    {
      id: "qualified by the document alone",
      message: "qualified-too-soon",
      edit: (r) => editAnswer(r, "ins-validate-then-search", "ins.confirm", { insStatus: "QUAL" }),
    },
  ],
  defects: [
    { defect: "ins-status-qual-without-check", message: "qualified-too-soon", scenarios: ["ins-search-found"] },
  ],
});
