import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Extension supported_versions (type 43), up to its list. */
const HEAD = Buffer.from([0x00, 0x2b, 0x00]);

/** Rewrites the versions offered in the ClientHello of the first token call. */
function offer(change: (version: number, index: number) => number): (r: RecordingEditor) => void {
  return (r) => {
    const { conn } = r.exchange("psc.token", "psc-login");
    if (!conn?.clientHelloBytes) throw new Error("the token call has no ClientHello");
    const bytes = Buffer.from(conn.clientHelloBytes);
    const at = bytes.indexOf(HEAD);
    const count = (bytes[at + 4] ?? 0) / 2;
    if (at < 0 || count < 2) throw new Error("no list of versions in this ClientHello");
    for (let i = 0; i < count; i += 1) {
      const place = at + 5 + i * 2;
      bytes.writeUInt16BE(change(bytes.readUInt16BE(place), i), place);
    }
    r.patchConnection(conn.id, { clientHelloBytes: bytes });
  };
}

export default defineBroken({
  check: "psc/tls-version",
  mutations: [
    { id: "TLS 1.1 at most", message: "too-old", edit: offer((_version, i) => (i === 0 ? 0x0302 : 0x0301)) },
    { id: "TLS 1.1 too", message: "old-offered", edit: offer((version, i) => (i === 0 ? version : 0x0302)) },
  ],
  defects: [{ defect: "psc-tls-11", message: "too-old", scenarios: ["psc-login"] }],
});
