import { defineBroken } from "../../core/model/index.js";
import { editAnswer } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "ins/status-retrieved",
  mutations: [
    {
      id: "still provisional after 00",
      message: "not-retrieved",
      edit: (r) => editAnswer(r, "ins-search-found", "ins.search", { insStatus: "PROV" }),
    },
    {
      id: "validated without any document",
      message: "not-retrieved",
      edit: (r) => editAnswer(r, "ins-qualify", "ins.search", { insStatus: "VALI" }),
    },
  ],
  defects: [
    {
      defect: "ins-status-qual-without-check",
      message: "not-retrieved",
      scenarios: ["ins-search-found"],
      collateral: [{ check: "ins/status-qualified", reason: "the wrong status is QUAL, for want of a document" }],
    },
  ],
});
