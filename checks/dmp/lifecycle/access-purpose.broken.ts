import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Sets the purpose of every search of a scenario. */
function purpose(scenario: string, code: string): (r: RecordingEditor) => void {
  return (r) => {
    for (const search of r.exchanges("dmp.search", scenario)) {
      r.replaceInRequest(search, /(?<=PurposeOfUse [^>]*\bcode=")[^"]*/, code);
    }
  };
}

export default defineBroken({
  check: "dmp/access-purpose",
  mutations: [
    {
      id: "emergency under the ordinary purpose",
      message: "differs",
      edit: purpose("dmp-emergency-refused", "normal"),
    },
    { id: "regulation as an emergency", message: "differs", edit: purpose("dmp-regulation", "bris_de_glace") },
    { id: "ordinary list as an emergency", message: "differs", edit: purpose("dmp-search", "bris_de_glace") },
    {
      id: "document opened under the ordinary purpose",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.retrieve", "dmp-break-glass"),
          /(?<=PurposeOfUse [^>]*\bcode=")[^"]*/,
          "normal",
        ),
    },
  ],
  defects: [
    {
      defect: "dmp-break-glass-as-normal",
      message: "differs",
      scenarios: ["dmp-break-glass"],
      collateral: [{ check: "dmp/consultation-without-right", reason: "an ordinary access needs the right" }],
    },
    {
      defect: "dmp-break-glass-wrong-code",
      message: "differs",
      scenarios: ["dmp-break-glass"],
      collateral: [{ check: "dmp/vihf-purpose", reason: "the code is in no list" }],
    },
    {
      defect: "dmp-regulation-as-break-glass",
      message: "differs",
      scenarios: ["dmp-regulation"],
      collateral: [{ check: "dmp/vihf-purpose", reason: "an emergency access gives a reason" }],
    },
  ],
});
