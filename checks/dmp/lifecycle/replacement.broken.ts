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
  check: "dmp/replacement",
  mutations: [
    { id: "appended in place of replacing", message: "not_linked", edit: second(":RPLC", ":APND") },
    {
      id: "association from the set",
      message: "not_linked",
      edit: second(/(?<=:RPLC" sourceObject=")[^"]*/, "SubmissionSet01"),
    },
    {
      id: "uniqueId as the target",
      message: "target",
      edit: second(/(?<=:RPLC" sourceObject="[^"]*" targetObject=")[^"]*/, "1.2.3.4"),
    },
    {
      id: "an entry nobody described",
      message: "target",
      edit: second(
        /(?<=:RPLC" sourceObject="[^"]*" targetObject=")[^"]*/,
        "urn:uuid:00000000-0000-4000-8000-000000000001",
      ),
    },
  ],
  defects: [
    {
      defect: "dmp-replace-as-new",
      message: "not_linked",
      scenarios: ["dmp-replace"],
      collateral: [{ check: "dmp/replacement-document", reason: "the document is written as a new one too" }],
    },
    {
      defect: "dmp-replace-wrong-target",
      message: "target",
      scenarios: ["dmp-replace"],
      collateral: [{ check: "dmp/registry-objects", reason: "the target is no entryUUID" }],
    },
  ],
});
