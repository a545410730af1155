/** The software opens TLS with a client certificate that is made for it. */
import { type Connection, defineCheck } from "../../core/model/index.js";
import { CertificateError, type CertificateFacts, EKU, readCertificate } from "../../protocols/certificate.js";

const ANY_USAGE = "2.5.29.37.0";

export default defineCheck({
  id: "dmp/client-certificate",
  title: {
    fr: "La connexion au DMP présente un certificat client d'authentification",
    en: "The connection to the DMP presents a client authentication certificate",
  },
  reads: ["dmp.exists", "dmp.submit"],
  connections: ["dmp"],
  messages: {
    absent: {
      weight: "breach",
      source: "HTTPS with mutual TLS (dmp.md §2.1, S16)",
      mark: "verified",
      witness: "node:tls and openssl refuse the handshake without a certificate",
      fr: "Un certificat client est exigé à l'ouverture du TLS ; aucun n'a été présenté.",
      en: "A client certificate is required when TLS opens; none was presented.",
    },
    usage: {
      weight: "breach",
      source: "RFC 5280 §4.2.1.12: a certificate with extended key usages serves those purposes only (dmp.md §1.3)",
      mark: "standard",
      witness: "openssl refuses it too (unsuitable certificate purpose)",
      fr: "Le certificat client n'est pas fait pour l'authentification TLS : clientAuth attendu parmi ses usages étendus, observé : {observed}.",
      en: "The client certificate is not made for TLS authentication: clientAuth expected among its extended usages, observed: {observed}.",
    },
    expired: {
      weight: "breach",
      source: "RFC 5280 §4.1.2.5, validity; EX_AIR-080 (dmp.md §1.3, S14)",
      mark: "standard",
      witness: "openssl refuses it too",
      fr: "Le certificat client est valable du {from} au {to} ; il a servi le {used}.",
      en: "The client certificate is valid from {from} to {to}; it was used on {used}.",
    },
    refused: {
      weight: "remark",
      source: "réglage du simulateur : autorités admises (services.dmp.trust)",
      mark: "observed",
      witness: "none",
      fr: "Le simulateur a refusé le certificat client ({code}) : autorité inconnue de services.dmp.trust, sans doute.",
      en: "The mock refused the client certificate ({code}): an authority unknown to services.dmp.trust, most likely.",
    },
  },
  evaluate(seen, report) {
    for (const connection of seen.connections) {
      const at = { connection: connection.id, where: "client certificate" };
      const { alert } = connection;
      if (alert?.code === "no_client_certificate") {
        report.observed(at);
        report.finding("absent", at);
        continue;
      }
      const facts = leafOf(connection);
      if (facts) {
        report.observed(at);
        const usages = facts.extendedKeyUsage;
        if (usages && !usages.includes(EKU.clientAuth) && !usages.includes(ANY_USAGE)) {
          report.finding("usage", at, { observed: usages.join(" ") });
        } else if (connection.openedAt < facts.notBefore || connection.openedAt > facts.notAfter) {
          report.finding("expired", at, { from: facts.notBefore, to: facts.notAfter, used: connection.openedAt });
        } else if (alert?.from === "server") report.finding("refused", at, { code: alert.code }, "configuration");
      }
    }
  },
});

/** Null when no certificate came, or one that cannot be read: then there is nothing to judge. */
function leafOf(connection: Connection): CertificateFacts | null {
  const [leaf] = connection.peerCertificates;
  try {
    return leaf === undefined ? null : readCertificate(Buffer.from(leaf, "base64"));
  } catch (error) {
    if (error instanceof CertificateError) return null;
    throw error;
  }
}
