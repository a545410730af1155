import { defineCheck } from "../../core/model/index.js";
import { judgeSilence, struckExchanges } from "../helpers/silence.js";
import { firstSensitive, provocation } from "./helpers/sessions.js";

const FAULT = "starttls-missing";

/** When the operator's EHLO lacks STARTTLS, as under a downgrade attack, nothing secret may leave. */
export default defineCheck({
  id: "mss/nothing-in-clear",
  title: {
    fr: "Sans STARTTLS, ni jeton ni message ne partent en clair",
    en: "Without STARTTLS neither token nor mail leaves in clear",
  },
  reads: ["mss.session"],
  scenarios: ["mss-starttls-missing", "mss-send-professional"],
  expects: "silence",
  messages: {
    "auth-in-clear": {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.0.1 and ECO.1.2.1: TLS first, then SASL (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "none",
      fr: "L'opérateur ne propose pas STARTTLS : AUTH part quand même, en clair.",
      en: "The operator does not offer STARTTLS: AUTH leaves all the same, in clear.",
    },
    "mail-in-clear": {
      weight: "breach",
      source: "REF2 v1.0 ECO.1.0.1 (mssante.md §1.2, V2)",
      mark: "restated",
      witness: "none",
      fr: "L'opérateur ne propose pas STARTTLS : MAIL part quand même, en clair.",
      en: "The operator does not offer STARTTLS: MAIL leaves all the same, in clear.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter((one) => one.facts.faults.some((fault) => fault.kind === FAULT))) {
      const struck = new Set(struckExchanges(run, FAULT).map((exchange) => exchange.id));
      const came = judgeSilence(seen, report, {
        run,
        trigger: provocation(run, FAULT, ({ commands }) => commands.find((c) => c.verb === "EHLO")?.reply ?? null),
        // The provoked session itself is where it would come; in the control any session will do.
        happened: (other, trigger) =>
          firstSensitive(other, (session) => trigger === null || struck.has(session.exchange.id)),
      });
      if (came) report.finding(came.where?.startsWith("AUTH") ? "auth-in-clear" : "mail-in-clear", came);
    }
  },
});
