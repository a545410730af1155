import { defineBroken } from "../../../core/model/index.js";

const FORMAT =
  /(?<=classificationScheme="urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d"[^>]*nodeRepresentation=")[^"]*/;

export default defineBroken({
  check: "dmp/format-code",
  mutations: [
    {
      id: "wrong classification scheme, as seen in an open client",
      message: "missing",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d",
          "urn:uuid:a09d5840-386c-46f2-b5ad-9fdf87b75cc4",
        ),
    },
    {
      id: "format of a structured report on a level 1 body",
      message: "level1_differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), FORMAT, "urn:ihe:lab:xd-lab:2008"),
    },
    {
      id: "format of a level 1 body on a structured document",
      message: "structured_differs",
      edit: (r) => {
        r.replaceInRequest(r.exchange("dmp.submit"), /<nonXMLBody>[\s\S]*<\/nonXMLBody>/, "<structuredBody/>");
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          '<templateId root="1.3.6.1.4.1.19376.1.2.20"',
          '<templateId root="1.2.250.1.213.1.1.1.29"',
        );
      },
    },
    {
      id: "format under an unexpected nomenclature",
      message: "scheme",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "1.3.6.1.4.1.19376.1.2.3<", "1.2.3.4<"),
    },
  ],
  defects: [
    { defect: "dmp-format-code-wrong", message: "level1_differs", scenarios: ["dmp-submit"] },
    { defect: "dmp-scheme-uuid-wrong", message: "missing", scenarios: ["dmp-submit"] },
  ],
});
