import { defineCheck } from "../../core/model/index.js";
import { judgeFreshness } from "./helpers/freshness.js";

export default defineCheck({
  id: "psc/nonce-fresh",
  title: { fr: "nonce : présent et nouveau à chaque connexion", en: "nonce: present and new at every login" },
  reads: ["psc.authorize", "psc.token"],
  scenarios: ["psc-login"],
  messages: {
    missing: {
      weight: "remark",
      source:
        "example request of the CI-SIS guide; OpenID Connect Core 1.0 §3.1.2.1 leaves it optional (psc.md §4, S4)",
      mark: "observed",
      witness: "example request of the CI-SIS guide, which carries nonce; ANS Keycloak connector sends one",
      fr: "La demande d'autorisation n'a pas de nonce.",
      en: "The authorization request has no nonce.",
    },
    reused: {
      weight: "breach",
      source: "OpenID Connect Core 1.0 §3.1.2.1: enough entropy in nonce that nobody can guess it (psc.md §4)",
      mark: "standard",
      witness: "OpenID Connect Core 1.0 §15.5.2: nonce guards against replay",
      fr: "Le nonce de cette connexion est celui d'une connexion précédente ({other}).",
      en: "The nonce of this login is that of an earlier one ({other}).",
    },
    short: {
      weight: "remark",
      source: "ANS Keycloak connector sends 32 random bytes (psc.md §4, S7)",
      mark: "observed",
      witness: "none",
      fr: "Le nonce ne peut contenir plus de {bits} bits de hasard ; attendu au moins {enough}.",
      en: "The nonce cannot hold more than {bits} random bits; expected at least {enough}.",
    },
  },
  evaluate: (seen, report) => judgeFreshness(seen, report, "nonce"),
});
