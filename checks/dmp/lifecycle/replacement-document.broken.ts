import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Replaces text in the upload that replaces the first one. */
function second(from: string | RegExp, to: string): (r: RecordingEditor) => void {
  return (r) => {
    const upload = r.exchanges("dmp.submit", "dmp-replace")[1];
    if (!upload) throw new Error("no second upload");
    r.replaceInRequest(upload, from, to);
  };
}

export default defineBroken({
  check: "dmp/replacement-document",
  mutations: [
    {
      id: "addendum in place of a replacement",
      message: "related",
      edit: second('typeCode="RPLC"', 'typeCode="APND"'),
    },
    {
      id: "another document named",
      message: "related",
      edit: second(/(?<=<parentDocument[^>]*>\s*<id root=")[^"]*/, "1.2.3.4"),
    },
    {
      id: "set of its own",
      message: "set_id",
      edit: second(/(?<=<setId root=")[^"]*/, "1.2.3.4"),
    },
    { id: "version unchanged", message: "version", edit: second(/(?<=<versionNumber value=")[^"]*/, "1") },
  ],
  defects: [
    { defect: "dmp-replace-cda-unlinked", message: "related", scenarios: ["dmp-replace"] },
    { defect: "dmp-replace-new-set-id", message: "set_id", scenarios: ["dmp-replace"] },
    { defect: "dmp-replace-version-kept", message: "version", scenarios: ["dmp-replace"] },
  ],
});
