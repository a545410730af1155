import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Sets `resource-id` in the VIHF of a call. */
function name(operation: "dmp.exists" | "dmp.submit", value: string): (r: RecordingEditor) => void {
  const pattern = /(?<=resource:resource-id"[^>]*><[a-z0-9]+:AttributeValue[^>]*>)[^<]*/;
  return (r) => r.replaceInRequest(r.exchange(operation, "dmp-submit"), pattern, value);
}

export default defineBroken({
  check: "dmp/vihf-patient",
  mutations: [
    { id: "no patient", message: "absent", edit: name("dmp.submit", "") },
    { id: "number alone", message: "shape", edit: name("dmp.submit", "297022A02077878") },
    { id: "local identifier", message: "shape", edit: name("dmp.exists", "IPP-0002^^^&amp;1.2.3&amp;ISO^PI") },
    {
      id: "existence asked for one patient, token for another",
      message: "differs",
      edit: name("dmp.exists", "110086322083060^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"),
    },
    {
      id: "another authority than the metadata",
      message: "differs",
      edit: name("dmp.submit", "297022A02077878^^^&amp;1.2.250.1.213.1.4.9&amp;ISO^NH"),
    },
    {
      id: "another patient beside the right one",
      message: "differs",
      edit: (r) => {
        const bytes = Buffer.from(r.exchange("dmp.submit", "dmp-submit").requestBytes).toString("utf8");
        const value = /resource:resource-id"[^>]*>(<([a-z0-9]+):AttributeValue[^>]*>[^<]*<\/\2:AttributeValue>)/.exec(
          bytes,
        )?.[1];
        if (!value) throw new Error("no resource-id");
        const other = value.replace(/>\d[0-9AB]{12,14}/, ">110086322083060");
        r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), value, value + other);
      },
    },
  ],
  defects: [{ defect: "dmp-vihf-other-patient", message: "differs", scenarios: ["dmp-submit"] }],
});
