import { defineBroken } from "../../core/model/index.js";
import { DOCUMENT, editFile, mailIn, setHeader } from "./helpers/edits.js";

const SCENARIO = "mss-send-unqualified";
const MATRICULE = "110086322083060";

export default defineBroken({
  check: "mss/unqualified-ins",
  mutations: [
    {
      id: "matricule in a header",
      message: "matricule",
      edit: (recording) => setHeader(recording, mailIn(recording, SCENARIO), "X-Patient", MATRICULE),
    },
    {
      id: "matricule in README.TXT",
      message: "matricule",
      edit: (recording) =>
        editFile(recording, mailIn(recording, SCENARIO), "README.TXT", (text) => `${text}Patient ${MATRICULE}\r\n`),
    },
    {
      id: "matricule as text of the document",
      message: "matricule",
      edit: (recording) =>
        editFile(recording, mailIn(recording, SCENARIO), DOCUMENT, (cda) =>
          cda.replace("</title>", ` ${MATRICULE}</title>`),
        ),
    },
    {
      id: "INS identifier of somebody",
      message: "oid",
      edit: (recording) =>
        editFile(recording, mailIn(recording, SCENARIO), DOCUMENT, (cda) =>
          cda.replace("<patientRole>", '<patientRole><id root="1.2.250.1.213.1.4.10" extension="275126322074974"/>'),
        ),
    },
  ],
  defects: [{ defect: "ins-leak-unqualified", message: "matricule", scenarios: [SCENARIO] }],
});
