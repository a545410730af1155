import { defineCheck } from "../../core/model/index.js";
import type { InsCall } from "./helpers/calls.js";
import { judgeKept, KEPT_MESSAGES } from "./helpers/kept.js";
import { answerAt, member, searchSteps, textOf } from "./helpers/steps.js";

export default defineCheck({
  id: "ins/failure-kept",
  title: { fr: "Échec d'un appel INSi : rien ne change", en: "Failed INSi call: nothing changes" },
  reads: ["ins.search"],
  scenarios: [
    "ins-search-fault",
    "ins-search-fault-retrieved",
    "ins-search-unavailable",
    "ins-search-unreadable",
    "ins-search-unknown-code",
    "ins-search-cut",
  ],
  messages: {
    ...KEPT_MESSAGES,
    "software-broken": {
      weight: "remark",
      source: "deduction of this project: care goes on with the local identity (ins.md §3.5 and §9 line 11)",
      mark: "inferred",
      witness: "none",
      fr: "INSi a répondu par la faute {outcome} ; l'opération du logiciel s'est terminée en erreur ({found}).",
      en: "INSi answered with the fault {outcome}; the operation of the software ended in an error ({found}).",
    },
    "failure-as-result": {
      weight: "remark",
      source: "deduction of this project on unreadable answers (ins.md §9 line 14)",
      mark: "inferred",
      witness: "none",
      fr: "L'appel a échoué ({outcome}) ; le logiciel annonce pourtant le résultat « {found} ».",
      en: "The call failed ({outcome}); the software nevertheless reports the result “{found}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const search of searchSteps(run)) {
        const { last, step, calls } = search;
        // A search in which an earlier call found somebody is not a failed one.
        if (last?.outcome !== "failure" || calls.some((call) => call.outcome === "00")) continue;
        const outcome = nameOf(last);
        judgeKept(search, outcome, report);
        const told = textOf(member(step.answer, "code"));
        if (told === "00" || told === "01" || told === "02") {
          report.finding("failure-as-result", answerAt(step, "code"), { outcome, found: told });
        }
      }
      for (const { last, step } of searchSteps(run, "failed")) {
        if (!last?.answer?.fault?.code) continue;
        const found = textOf(member(step.answer, "error")) ?? "error";
        report.finding("software-broken", answerAt(step, "error"), { outcome: nameOf(last), found });
      }
    }
  },
});

/** Short name of what came in place of an answer. */
function nameOf(call: InsCall): string {
  const { answer, response } = call;
  if (!call.exchange.complete || !response) return "cut";
  if (answer?.fault) return [answer.fault.subcode, answer.fault.code].filter(Boolean).join("/") || "fault";
  if (answer?.code) return `code ${answer.code}`;
  return `HTTP ${response.status}`;
}
