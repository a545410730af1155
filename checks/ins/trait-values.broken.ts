import { defineBroken, type Exchange, type RecordingEditor } from "../../core/model/index.js";

function found(r: RecordingEditor): Exchange {
  return r.exchange("ins.search", "ins-search-found");
}

export default defineBroken({
  check: "ins/trait-values",
  mutations: [
    { id: "sex as a digit", message: "sex", edit: (r) => r.replaceInRequest(found(r), "Sexe>F</", "Sexe>2</") },
    {
      id: "French date",
      message: "date",
      edit: (r) => r.replaceInRequest(found(r), "1975-12-31", "31/12/1975"),
    },
    {
      id: "place by its name",
      message: "place",
      edit: (r) => {
        const enriched = r.exchanges("ins.search").find((x) => Buffer.from(x.requestBytes).includes("LieuNaissance>"));
        if (!enriched) throw new Error("no search with a place in this recording");
        r.replaceInRequest(enriched, /LieuNaissance>[^<]*<\//, "LieuNaissance>Paris</");
      },
    },
    {
      id: "first name after the date",
      message: "order",
      edit: (r) => {
        const text = Buffer.from(found(r).requestBytes).toString("latin1");
        const [whole = "", name = "", rest = ""] =
          /(<\w+:Prenom>[^<]*<\/\w+:Prenom>)([\s\S]*?<\/\w+:DateNaissance>)/.exec(text) ?? [];
        r.replaceInRequest(found(r), whole, rest + name);
      },
    },
  ],
  defects: [
    { defect: "ins-sex-code", message: "sex", scenarios: ["ins-search-found"] },
    { defect: "ins-date-format", message: "date", scenarios: ["ins-search-found"] },
  ],
});
