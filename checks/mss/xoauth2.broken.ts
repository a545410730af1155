import { defineBroken } from "../../core/model/index.js";
import { sessionIn, textOf } from "./helpers/edits.js";

const AUTH = /AUTH XOAUTH2 [^\r\n]+/;

export default defineBroken({
  check: "mss/xoauth2",
  mutations: [
    {
      id: "AUTH LOGIN",
      message: "other-mechanism",
      edit: (recording) => recording.replaceInRequest(sessionIn(recording), AUTH, "AUTH LOGIN YQ=="),
    },
    {
      id: "blob that is no base64",
      message: "blob-unreadable",
      edit: (recording) => recording.replaceInRequest(sessionIn(recording), AUTH, "AUTH XOAUTH2 user=a"),
    },
    {
      id: "blob without a bearer token",
      message: "blob-unreadable",
      edit(recording) {
        const blob = Buffer.from("user=a@b.example\x01\x01").toString("base64");
        recording.replaceInRequest(sessionIn(recording), AUTH, `AUTH XOAUTH2 ${blob}`);
      },
    },
    {
      id: "blob without its last separator",
      message: "blob-grammar",
      edit(recording) {
        const blob = Buffer.from("user=a@b.example\x01auth=Bearer abc\x01").toString("base64");
        recording.replaceInRequest(sessionIn(recording), AUTH, `AUTH XOAUTH2 ${blob}`);
      },
    },
    {
      id: "MAIL without AUTH",
      message: "mail-without-auth",
      edit(recording) {
        const session = sessionIn(recording);
        const client = textOf(session.requestBytes).replace(/AUTH XOAUTH2 [^\r\n]+\r\n/, "");
        const server = textOf(session.responseBytes).replace(/235 [^\r\n]*\r\n/, "");
        recording.setRequest(session, Buffer.from(client, "latin1"));
        recording.setResponse(session, Buffer.from(server, "latin1"));
      },
    },
  ],
  defects: [{ defect: "mss-auth-plain", message: "other-mechanism", scenarios: ["mss-send-professional"] }],
});
