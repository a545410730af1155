/** A refused upload is not sent again and again. */
import { defineCheck } from "../../core/model/index.js";
import { REGISTRY_SUCCESS } from "../../protocols/xds.js";
import { answerOf } from "./helpers/call.js";
import { submissionOf } from "./helpers/submission.js";

/** One new attempt may be an honest second try. */
const TOLERATED = 1;

export default defineCheck({
  id: "dmp/retry-after-refusal",
  title: {
    fr: "Un dépôt refusé n'est pas répété en rafale",
    en: "A refused upload is not repeated in a burst",
  },
  reads: ["dmp.submit"],
  scenarios: ["dmp-submit-failure"],
  messages: {
    burst: {
      weight: "remark",
      source: "comportement attendu sur échec (dmp.md §7)",
      mark: "inferred",
      witness: "none",
      fr: "Le document « {id} » refusé par le DMP (échange {first}) a été renvoyé {count} fois dans la même opération.",
      en: "The document “{id}” that the DMP refused (exchange {first}) was sent again {count} times in the same operation.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const refused = run.exchanges.find((x) => {
        const answer = answerOf(x);
        return answer !== null && answer.registry?.status !== REGISTRY_SUCCESS;
      });
      if (!refused) continue;
      const at = { exchange: refused.id, side: "response" } as const;
      report.observed(at);
      const id = submissionOf(refused)?.xds.documents[0]?.uniqueId ?? null;
      const again = run.exchanges.filter(
        (x) => x.startedAt > refused.startedAt && submissionOf(x)?.xds.documents[0]?.uniqueId === id,
      );
      if (again.length > TOLERATED) report.finding("burst", at, { id, first: refused.id, count: again.length });
    }
  },
});
