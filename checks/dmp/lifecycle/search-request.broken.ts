import { defineBroken, type RecordingEditor } from "../../../core/model/index.js";

/** Replaces text in the first search of the scenario. */
function search(from: string | RegExp, to: string): (r: RecordingEditor) => void {
  return (r) => r.replaceInRequest(r.exchange("dmp.search", "dmp-search"), from, to);
}

export default defineBroken({
  check: "dmp/search-request",
  mutations: [
    { id: "query element of another name", message: "unreadable", edit: search(/AdhocQueryRequest/g, "AdhocRequest") },
    { id: "query of its own invention", message: "query", edit: search("14d4debf-8f97", "00000000-8f97") },
    {
      id: "no patient",
      message: "parameter",
      edit: search("$XDSDocumentEntryPatientId", "$XDSPatient"),
    },
    {
      id: "status without a value",
      message: "parameter",
      edit: search(/(?<=\$XDSDocumentEntryStatus"><[a-z]+:ValueList><[a-z]+:Value>)[^<]*/, ""),
    },
    {
      id: "patient without quotes",
      message: "value",
      edit: search(/>'(\d+[0-9AB]*\^[^<]*)'</, ">110086322083060^^^1<"),
    },
    {
      id: "list without parentheses",
      message: "value",
      edit: search(/\('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved'\)/, "'a','b'"),
    },
    {
      id: "another patient's file",
      message: "patient",
      edit: search(/(?<=PatientId"><[a-z]+:ValueList><[a-z]+:Value>')[0-9AB]+/, "275126322074974"),
    },
  ],
  defects: [
    { defect: "dmp-search-no-status", message: "parameter", scenarios: ["dmp-search"] },
    {
      defect: "dmp-search-other-patient",
      message: "patient",
      scenarios: ["dmp-search"],
      collateral: [
        { check: "dmp/vihf-patient", reason: "the token names the right patient" },
        { check: "dmp/search-filters", reason: "the searches with the filters are about somebody else" },
      ],
    },
  ],
});
