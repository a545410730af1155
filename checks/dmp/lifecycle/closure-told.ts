/** Of a closed DMP, the user is told when and why it was closed. */
import { defineCheck } from "../../../core/model/index.js";
import { answerOf } from "../helpers/call.js";
import { asked, answerAt, member } from "../helpers/steps.js";

export default defineCheck({
  id: "dmp/closure-told",
  title: {
    fr: "La fermeture du DMP est dite à l'utilisateur, avec ce que le DMP en donne",
    en: "The closure of the DMP is told to the user, with what the DMP gives of it",
  },
  reads: ["dmp.exists"],
  scenarios: ["dmp-closed-motive"],
  messages: {
    not_told: {
      weight: "remark",
      source: "réponse de TD0.2 : date, motif et raison de la fermeture (dmp.md §1.4, S9)",
      mark: "third-party",
      witness: "none",
      fr: "Le DMP a répondu que le dossier est fermé, avec la date et le motif (échange {answer}) ; le logiciel n'en dit rien.",
      en: "The DMP answered that the record is closed, with the date and the motive (exchange {answer}); the software tells nothing of it.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const { step, calls } of asked(run, "dmp.exists")) {
        const answer = calls.find((x) => answerOf(x)?.dmp === "closed");
        const closure = member(step.answer, "closure");
        if (!answer || closure === undefined) continue;
        report.observed(answerAt(step, "closure"));
        if (closure === null || String(closure).trim() === "") {
          report.finding("not_told", answerAt(step, "closure"), { answer: answer.id });
        }
      }
    }
  },
});
