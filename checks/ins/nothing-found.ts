import { defineCheck } from "../../core/model/index.js";
import { judgeKept, KEPT_MESSAGES } from "./helpers/kept.js";
import { answerAt, member, searchSteps, textOf } from "./helpers/steps.js";

export default defineCheck({
  id: "ins/nothing-found",
  title: {
    fr: "Réponses 01 et 02 : des résultats, statut inchangé",
    en: "Answers 01 and 02: results, status unchanged",
  },
  reads: ["ins.search"],
  scenarios: ["ins-search-none", "ins-search-several"],
  messages: {
    ...KEPT_MESSAGES,
    "not-a-result": {
      weight: "breach",
      source: "INSi answer codes: 01 and 02 are functional results (ins.md §2.5, S1 S9)",
      mark: "verified",
      witness: "answers published in padoa/tlsi-ins",
      fr: "INSi a répondu {expected} ; le logiciel annonce « {found} ».",
      en: "INSi answered {expected}; the software reports “{found}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const search of searchSteps(run)) {
        const { calls, last, step } = search;
        if (last?.outcome !== "01" && last?.outcome !== "02") continue;
        judgeKept(search, last.outcome, report);
        const told = member(step.answer, "code");
        // A search made of several calls may be told by any of their results.
        if (!calls.some((call) => call.outcome === told)) {
          report.finding("not-a-result", answerAt(step, "code"), { expected: last.outcome, found: textOf(told) });
        }
      }
      for (const { last, step } of searchSteps(run, "failed")) {
        if (last?.outcome !== "01" && last?.outcome !== "02") continue;
        const found = textOf(member(step.answer, "error")) ?? "error";
        report.finding("not-a-result", answerAt(step, "error"), { expected: last.outcome, found });
      }
    }
  },
});
