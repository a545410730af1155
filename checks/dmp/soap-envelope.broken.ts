import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

function upload(r: RecordingEditor) {
  return r.exchange("dmp.submit", "dmp-submit");
}

export default defineBroken({
  check: "dmp/soap-envelope",
  mutations: [
    {
      id: "an envelope that is no XML",
      message: "not_soap",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.exists", "dmp-submit"), /<\/[a-z]*:?Envelope>/, ""),
    },
    {
      id: "a DOCTYPE before the envelope",
      message: "not_soap",
      edit: (r) => r.replaceInRequest(upload(r), /(?=<[a-z]+:Envelope )/, "<!DOCTYPE x>"),
    },
    {
      id: "SOAP 1.1 envelope",
      message: "soap_11",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.exists", "dmp-submit"),
          /http:\/\/www\.w3\.org\/2003\/05\/soap-envelope/,
          "http://schemas.xmlsoap.org/soap/envelope/",
        ),
    },
    {
      id: "SOAP 1.1 envelope of a search",
      message: "soap_11",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.search", "dmp-search"),
          /http:\/\/www\.w3\.org\/2003\/05\/soap-envelope/,
          "http://schemas.xmlsoap.org/soap/envelope/",
        ),
    },
    {
      id: "package that announces text/xml",
      message: "package_type",
      edit: (r) => r.replaceInRequest(upload(r), 'type="application/xop+xml"', 'type="text/xml"'),
    },
    {
      id: "root part that is not XOP",
      message: "root_type",
      edit: (r) => r.replaceInRequest(upload(r), "Content-Type: application/xop+xml", "Content-Type: text/xml"),
    },
    {
      id: "start that names nothing",
      message: "start",
      edit: (r) => r.replaceInRequest(upload(r), /start="<[^>]*>"/, 'start="<nobody@example.invalid>"'),
    },
    {
      id: "start-info of SOAP 1.1",
      message: "start_info",
      edit: (r) => r.replaceInRequest(upload(r), 'start-info="application/soap+xml"', 'start-info="text/xml"'),
    },
  ],
  defects: [{ defect: "dmp-no-mtom", message: "not_mtom", scenarios: ["dmp-submit"] }],
});
