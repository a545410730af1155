import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";
import { entriesOf } from "../helpers/consultation.js";
import { documentIds } from "../helpers/registry.js";

type Edit = (recording: RecordingEditor) => void;

/** Replaces text in the deletion. */
function deletion(from: string | RegExp, to: string): Edit {
  return (r) => r.replaceInRequest(r.exchange("dmp.update", "dmp-update-delete"), from, to);
}

/** entryUUID of the colleague's document, which the registry described when its deletion was asked. */
function colleagues(r: RecordingEditor): string {
  const run = r.run("dmp-update-delete");
  const last = run.exchanges.flatMap(entriesOf).pop();
  if (!last?.id || !documentIds(run).has(last.id)) throw new Error("the colleague's document was not described");
  return last.id;
}

export default defineBroken({
  check: "dmp/delete-document",
  mutations: [
    { id: "no former status", message: "slots", edit: deletion('name="OriginalStatus"', 'name="Original"') },
    { id: "no new status", message: "slots", edit: deletion('name="NewStatus"', 'name="New"') },
    {
      id: "archived in place of deleted",
      message: "new_status",
      edit: deletion("StatusType:Deleted", "StatusType:Archived"),
    },
    {
      id: "former status of an archive",
      message: "original_status",
      edit: deletion("oasis:names:tc:ebxml-regrep:StatusType:Approved", "asip:ci-sis:2010:StatusType:Archived"),
    },
    {
      id: "the colleague's document deleted",
      message: "other_document",
      edit: (r) => deletion(/(?<=targetObject=")[^"]*/, colleagues(r))(r),
    },
    {
      id: "asked by another professional",
      message: "not_author",
      edit: deletion(/(?<=<saml:NameID[^>]*>)[^<]*/, "899900000094"),
    },
  ],
  defects: [
    {
      defect: "dmp-delete-other-document",
      message: "other_document",
      scenarios: ["dmp-update-delete"],
    },
    { defect: "dmp-delete-not-own", message: "not_author", scenarios: ["dmp-update-delete"] },
  ],
});
