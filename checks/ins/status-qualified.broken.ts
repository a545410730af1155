import { defineBroken } from "../../core/model/index.js";
import { editAnswer } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "ins/status-qualified",
  mutations: [
    {
      id: "still retrieved after the document",
      message: "not-qualified",
      edit: (r) => editAnswer(r, "ins-qualify", "ins.confirm", { insStatus: "RECUP" }),
    },
    {
      id: "still validated after 00",
      message: "not-qualified",
      edit: (r) => editAnswer(r, "ins-validate-then-search", "ins.search", { insStatus: "VALI" }),
    },
    {
      id: "qualified by the document alone",
      message: "qualified-too-soon",
      edit: (r) => editAnswer(r, "ins-validate-then-search", "ins.confirm", { insStatus: "QUAL" }),
    },
    {
      id: "qualified by the search alone",
      message: "qualified-too-soon",
      edit: (r) => editAnswer(r, "ins-search-found", "ins.search", { insStatus: "QUAL" }),
    },
  ],
  defects: [
    {
      defect: "ins-status-qual-without-check",
      message: "qualified-too-soon",
      scenarios: ["ins-search-found"],
      collateral: [{ check: "ins/status-retrieved", reason: "the status that should be RECUP is QUAL" }],
    },
    {
      defect: "ins-document-not-counted",
      message: "not-qualified",
      scenarios: ["ins-qualify"],
    },
  ],
});
