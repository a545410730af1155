/** What cannot be taken back is not done when the user did not confirm. */
import { defineCheck, type Exchange } from "../../../core/model/index.js";
import { updateOf } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";
import { asked, type Asked, member } from "../helpers/steps.js";

const ASKED = ["show-patient", "show-representatives"];

/** The confirmed request of the same run shows that the software can do it: without it nothing is said. */
export default defineCheck({
  id: "dmp/irreversible-confirmed",
  title: {
    fr: "Rendre un document visible n'est pas fait sans confirmation",
    en: "A document is not made visible without a confirmation",
  },
  reads: ["dmp.update"],
  scenarios: ["dmp-update-show"],
  messages: {
    unconfirmed: {
      weight: "remark",
      source: LIFE.integrators(
        "EX_3.3-1045: confirmation avant une visibilité irréversible (représentants légaux ; patient par analogie)",
      ),
      mark: "third-party",
      witness: "none",
      fr: "L'utilisateur n'avait pas confirmé ; la modification ({action}) a pourtant été envoyée.",
      en: "The user had not confirmed; the update ({action}) was sent all the same.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const steps = asked(run, "dmp.update").filter(({ step }) => ASKED.includes(String(member(step.input, "action"))));
      const done = steps.filter(({ step }) => member(step.input, "confirmed") !== false).find(updates);
      for (const one of steps.filter(({ step }) => member(step.input, "confirmed") === false)) {
        const sent = updates(one);
        if (!sent && !done) continue;
        report.observed({ event: one.step.endEvent ?? one.step.beginEvent });
        if (!sent) continue;
        const action = String(member(one.step.input, "action"));
        report.finding("unconfirmed", { exchange: sent.id, side: "request" }, { action });
      }
    }
  },
});

/** The first metadata update of a step. */
function updates({ calls }: Asked): Exchange | undefined {
  return calls.find((x) => updateOf(x)?.operations.some(({ kind }) => kind === "metadata"));
}
