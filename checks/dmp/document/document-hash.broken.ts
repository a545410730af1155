import { defineBroken } from "../../../core/model/index.js";

export default defineBroken({
  check: "dmp/document-hash",
  mutations: [
    {
      id: "document changed after its hash was computed",
      message: "hash_differs",
      also: ["size_differs"],
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), '<realmCode code="FR"/>', '<realmCode code="FR" />'),
    },
    {
      id: "size of another document",
      message: "size_differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=name="size">[\s\S]{0,60}<[^>]*Value>)[^<]*/, "1"),
    },
    {
      id: "hash left to the repository",
      message: "absent",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="hash"', 'name="digest"'),
    },
  ],
  defects: [
    { defect: "dmp-hash-wrong", message: "hash_differs", scenarios: ["dmp-submit"] },
    { defect: "dmp-size-wrong", message: "size_differs", scenarios: ["dmp-submit"] },
  ],
});
