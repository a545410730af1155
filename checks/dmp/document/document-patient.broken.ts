import { defineBroken } from "../../../core/model/index.js";

const ENTRY_PATIENT = /(?<=identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427" value=")[^"]*/;
const SOURCE_ID = /(?<=name="sourcePatientId">[\s\S]{0,60}<[^>]*Value>)[^<]*/;

export default defineBroken({
  check: "dmp/document-patient",
  mutations: [
    {
      id: "metadata of another patient than the CDA",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          ENTRY_PATIENT,
          "110086322083060^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH",
        ),
    },
    {
      id: "CDA without the INS",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /<id root="1\.2\.250\.1\.213\.1\.4\.\d+" extension="[0-9AB]{15}"\/>/,
          "",
        ),
    },
    {
      id: "same matricule under another OID in the CDA",
      message: "differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<id root="1\.2\.250\.1\.213\.1\.4\.)\d+(?=" extension="[0-9AB]{15}")/,
          "9",
        ),
    },
    {
      id: "local identifier without its authority",
      message: "source_id",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), SOURCE_ID, "IPP-0002"),
    },
    {
      id: "local identifier of another file",
      message: "source_id_unknown",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), SOURCE_ID, "IPP-9999^^^&amp;1.2.3.4&amp;ISO^PI"),
    },
    {
      id: "no traits of the source",
      message: "source_info_absent",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="sourcePatientInfo"', 'name="sourcePatientNote"'),
    },
    {
      id: "traits without the name of their field",
      message: "source_info_form",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), "PID-8|", "PID.8="),
    },
    {
      id: "birth date with dashes",
      message: "source_info_form",
      also: ["source_info_differs"],
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=PID-7\|\d{4})(?=\d{4})/, "-"),
    },
    {
      id: "sex in French",
      message: "source_info_form",
      also: ["source_info_differs"],
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=PID-8\|)[A-Z]/, "Femme"),
    },
    {
      id: "no legal name among the traits",
      message: "source_info_name",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=PID-5\|[^<]*\^)L(?=<)/, "D"),
    },
    {
      id: "local number called an INS",
      message: "source_id_type",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=name="sourcePatientId">[\s\S]{0,60}<[^>]*Value>[^<]*)\^PI/,
          "^NH",
        ),
    },
    {
      id: "used name given as the legal one",
      message: "source_info_differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /PID-5\|[^^<]*/, "PID-5|USUEL"),
    },
    {
      id: "birth date of another day in the CDA",
      message: "source_info_differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /(?<=<birthTime value=")\d{8}/, "19000101"),
    },
  ],
  defects: [
    {
      defect: "dmp-wrong-patient-id",
      message: "differs",
      scenarios: ["dmp-submit"],
      collateral: [
        { check: "dmp/patient-identifier", reason: "the patient of the metadata is not the one of the scenario" },
        { check: "dmp/vihf-patient", reason: "the VIHF names the right patient, the metadata another" },
      ],
    },
  ],
});
