/** Two certificates: one opens TLS, another signs the VIHF. */
import { defineCheck } from "../../core/model/index.js";
import { CertificateError, EKU, readCertificate } from "../../protocols/certificate.js";
import { DMP_CALLS, forEachVihf } from "./helpers/call.js";
import { SOURCE } from "./helpers/sources.js";

export default defineCheck({
  id: "dmp/certificate-roles",
  title: {
    fr: "Le VIHF est signé par un autre certificat que celui du TLS",
    en: "The VIHF is signed by another certificate than that of TLS",
  },
  reads: DMP_CALLS,
  messages: {
    same_certificate: {
      weight: "remark",
      source: `${SOURCE.guide}: EX_GEN-1450, deux certificats distincts (dmp.md §1.3, S14)`,
      mark: "third-party",
      witness: "none",
      fr: "Le certificat client du TLS signe aussi le VIHF ; deux certificats distincts sont attendus (authentification et cachet).",
      en: "The TLS client certificate also signs the VIHF; two different certificates are expected (authentication and seal).",
    },
    authentication_signer: {
      weight: "remark",
      source:
        "le DMP refuse un VIHF signé par un certificat d'authentification, DMPInvalidCertificate (dmp.md §1.3, S9)",
      mark: "third-party",
      witness: "none",
      fr: "Le VIHF est signé par un certificat d'authentification (usages étendus : {observed}) ; le DMP réel répond DMPInvalidCertificate.",
      en: "The VIHF is signed by an authentication certificate (extended usages: {observed}); the real DMP answers DMPInvalidCertificate.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at, _call, exchange) => {
      const signer = vihf.signerCertificate?.raw;
      const [client] = exchange.conn?.peerCertificates ?? [];
      if (!signer) return;
      if (client !== undefined && signer.equals(Buffer.from(client, "base64"))) {
        report.finding("same_certificate", at("ds:Signature/ds:KeyInfo"));
      }
      const usages = usagesOf(signer);
      if (usages.includes(EKU.clientAuth) && !usages.includes(EKU.emailProtection)) {
        report.finding("authentication_signer", at("ds:Signature/ds:KeyInfo"), { observed: usages.join(" ") });
      }
    });
  },
});

function usagesOf(der: Uint8Array): readonly string[] {
  try {
    return readCertificate(der).extendedKeyUsage ?? [];
  } catch (error) {
    if (error instanceof CertificateError) return [];
    throw error;
  }
}
