import { defineBroken } from "../../core/model/index.js";
import { editLastFile } from "./helpers/edits.js";

export default defineBroken({
  check: "ins/traits-taken-over",
  mutations: [
    {
      id: "list of first names left as it was",
      message: "trait-differs",
      edit: (r) => editLastFile(r, "ins-search-more-names", { birthFirstNames: "ZOE" }),
    },
    {
      id: "list of first names cut",
      message: "trait-differs",
      edit: (r) => editLastFile(r, "ins-search-history", { birthFirstNames: "PIERRE-ALAIN" }),
    },
  ],
  defects: [{ defect: "ins-traits-not-taken", message: "trait-differs", scenarios: ["ins-search-more-names"] }],
});
