import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/body",
  mutations: [
    {
      id: "media type not declared",
      message: "media_type",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), / mediaType="application\/pdf"/, ""),
    },
    {
      id: "media type of a word processor",
      message: "media_type",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /mediaType="application\/pdf"/, 'mediaType="application/msword"'),
    },
    {
      id: "representation TXT",
      message: "representation",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'representation="B64"', 'representation="TXT"'),
    },
    {
      id: "characters outside the base64 alphabet",
      message: "base64",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<nonXMLBody>\s*<text [^>]*>)JVBE/, "JV*E"),
    },
    {
      id: "nothing inside",
      message: "empty",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<nonXMLBody>\s*<text [^>]*>)[^<]*/, ""),
    },
  ],
  defects: [{ defect: "dmp-representation-missing", message: "representation", scenarios: ["dmp-submit"] }],
});
