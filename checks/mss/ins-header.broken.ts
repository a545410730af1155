import { defineBroken } from "../../core/model/index.js";
import { DOCUMENT, editFile, mailIn, setHeader, editMail } from "./helpers/edits.js";

const NAME = "X-MSS-INS";

export default defineBroken({
  check: "mss/ins-header",
  mutations: [
    {
      id: "header removed",
      message: "absent",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, null),
    },
    {
      id: "header on a mail without document",
      message: "unwanted",
      edit: (recording) => setHeader(recording, mailIn(recording, "mss-no-document"), NAME, "N"),
    },
    {
      id: "OUI in place of O",
      message: "value",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, "OUI"),
    },
    {
      id: "lower case",
      message: "value",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, "o"),
    },
    {
      id: "O without an INS in the archive",
      message: "not-carried",
      edit: (recording) => setHeader(recording, mailIn(recording, "mss-send-unqualified"), NAME, "O"),
    },
    {
      id: "O although the birth date is missing",
      message: "not-carried",
      edit: (recording) =>
        editFile(recording, mailIn(recording), DOCUMENT, (cda) => cda.replace(/<birthTime [^>]*>/, "")),
    },
    {
      id: "N although the INS is there",
      message: "carried",
      edit: (recording) => setHeader(recording, mailIn(recording), NAME, "N"),
    },
    {
      id: "a second header that says something else",
      message: "carried",
      edit: (recording) =>
        editMail(recording, mailIn(recording), (mail) => mail.replace("\r\n\r\n", () => `\r\n${NAME}: N\r\n\r\n`)),
    },
  ],
  defects: [
    { defect: "mss-ins-flag-wrong", message: "carried", scenarios: ["mss-send-professional"] },
    { defect: "mss-headers-without-cda", message: "unwanted", scenarios: ["mss-no-document"] },
  ],
});
