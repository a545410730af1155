import { defineBroken } from "../../core/model/index.js";

const TELEPHONE = '<telecom value="tel:0100000000" use="WP"/>';

export default defineBroken({
  check: "cda/telecom",
  mutations: [
    {
      id: "telephone without its scheme",
      message: "form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "tel:0100000000", "0100000000"),
    },
    {
      id: "scheme without a number",
      message: "form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "tel:0100000000", "tel:"),
    },
    {
      id: "use that HL7 v2 has",
      message: "use",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), 'tel:0100000000" use="WP"', 'tel:0100000000" use="WPN"'),
    },
    {
      id: "nothing said",
      message: "nothing",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), TELEPHONE, "<telecom/>"),
    },
    {
      id: "null flavour with a use",
      message: "both",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), TELEPHONE, '<telecom nullFlavor="UNK" use="WP"/>'),
    },
  ],
  defects: [{ defect: "dmp-cda-telephone-bare", message: "form", scenarios: ["dmp-submit"] }],
});
