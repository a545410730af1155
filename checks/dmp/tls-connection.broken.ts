import { X509Certificate } from "node:crypto";
import { defineBroken, type RecordingEditor } from "../../core/model/index.js";

/** Connection of the upload. */
function connection(r: RecordingEditor): string {
  return r.exchange("dmp.submit", "dmp-submit").connection;
}

/** A ClientHello without extensions: the version it names is all it offers. */
function hello(minor: number): Uint8Array {
  const body = [3, minor, ...Array<number>(32).fill(7), 0, 0, 2, 0, 0x2f, 1, 0];
  const handshake = [1, 0, 0, body.length, ...body];
  return Uint8Array.from([22, 3, 1, 0, handshake.length, ...handshake]);
}

/** The recorded ClientHello, its TLS 1.3 offer rewritten as TLS 1.1. */
function olderOffer(bytes: Uint8Array | null | undefined): Uint8Array {
  const text = Buffer.from(bytes ?? new Uint8Array(0)).toString("latin1");
  const changed = text.replace(/(\x00\x2b\x00.\x04)\x03\x04\x03\x03/s, "$1\x03\x03\x03\x02");
  if (changed === text) throw new Error("the ClientHello does not offer TLS 1.3 and 1.2");
  return Buffer.from(changed, "latin1");
}

export default defineBroken({
  check: "dmp/tls-connection",
  mutations: [
    {
      id: "handshake ended for want of a certificate",
      message: "absent",
      edit: (r) =>
        r.patchConnection(connection(r), {
          alert: { from: "server", code: "no_client_certificate" },
          peerCertificates: [],
        }),
    },
    {
      id: "certificate of the seal in place of the authentication one",
      message: "usage",
      edit: (r) =>
        r.patchConnection(connection(r), {
          peerCertificates: [new X509Certificate(r.key("sign").cert).raw.toString("base64")],
        }),
    },
    {
      id: "certificate out of date",
      message: "expired",
      edit: (r) => r.patchConnection(connection(r), { openedAt: "2099-01-01T00:00:00.000Z" }),
    },
    {
      id: "certificate of an authority we do not know",
      message: "refused",
      edit: (r) => r.patchConnection(connection(r), { alert: { from: "server", code: "unknown_ca" } }),
    },
    {
      id: "TLS 1.1 at most",
      message: "too_old",
      edit: (r) => r.patchConnection(connection(r), { clientHelloBytes: hello(2) }),
    },
    {
      id: "TLS 1.1 offered besides TLS 1.2",
      message: "also_old",
      edit: (r) =>
        r.patchConnection(connection(r), {
          clientHelloBytes: olderOffer(r.exchange("dmp.submit", "dmp-submit").conn?.clientHelloBytes),
        }),
    },
  ],
  defects: [{ defect: "dmp-tls-with-sign-cert", message: "usage", scenarios: ["dmp-submit"] }],
});
