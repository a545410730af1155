import { defineBroken } from "../../../core/model/index.js";

const ENTRY_PATIENT = /(?<=identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427" value=")[^"]*/;
const SET_PATIENT = /(?<=identificationScheme="urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446" value=")[^"]*/;
/** Another fictitious person of the test identities, valid in form and key. */
const OTHER = "110086322083060^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH";

export default defineBroken({
  check: "dmp/patient-identifier",
  mutations: [
    {
      id: "type PI in place of NH",
      message: "form",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427" value="[^"]*ISO\^)NH/,
          "PI",
        ),
    },
    {
      id: "authority without ISO",
      message: "form",
      edit: (r) => {
        r.replaceInRequest(r.exchange("dmp.submit"), SET_PATIENT, "297022A02077878");
        r.replaceInRequest(r.exchange("dmp.submit"), ENTRY_PATIENT, "297022A02077878");
      },
    },
    {
      id: "OID of the retired INS-C",
      message: "oid",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          ENTRY_PATIENT,
          "297022A02077878^^^&amp;1.2.250.1.213.1.4.2&amp;ISO^NH",
        ),
    },
    {
      id: "set of one patient, document of another",
      message: "set_differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), SET_PATIENT, OTHER),
    },
    {
      id: "metadata of another patient than the CDA",
      message: "cda_differs",
      edit: (r) => {
        r.replaceInRequest(r.exchange("dmp.submit"), SET_PATIENT, OTHER);
        r.replaceInRequest(r.exchange("dmp.submit"), ENTRY_PATIENT, OTHER);
      },
    },
    {
      id: "metadata and CDA of another patient than the one treated",
      message: "scenario_differs",
      edit: (r) => {
        r.replaceInRequest(r.exchange("dmp.submit"), SET_PATIENT, OTHER);
        r.replaceInRequest(r.exchange("dmp.submit"), ENTRY_PATIENT, OTHER);
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=<id root="1\.2\.250\.1\.213\.1\.4\.10" extension=")[0-9AB]{15}/,
          "110086322083060",
        );
      },
    },
    {
      id: "production OID everywhere on a test file",
      message: "scenario_oid",
      edit: (r) =>
        r.replaceInRequest(r.exchange("dmp.submit"), /1\.2\.250\.1\.213\.1\.4\.10(?=["&])/g, "1.2.250.1.213.1.4.8"),
    },
    {
      id: "local identifier without its authority",
      message: "source_id",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("dmp.submit"),
          /(?<=name="sourcePatientId">[\s\S]{0,60}<[^>]*Value>)[^<]*/,
          "IPP-0002",
        ),
    },
    {
      id: "no traits of the source",
      message: "source_info_absent",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), 'name="sourcePatientInfo"', 'name="sourcePatientNote"'),
    },
    {
      id: "used name given as the legal one",
      message: "source_info_differs",
      edit: (r) => r.replaceInRequest(r.exchange("dmp.submit"), /PID-5\|[^^<]*/, "PID-5|USUEL"),
    },
  ],
  defects: [
    { defect: "dmp-wrong-patient-id", message: "cda_differs", scenarios: ["dmp-submit"] },
    { defect: "dmp-oid-missing", message: "form", scenarios: ["dmp-submit"] },
  ],
});
