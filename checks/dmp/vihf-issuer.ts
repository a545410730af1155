/** The Issuer of the VIHF is the subject of the certificate that signs it. */
import { defineCheck, type Exchange } from "../../core/model/index.js";
import { CertificateError, type CertificateFacts, nameText, readCertificate } from "../../protocols/certificate.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { discouragedTypes, nameKey, readName } from "./helpers/distinguished-name.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";
import { vihfSigner } from "./helpers/vihf-signer.js";

/** The page of the mapping writes it once without a hyphen: taken for a slip of the pen, and tolerated. */
const FORMAT = /^urn:oasis:names:tc:SAML:1\.1:nameid-?format:X509SubjectName$/;

function signerOf(exchange: Exchange): CertificateFacts | null {
  const signer = vihfSigner(exchange);
  try {
    return signer && readCertificate(signer.raw);
  } catch (error) {
    if (error instanceof CertificateError) return null;
    throw error;
  }
}

export default defineCheck({
  id: "dmp/vihf-issuer",
  title: {
    fr: "L'émetteur du VIHF est le sujet du certificat qui le signe",
    en: "The issuer of the VIHF is the subject of the certificate that signs it",
  },
  reads: VIHF_CALLS,
  messages: {
    differs: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Issuer attendu : le nom du certificat de signature ({expected}) ; observé : « {observed} ».",
      en: "Issuer expected: the name of the signing certificate ({expected}); observed: “{observed}”.",
    },
    absent: {
      weight: "breach",
      source: `${SOURCE.vihf}; SAML 2.0 core §2.3.3`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Le VIHF doit nommer son émetteur (Issuer) ; il est absent ou vide.",
      en: "The VIHF must name its issuer (Issuer); it is absent or empty.",
    },
    format: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Issuer/@Format attendu : …nameid-format:X509SubjectName ; observé : « {observed} ».",
      en: "Issuer/@Format expected: …nameid-format:X509SubjectName; observed: “{observed}”.",
    },
    spelling: {
      weight: "remark",
      source: SOURCE.vihf,
      mark: "verified",
      witness: "none",
      fr: "Issuer : l'attribut « {observed} » s'écrit ST (et non S) ou GN (et non G).",
      en: "Issuer: the attribute “{observed}” is written ST (not S) or GN (not G).",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at, _call, exchange) => {
      if (!vihf.issuer) return report.finding("absent", at("Issuer"));
      if (!FORMAT.test(vihf.issuerFormat ?? "")) {
        report.finding("format", at("Issuer/@Format"), { observed: vihf.issuerFormat });
      }
      const name = readName(vihf.issuer);
      const [wrong] = name ? discouragedTypes(name) : [];
      if (wrong !== undefined) report.finding("spelling", at("Issuer"), { observed: wrong });
      const signer = signerOf(exchange);
      if (signer && nameKey(signer.subject) !== nameKey(name?.attributes ?? [])) {
        report.finding("differs", at("Issuer"), { expected: nameText(signer.subject), observed: vihf.issuer });
      }
    });
  },
});
