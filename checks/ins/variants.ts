import { defineCheck } from "../../core/model/index.js";
import { responseAt } from "./helpers/calls.js";
import { missingFirstNames } from "./helpers/names.js";
import { searchSteps } from "./helpers/steps.js";

export default defineCheck({
  id: "ins/variants",
  title: { fr: "Autres critères essayés après « aucune identité »", en: "Other criteria tried after “nobody found”" },
  reads: ["ins.search"],
  scenarios: ["ins-search-second-name"],
  messages: {
    "no-variant": {
      weight: "remark",
      source: "regional guidance to professionals on an answer 01 (ins.md §3.5 and §9 line 1, S9)",
      mark: "third-party",
      witness: "published test identity TCHITCHI: 01 on OLA, 00 on CATARINA",
      fr: "Après 01, aucune autre recherche n'est faite alors que le dossier a d'autres prénoms ({missing}).",
      en: "After 01, no other search is made although the file has other first names ({missing}).",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const { patient } = run.facts;
      if (!patient) continue;
      for (const { calls } of searchSteps(run)) {
        const [first] = calls;
        const traits = first?.asked?.traits;
        if (!first || !traits || first.outcome !== "01") continue;
        const missing = missingFirstNames(patient, traits);
        if (missing.length === 0) continue;
        const at = responseAt(first, "CodeCR");
        report.observed(at);
        if (calls.length === 1) report.finding("no-variant", at, { missing: missing.join(" ") });
      }
    }
  },
});
