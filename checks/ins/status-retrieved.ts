import { defineCheck } from "../../core/model/index.js";
import { RNIV, transitions } from "./helpers/transitions.js";

export default defineCheck({
  id: "ins/status-retrieved",
  title: {
    fr: "Identité trouvée par INSi, sans pièce contrôlée : récupérée",
    en: "Identity found by INSi, no document checked: retrieved",
  },
  reads: ["ins.search"],
  scenarios: ["ins-qualify"],
  messages: {
    "not-retrieved": {
      weight: "breach",
      source: RNIV,
      mark: "verified",
      witness: "none",
      fr: "Identité provisoire trouvée par INSi et acceptée : statut {found}, attendu RECUP.",
      en: "Provisional identity found by INSi and accepted: status {found}, expected RECUP.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const { event, before, after, at } of transitions(run)) {
        if (event !== "found" || before !== "PROV") continue;
        report.observed(at);
        if (after !== "RECUP") report.finding("not-retrieved", at, { found: after });
      }
    }
  },
});
