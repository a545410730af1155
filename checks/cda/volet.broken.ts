import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Makes the level 1 document of the first upload a structured one of a volet. */
function structured(r: RecordingEditor, template: string, body: string): void {
  r.replaceInRequest(r.exchange("dmp.submit"), '<templateId root="1.3.6.1.4.1.19376.1.2.20"/>', template);
  r.replaceInRequest(r.exchange("dmp.submit"), /<nonXMLBody>[\s\S]*<\/nonXMLBody>/, body);
}

const SECTION = "<structuredBody><component><section><text>Texte</text></section></component></structuredBody>";

export default defineBroken({
  check: "cda/volet",
  mutations: [
    {
      id: "structured body without a section",
      message: "no_section",
      edit: (r) => {
        structured(r, '<templateId root="1.2.250.1.213.1.1.1.25" extension="2022.01"/>', "<structuredBody/>");
      },
    },
    {
      id: "consultation under the volet of discharge letters",
      message: "code_differs",
      edit: (r) => {
        structured(r, '<templateId root="1.2.250.1.213.1.1.1.29" extension="2022.01"/>', SECTION);
      },
    },
    {
      id: "the same under a version of later years",
      message: "code_unusual",
      edit: (r) => {
        structured(r, '<templateId root="1.2.250.1.213.1.1.1.29" extension="2031.01"/>', SECTION);
      },
    },
    {
      id: "biology report 2024.01 without its PDF copy",
      message: "pdf_copy",
      also: ["code_differs"],
      edit: (r) => {
        structured(r, '<templateId root="1.2.250.1.213.1.1.1.55" extension="2024.01"/>', SECTION);
      },
    },
  ],
  defects: [{ defect: "dmp-cda-volet-code", message: "code_differs", scenarios: ["dmp-submit"] }],
});
