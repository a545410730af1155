import { defineCheck } from "../../core/model/index.js";
import { judgePoison, POISON_READS } from "./helpers/poisoned.js";

const HALF_A_DAY = 12 * 3600 * 1000;

export default defineCheck({
  id: "psc/id-token-expiry",
  title: { fr: "Jeton d'identité expiré : refusé", en: "Expired ID token: refused" },
  reads: POISON_READS,
  scenarios: ["psc-login-expired"],
  expects: "silence",
  messages: {
    accepted: {
      weight: "breach",
      source: "OpenID Connect Core 1.0 §3.1.3.7 point 9 (psc.md §10 point 6, §14)",
      mark: "standard",
      witness: "openid-client and jose refuse it",
      fr: "Le jeton d'identité était expiré depuis un jour ({fault}) et a été accepté.",
      en: "The ID token had expired a day before ({fault}) and was accepted.",
    },
  },
  evaluate(seen, report) {
    judgePoison(seen, report, {
      kind: "exp-past",
      operation: "psc.token",
      message: "accepted",
      // The fault goes back a whole day: beyond any tolerance of clocks.
      shows: ({ claims }, { at }) => Number(claims.exp) * 1000 < Date.parse(at) - HALF_A_DAY,
    });
  },
});
