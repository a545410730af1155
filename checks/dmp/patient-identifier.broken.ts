import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { changeUpload, identifierValue } from "./helpers/edits.js";

const SET = "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446";
const ENTRY = "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427";

function set(scheme: string, value: string): (r: RecordingEditor) => void {
  return changeUpload(identifierValue(scheme), value);
}

function both(value: string): (r: RecordingEditor) => void {
  return (r) => {
    set(SET, value)(r);
    set(ENTRY, value)(r);
  };
}

export default defineBroken({
  check: "dmp/patient-identifier",
  mutations: [
    { id: "empty patient of the document", message: "absent", edit: set(ENTRY, "") },
    {
      id: "retired authority of the INS-C",
      message: "shape",
      edit: both("297022A02077878^^^&amp;1.2.250.1.213.1.4.2&amp;ISO^NH"),
    },
    {
      id: "no type after the authority",
      message: "shape",
      edit: both("297022A02077878^^^&amp;1.2.250.1.213.1.4.10&amp;ISO"),
    },
    {
      id: "document of another patient than the set",
      message: "two_patients",
      edit: set(ENTRY, "110086322083060^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"),
    },
    {
      id: "matricule of somebody else",
      message: "other_patient",
      edit: both("110086322083060^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH"),
    },
    {
      id: "authority of production in a test environment",
      message: "other_oid",
      edit: both("297022A02077878^^^&amp;1.2.250.1.213.1.4.8&amp;ISO^NH"),
    },
  ],
  defects: [
    {
      defect: "dmp-wrong-patient-id",
      message: "other_patient",
      scenarios: ["dmp-submit"],
      collateral: [
        { check: "dmp/document-patient", reason: "the CDA still names the patient of the file" },
        { check: "dmp/vihf-patient", reason: "the VIHF still names the patient of the file" },
        { check: "dmp/existence-first", reason: "the existence was asked for the patient of the file only" },
      ],
    },
    { defect: "dmp-oid-missing", message: "shape", scenarios: ["dmp-submit"] },
  ],
});
