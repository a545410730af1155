/** Two certificates: one opens TLS, another signs the VIHF. */
import { defineCheck } from "../../core/model/index.js";
import {
  CertificateError,
  type CertificateFacts,
  EKU,
  readCertificate,
  valuesOf,
} from "../../protocols/certificate.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE } from "./helpers/sources.js";
import { vihfSigner } from "./helpers/vihf-signer.js";

export default defineCheck({
  id: "dmp/certificate-roles",
  title: {
    fr: "Le VIHF est signé par un autre certificat que celui du TLS",
    en: "The VIHF is signed by another certificate than that of TLS",
  },
  reads: VIHF_CALLS,
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
    signer_expired: {
      weight: "remark",
      source: `${SOURCE.guide}: EX_AIR-080, certificat valide et non révoqué (dmp.md §1.3, S14)`,
      mark: "third-party",
      witness: "none",
      fr: "Le certificat qui signe le VIHF est valable du {from} au {until} ; l'appel est du {used}.",
      en: "The certificate that signs the VIHF is valid from {from} to {until}; the call is of {used}.",
    },
    other_family: {
      weight: "remark",
      source: "certificats IGC-Santé pour le TLS et pour le VIHF (dmp.md §1.3, S14)",
      mark: "third-party",
      witness: "none: the chain of the signer is not in the message",
      fr: "Le certificat qui signe le VIHF vient d'une autre autorité ({observed}) que celui du TLS ({expected}).",
      en: "The certificate that signs the VIHF comes from another authority ({observed}) than that of TLS ({expected}).",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (_vihf, at, _call, exchange) => {
      const signer = vihfSigner(exchange)?.raw;
      const [client] = exchange.conn?.peerCertificates ?? [];
      if (!signer) return;
      if (client !== undefined && signer.equals(Buffer.from(client, "base64"))) {
        report.finding("same_certificate", at("ds:Signature/ds:KeyInfo"));
      }
      const facts = factsOf(signer);
      const usages = facts?.extendedKeyUsage ?? [];
      const used = exchange.startedAt;
      const now = Date.parse(used);
      if (facts && (now < Date.parse(facts.notBefore) || now > Date.parse(facts.notAfter))) {
        const slots = { from: facts.notBefore, until: facts.notAfter, used };
        report.finding("signer_expired", at("ds:Signature/ds:KeyInfo"), slots);
      }
      const [observed, expected] = [organisationOf(facts), organisationOf(factsOf(derOf(client)))];
      if (observed !== "" && expected !== "" && observed.toLowerCase() !== expected.toLowerCase()) {
        report.finding("other_family", at("ds:Signature/ds:KeyInfo"), { observed, expected });
      }
      if (usages.includes(EKU.clientAuth) && !usages.includes(EKU.emailProtection)) {
        report.finding("authentication_signer", at("ds:Signature/ds:KeyInfo"), { observed: usages.join(" ") });
      }
    });
  },
});

function derOf(base64: string | undefined): Uint8Array | null {
  return base64 === undefined ? null : Buffer.from(base64, "base64");
}

function factsOf(der: Uint8Array | null): CertificateFacts | null {
  try {
    return der ? readCertificate(der) : null;
  } catch (error) {
    if (error instanceof CertificateError) return null;
    throw error;
  }
}

/** Organisation of the authority that issued the certificate; "" when it names none. */
function organisationOf(facts: CertificateFacts | null): string {
  return facts ? valuesOf(facts.issuer, "O").join(", ").trim() : "";
}
