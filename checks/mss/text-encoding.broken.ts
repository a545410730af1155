import { defineBroken } from "../../core/model/index.js";
import { editMail, editPartHead, isText, mailIn, setBody, setHeader } from "./helpers/edits.js";

const CHARSET = /charset=[^;\s]+/i;
const LATIN1 = Buffer.from("Bonjour, \u00e0 bient\u00f4t", "latin1");

export default defineBroken({
  check: "mss/text-encoding",
  mutations: [
    {
      id: "windows-1252 announced",
      message: "charset",
      edit: (recording) =>
        editPartHead(recording, mailIn(recording), isText, (head) => head.replace(CHARSET, "charset=windows-1252")),
    },
    {
      id: "latin1 bytes announced as UTF-8",
      message: "not-utf8",
      edit(recording) {
        editPartHead(recording, mailIn(recording), isText, (head) =>
          head.replace(/Content-Transfer-Encoding: .*/i, "Content-Transfer-Encoding: base64"),
        );
        setBody(recording, mailIn(recording), isText, () => LATIN1);
      },
    },
    {
      id: "no charset over plain ASCII",
      message: "charset-ascii",
      edit(recording) {
        editPartHead(
          recording,
          mailIn(recording),
          isText,
          () => "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n",
        );
        setBody(recording, mailIn(recording), isText, () => Buffer.from("Bonjour"));
      },
    },
    {
      id: "body in HTML alone",
      message: "body-type",
      edit: (recording) =>
        editPartHead(recording, mailIn(recording), isText, (head) => head.replace("text/plain", "text/html")),
    },
    {
      id: "UTF-8 bytes in a header",
      message: "eight-bit-header",
      edit: (recording) => setHeader(recording, mailIn(recording), "X-Note", "Zo\xc3\xa9"),
    },
    {
      id: "raw accents in a file name",
      message: "eight-bit-header",
      edit: (recording) =>
        editMail(recording, mailIn(recording), (mail) =>
          mail.replace("filename=IHE_XDM.zip", 'filename=IHE_XDM.zip; x="\xe9"'),
        ),
    },
  ],
  defects: [
    { defect: "mss-body-charset", message: "charset", scenarios: ["mss-send-professional"] },
    { defect: "mss-body-html", message: "body-type", scenarios: ["mss-send-professional"] },
  ],
});
