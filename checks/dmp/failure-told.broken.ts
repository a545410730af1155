import { defineBroken } from "../../core/model/index.js";
import { editAnswer } from "../helpers/edit-answer.js";

export default defineBroken({
  check: "dmp/failure-told",
  mutations: [
    {
      id: "upload told as done",
      message: "told_done",
      edit: (r) => editAnswer(r, "dmp-submit-failure", "dmp.submit", { status: "done", uniqueId: "1.2.3" }, "done"),
    },
  ],
  defects: [{ defect: "dmp-error-hidden", message: "told_done", scenarios: ["dmp-submit-failure"] }],
});
