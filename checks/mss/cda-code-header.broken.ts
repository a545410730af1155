import { defineBroken } from "../../core/model/index.js";
import { headerOf, mailIn, setHeader, editMail } from "./helpers/edits.js";

const NAME = "X-MSS-CODECDA";

export default defineBroken({
  check: "mss/cda-code-header",
  mutations: [
    {
      id: "header removed",
      message: "absent",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, null),
    },
    {
      id: "header on a mail without document",
      message: "unwanted",
      edit: (recording) => setHeader(recording, mailIn(recording, "mss-no-document"), NAME, "11488-4"),
    },
    {
      id: "another code",
      message: "differs",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, "34112-3"),
    },
    {
      id: "one code too many",
      message: "differs",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, `${headerOf(mail, NAME)},34112-3`);
      },
    },
    {
      id: "the code twice with a blank",
      message: "form",
      edit(recording) {
        const mail = mailIn(recording);
        const code = headerOf(mail, NAME);
        setHeader(recording, mail, NAME, `${code}, ${code}`);
      },
    },
    {
      id: "a second header that says something else",
      message: "differs",
      edit: (recording) =>
        editMail(recording, mailIn(recording), (mail) =>
          mail.replace("\r\n\r\n", () => `\r\n${NAME}: 34112-3\r\n\r\n`),
        ),
    },
  ],
  defects: [
    { defect: "mss-codecda-wrong", message: "differs", scenarios: ["mss-send-professional"] },
    { defect: "mss-headers-without-cda", message: "unwanted", scenarios: ["mss-no-document"] },
  ],
});
