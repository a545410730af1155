import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "ins/transport",
  mutations: [
    {
      id: "TLS 1.1 negotiated",
      message: "tls-version",
      edit: (r) => {
        const { connection, conn } = r.exchange("ins.search", "ins-search-found");
        r.patchConnection(connection, { tls: { ...conn?.tls, protocol: "TLSv1.1" } });
      },
    },
    {
      id: "SOAP 1.1 envelope",
      message: "soap-version",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("ins.search", "ins-search-found"),
          "http://www.w3.org/2003/05/soap-envelope",
          "http://schemas.xmlsoap.org/soap/envelope/",
        ),
    },
    {
      id: "bytes that are no envelope",
      message: "not-soap",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /Envelope/g, "Lettre"),
    },
    {
      id: "search in another namespace",
      message: "body-namespace",
      edit: (r) => r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /INSiRecSans/g, "INSiRecherche"),
    },
    {
      id: "SOAP 1.1 media type",
      message: "media-type",
      edit: (r) =>
        r.replaceInRequest(r.exchange("ins.search", "ins-search-found"), /application\/soap\+xml[^\r]*/i, "text/xml"),
    },
  ],
  defects: [{ defect: "ins-soap-11", message: "soap-version", scenarios: ["ins-search-found"] }],
});
