import { defineBroken } from "../../core/model/index.js";

/** The document of the first upload, edited where it stands in the MIME part. */
export default defineBroken({
  check: "cda/identification",
  mutations: [
    {
      id: "end tag misspelt",
      message: "not_xml",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<\/title>/, "</titel>"),
    },
    {
      id: "root in another namespace",
      message: "not_cda",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          'ClinicalDocument xmlns="urn:hl7-org:v3"',
          'ClinicalDocument xmlns="urn:hl7-org:v2"',
        ),
    },
    {
      id: "document type declaration",
      message: "not_read",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "<ClinicalDocument ",
          "<!DOCTYPE ClinicalDocument><ClinicalDocument ",
        ),
    },
    {
      id: "setId removed",
      message: "missing",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<setId [^>]*\/>/, ""),
    },
    {
      id: "display name of the code removed",
      message: "missing",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /<code code="11488-4" displayName="[^"]*"/,
          '<code code="11488-4"',
        ),
    },
    {
      id: "two versions",
      message: "repeated",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /<versionNumber [^>]*\/>/,
          '<versionNumber value="1"/><versionNumber value="2"/>',
        ),
    },
    {
      id: "realm of another country",
      message: "value",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /<realmCode code="FR"/, '<realmCode code="BE"'),
    },
    {
      id: "wrong typeId, which silences the official header rules",
      message: "value",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "POCD_HD000040", "POCD_HD000041"),
    },
    {
      id: "language with a third letter",
      message: "loose_value",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /<languageCode code="fr-FR"/, '<languageCode code="fr-FRA"'),
    },
    {
      id: "confidentiality without its label",
      message: "missing",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<confidentialityCode code="N") displayName="[^"]*"/, ""),
    },
    {
      id: "replaces two documents",
      message: "replacement",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "<componentOf>",
          '<relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.3"/></parentDocument></relatedDocument><relatedDocument typeCode="RPLC"><parentDocument><id root="1.2.4"/></parentDocument></relatedDocument><componentOf>',
        ),
    },
    {
      id: "appends to another document",
      message: "replacement",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "<componentOf>",
          '<relatedDocument typeCode="APND"><parentDocument><id root="1.2.3"/></parentDocument></relatedDocument><componentOf>',
        ),
    },
  ],
  defects: [{ defect: "dmp-cda-no-set-id", message: "missing", scenarios: ["dmp-submit"] }],
});
