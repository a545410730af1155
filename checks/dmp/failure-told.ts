/** An upload that failed is not announced as done. */
import { defineCheck, type Exchange, type Step } from "../../core/model/index.js";
import { REGISTRY_SUCCESS } from "../../protocols/xds.js";
import { answerOf } from "./helpers/call.js";

export default defineCheck({
  id: "dmp/failure-told",
  title: {
    fr: "Un dépôt refusé n'est pas annoncé comme fait",
    en: "An upload that was refused is not announced as done",
  },
  reads: ["dmp.submit"],
  scenarios: ["dmp-submit-failure"],
  messages: {
    told_done: {
      weight: "remark",
      source: "comportement attendu sur échec (dmp.md §7)",
      mark: "inferred",
      witness: "none",
      fr: "Le DMP a répondu « {answer} » (échange {exchange}) ; le logiciel dit pourtant que le dépôt est fait.",
      en: "The DMP answered “{answer}” (exchange {exchange}); the software says all the same that the upload is done.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const step of run.steps.filter((s) => s.operation === "dmp.submit" && s.endEvent !== null)) {
        const uploads = run.exchanges.filter((x) => within(x, step));
        const refused = uploads[uploads.length - 1];
        const answer = refused ? refusalOf(refused) : null;
        // Only the last word of the DMP counts: a second attempt that went through is a success.
        if (!refused || answer === null || !step.endEvent) continue;
        report.observed({ event: step.endEvent });
        if (step.status === "done")
          report.finding("told_done", { event: step.endEvent }, { answer, exchange: refused.id });
      }
    }
  },
});

function within(exchange: Exchange, step: Step): boolean {
  return exchange.startedAt >= step.beganAt && step.endedAt !== null && exchange.startedAt <= step.endedAt;
}

/** What the DMP answered when it is no success; null for a success, or an answer that was not delivered. */
function refusalOf(exchange: Exchange): string | null {
  const answer = answerOf(exchange);
  if (!answer || answer.registry?.status === REGISTRY_SUCCESS) return null;
  if (answer.fault) return `SOAP Fault ${answer.fault.subcodes[0] ?? answer.fault.code ?? ""}`.trim();
  return answer.registry?.status?.split(":").pop() ?? `HTTP ${answer.status}`;
}
