import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/name-writing",
  mutations: [
    {
      id: "small letters",
      message: "not-normalised",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), ">ADRUN<", ">Adrun<"),
    },
    {
      id: "a digit in a name",
      message: "not-a-name",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), ">ADRUN<", ">ADRUN2<"),
    },
    {
      id: "hyphen become a space",
      message: "separator-lost",
      edit: (r) =>
        r.replaceInRequest(r.exchange("ins.search", "ins-search-history"), ">PIERRE-ALAIN<", ">PIERRE ALAIN<"),
    },
  ],
  defects: [
    { defect: "ins-lowercase-traits", message: "not-normalised", scenarios: ["ins-search-found"] },
    {
      defect: "ins-hyphen-stripped",
      message: "separator-lost",
      scenarios: ["ins-search-history"],
    },
  ],
});
