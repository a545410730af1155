import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/templates",
  mutations: [
    {
      id: "HL7 France template removed",
      message: "header_template",
      also: ["level1_count"],
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), '<templateId root="2.16.840.1.113883.2.8.2.1"/>', ""),
    },
    {
      id: "level 1 template removed",
      message: "level1_template",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), '<templateId root="1.3.6.1.4.1.19376.1.2.20"/>', ""),
    },
    {
      id: "a volet template beside the level 1 one",
      message: "level1_count",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          '<templateId root="1.3.6.1.4.1.19376.1.2.20"/>',
          '<templateId root="1.3.6.1.4.1.19376.1.2.20"/><templateId root="1.2.250.1.213.1.1.1.55"/>',
        ),
    },
    {
      id: "structured body without a volet template",
      message: "volet_missing",
      edit: (r) => {
        const upload = r.exchange("dmp.submit");
        r.replaceInRequest(upload, '<templateId root="1.3.6.1.4.1.19376.1.2.20"/>', "");
        r.replaceInRequest(r.exchange("dmp.submit"), /<nonXMLBody>[\s\S]*<\/nonXMLBody>/, "<structuredBody/>");
      },
    },
  ],
  defects: [
    {
      defect: "dmp-cda-template-missing",
      message: "header_template",
      also: ["level1_count"],
      scenarios: ["dmp-submit"],
    },
  ],
});
