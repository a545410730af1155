/** A document that a user finished reaches the DMP by itself. */
import { defineCheck, type Pointer, type Report } from "../../../core/model/index.js";
import { LIFE } from "../helpers/sources.js";
import { answerAt, asked, type Asked, member, textOf, uploadsIn } from "../helpers/steps.js";

const SCENARIO = "dmp-validate";

export default defineCheck({
  id: "dmp/automatic-upload",
  title: {
    fr: "Un document validé est déposé au DMP sans autre geste",
    en: "A document that was validated is uploaded to the DMP with no other gesture",
  },
  reads: ["dmp.submit"],
  scenarios: [SCENARIO],
  messages: {
    not_sent: {
      weight: "breach",
      source: LIFE.row("DMP/ALI/PROG.02, DMP/va1.01", "every document in scope is sent on validation, by default"),
      mark: "verified",
      witness: "none",
      fr: "Le document validé n'a pas été déposé au DMP ; le logiciel dit : « {upload} ».",
      en: "The document validated was not uploaded to the DMP; the software says: “{upload}”.",
    },
    other_id: {
      weight: "breach",
      source: LIFE.row("DMP/ALI/PROG.02", "ids of the documents received equal those validated"),
      mark: "verified",
      witness: "none",
      fr: "Le logiciel dit avoir déposé le document « {expected} » ; le DMP a reçu : {observed}.",
      en: "The software says it uploaded the document “{expected}”; the DMP received: {observed}.",
    },
  },
  evaluate(seen, report) {
    // Software that uploads nowhere may well be pointed at another DMP: nothing is known of it.
    if (seen.exchanges.length === 0) return;
    for (const run of seen.runs.filter(({ facts }) => facts.id === SCENARIO)) {
      for (const one of asked(run, "document.validate")) judge(one, report);
    }
  },
});

/** The answer comes when the first attempt is over: what waits after it met a technical failure, which is another matter. */
function judge({ run, step }: Asked, report: Report): void {
  if (step.status !== "done" || member(step.input, "keepLocal") === true) return;
  const upload = textOf(member(step.answer, "upload"));
  const sent = uploadsIn(run.exchanges.filter((x) => x.startedAt >= step.beganAt));
  const told = answerAt(step, "upload");
  const [first] = sent;
  if (!first) {
    if (upload !== null && upload !== "queued") report.finding("not_sent", told, { upload });
    return;
  }
  const at: Pointer = { exchange: first.exchange.id, side: "request" };
  report.observed(at);
  const expected = textOf(member(step.answer, "uniqueId"));
  const ids = sent.map(({ document }) => document.entry.uniqueId ?? "–");
  if (upload === "sent" && expected !== null && !ids.includes(expected)) {
    report.finding("other_id", at, { expected, observed: ids.join(", ") });
  }
}
