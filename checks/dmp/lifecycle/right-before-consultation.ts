/** The right of the user is checked (TD0.2 or TD0.4) before the DMP is consulted. */
import { defineCheck, type Exchange } from "../../../core/model/index.js";
import { callOf, identifiersAsked } from "../helpers/call.js";
import { CONSULTATION, consults } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";
import { askedIn } from "../helpers/steps.js";

export default defineCheck({
  id: "dmp/right-before-consultation",
  title: {
    fr: "Le droit d'accès est vérifié avant de consulter le DMP",
    en: "The right of access is checked before the DMP is consulted",
  },
  // TD0.4 is not served here: a call that nobody serves may be it.
  reads: ["dmp.exists", ...CONSULTATION, "dmp.unexpected"],
  scenarios: ["dmp-search", "dmp-retrieve"],
  messages: {
    not_checked: {
      weight: "breach",
      source: LIFE.row("DMP/UX.08", "right of the user checked (TD0.2 or TD0.4) before any consultation"),
      mark: "verified",
      witness: "none",
      fr: "Le DMP a été consulté ({operation}) sans que le droit d'accès ait été vérifié auparavant (TD0.2 ou TD0.4) pour ce patient.",
      en: "The DMP was consulted ({operation}) and the right of access had not been checked before (TD0.2 or TD0.4) for this patient.",
    },
    earlier_only: {
      weight: "remark",
      source: LIFE.row("DMP/UX.08", "before any consultation; how long an answer may be remembered is not said"),
      mark: "inferred",
      witness: "none",
      fr: "Depuis l'ouverture du dossier, le droit d'accès n'a pas été vérifié avant la consultation ({operation}) ; il l'avait été plus tôt, pour ce patient.",
      en: "Since the file was opened, the right of access was not checked before the consultation ({operation}); it had been earlier, for this patient.",
    },
  },
  evaluate(seen, report) {
    for (const { run, step, calls } of askedIn(seen.runs, CONSULTATION)) {
      const matricule = run.facts.patient?.ins?.matricule;
      const first = calls.find(consults);
      if (!first || !matricule || step.status === "failed" || purposeOf(first) !== "normal") continue;
      const before = (list: readonly Exchange[]): readonly Exchange[] =>
        list.filter((x) => x.startedAt < first.startedAt);
      const inRun = before(run.exchanges);
      const at = { exchange: first.id, side: "request" } as const;
      const checked = inRun.some((x) => asksAbout(x, matricule));
      if (!checked && inRun.some((x) => x.operation === "dmp.unexpected")) continue;
      report.observed(at);
      if (checked) continue;
      const earlier = before(seen.exchanges).some((x) => asksAbout(x, matricule));
      report.finding(earlier ? "earlier_only" : "not_checked", at, { operation: first.operation });
    }
  },
});

function asksAbout(exchange: Exchange, matricule: string): boolean {
  const call = exchange.operation === "dmp.exists" ? callOf(exchange) : null;
  return call !== null && identifiersAsked(call).some((asked) => asked.matricule === matricule);
}

/** An emergency does not wait for a right; whatever is not said is an ordinary access. */
function purposeOf(exchange: Exchange): string {
  return callOf(exchange)?.vihf?.purposeOfUse?.code ?? "normal";
}
