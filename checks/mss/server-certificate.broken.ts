import { defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { sessionIn, textOf } from "./helpers/edits.js";

/** As if the software had gone on under the certificate. */
function goOn(recording: RecordingEditor, scenario: string): void {
  const session = sessionIn(recording, scenario);
  const client = `${textOf(session.requestBytes)}EHLO vendor\r\nAUTH XOAUTH2 eA==\r\n`;
  const server = `${textOf(session.responseBytes)}250 AUTH XOAUTH2\r\n501 no\r\n`;
  recording.setRequest(session, Buffer.from(client, "latin1"));
  recording.setResponse(session, Buffer.from(server, "latin1"));
}

export default defineBroken({
  check: "mss/server-certificate",
  mutations: [
    {
      id: "AUTH under an expired certificate",
      message: "expired",
      edit: (recording) => goOn(recording, "mss-certificate-expired"),
    },
    {
      id: "AUTH under a certificate of another authority",
      message: "foreign",
      edit: (recording) => goOn(recording, "mss-certificate-foreign"),
    },
  ],
  defects: [{ defect: "mss-certificate-unverified", message: "expired", scenarios: ["mss-certificate-expired"] }],
});
