import { defineBroken } from "../../core/model/index.js";
import { archiveFiles, DOCUMENT, editArchive, editFile, METADATA, mailIn } from "./helpers/edits.js";

export default defineBroken({
  check: "mss/one-patient",
  mutations: [
    {
      id: "a document of somebody else",
      message: "documents-differ",
      edit(recording) {
        const other = archiveFiles(mailIn(recording, "mss-send-citizen")).get(DOCUMENT);
        if (!other) throw new Error("no document in the other archive");
        editArchive(recording, mailIn(recording), (files) => files.set("IHE_XDM/SUBSET01/DOC0002.XML", other));
      },
    },
    {
      id: "a document of somebody else, neither with an INS",
      message: "documents-differ",
      edit(recording) {
        const other = archiveFiles(mailIn(recording, "mss-reply-lost")).get(DOCUMENT);
        if (!other) throw new Error("no document in the other archive");
        editArchive(recording, mailIn(recording, "mss-send-unqualified"), (files) =>
          files.set("IHE_XDM/SUBSET01/DOC0002.XML", other),
        );
      },
    },
    {
      id: "the set names another patient",
      message: "metadata-differ",
      edit: (recording) =>
        editFile(recording, mailIn(recording), METADATA, (xml) => xml.replace("275126322074974^", "110086322083060^")),
    },
  ],
  defects: [{ defect: "mss-two-patients", message: "documents-differ", scenarios: ["mss-send-professional"] }],
});
