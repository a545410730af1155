import { defineBroken } from "../../core/model/index.js";
import { editMail, headerOf, mailIn, setHeader } from "./helpers/edits.js";

const NAME = "Message-ID";

export default defineBroken({
  check: "mss/message-id",
  mutations: [
    {
      id: "header removed",
      message: "absent",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, null),
    },
    {
      id: "header twice",
      message: "several",
      edit: (recording) => editMail(recording, mailIn(recording), (mail) => `Message-ID: <other@b.example>\r\n${mail}`),
    },
    {
      id: "no angle brackets",
      message: "form",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, "1234@b.example"),
    },
    {
      id: "no at sign",
      message: "form",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, "<1234>"),
    },
    {
      id: "the second mail repeats the first one's",
      message: "reused",
      edit(recording) {
        const first = headerOf(mailIn(recording, "mss-two-mails"), NAME);
        setHeader(recording, mailIn(recording, "mss-two-mails", 1), NAME, first);
      },
    },
    {
      id: "a text without header",
      message: "not-a-mail",
      edit: (recording) => editMail(recording, mailIn(recording), () => "\r\nBonjour\r\n"),
    },
  ],
  defects: [{ defect: "mss-message-id-fixed", message: "reused", scenarios: ["mss-two-mails"] }],
});
