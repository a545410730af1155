import { defineBroken } from "../../core/model/index.js";

export default defineBroken({
  check: "cda/codes",
  mutations: [
    {
      id: "gender outside the value set",
      message: "outside",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /<administrativeGenderCode code="[^"]*"/,
          '<administrativeGenderCode code="2"',
        ),
    },
    {
      id: "encounter of another country",
      message: "outside",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<encompassingEncounter>\s*<code code=")AMB/, "PRENC"),
    },
    {
      id: "practice setting in lower case",
      message: "misspelt",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /<standardIndustryClassCode code="AMBULATOIRE"/,
          '<standardIndustryClassCode code="ambulatoire"',
        ),
    },
    {
      id: "practice setting that no table holds",
      message: "unknown",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /<standardIndustryClassCode code="[^"]*"/,
          '<standardIndustryClassCode code="CABINET"',
        ),
    },
    {
      id: "document type under another code system",
      message: "system",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<code code="11488-4" displayName="[^"]*" codeSystem=")2\.16\.840\.1\.113883\.6\.1/,
          "1.2.250.1.213.1.1.4.12",
        ),
    },
    {
      id: "facility type without its code system",
      message: "system_missing",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<healthCareFacility>\s*<code [^>]*) codeSystem="[^"]*"/, ""),
    },
    {
      id: "code system by its name",
      message: "system_form",
      also: ["system"],
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<healthCareFacility>\s*<code [^>]*codeSystem=")[^"]*/,
          "TRE_R02",
        ),
    },
    {
      id: "informant of an unknown kind",
      message: "related_class",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "<custodian>",
          '<informant><relatedEntity classCode="ASSIGNED"><relatedPerson><name><family>EXEMPLE</family></name></relatedPerson></relatedEntity></informant><custodian>',
        ),
    },
  ],
  defects: [{ defect: "dmp-cda-sex-code", message: "outside", scenarios: ["dmp-submit"] }],
});
