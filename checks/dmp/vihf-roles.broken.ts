import { defineBroken } from "../../core/model/index.js";
import { changeUpload } from "./helpers/edits.js";

export default defineBroken({
  check: "dmp/vihf-roles",
  mutations: [
    {
      id: "role attribute without a value",
      message: "absent",
      edit: changeUpload(
        /(?<=Name="urn:oasis:names:tc:xacml:2\.0:subject:role">)[\s\S]*?(?=<\/[a-z0-9]+:Attribute>)/,
        "",
      ),
    },
    {
      id: "second role of the same nomenclature",
      message: "second_role",
      edit: changeUpload('codeSystem="1.2.250.1.71.4.2.5"', 'codeSystem="1.2.250.1.71.1.2.7"'),
    },
    {
      id: "pharmacist without a section",
      message: "second_role",
      edit: changeUpload(/(?<=<Role [^>]*)code="10"/, 'code="21"'),
    },
  ],
  defects: [{ defect: "dmp-vihf-one-role", message: "second_role", scenarios: ["dmp-submit"] }],
});
