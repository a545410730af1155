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
  ],
  defects: [{ defect: "dmp-vihf-other-patient", message: "differs", scenarios: ["dmp-submit"] }],
});
