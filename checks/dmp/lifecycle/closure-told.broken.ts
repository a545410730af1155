import { defineBroken } from "../../../core/model/index.js";
import { editAnswer } from "../../helpers/edit-answer.js";

export default defineBroken({
  check: "dmp/closure-told",
  mutations: [
    {
      id: "closure kept to itself",
      message: "not_told",
      edit: (r) => editAnswer(r, "dmp-closed-motive", "dmp.exists", { closure: null }),
    },
    {
      id: "empty words",
      message: "not_told",
      edit: (r) => editAnswer(r, "dmp-closed-motive", "dmp.exists", { closure: " " }),
    },
  ],
  defects: [{ defect: "dmp-closure-not-told", message: "not_told", scenarios: ["dmp-closed-motive"] }],
});
