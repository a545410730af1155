/** TLS towards the DMP: a recent version, and a client certificate made for it. */
import { type Connection, defineCheck, type Report } from "../../core/model/index.js";
import { CertificateError, type CertificateFacts, EKU, readCertificate } from "../../protocols/certificate.js";
import { readClientHello } from "../../protocols/tls-hello.js";
import { DMP_CALLS } from "./helpers/call.js";

const ANY_USAGE = "2.5.29.37.0";
const RECENT = ["TLSv1.2", "TLSv1.3"];
const TRANSPORT = "CI-SIS Transport: TLS 1.2 minimum, 1.0, 1.1 and SSL forbidden (other-services.md §5)";

export default defineCheck({
  id: "dmp/tls-connection",
  title: {
    fr: "La connexion au DMP est en TLS 1.2 ou plus, avec un certificat client d'authentification",
    en: "The connection to the DMP is TLS 1.2 or later, with a client authentication certificate",
  },
  reads: DMP_CALLS,
  connections: ["dmp"],
  messages: {
    absent: {
      weight: "breach",
      source: "HTTPS with mutual TLS (dmp.md §2.1, S16)",
      mark: "verified",
      witness: "OpenSSL ends the handshake without a certificate",
      fr: "Un certificat client est exigé à l'ouverture du TLS ; aucun n'a été présenté.",
      en: "A client certificate is required when TLS opens; none was presented.",
    },
    usage: {
      weight: "breach",
      source: "RFC 5280 §4.2.1.12: a certificate with extended key usages serves those purposes only (dmp.md §1.3)",
      mark: "standard",
      witness: "openssl verify -purpose sslclient refuses it (unsuitable certificate purpose)",
      fr: "Le certificat client n'est pas fait pour l'authentification TLS : clientAuth attendu parmi ses usages étendus, observé : {observed}.",
      en: "The client certificate is not made for TLS authentication: clientAuth expected among its extended usages, observed: {observed}.",
    },
    expired: {
      weight: "breach",
      source: "RFC 5280 §4.1.2.5, validity (dmp.md §1.3, EX_AIR-080)",
      mark: "standard",
      witness: "none",
      fr: "Le certificat client est valable du {from} au {to} ; il a servi le {used}.",
      en: "The client certificate is valid from {from} to {to}; it was used on {used}.",
    },
    refused: {
      weight: "remark",
      source: "réglage du simulateur : autorités admises (services.dmp.trust)",
      mark: "observed",
      witness: "none",
      fr: "Le simulateur a refusé le certificat client ({code}) : son autorité n'est sans doute pas dans services.dmp.trust.",
      en: "The mock refused the client certificate ({code}): its authority is most likely not in services.dmp.trust.",
    },
    too_old: {
      weight: "breach",
      source: TRANSPORT,
      mark: "verified",
      witness: "none",
      fr: "Le logiciel ne propose rien au-dessus de {best} ; TLS 1.2 est le minimum.",
      en: "The software offers nothing above {best}; TLS 1.2 is the minimum.",
    },
    also_old: {
      weight: "remark",
      source: TRANSPORT,
      mark: "verified",
      witness: "none",
      fr: "Le logiciel propose aussi des versions interdites : {versions}.",
      en: "The software also offers forbidden versions: {versions}.",
    },
  },
  evaluate(seen, report) {
    for (const connection of seen.connections) {
      judgeVersions(connection, report);
      judgeCertificate(connection, report);
    }
  },
});

function judgeVersions(connection: Connection, report: Report): void {
  const hello = connection.clientHelloBytes ? readClientHello(connection.clientHelloBytes) : null;
  if (!hello) return;
  const at = { connection: connection.id, where: "ClientHello" };
  report.observed(at);
  const old = hello.versions.filter((version) => !RECENT.includes(version));
  if (old.length === hello.versions.length) report.finding("too_old", at, { best: old[0] ?? hello.legacyVersion });
  else if (old.length > 0) report.finding("also_old", at, { versions: old.join(", ") });
}

function judgeCertificate(connection: Connection, report: Report): void {
  const at = { connection: connection.id, where: "client certificate" };
  const { alert, openedAt } = connection;
  const facts = leafOf(connection);
  if (alert?.code === "no_client_certificate") {
    report.observed(at);
    report.finding("absent", at);
  }
  if (!facts) return;
  report.observed(at);
  const usages = facts.extendedKeyUsage;
  if (usages && !usages.includes(EKU.clientAuth) && !usages.includes(ANY_USAGE)) {
    report.finding("usage", at, { observed: usages.join(" ") });
  } else if (openedAt < facts.notBefore || openedAt > facts.notAfter) {
    report.finding("expired", at, { from: facts.notBefore, to: facts.notAfter, used: openedAt });
  } else if (alert?.from === "server") report.finding("refused", at, { code: alert.code }, "configuration");
}

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
