/** Every call of the DMP carries its VIHF in the WS-Security header, once. */
import { defineCheck } from "../../core/model/index.js";
import { SAML_NS } from "../../protocols/saml.js";
import { descendants } from "../../protocols/xml.js";
import { forEachCall, VIHF_CALLS } from "./helpers/call.js";
import { WITNESS } from "./helpers/sources.js";

const SOURCE =
  "CI-SIS Transport synchrone pour client lourd et kit éditeur DMP, en-tête wsse:Security (dmp.md §2.1, S2 S8)";

export default defineCheck({
  id: "dmp/vihf-presence",
  title: {
    fr: "Chaque appel au DMP porte un jeton VIHF, et un seul",
    en: "Every call of the DMP carries one VIHF, and one only",
  },
  reads: VIHF_CALLS,
  messages: {
    absent: {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "Une assertion SAML est attendue dans wsse:Security de l'en-tête SOAP ; aucune n'y est ({elsewhere} ailleurs dans le message).",
      en: "A SAML assertion is expected in wsse:Security of the SOAP header; there is none ({elsewhere} elsewhere in the message).",
    },
    several: {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "wsse:Security doit porter exactement une assertion ; il en porte {count}.",
      en: "wsse:Security must carry exactly one assertion; it carries {count}.",
    },
  },
  evaluate(seen, report) {
    forEachCall(seen, (call, _exchange, at) => {
      const where = at("soap:Header/wsse:Security");
      report.observed(where);
      const count = call.assertions.length;
      if (count > 1) report.finding("several", where, { count });
      if (count === 0) {
        report.finding("absent", where, { elsewhere: descendants(call.envelope.root, "Assertion", SAML_NS).length });
      }
    });
  },
});
