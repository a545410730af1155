import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { DOCUMENT, editFile, mailIn } from "./helpers/edits.js";

const SCENARIO = "mss-send-unqualified";

/** Edits the document sent about the identity that is not qualified. */
function editDocument(recording: RecordingEditor, edit: (cda: string) => string): void {
  editFile(recording, mailIn(recording, SCENARIO), DOCUMENT, edit);
}

export default defineBroken({
  check: "mss/unqualified-traits",
  mutations: [
    {
      id: "names of the patient left out",
      message: "absent",
      edit: (recording) =>
        editDocument(recording, (cda) => cda.replace(/(?<=<patient\b[^>]*>\s*)<name>[\s\S]*?<\/name>/, "<name/>")),
    },
    {
      id: "another birth date",
      message: "absent",
      edit: (recording) =>
        editDocument(recording, (cda) => cda.replace(/<birthTime value="\d+/, '<birthTime value="19000101')),
    },
  ],
  defects: [{ defect: "mss-unqualified-traits-wrong", message: "absent", scenarios: [SCENARIO] }],
});
