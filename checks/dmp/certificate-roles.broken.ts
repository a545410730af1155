import { X509Certificate } from "node:crypto";
import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

function der(pem: string): string {
  return new X509Certificate(pem).raw.toString("base64");
}

/** Puts another certificate in the KeyInfo of the VIHF; the signature no longer holds, which this check does not judge. */
function signWith(r: RecordingEditor, pem: string): void {
  r.replaceInRequest(r.exchange("dmp.submit", "dmp-submit"), /X509Certificate>[^<]+</, `X509Certificate>${der(pem)}<`);
}

export default defineBroken({
  check: "dmp/certificate-roles",
  mutations: [
    {
      id: "one certificate for TLS and for the seal",
      message: "same_certificate",
      edit: (r) => {
        const { connection } = r.exchange("dmp.submit", "dmp-submit");
        r.patchConnection(connection, { peerCertificates: [der(r.key("sign").cert)] });
      },
    },
    {
      id: "one certificate for both, behind another one in KeyInfo",
      message: "same_certificate",
      edit: (r) => {
        const upload = r.exchange("dmp.submit", "dmp-submit");
        r.patchConnection(upload.connection, { peerCertificates: [der(r.key("sign").cert)] });
        r.replaceInRequest(
          r.exchange("dmp.submit", "dmp-submit"),
          /(?=<(?:\w+:)?X509Certificate>)/,
          `<ds:X509Certificate xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${der(r.key("insi").cert)}</ds:X509Certificate>`,
        );
      },
    },
    {
      id: "VIHF signed by an authentication certificate",
      message: "authentication_signer",
      edit: (r) => signWith(r, r.key("insi").cert),
    },
    {
      id: "seal that has expired",
      message: "signer_expired",
      edit: (r) => r.patchExchange(r.exchange("dmp.submit", "dmp-submit"), { startedAt: "2099-01-01T00:00:00.000Z" }),
    },
    {
      id: "seal of another authority",
      message: "other_family",
      edit: (r) => {
        const { connection } = r.exchange("dmp.submit", "dmp-submit");
        // The first organisation of the bytes is the issuer's; its text is changed without changing its length.
        const bytes = Buffer.from(der(r.key("auth").cert), "base64");
        const organisation = bytes.indexOf(Buffer.from("060355040a", "hex"));
        const text = organisation + 7;
        bytes.fill("Z", text, text + (bytes[text - 1] ?? 0));
        r.patchConnection(connection, { peerCertificates: [bytes.toString("base64")] });
      },
    },
  ],
  defects: [{ defect: "dmp-sign-with-auth-cert", message: "same_certificate", scenarios: ["dmp-submit"] }],
});
