import { defineBroken } from "../../core/model/index.js";
import { editMail, mailIn, setHeader } from "./helpers/edits.js";

const ADDRESS = "camille.exemple@cabinet-demo.mssante.example";

export default defineBroken({
  check: "mss/from-label",
  mutations: [
    {
      id: "address alone",
      message: "absent",
      edit: (recording) => setHeader(recording, mailIn(recording), "From", `<${ADDRESS}>`),
    },
    {
      id: "address as label",
      message: "absent",
      edit: (recording) => setHeader(recording, mailIn(recording), "From", `"${ADDRESS}" <${ADDRESS}>`),
    },
    {
      id: "name in small letters",
      message: "form",
      edit: (recording) => setHeader(recording, mailIn(recording), "From", `Camille Exemple <${ADDRESS}>`),
    },
    {
      id: "a second From without label",
      message: "absent",
      edit: (recording) =>
        editMail(recording, mailIn(recording), (mail) => mail.replace("\r\n\r\n", `\r\nFrom: <${ADDRESS}>\r\n\r\n`)),
    },
  ],
  defects: [{ defect: "mss-from-no-label", message: "absent", scenarios: ["mss-send-professional"] }],
});
