import { defineBroken } from "../../../core/model/index.js";

const CLASS = /(?<=classificationScheme="urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a"[^>]*nodeRepresentation=")[^"]*/;
const TYPE = /(?<=classificationScheme="urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"[^>]*nodeRepresentation=")[^"]*/;

export default defineBroken({
  check: "dmp/class-code",
  mutations: [
    {
      id: "class under the scheme of another attribute",
      message: "missing",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a",
          "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143b",
        ),
    },
    {
      id: "class of the CI-SIS that the DMP does not admit",
      message: "unknown_class",
      also: ["differs"],
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), CLASS, "99"),
    },
    {
      id: "report filed as a prescription",
      message: "differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), CLASS, "42"),
    },
    {
      id: "type that no table holds",
      message: "unknown_type",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), TYPE, "00000-0"),
    },
    {
      id: "class under another nomenclature",
      message: "scheme",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "1.2.250.1.213.1.1.4.1<", "1.2.250.1.213.1.1.4.2<"),
    },
  ],
  defects: [{ defect: "dmp-class-code-wrong", message: "differs", scenarios: ["dmp-submit"] }],
});
