import { defineCheck } from "../../core/model/index.js";
import { judgeFreshness } from "./helpers/freshness.js";

const SOURCE = "CI-SIS, sécurisation du transport des API REST: the callback gives back the state sent (psc.md §4, S4)";

export default defineCheck({
  id: "psc/state-fresh",
  title: { fr: "state : présent et nouveau à chaque connexion", en: "state: present and new at every login" },
  reads: ["psc.authorize", "psc.token"],
  scenarios: ["psc-login"],
  messages: {
    missing: {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "callback of the CI-SIS guide: state is mandatory and echoes the request",
      fr: "La demande d'autorisation n'a pas de state.",
      en: "The authorization request has no state.",
    },
    reused: {
      weight: "breach",
      source: "RFC 6749 §10.12: state holds a value that nobody can guess, bound to the user agent (psc.md §4)",
      mark: "standard",
      witness: "RFC 6749 §10.12: a non-guessable value bound to the user agent",
      fr: "Le state de cette connexion est celui d'une connexion précédente ({other}).",
      en: "The state of this login is that of an earlier one ({other}).",
    },
    "kept-in-session": {
      weight: "remark",
      source: "RFC 6749 §10.12 lets state be a hash of the session cookie (psc.md §4)",
      mark: "inferred",
      witness: "none",
      fr: "Le state de cette connexion est celui d'une connexion précédente du même navigateur ({other}).",
      en: "The state of this login is that of an earlier one of the same browser ({other}).",
    },
    short: {
      weight: "remark",
      source: "PSC authorization request: at least 128 bits (psc.md §4)",
      mark: "verified",
      witness: "none",
      fr: "Le state ne peut contenir plus de {bits} bits de hasard ; attendu au moins {enough}.",
      en: "The state cannot hold more than {bits} random bits; expected at least {enough}.",
    },
  },
  evaluate: (seen, report) => judgeFreshness(seen, report, "state", "kept-in-session"),
});
