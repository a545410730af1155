import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/addresses",
  mutations: [
    {
      id: "two towns",
      message: "repeated",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), "<city>PARIS</city>", "<city>PARIS</city><city>LYON</city>"),
    },
    {
      id: "text between the parts",
      message: "mixed",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "<city>PARIS</city>", "Paris<city>PARIS</city>"),
    },
    {
      id: "use that HL7 v2 has",
      message: "use",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "<addr><houseNumber>", '<addr use="B"><houseNumber>'),
    },
    {
      id: "town left empty",
      message: "empty",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "<city>PARIS</city>", "<city/>"),
    },
  ],
  defects: [{ defect: "dmp-cda-town-empty", message: "empty", scenarios: ["dmp-submit"] }],
});
