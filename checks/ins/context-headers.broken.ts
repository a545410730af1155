import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/context-headers",
  mutations: [
    {
      id: "LPS context under another name",
      message: "context-absent",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /ContexteLPS/g, "ContexteAutre"),
    },
    {
      id: "BAM context without a version",
      message: "version-absent",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), ' Version="01_02"', ""),
    },
    {
      id: "older BAM version",
      message: "context-version",
      edit: (r) =>
        r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), 'Version="01_02"', 'Version="01_01"'),
    },
    {
      id: "no COUVERTURE",
      message: "element-absent",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /COUVERTURE/g, "DateRef"),
    },
    {
      id: "element that the schema does not know",
      message: "element-order",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /Emetteur/g, "Auteur"),
    },
    {
      id: "time that is no time",
      message: "time-form",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /Temps>[^<]*<\//, "Temps>hier</"),
    },
    {
      id: "time of another year",
      message: "time-far",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("ins.search", "ins-search-found"),
          /Temps>[^<]*<\//,
          "Temps>2001-01-01T00:00:00Z</",
        ),
    },
  ],
  defects: [
    { defect: "ins-no-couverture", message: "element-absent", scenarios: ["ins-search-found"] },
    { defect: "ins-context-version", message: "context-version", scenarios: ["ins-search-found"] },
    { defect: "ins-clock-wrong", message: "time-far", scenarios: ["ins-search-found"] },
  ],
});
