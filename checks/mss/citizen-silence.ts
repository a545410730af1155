import { defineCheck, type Pointer, type ScenarioRun } from "../../core/model/index.js";
import { judgeSilence, stepTrigger } from "../helpers/silence.js";
import { isCitizen, transactionOf } from "./helpers/mails.js";

const SCENARIO = "mss-citizen-unqualified";

/** Asked to write to the citizen of an identity that is not qualified, the software sends nothing to the citizen domain. */
export default defineCheck({
  id: "mss/citizen-silence",
  title: {
    fr: "Rien ne part vers l'usager quand l'identité n'est pas qualifiée",
    en: "Nothing leaves for the citizen when the identity is not qualified",
  },
  reads: ["mss.submit"],
  scenarios: [SCENARIO, "mss-send-citizen"],
  expects: "silence",
  messages: {
    sent: {
      weight: "breach",
      source: "REF2 v1.0 ECO.2.2.6 (§3.4.2) / MSS/va1.19 (mssante.md §3, V2)",
      mark: "restated",
      witness: "none",
      fr: "L'identité n'est pas qualifiée et un message part vers {address}.",
      en: "The identity is not qualified and a mail leaves for {address}.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter((one) => one.facts.id === SCENARIO)) {
      // The mail leaves while the step lasts, before the software answers it: the whole run is looked at.
      const came = judgeSilence(seen, report, {
        run,
        trigger: stepTrigger(run, "mss.send"),
        happened: (other) => citizenMail(other),
      });
      if (came) report.finding("sent", came, { address: came.where ?? "" });
    }
  },
});

function citizenMail(run: ScenarioRun): Pointer | null {
  for (const exchange of run.exchanges) {
    const recipient = transactionOf(exchange)?.recipients.find(({ address }) => isCitizen(address));
    if (recipient) return { exchange: exchange.id, side: "request", where: recipient.address };
  }
  return null;
}
