import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/card-search",
  mutations: [
    {
      id: "trait search in place of the card search",
      message: "not-by-card",
      edit: (r) =>
        r.setRequest(
          r.exchange("ins.search", "ins-search-card"),
          r.exchange("ins.search", "ins-search-corsica").requestBytes,
        ),
    },
    {
      id: "beneficiary under another name",
      message: "coverage-absent",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-card"), /BENEFICIAIRE/g, "AUTRE"),
    },
    {
      id: "number of the insured person under another name",
      message: "insured-absent",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-card"), /MatriculeOD/g, "MatriculeIndividu"),
    },
  ],
  defects: [
    {
      defect: "ins-no-couverture",
      message: "coverage-absent",
      scenarios: ["ins-search-card"],
      collateral: [{ check: "ins/context-headers", reason: "COUVERTURE itself is mandatory in ContexteBAM" }],
    },
  ],
});
