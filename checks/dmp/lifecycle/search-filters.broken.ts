import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Replaces text in the search with criteria, the second of the scenario. */
function filtered(from: string | RegExp, to: string): (r: RecordingEditor) => void {
  return (r) => {
    const search = r.exchanges("dmp.search", "dmp-search")[1];
    if (!search) throw new Error("no second search");
    r.replaceInRequest(search, from, to);
  };
}

export default defineBroken({
  check: "dmp/search-filters",
  mutations: [
    { id: "type left out", message: "absent", edit: filtered("$XDSDocumentEntryTypeCode", "$XDSDocumentEntryTitle") },
    { id: "another type", message: "absent", edit: filtered("('11488-4^^", "('57833-6^^") },
    {
      id: "date left out",
      message: "absent",
      edit: filtered("$XDSDocumentEntryCreationTimeFrom", "$XDSDocumentEntryCreationTimeTo"),
    },
    { id: "another date", message: "absent", edit: filtered(/>2024123\d+</, ">20200101000000<") },
    {
      id: "archives in the list by default",
      message: "more_than_in_use",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.search", "dmp-search"),
          "StatusType:Approved')",
          "StatusType:Approved','urn:asip:ci-sis:2010:StatusType:Archived')",
        ),
    },
  ],
  defects: [
    { defect: "dmp-filters-dropped", message: "absent", scenarios: ["dmp-search"] },
    { defect: "dmp-search-every-status", message: "more_than_in_use", scenarios: ["dmp-search"] },
  ],
});
