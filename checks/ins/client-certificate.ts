import { defineCheck } from "../../core/model/index.js";
import {
  CertificateError,
  type CertificateFacts,
  nameText,
  readCertificate,
  valuesOf,
} from "../../protocols/certificate.js";
import { callsOf, type InsCall, requestAt } from "./helpers/calls.js";

/** CN that INSi admits in an organisation certificate. */
const ADMITTED = ["INSI-AUTO", "INSI-MANU"];
const ISSUER = /^(?:TEST )?AC IGC-SANTE ELEMENTAIRE ORGANISATIONS$/;

export default defineCheck({
  id: "ins/client-certificate",
  title: { fr: "Certificat présenté à INSi", en: "Certificate shown to INSi" },
  reads: ["ins.search"],
  messages: {
    "common-name": {
      weight: "breach",
      source: "IGC-Santé certificates for INSi (other-services.md §5, E3; ins.md §2.2)",
      mark: "restated",
      witness: "integrator's note published in padoa/tlsi-ins: other names are refused with desir_560",
      fr: "Le CN du certificat est « {found} » ; INSi n'admet qu'INSI-AUTO ou INSI-MANU (sujet : {subject}).",
      en: "The CN of the certificate is “{found}”; INSi admits INSI-AUTO or INSI-MANU only (subject: {subject}).",
    },
    issuer: {
      weight: "remark",
      source: "IGC-Santé certificates for INSi (ins.md §2.2, S1)",
      mark: "verified",
      witness: "test material published in padoa/tlsi-ins",
      fr: "Le certificat est émis par « {found} » ; en exploitation l'émetteur est l'AC IGC-SANTE ELEMENTAIRE ORGANISATIONS.",
      en: "The certificate is issued by “{found}”; in real life the issuer is AC IGC-SANTE ELEMENTAIRE ORGANISATIONS.",
    },
    "sender-differs": {
      weight: "remark",
      source: "recorded INSi requests (ins.md §2.2, S1)",
      mark: "observed",
      witness: "open client published in padoa/tlsi-ins",
      fr: "Emetteur vaut « {found} » ; les clients connus y mettent l'OU de leur certificat (« {expected} »).",
      en: "Emetteur is “{found}”; known clients put the OU of their certificate there (“{expected}”).",
    },
  },
  evaluate(seen, report) {
    for (const call of callsOf(seen)) {
      const certificate = leafOf(call);
      if (!certificate) continue;
      const { connection } = call.exchange;
      const at = { connection, where: "client certificate" };
      report.observed(at);
      const names = valuesOf(certificate.subject, "CN");
      if (!names.some((name) => ADMITTED.includes(name))) {
        report.finding("common-name", at, { found: names.join(", "), subject: nameText(certificate.subject) });
      }
      if (!valuesOf(certificate.issuer, "CN").some((name) => ISSUER.test(name))) {
        report.finding("issuer", at, { found: nameText(certificate.issuer) });
      }
      const sender = call.asked?.bam?.sender;
      const units = valuesOf(certificate.subject, "OU");
      if (sender && units.length > 0 && !units.includes(sender)) {
        const where = requestAt(call, "Header/ContexteBAM/Emetteur");
        report.finding("sender-differs", where, { found: sender, expected: units.join(", ") });
      }
    }
  },
});

function leafOf(call: InsCall): CertificateFacts | null {
  const leaf = call.exchange.conn?.peerCertificates[0];
  if (!leaf) return null;
  try {
    return readCertificate(Buffer.from(leaf, "base64"));
  } catch (error) {
    if (error instanceof CertificateError) return null;
    throw error;
  }
}
