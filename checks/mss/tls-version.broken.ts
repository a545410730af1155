import { type Connection, defineBroken, type RecordingEditor } from "../../core/model/index.js";
import { sessionIn, textOf } from "./helpers/edits.js";

/** supported_versions of the ClientHello: TLS 1.3 and 1.2. */
const OFFER = "\x00\x2b\x00\x05\x04\x03\x04\x03\x03";

function connectionOf(recording: RecordingEditor): Connection {
  const { conn } = sessionIn(recording);
  if (!conn) throw new Error("the session has no connection");
  return conn;
}

function offer(recording: RecordingEditor, versions: string): void {
  const conn = connectionOf(recording);
  const hello = textOf(conn.clientHelloBytes);
  if (!hello.includes(OFFER)) throw new Error("no supported_versions with 1.3 and 1.2");
  const bytes = Buffer.from(
    hello.replace(OFFER, () => `\x00\x2b\x00\x05\x04${versions}`),
    "latin1",
  );
  recording.patchConnection(conn.id, { clientHelloBytes: bytes });
}

export default defineBroken({
  check: "mss/tls-version",
  mutations: [
    {
      id: "TLS 1.1 and 1.0 offered",
      message: "offered-too-old",
      edit: (recording) => offer(recording, "\x03\x02\x03\x01"),
    },
    {
      id: "TLS 1.1 negotiated",
      message: "negotiated-too-old",
      edit(recording) {
        const { id, tls } = connectionOf(recording);
        recording.patchConnection(id, { tls: { ...tls, protocol: "TLSv1.1" } });
      },
    },
    {
      id: "TLS 1.1 offered besides 1.3",
      message: "also-offers-old",
      edit: (recording) => offer(recording, "\x03\x04\x03\x02"),
    },
  ],
  defects: [{ defect: "mss-tls-11", message: "offered-too-old", scenarios: ["mss-send-professional"] }],
});
