import { defineBroken } from "../../../core/model/index.js";
import { editAnswer } from "../../helpers/edit-answer.js";

export default defineBroken({
  check: "dmp/automatic-upload",
  mutations: [
    {
      id: "told as sent, nothing came",
      message: "not_sent",
      edit: (r) => r.remove(r.exchange("dmp.submit", "dmp-validate")),
    },
    {
      id: "left to the user",
      message: "not_sent",
      edit: (r) => {
        r.remove(r.exchange("dmp.submit", "dmp-validate"));
        editAnswer(r, "dmp-validate", "document.validate", { upload: "blocked", uniqueId: null });
      },
    },
    {
      id: "id of another document",
      message: "other_id",
      edit: (r) => editAnswer(r, "dmp-validate", "document.validate", { uniqueId: "1.2.3.4" }),
    },
  ],
  defects: [
    {
      defect: "dmp-no-automatic-upload",
      message: "not_sent",
      scenarios: ["dmp-submit", "dmp-validate"],
    },
  ],
});
