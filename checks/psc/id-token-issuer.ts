import { defineCheck } from "../../core/model/index.js";
import { judgePoison, POISON_READS } from "./helpers/poisoned.js";

export default defineCheck({
  id: "psc/id-token-issuer",
  title: { fr: "Jeton d'identité d'un autre émetteur : refusé", en: "ID token of another issuer: refused" },
  reads: POISON_READS,
  scenarios: ["psc-login-iss-wrong"],
  expects: "silence",
  messages: {
    accepted: {
      weight: "breach",
      source: "OpenID Connect Core 1.0 §3.1.3.7 point 2 (psc.md §10 point 2, §15)",
      mark: "standard",
      witness: "OpenID Foundation conformance suite, oidcc-client-test-invalid-iss",
      fr: "Le jeton d'identité nommait un autre émetteur ({fault}) et a été accepté.",
      en: "The ID token named another issuer ({fault}) and was accepted.",
    },
  },
  evaluate(seen, report) {
    judgePoison(seen, report, {
      kind: "iss-wrong",
      operation: "psc.token",
      message: "accepted",
      shows: (idToken, { good }) => good.every((other) => other.claims.iss !== idToken.claims.iss),
    });
  },
});
