import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/addressing",
  mutations: [
    {
      id: "card action on a trait search",
      message: "action-differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("ins.search", "ins-search-found"),
          "rechercherInsAvecTraitsIdentite</",
          "rechercherInsAvecCarteVitale</",
        ),
    },
    {
      id: "action without its text",
      message: "action-absent",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /:Action>[^<]*<\//, ":Action></"),
    },
    {
      id: "empty message id",
      message: "message-id-absent",
      edit: (r) =>
        r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /:MessageID>[^<]*<\//, ":MessageID></"),
    },
    {
      id: "message id of another form",
      message: "message-id-form",
      edit: (r) =>
        r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /:MessageID>[^<]*<\//, ":MessageID>42</"),
    },
    {
      id: "one message id for two searches",
      message: "message-id-repeated",
      edit: (r) => {
        const fixed = ":MessageID>uuid:11111111-2222-4333-8444-555555555555</";
        for (const scenario of ["ins-search-found", "ins-search-none"]) {
          r.replaceInRequest(r.exchange("ins.search", scenario), /:MessageID>[^<]*<\//, fixed);
        }
      },
    },
  ],
  defects: [
    { defect: "ins-action-mismatch", message: "action-differs", scenarios: ["ins-search-found"] },
    { defect: "ins-message-id-missing", message: "message-id-absent", scenarios: ["ins-search-found"] },
    {
      defect: "ins-message-id-fixed",
      message: "message-id-repeated",
      scenarios: ["ins-search-found", "ins-search-corsica"],
    },
  ],
});
