import { defineCheck } from "../../core/model/index.js";
import { authorizations, inRequest } from "./helpers/calls.js";

const SOURCE =
  "Ségur row PSC.08: acr_values=eidas1 at the authorization endpoint (requirements.yaml; psc.md §4; the CI-SIS example writes acr)";
const WITNESS = "ANS proof-of-concept configurations (prosanteconnect/proof-of-concept)";

export default defineCheck({
  id: "psc/acr-values",
  title: { fr: "Niveau demandé : acr_values=eidas1", en: "Level asked for: acr_values=eidas1" },
  reads: ["psc.authorize", "psc.token"],
  messages: {
    missing: {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "La demande d'autorisation n'a pas de paramètre acr_values (paramètre acr : « {acr} ») ; attendu acr_values=eidas1.",
      en: "The authorization request has no acr_values parameter (parameter acr: “{acr}”); expected acr_values=eidas1.",
    },
    other: {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: WITNESS,
      fr: "acr_values vaut « {found} » ; attendu eidas1.",
      en: "acr_values is “{found}”; expected eidas1.",
    },
    mixed: {
      weight: "remark",
      source: "OpenID Connect Core 1.0 §3.1.2.1: several values by preference; PSC documents eidas1 alone (psc.md §4)",
      mark: "inferred",
      witness: "none",
      fr: "acr_values contient eidas1 parmi d'autres valeurs : « {found} ».",
      en: "acr_values holds eidas1 among other values: “{found}”.",
    },
  },
  evaluate(seen, report) {
    for (const { exchange, params } of authorizations(seen)) {
      const found = params.get("acr_values");
      const at = inRequest(exchange, "acr_values");
      report.observed(at);
      if (found === null || found === "") report.finding("missing", at, { acr: params.get("acr") ?? "-" });
      else if (!found.split(" ").includes("eidas1")) report.finding("other", at, { found });
      else if (found !== "eidas1") report.finding("mixed", at, { found });
    }
  },
});
