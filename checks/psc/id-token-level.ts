import { defineCheck } from "../../core/model/index.js";
import { judgePoison, POISON_READS } from "./helpers/poisoned.js";

export default defineCheck({
  id: "psc/id-token-level",
  title: { fr: "Jeton d'identité d'un autre niveau : refusé", en: "ID token of another level: refused" },
  reads: POISON_READS,
  scenarios: ["psc-login-level-other"],
  expects: "silence",
  messages: {
    accepted: {
      weight: "remark",
      source:
        "OpenID Connect Core 1.0 §3.1.3.7 point 12 (a SHOULD); the ANS Keycloak connector refuses any other value (psc.md §6.1, §10 point 8, S7)",
      mark: "observed",
      witness: "ansforge/keycloak-prosanteconnect refuses it",
      fr: "Le jeton d'identité portait le niveau eidas2, non demandé ({fault}), et a été accepté.",
      en: "The ID token carried the level eidas2, which was not asked for ({fault}), and was accepted.",
    },
  },
  evaluate(seen, report) {
    judgePoison(seen, report, {
      kind: "acr-eidas2",
      operation: "psc.token",
      message: "accepted",
      shows: ({ claims }) => claims.acr !== "eidas1",
    });
  },
});
