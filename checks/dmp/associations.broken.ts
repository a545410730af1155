import { defineBroken } from "../../core/model/index.js";
import { changeUpload } from "./helpers/edits.js";

export default defineBroken({
  check: "dmp/associations",
  mutations: [
    {
      id: "association of another kind",
      message: "missing",
      edit: changeUpload(/AssociationType:HasMember/, "AssociationType:Related"),
    },
    {
      id: "association to another object",
      message: "missing",
      edit: changeUpload(/(?<=Association [^>]*targetObject=")[^"]*/, "Document77"),
    },
    {
      id: "association the other way round",
      message: "missing",
      edit: changeUpload(/(?<=Association [^>]*sourceObject=")[^"]*/, "Document01"),
    },
    { id: "status of a reference", message: "status", edit: changeUpload(">Original<", ">Reference<") },
  ],
  defects: [
    { defect: "dmp-no-association", message: "missing", scenarios: ["dmp-submit"] },
    { defect: "dmp-several-lacks-member", message: "missing", scenarios: ["dmp-submit-several"] },
  ],
});
