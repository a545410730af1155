/** Opening a document that the patient or the legal representatives may not see comes with a warning. */
import { defineCheck } from "../../../core/model/index.js";
import { CONSULTATION, entriesOf } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";
import { answerAt, asked, listOf, member, textOf } from "../helpers/steps.js";

const HIDDEN = ["INVISIBLE_PATIENT", "INVISIBLE_REPRESENTANTS_LEGAUX"];

export default defineCheck({
  id: "dmp/hidden-document-told",
  title: {
    fr: "Un document non visible par le patient s'ouvre avec un avertissement",
    en: "A document the patient may not see opens with a warning",
  },
  reads: CONSULTATION,
  scenarios: ["dmp-retrieve"],
  messages: {
    not_told: {
      weight: "remark",
      source: LIFE.integrators(
        "EX_3.2-1025: alerte à la lecture d'un document invisible au patient ou à ses représentants",
      ),
      mark: "third-party",
      witness: "none",
      fr: "Le document « {document} » porte {codes} ; le logiciel l'a ouvert sans avertissement.",
      en: "The document “{document}” bears {codes}; the software opened it without a warning.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const entries = run.exchanges.flatMap(entriesOf);
      for (const { step } of asked(run, "dmp.retrieve")) {
        for (const document of listOf(member(step.answer, "documents"))) {
          const uniqueId = textOf(member(document, "uniqueId"));
          const alert = member(document, "alert");
          const entry = entries.filter((one) => one.uniqueId === uniqueId).pop();
          const codes = (entry?.confidentialityCodes ?? []).flatMap(({ code }) =>
            code !== null && HIDDEN.includes(code) ? [code] : [],
          );
          // An adapter that says nothing of alerts shows nothing of the screen.
          if (uniqueId === null || alert === undefined || codes.length === 0) continue;
          const at = answerAt(step, `documents[${uniqueId}].alert`);
          report.observed(at);
          if (alert === null || String(alert).trim() === "") {
            report.finding("not_told", at, { document: uniqueId, codes: codes.join(", ") });
          }
        }
      }
    }
  },
});
