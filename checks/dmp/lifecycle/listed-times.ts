/** The times of the registry, which are UTC, are shown as the moments they are. */
import { defineCheck } from "../../../core/model/index.js";
import { utcSeconds } from "../../../protocols/hl7-time.js";
import { entriesOf } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";
import { answerAt, asked, listOf, member, textOf } from "../helpers/steps.js";

export default defineCheck({
  id: "dmp/listed-times",
  title: {
    fr: "Les dates de la liste sont celles du registre, à l'heure locale",
    en: "The times of the list are those of the registry, in local time",
  },
  reads: ["dmp.search"],
  scenarios: ["dmp-search"],
  messages: {
    shifted: {
      weight: "remark",
      source: `${LIFE.integrators("EX_3.1-1070: dates XDS en UTC, affichage en heure locale")}; IHE ITI TF-3 §4.2.3.1.7, DTM`,
      mark: "third-party",
      witness: "none",
      fr: "Document « {document} » : le registre donne {expected} (UTC) ; la liste montre {observed}, qui est un autre moment.",
      en: "Document “{document}”: the registry gives {expected} (UTC); the list shows {observed}, which is another moment.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const times = new Map<string, string>();
      for (const { uniqueId, creationTime } of run.exchanges.flatMap(entriesOf)) {
        if (uniqueId !== null && creationTime !== null) times.set(uniqueId, creationTime);
      }
      for (const { step } of asked(run, "dmp.search")) {
        for (const document of listOf(member(step.answer, "documents"))) {
          const uniqueId = textOf(member(document, "uniqueId"));
          const observed = textOf(member(document, "creationTime"));
          const expected = uniqueId === null ? undefined : times.get(uniqueId);
          const shown = observed === null ? null : secondsOf(observed);
          const given = expected !== undefined && expected.length === 14 ? utcSeconds(expected) : null;
          if (shown === null || given === null || expected === undefined) continue;
          const at = answerAt(step, `documents[${uniqueId}].creationTime`);
          report.observed(at);
          // A screen may leave the seconds out.
          if (Math.abs(shown - given) >= 60) report.finding("shifted", at, { document: uniqueId, expected, observed });
        }
      }
    }
  },
});

/** Seconds of a time with an offset (RFC 3339); null for any other text. */
function secondsOf(value: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(value)) return null;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) ? null : Math.floor(milliseconds / 1000);
}
