import { defineBroken } from "../../../core/model/index.js";

const value = (slot: string): RegExp => new RegExp(`(?<=name="${slot}">[\\s\\S]{0,60}<[^>]*Value>)[^<]*`);

export default defineBroken({
  check: "dmp/document-times",
  mutations: [
    {
      id: "no start of the act",
      message: "missing",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="serviceStartTime"', 'name="serviceTime"'),
    },
    {
      id: "offset kept in the metadata",
      message: "form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), value("creationTime"), "20261121193000+0100"),
    },
    {
      id: "a day that does not exist",
      message: "form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), value("creationTime"), "20260230120000"),
    },
    {
      id: "CDA of another hour",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<\/title>\s*<effectiveTime value="\d{14})[+-]\d{4}/, "-1100"),
    },
    {
      id: "date without the time",
      message: "short",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=name="creationTime">[\s\S]{0,60}<[^>]*Value>\d{8})\d{6}/, ""),
    },
    {
      id: "end of the act left out",
      message: "stop_absent",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="serviceStopTime"', 'name="serviceEndTime"'),
    },
  ],
  defects: [
    {
      defect: "dmp-local-time",
      message: "differs",
      scenarios: ["dmp-submit"],
      collateral: [{ check: "dmp/submission-time", reason: "the same clock writes the submission time" }],
    },
  ],
});
