import { defineBroken } from "../../../core/model/index.js";
import { editAnswer } from "../../helpers/edit-answer.js";

export default defineBroken({
  check: "dmp/identity-alert",
  mutations: [
    {
      id: "no warning",
      message: "no_alert",
      edit: (r) => editAnswer(r, "dmp-traits-differ", "dmp.exists", { identityAlert: false }),
    },
    {
      id: "first name of the DMP shown",
      message: "shown",
      edit: (r) => editAnswer(r, "dmp-traits-differ", "dmp.exists", { message: "Le DMP dit : Odette" }),
    },
    {
      id: "birth date of the DMP shown",
      message: "shown",
      edit: (r) => editAnswer(r, "dmp-traits-differ", "dmp.exists", { message: "Le DMP dit : 22/01/1937" }),
    },
  ],
  defects: [{ defect: "dmp-traits-ignored", message: "no_alert", scenarios: ["dmp-traits-differ"] }],
});
