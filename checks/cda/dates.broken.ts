import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/dates",
  mutations: [
    {
      id: "thirtieth of February",
      message: "impossible",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<languageCode [^>]*\/>[\s\S]*<author>\s*<time value=")\d{8}/,
          "20260230",
        ),
    },
    {
      id: "hour that no clock shows",
      message: "impossible",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<\/title>\s*<effectiveTime value="\d{8})\d\d/, "25"),
    },
    {
      id: "date with dashes",
      message: "malformed",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<author>\s*<time value=")\d{14}[+-]\d{4}/,
          "2026-11-21T19:30:00",
        ),
    },
    {
      id: "act that ends before it begins",
      message: "reversed",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<serviceEvent>\s*<effectiveTime><low value=")\d{4}/, "2099"),
    },
    {
      id: "offset of three digits",
      message: "form",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<author>\s*<time value="\d{14}[+-])\d\d(?=\d\d")/, "1"),
    },
    {
      id: "creation without an offset",
      message: "precision",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<\/title>\s*<effectiveTime value="\d{14})[+-]\d{4}/, ""),
    },
    {
      id: "birth in an unknown month written with zeros",
      message: "birth_unknown_part",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<birthTime value="\d{4})\d{4}/, "0000"),
    },
  ],
  defects: [{ defect: "dmp-cda-interval-reversed", message: "reversed", scenarios: ["dmp-submit"] }],
});
