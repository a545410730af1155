import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Leaves the first n calls of a scenario. */
function keep(r: RecordingEditor, scenario: string, count: number): void {
  for (const call of r.exchanges("ins.search", scenario).slice(count)) r.remove(call);
}

export default defineBroken({
  check: "ins/enrichment",
  mutations: [
    {
      id: "search stopped at the first 02",
      message: "names-not-added",
      edit: (r) => keep(r, "ins-search-several-then-found", 1),
    },
    {
      id: "search stopped before the place",
      message: "place-not-added",
      edit: (r) => keep(r, "ins-search-several-place", 2),
    },
    {
      id: "place in the second search, other first names in none",
      message: "place-before-names",
      edit: (r) => {
        const second = r.exchanges("ins.search", "ins-search-several-place")[1];
        if (!second) throw new Error("no second search in this recording");
        r.replaceInRequest(second, /<\w+:Prenom>PAULE<\/\w+:Prenom>/, "");
        const [end = "", prefix = ""] =
          /<\/(\w+):DateNaissance>/.exec(Buffer.from(second.requestBytes).toString()) ?? [];
        r.replaceInRequest(second, end, `${end}<${prefix}:LieuNaissance>63999</${prefix}:LieuNaissance>`);
      },
    },
  ],
  defects: [
    { defect: "ins-no-enrichment", message: "names-not-added", scenarios: ["ins-search-several-then-found"] },
    { defect: "ins-enrichment-order", message: "place-before-names", scenarios: ["ins-search-several-then-found"] },
  ],
});
