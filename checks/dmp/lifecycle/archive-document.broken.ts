import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Replaces text in the first update of the scenario (the archiving), or the second (its undoing). */
function update(index: 0 | 1, from: string | RegExp, to: string): (r: RecordingEditor) => void {
  return (r) => {
    const exchange = r.exchanges("dmp.update", "dmp-update-archive")[index];
    if (!exchange) throw new Error("no such update");
    r.replaceInRequest(exchange, from, to);
  };
}

export default defineBroken({
  check: "dmp/archive-document",
  mutations: [
    { id: "no former status", message: "slots", edit: update(0, 'name="OriginalStatus"', 'name="Original"') },
    { id: "deleted in place of archived", message: "new_status", edit: update(0, ":Archived", ":Deleted") },
    {
      id: "archived again in place of undone",
      message: "new_status",
      edit: update(1, "oasis:names:tc:ebxml-regrep:StatusType:Approved", "asip:ci-sis:2010:StatusType:Archived"),
    },
    {
      id: "undone from a status it does not have",
      message: "original_status",
      edit: update(1, "StatusType:Archived", "StatusType:Deleted"),
    },
    {
      id: "another document archived",
      message: "other_document",
      edit: (r) => {
        const id = "urn:uuid:00000000-0000-4000-8000-000000000001";
        const search = r.exchange("dmp.search", "dmp-update-archive");
        const copy = r.duplicate(search);
        r.replaceInResponse(copy, /(?<=ExtrinsicObject [^>]*\bid=")[^"]*/, id);
        r.replaceInResponse(copy, /(?<="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"[^>]*value=")[^"]*/, "1.2.3.4");
        update(0, /(?<=targetObject=")[^"]*/, id)(r);
      },
    },
  ],
  defects: [{ defect: "dmp-archive-deletes", message: "new_status", scenarios: ["dmp-update-archive"] }],
});
