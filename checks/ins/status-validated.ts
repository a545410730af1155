import { defineCheck } from "../../core/model/index.js";
import { RNIV, transitions } from "./helpers/transitions.js";

export default defineCheck({
  id: "ins/status-validated",
  title: {
    fr: "Pièce contrôlée, sans réponse INSi : identité validée",
    en: "Document checked, no INSi answer: identity validated",
  },
  reads: ["ins.search"],
  scenarios: ["ins-validate-then-search"],
  messages: {
    "not-validated": {
      weight: "breach",
      source: RNIV,
      mark: "verified",
      witness: "none",
      fr: "Identité provisoire contrôlée avec une pièce ({document}) : statut {found}, attendu VALI.",
      en: "Provisional identity checked with a document ({document}): status {found}, expected VALI.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const { event, name, before, after, at } of transitions(run)) {
        if (event !== "document" || before !== "PROV") continue;
        report.observed(at);
        if (after !== "VALI") report.finding("not-validated", at, { found: after, document: name });
      }
    }
  },
});
