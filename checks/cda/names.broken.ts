import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/names",
  mutations: [
    {
      id: "title as a word",
      message: "misspelt",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "<suffix>DR</suffix>", "<suffix>Dr.</suffix>"),
    },
    {
      id: "title in the place of the civility",
      message: "misplaced",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<prefix>[^<]*<\/prefix>/, "<prefix>DR</prefix>"),
    },
    {
      id: "civility that no table holds",
      message: "unknown",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<prefix>[^<]*<\/prefix>/, "<prefix>SIR</prefix>"),
    },
    {
      id: "text between the parts",
      message: "loose_text",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "<suffix>DR</suffix>", "Docteur<suffix>DR</suffix>"),
    },
    {
      id: "empty given name",
      message: "empty_part",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<assignedPerson>\s*<name>.*?)<given>[^<]*<\/given>/,
          "<given/>",
        ),
    },
  ],
  defects: [{ defect: "dmp-cda-title-spelling", message: "misspelt", scenarios: ["dmp-submit"] }],
});
