import { X509Certificate } from "node:crypto";
import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Shows another certificate of the test PKI on the connection of the call. */
function present(r: RecordingEditor, pem: string): void {
  const { connection } = r.exchange("ins.search", "ins-search-found");
  r.patchConnection(connection, { peerCertificates: [new X509Certificate(pem).raw.toString("base64")] });
}

/** The n-th certificate of a PEM chain. */
function certificate(chain: string, index: number): string {
  return chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)?.[index] ?? "";
}

export default defineBroken({
  check: "ins/client-certificate",
  mutations: [
    {
      id: "certificate of the AUTH_CLI role",
      message: "common-name",
      edit: (r) => present(r, certificate(r.key("auth").cert, 0)),
    },
    {
      id: "certificate issued by the root",
      message: "issuer",
      // The intermediate itself is the one certificate at hand that another authority issued; its CN is wrong too.
      edit: (r) => present(r, certificate(r.key("insi").cert, 1)),
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
