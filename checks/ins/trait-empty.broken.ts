import { defineBroken } from "../../core/model/index.js";
import { editLastFile } from "./helpers/edits.js";

export default defineBroken({
  check: "ins/trait-empty",
  mutations: [
    {
      id: "retrieved although the name is empty",
      message: "taken-over",
      edit: (r) => editLastFile(r, "ins-answer-name-empty", { status: "RECUP" }),
    },
    {
      id: "first names erased",
      message: "taken-over",
      edit: (r) => editLastFile(r, "ins-answer-first-names-empty", { birthFirstNames: "" }),
    },
    {
      id: "INS kept although the sex is empty",
      message: "taken-over",
      edit: (r) =>
        editLastFile(r, "ins-answer-sex-empty", { ins: { matricule: "275126322074974", oid: "1.2.250.1.213.1.4.8" } }),
    },
  ],
  defects: [
    {
      defect: "ins-unusable-taken",
      message: "taken-over",
      scenarios: ["ins-answer-name-empty", "ins-answer-first-names-empty", "ins-answer-sex-empty"],
    },
  ],
});
