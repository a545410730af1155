import { defineBroken } from "../../core/model/index.js";
import { changeQuestion, changeUpload } from "./helpers/edits.js";

export default defineBroken({
  check: "dmp/vihf-psc-user",
  mutations: [
    {
      id: "somebody else in the upload",
      message: "differs",
      edit: changeUpload(/NameID>899900000011</, "NameID>899900000099<"),
    },
    {
      id: "somebody else in the existence test",
      message: "differs",
      edit: changeQuestion(/NameID>899900000011</, "NameID>899900000099<"),
    },
  ],
  defects: [
    {
      defect: "dmp-vihf-user-fixed",
      message: "differs",
      scenarios: ["dmp-submit", "dmp-submit-other-user"],
      collateral: [
        { check: "dmp/submission-set", reason: "the sender the set names is then another than the user of the VIHF" },
      ],
    },
  ],
});
