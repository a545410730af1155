import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Wraps the document of the first upload in a style sheet. */
function wrapped(r: RecordingEditor, inside: string): void {
  const head = `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><html><head>${inside}</head></html></xsl:template>`;
  r.replaceInRequest(r.exchange("dmp.submit"), /<ClinicalDocument /, `${head}<ClinicalDocument `);
  r.replaceInRequest(r.exchange("dmp.submit"), "</ClinicalDocument>", "</ClinicalDocument></xsl:stylesheet>");
}

export default defineBroken({
  check: "cda/self-contained",
  mutations: [
    {
      id: "script in the style sheet",
      message: "script",
      edit: (r) => {
        wrapped(r, "<script>alert(1)</script>");
      },
    },
    {
      id: "style sheet of another site",
      message: "external",
      edit: (r) => {
        wrapped(r, '<link href="https://example.invalid/s.css"/>');
      },
    },
  ],
  defects: [
    { defect: "dmp-cda-style-script", message: "script", scenarios: ["dmp-submit"] },
    { defect: "dmp-cda-style-external", message: "external", scenarios: ["dmp-submit"] },
  ],
});
