import { defineBroken } from "../../core/model/index.js";
import { editPartHead, isPdfPart, mailIn, repeatPart, setBody } from "./helpers/edits.js";

const OTHER = "%PDF-1.4\n% another document\n%%EOF\n";
const CONVERTED = "%PDF-1.4\n<pdfaid:part>1</pdfaid:part>\n%%EOF\n";

export default defineBroken({
  check: "mss/pdf-copy",
  mutations: [
    {
      id: "PDF taken out",
      message: "absent",
      edit: (recording) => repeatPart(recording, mailIn(recording), isPdfPart, 0),
    },
    {
      id: "text called PDF",
      message: "not-pdf",
      edit: (recording) => setBody(recording, mailIn(recording), isPdfPart, () => Buffer.from("Compte rendu")),
    },
    {
      id: "another PDF",
      message: "differs",
      edit: (recording) => setBody(recording, mailIn(recording), isPdfPart, () => Buffer.from(OTHER)),
    },
    {
      id: "one byte added",
      message: "differs",
      edit: (recording) =>
        setBody(recording, mailIn(recording), isPdfPart, (part) => Buffer.concat([part.body, Buffer.from("\n")])),
    },
    {
      id: "a PDF/A-1 made from the embedded one",
      message: "differs-by-conversion",
      edit: (recording) => setBody(recording, mailIn(recording), isPdfPart, () => Buffer.from(CONVERTED)),
    },
    {
      id: "a name without the patient",
      message: "name",
      edit: (recording) =>
        editPartHead(
          recording,
          mailIn(recording),
          isPdfPart,
          () =>
            "Content-Type: application/pdf; name=rapport.pdf\r\nContent-Transfer-Encoding: base64\r\n" +
            "Content-Disposition: attachment; filename=rapport.pdf\r\n\r\n",
        ),
    },
  ],
  defects: [
    { defect: "mss-no-pdf", message: "absent", scenarios: ["mss-send-professional"] },
    { defect: "mss-pdf-differs", message: "differs", scenarios: ["mss-send-professional"] },
    { defect: "mss-pdf-name", message: "name", scenarios: ["mss-send-professional"] },
  ],
});
