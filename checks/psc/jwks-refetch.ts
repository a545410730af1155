import { defineCheck } from "../../core/model/index.js";
import { deliveredTrigger, struckExchanges, windowAfter } from "../helpers/silence.js";
import { inRequest, named } from "./helpers/calls.js";

const KIND = "kid-unknown";
/** The key set may not have been read yet: one reading, then one more for the unknown key. */
const FAIR = 2;

export default defineCheck({
  id: "psc/jwks-refetch",
  title: { fr: "Clé inconnue : clés relues une fois, sans rafale", en: "Unknown key: keys read again once, no storm" },
  reads: ["psc.token", "psc.jwks"],
  scenarios: ["psc-login-kid-unknown"],
  messages: {
    storm: {
      weight: "remark",
      source: "The ANS Keycloak connector reads the keys again once, then refuses (psc.md §10 point 3, §14, S7)",
      mark: "observed",
      witness: "ansforge/keycloak-prosanteconnect; jose's remote key set",
      fr: "Devant une clé inconnue, les clés de PSC ont été lues {count} fois ; attendu {fair} au plus.",
      en: "Faced with an unknown key, PSC's keys were read {count} times; expected {fair} at most.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const struck of struckExchanges(run, KIND)) {
        const trigger = deliveredTrigger(struck);
        if (!trigger || !windowAfter(run, trigger)) continue;
        report.observed(trigger.at);
        const read = named(run.exchanges, "psc.jwks").filter((exchange) => exchange.startedAt >= struck.startedAt);
        const last = read[read.length - 1];
        if (last && read.length > FAIR) report.finding("storm", inRequest(last), { count: read.length, fair: FAIR });
      }
    }
  },
});
