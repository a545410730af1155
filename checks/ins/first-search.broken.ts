import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/first-search",
  mutations: [
    {
      id: "used name as birth name",
      message: "used-name",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-used-name"), ">ADRNAISSANCE<", ">ADRUSAGE<"),
    },
    {
      id: "all first names at once",
      message: "all-first-names",
      edit: (r) =>
        r.replaceInRequest(r.exchange("ins.search", "ins-search-second-name"), ">OLA<", ">OLA CATARINA BELLA<"),
    },
    {
      id: "empty sex",
      message: "minimum-absent",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), "Sexe>F</", "Sexe></"),
    },
  ],
  defects: [
    { defect: "ins-used-name", message: "used-name", scenarios: ["ins-search-used-name"] },
    { defect: "ins-all-first-names", message: "all-first-names", scenarios: ["ins-search-second-name"] },
  ],
});
