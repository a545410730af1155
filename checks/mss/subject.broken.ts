import { defineBroken } from "../../core/model/index.js";
import { DOCUMENT, editFile, headerText, mailIn, setHeader, editMail } from "./helpers/edits.js";

const NAME = "Subject";
const COMPOUND = "mss-two-mails";

export default defineBroken({
  check: "mss/subject",
  mutations: [
    {
      id: "no prefix",
      message: "prefix",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, headerText(mail, NAME).replace("XDM/1.0/DDM+", ""));
      },
    },
    {
      id: "no plus sign",
      message: "prefix",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, headerText(mail, NAME).replace("DDM+", "DDM "));
      },
    },
    {
      id: "another label",
      message: "label",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, headerText(mail, NAME).replace(/DDM\+.* ADRUN/, "DDM+Compte rendu ADRUN"));
      },
    },
    {
      id: "label not cut at 40 characters",
      message: "label",
      edit: (recording) =>
        editFile(recording, mailIn(recording), DOCUMENT, (cda) =>
          cda.replace(/(<code code="11488-4" displayName=")[^"]*/, `$1${"x".repeat(41)}`),
        ),
    },
    {
      id: "another patient",
      message: "patient",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, headerText(mail, NAME).replace("ADRUN", "NESSI"));
      },
    },
    {
      id: "no name",
      message: "patient",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, headerText(mail, NAME).replace(/ ADRUN ZOE .*$/, ""));
      },
    },
    {
      id: "birth name in small letters",
      message: "name-form",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, headerText(mail, NAME).replace("ADRUN", "Adrun"));
      },
    },
    {
      id: "accent in the given name",
      message: "name-form",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, `=?utf-8?B?${base64(headerText(mail, NAME).replace("ZOE", "Zoé"))}?=`);
      },
    },
    {
      id: "hyphen of a compound name left out",
      message: "name-separators",
      edit(recording) {
        const mail = mailIn(recording, COMPOUND);
        setHeader(recording, mail, NAME, headerText(mail, NAME).replace("PIERRE-ALAIN", "PIERRE ALAIN"));
      },
    },
    {
      id: "another birth date",
      message: "birth-date",
      edit(recording) {
        const mail = mailIn(recording);
        setHeader(recording, mail, NAME, headerText(mail, NAME).replace("31/12/1975", "30/12/1975"));
      },
    },
    {
      id: "a mention of replacement in the subject of a replacing document",
      message: "replacement",
      edit(recording) {
        const mail = mailIn(recording);
        editFile(recording, mail, DOCUMENT, (cda) =>
          cda.replace("<component>", '<relatedDocument typeCode="RPLC"><parentDocument/></relatedDocument><component>'),
        );
        const edited = mailIn(recording);
        setHeader(recording, edited, NAME, headerText(edited, NAME).replace("DDM+", "DDM+ANNULE ET REMPLACE "));
      },
    },
    {
      id: "a second header that says something else",
      message: "prefix",
      edit: (recording) =>
        editMail(recording, mailIn(recording), (mail) =>
          mail.replace("\r\n\r\n", () => `\r\n${NAME}: Compte rendu\r\n\r\n`),
        ),
    },
  ],
  defects: [
    { defect: "mss-subject-wrong", message: "prefix", scenarios: ["mss-send-professional"] },
    { defect: "mss-subject-accents", message: "name-form", scenarios: ["mss-send-professional"] },
  ],
});

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
