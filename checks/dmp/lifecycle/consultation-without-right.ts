/** When TD0.2 tells of no valid right, the DMP is not consulted before the right was added (TD0.3). */
import { defineCheck, type Exchange, type Pointer } from "../../../core/model/index.js";
import { callOf } from "../helpers/call.js";
import { CONSULTATION, consults, RIGHT_GIVEN, rightAsked, rightTold } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";

export default defineCheck({
  id: "dmp/consultation-without-right",
  title: {
    fr: "Sans droit d'accès, le DMP n'est pas consulté avant l'ajout du droit",
    en: "Without a right of access, the DMP is not consulted before the right is added",
  },
  reads: ["dmp.exists", "dmp.authorise", ...CONSULTATION],
  scenarios: ["dmp-authorise", "dmp-authorisation-denied"],
  messages: {
    consulted: {
      weight: "remark",
      source: `${LIFE.row("DMP/UX.50", "with no right, TD0.3 before consulting")}; values of AUTORISATION other than VALIDE unconfirmed (dmp.md §1.4, S9 S11)`,
      mark: "third-party",
      witness: "none",
      fr: "Le DMP avait répondu AUTORISATION = « {right} » (échange {answer}) ; il a pourtant été consulté ({operation}) sans ajout d'autorisation (TD0.3) entre-temps.",
      en: "The DMP had answered AUTORISATION = “{right}” (exchange {answer}); it was consulted all the same ({operation}) and no right was added (TD0.3) in between.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      let refusal: { readonly answer: Exchange; readonly right: string } | null = null;
      for (const exchange of run.exchanges) {
        const right = rightTold(exchange);
        const at: Pointer = { exchange: exchange.id, side: "request" };
        if (right !== null) {
          refusal = right === RIGHT_GIVEN ? null : { answer: exchange, right };
          if (refusal) report.observed({ exchange: exchange.id, side: "response" });
        } else if (rightAsked(exchange) !== null && rightAsked(exchange) !== "SUPPRESSION") refusal = null;
        // Emergencies need no right.
        else if (refusal && consults(exchange) && purposeOf(exchange) === "normal") {
          report.finding("consulted", at, {
            right: refusal.right,
            answer: refusal.answer.id,
            operation: exchange.operation,
          });
        }
      }
    }
  },
});

function purposeOf(exchange: Exchange): string {
  return callOf(exchange)?.vihf?.purposeOfUse?.code ?? "normal";
}
