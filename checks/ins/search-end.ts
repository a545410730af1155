import { defineCheck } from "../../core/model/index.js";
import { requestAt, responseAt } from "./helpers/calls.js";
import { searchSteps } from "./helpers/steps.js";

export default defineCheck({
  id: "ins/search-end",
  title: { fr: "Recherche close par la première identité trouvée", en: "Search closed by the first identity found" },
  reads: ["ins.search"],
  scenarios: ["ins-search-found"],
  messages: {
    "call-after-found": {
      weight: "remark",
      source: "certified implementation as observed (ins.md §3.5, S1)",
      mark: "observed",
      witness: "open client published in padoa/tlsi-ins",
      fr: "La recherche continue ({calls} appel(s) de plus) après une identité trouvée ({found}).",
      en: "The search goes on ({calls} more call(s)) after an identity was found ({found}).",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const { calls } of searchSteps(run)) {
        const end = calls.findIndex((call) => call.outcome === "00");
        const found = calls[end];
        if (!found) continue;
        report.observed(responseAt(found, "CodeCR"));
        const next = calls[end + 1];
        if (next) {
          const more = calls.length - end - 1;
          report.finding("call-after-found", requestAt(next, "Body"), { calls: more, found: found.exchange.id });
        }
      }
    }
  },
});
