/** The VIHF is signed, and the signature holds for exactly this assertion. */
import { defineCheck } from "../../core/model/index.js";
import { UNJUDGED_REASONS } from "../../protocols/xmldsig.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";
import { vihfSignature } from "./helpers/vihf-signer.js";

const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";

export default defineCheck({
  id: "dmp/vihf-signature",
  title: { fr: "La signature du VIHF est valide", en: "The signature of the VIHF is valid" },
  reads: VIHF_CALLS,
  messages: {
    unsigned: {
      weight: "breach",
      source: SOURCE.vihf,
      mark: "verified",
      witness: "signed VIHF samples of the DMP editor kit v02.05.00",
      fr: "Le VIHF doit porter une signature enveloppée (ds:Signature) ; il n'en porte pas.",
      en: "The VIHF must carry an enveloped signature (ds:Signature); it carries none.",
    },
    invalid: {
      weight: "breach",
      source: "W3C XML Signature Syntax and Processing 1.1 §3.2, core validation; SAML 2.0 core §5.4 (dmp.md §3)",
      mark: "standard",
      witness: "xmlsec1 refuses the same messages (tests/peers)",
      fr: "La signature du VIHF n'est pas valide : {reason}.",
      en: "The signature of the VIHF is not valid: {reason}.",
    },
    no_certificate: {
      weight: "breach",
      source: `${SOURCE.vihf}: KeyInfo/X509Data/X509Certificate`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "La signature du VIHF ne porte pas de certificat lisible (KeyInfo/X509Data/X509Certificate) : personne ne peut la vérifier.",
      en: "The signature of the VIHF carries no readable certificate (KeyInfo/X509Data/X509Certificate): nobody can verify it.",
    },
    canonicalization: {
      weight: "remark",
      source: `${SOURCE.vihf}; SAML 2.0 core §5.4.3 and §5.4.4, exclusive canonicalization`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Canonicalisation exclusive attendue (http://www.w3.org/2001/10/xml-exc-c14n#) ; observée : « {observed} ».",
      en: "Exclusive canonicalization expected (http://www.w3.org/2001/10/xml-exc-c14n#); observed: “{observed}”.",
    },
    no_identifier: {
      weight: "breach",
      source: "SAML 2.0 core §2.3.3 and §5.4.2: the assertion has an ID and the signature refers to it (dmp.md §3)",
      mark: "standard",
      witness: "signed VIHF samples of the DMP editor kit v02.05.00",
      fr: "L'assertion n'a pas d'attribut ID : sa signature ne peut pas la désigner.",
      en: "The assertion has no ID attribute: its signature cannot refer to it.",
    },
    not_judged: {
      weight: "remark",
      undecided: true,
      source: "PDT-INF-579 (algorithmes admis), non lu (dmp.md §8)",
      mark: "unconfirmed",
      witness: "none",
      fr: "La signature du VIHF utilise une forme que cette suite ne vérifie pas ({reason}) : elle n'est jugée ni bonne ni mauvaise.",
      en: "The signature of the VIHF uses a form this suite does not verify ({reason}): it is judged neither good nor bad.",
    },
    sha1: {
      weight: "remark",
      source: "PDT-INF-579 (algorithmes admis), non lu (dmp.md §2.6, §8)",
      mark: "inferred",
      witness: "none",
      fr: "La signature du VIHF repose sur SHA-1 ({algorithm}) ; SHA-256 est l'usage actuel.",
      en: "The signature of the VIHF rests on SHA-1 ({algorithm}); SHA-256 is today's practice.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at, _call, exchange) => {
      if (!vihf.signed) return report.finding("unsigned", at("ds:Signature"));
      const result = vihfSignature(exchange);
      if (!result) return report.finding("no_identifier", at("@ID"));
      const { reason, algorithms } = result;
      if (reason === "no_certificate") report.finding("no_certificate", at("ds:Signature/ds:KeyInfo"));
      else if (reason !== null) {
        report.finding(UNJUDGED_REASONS.includes(reason) ? "not_judged" : "invalid", at("ds:Signature"), { reason });
      }
      const canonical = [algorithms?.canonicalization, algorithms?.transforms[1]].find(
        (uri) => uri !== undefined && uri !== EXCLUSIVE && uri !== `${EXCLUSIVE}WithComments`,
      );
      if (canonical !== undefined) report.finding("canonicalization", at("ds:Signature"), { observed: canonical });
      const weak = [algorithms?.signature, algorithms?.digest].find((uri) => uri !== undefined && /sha1$/.test(uri));
      if (weak !== undefined) report.finding("sha1", at("ds:Signature"), { algorithm: weak });
    });
  },
});
