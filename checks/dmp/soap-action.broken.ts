import { defineBroken } from "../../core/model/index.js";

const HEADER = /(?<=<[a-z]+:Action[^>]*>)[^<]*(?=<)/;

export default defineBroken({
  check: "dmp/soap-action",
  mutations: [
    {
      id: "empty action",
      message: "absent",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), HEADER, ""),
    },
    {
      id: "no action header at all",
      message: "absent",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.exists", "dmp-submit"), /<([a-z]+):Action[^>]*>[^<]*<\/\1:Action>/, ""),
    },
    {
      id: "action of another transaction",
      message: "unknown",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), HEADER, "urn:ihe:iti:2007:RegistryStoredQuery"),
    },
    {
      id: "search without an action",
      message: "absent",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.search", "dmp-search"), /<([a-z]+):Action[^>]*>[^<]*<\/\1:Action>/, ""),
    },
    {
      id: "search under the action of a retrieval",
      message: "unknown",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.search", "dmp-search"), HEADER, "urn:ihe:iti:2007:RetrieveDocumentSet"),
    },
    {
      id: "right of access without an action",
      message: "other_action",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.authorise", "dmp-authorise"),
          /<([a-z]+):Action[^>]*>[^<]*<\/\1:Action>/,
          "",
        ),
    },
    {
      id: "existence test under another name",
      message: "other_action",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.exists", "dmp-submit"), HEADER, "urn:hl7-org:v3:PRPA_IN201305UV02"),
    },
    {
      id: "Content-Type of another action",
      message: "content_type",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), /action="[^"]*"/, 'action="urn:other"'),
    },
  ],
  defects: [{ defect: "dmp-action-kit", message: "kit_form", scenarios: ["dmp-submit"] }],
});
