import { defineBroken } from "../../../core/model/index.js";

const SCHEME = 'urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"';
const CONFIDENTIALITY =
  /(?<=classificationScheme="urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f"[^>]*nodeRepresentation=")[^"]*/;

/** One more confidentialityCode at the end of the entry. */
const code = (value: string): string =>
  `<rim:Classification id="c-${value}" classificationScheme="${SCHEME} classifiedObject="Document01" nodeRepresentation="${value}"/>`;

export default defineBroken({
  check: "dmp/document-description",
  mutations: [
    {
      id: "no language",
      message: "missing",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="languageCode"', 'name="language"'),
    },
    {
      id: "identifier of another document",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=identificationScheme="urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab" value=")[^"]*/,
          "1.2.3.4.5",
        ),
    },
    {
      id: "type of another document",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=classificationScheme="urn:uuid:f0306f51-975f-434e-a61c-c59651d33983"[^>]*nodeRepresentation=")[^"]*/,
          "34112-3",
        ),
    },
    {
      id: "title of the CDA changed",
      message: "differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "<title>", "<title>Brouillon - "),
    },
    {
      id: "restricted in the CDA, normal in the metadata",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), '<confidentialityCode code="N"', '<confidentialityCode code="R"'),
    },
    {
      id: "type under the name of its nomenclature",
      message: "scheme",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "2.16.840.1.113883.6.1<", "LOINC<"),
    },
    {
      id: "announced as PDF",
      message: "mime_type",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'mimeType="text/xml"', 'mimeType="application/pdf"'),
    },
    {
      id: "visibility as the HL7 v2 tables spell it",
      message: "confidentiality_unknown",
      also: ["differs"],
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), CONFIDENTIALITY, "INVISIBLE_REP_LEGAUX"),
    },
    {
      id: "masked to professionals and invisible to the patient",
      message: "masked_and_invisible",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          "</rim:ExtrinsicObject>",
          `${code("MASQUE_PS")}${code("INVISIBLE_PATIENT")}</rim:ExtrinsicObject>`,
        ),
    },
  ],
  defects: [
    { defect: "dmp-type-code-differs", message: "differs", scenarios: ["dmp-submit"] },
    { defect: "dmp-unique-id-differs", message: "differs", scenarios: ["dmp-submit"] },
    { defect: "dmp-title-differs", message: "differs", scenarios: ["dmp-submit"] },
    { defect: "dmp-visibility-pair", message: "masked_and_invisible", scenarios: ["dmp-submit-visibility"] },
  ],
});
