import { defineCheck } from "../../core/model/index.js";
import { judgePoison, POISON_READS } from "./helpers/poisoned.js";

export default defineCheck({
  id: "psc/nonce-verified",
  title: { fr: "Jeton d'identité avec un autre nonce : refusé", en: "ID token with another nonce: refused" },
  reads: POISON_READS,
  scenarios: ["psc-login-nonce-wrong"],
  expects: "silence",
  messages: {
    accepted: {
      weight: "breach",
      source: "OpenID Connect Core 1.0 §3.1.3.7 point 11 (psc.md §10 point 7, §15)",
      mark: "standard",
      witness: "OpenID Foundation conformance suite, oidcc-client-test-nonce-invalid",
      fr: "Le jeton d'identité ne portait pas le nonce de la demande ({fault}) et a été accepté.",
      en: "The ID token did not carry the nonce of the request ({fault}) and was accepted.",
    },
  },
  evaluate(seen, report) {
    for (const kind of ["nonce-wrong", "nonce-missing"]) {
      judgePoison(seen, report, {
        kind,
        operation: "psc.token",
        message: "accepted",
        shows: (idToken, { params }) => idToken.claims.nonce !== params.get("nonce"),
        applies: (params) => (params.get("nonce") ?? "") !== "",
        otherwise: "no_nonce_sent",
      });
    }
  },
});
