import { defineCheck } from "../../core/model/index.js";
import { asked, inRequest, named } from "./helpers/calls.js";

export default defineCheck({
  id: "psc/client-authentication",
  title: { fr: "Appels de jetons authentifiés par le logiciel", en: "Token calls authenticated by the software" },
  reads: ["psc.token"],
  messages: {
    none: {
      weight: "breach",
      source: "PSC client populations: secret or mTLS for all, mTLS alone in the trust space (psc.md §1 and §8, S9)",
      mark: "verified",
      witness: "ANS example proxy (psc-edc-proxy-esante) authenticates every token call",
      fr: "L'appel au point d'entrée des jetons ne porte ni secret, ni assertion, ni certificat client.",
      en: "The call to the token endpoint carries neither secret, nor assertion, nor client certificate.",
    },
    browser: {
      weight: "remark",
      source: "A secret must never reach a browser: no token call carries Origin (psc.md §8)",
      mark: "inferred",
      witness: "none",
      fr: "L'appel de jetons porte un en-tête Origin ({origin}) : il semble venir d'un navigateur.",
      en: "The token call carries an Origin header ({origin}): it seems to come from a browser.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of named(seen.exchanges, "psc.token")) {
      const request = asked(exchange);
      if (!request) continue;
      const at = inRequest(exchange);
      report.observed(at);
      const certificate = (exchange.conn?.peerCertificates.length ?? 0) > 0;
      if (request.client.method === "none" && !certificate) report.finding("none", at);
      if (request.origin !== null) report.finding("browser", at, { origin: request.origin });
    }
  },
});
