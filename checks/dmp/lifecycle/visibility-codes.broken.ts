import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Replaces text in one of the uploads: 0 masked, 1 hidden from the patient, 2 from the representatives. */
function upload(index: number, from: string | RegExp, to: string): (r: RecordingEditor) => void {
  return (r) => {
    const exchange = r.exchanges("dmp.submit", "dmp-submit-visibility")[index];
    if (!exchange) throw new Error("no such upload");
    r.replaceInRequest(exchange, from, to);
  };
}

export default defineBroken({
  check: "dmp/visibility-codes",
  mutations: [
    {
      id: "not masked",
      message: "missing",
      edit: upload(0, 'nodeRepresentation="MASQUE_PS"', 'nodeRepresentation="R"'),
    },
    {
      id: "code of a gateway",
      message: "missing",
      edit: upload(2, "INVISIBLE_REPRESENTANTS_LEGAUX", "INVISIBLE_REP_LEGAUX"),
    },
    {
      id: "masked in place of hidden",
      message: "extra",
      also: ["missing"],
      edit: upload(1, 'nodeRepresentation="INVISIBLE_PATIENT"', 'nodeRepresentation="MASQUE_PS"'),
    },
    {
      id: "hidden from the representatives unasked",
      message: "extra_representatives",
      edit: upload(0, 'nodeRepresentation="N"', 'nodeRepresentation="INVISIBLE_REPRESENTANTS_LEGAUX"'),
    },
  ],
  defects: [
    { defect: "dmp-visibility-ignored", message: "missing", scenarios: ["dmp-submit-visibility"] },
    {
      defect: "dmp-visibility-gateway-code",
      message: "missing",
      scenarios: ["dmp-submit-visibility"],
      collateral: [{ check: "dmp/document-description", reason: "the code is in no list of the DMP" }],
    },
  ],
});
