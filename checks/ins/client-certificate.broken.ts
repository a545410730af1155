import { X509Certificate } from "node:crypto";
import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Shows another certificate of the test PKI on the connection of the call. */
function present(r: RecordingEditor, pem: string): void {
  const { connection } = r.exchange("ins.search", "ins-search-found");
  r.patchConnection(connection, { peerCertificates: [new X509Certificate(pem).raw.toString("base64")] });
}

export default defineBroken({
  check: "ins/client-certificate",
  mutations: [
    {
      id: "certificate of the AUTH_CLI role",
      message: "common-name",
      edit: (r) => present(r, r.key("auth").cert),
    },
    {
      id: "certificate issued for persons",
      message: "issuer",
      // Same length, so that the DER stays readable; its signature no longer holds, which this check does not judge.
      edit: (r) => {
        const { connection, conn } = r.exchange("ins.search", "ins-search-found");
        const der = Buffer.from(conn?.peerCertificates[0] ?? "", "base64").toString("latin1");
        const other = Buffer.from(der.replace("ELEMENTAIRE ORGANISATIONS", "ELEMENTAIRE PERSONNES    "), "latin1");
        r.patchConnection(connection, { peerCertificates: [other.toString("base64")] });
      },
    },
    {
      id: "sender of another structure",
      message: "sender-differs",
      edit: (r) =>
        r.replaceInRequest(
          r.exchange("ins.search", "ins-search-found"),
          /Emetteur>[^<]*<\//,
          "Emetteur>499900000099999</",
        ),
    },
  ],
  defects: [{ defect: "ins-wrong-certificate", message: "common-name", scenarios: ["ins-search-found"] }],
});
