import { defineCheck } from "../../core/model/index.js";
import { audiences } from "../../protocols/jwt.js";
import { judgePoison, POISON_READS } from "./helpers/poisoned.js";

export default defineCheck({
  id: "psc/id-token-audience",
  title: { fr: "Jeton d'identité destiné à un autre client : refusé", en: "ID token for another client: refused" },
  reads: POISON_READS,
  scenarios: ["psc-login-audience-wrong"],
  expects: "silence",
  messages: {
    accepted: {
      weight: "breach",
      source: "OpenID Connect Core 1.0 §3.1.3.7 point 3 (psc.md §10 point 5, §15)",
      mark: "standard",
      witness: "OpenID Foundation conformance suite, oidcc-client-test-invalid-aud",
      fr: "Le jeton d'identité était destiné à un autre client ({fault}) et a été accepté.",
      en: "The ID token was made for another client ({fault}) and was accepted.",
    },
  },
  evaluate(seen, report) {
    judgePoison(seen, report, {
      kind: "aud-wrong",
      operation: "psc.token",
      message: "accepted",
      shows: (idToken, { params }) => !audiences(idToken).includes(params.get("client_id") ?? ""),
    });
  },
});
