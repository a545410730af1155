/** A document the user kept back never leaves, and the next one does: the choice is for that document. */
import { defineCheck, type Pointer, type Report, type ScenarioRun, type Step } from "../../../core/model/index.js";
import { windowAfter } from "../../helpers/silence.js";
import { LIFE } from "../helpers/sources.js";
import { answerAt, member, textOf, type Uploaded, uploadsIn } from "../helpers/steps.js";

const SCENARIO = "dmp-validate-kept";

export default defineCheck({
  id: "dmp/upload-kept-back",
  title: {
    fr: "Un document gardé par l'utilisateur ne part pas ; le suivant part",
    en: "A document the user kept back does not leave; the next one does",
  },
  reads: ["dmp.submit"],
  scenarios: [SCENARIO],
  expects: "silence",
  messages: {
    sent: {
      weight: "breach",
      source: LIFE.row("DMP/ALI/PROG.03", "the user blocks the upload document by document"),
      mark: "verified",
      witness: "none",
      fr: "L'utilisateur avait gardé le document « {title} » ; il a pourtant été déposé au DMP.",
      en: "The user had kept the document “{title}” back; it was uploaded to the DMP all the same.",
    },
    sticky: {
      weight: "breach",
      source: LIFE.row("DMP/ALI/PROG.03", "document by document, never by default"),
      mark: "verified",
      witness: "none",
      fr: "Le document suivant « {title} », que l'utilisateur n'a pas gardé, n'a pas été déposé ; le logiciel dit : « {upload} ».",
      en: "The next document “{title}”, which the user did not keep back, was not uploaded; the software says: “{upload}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter(({ facts }) => facts.id === SCENARIO))
      judge(run, seen.exchanges.length > 0, report);
  },
});

/** `reached`: some upload came at all; software that uploads nowhere may be pointed at another DMP. */
function judge(run: ScenarioRun, reached: boolean, report: Report): void {
  const steps = run.steps.filter((s) => s.operation === "document.validate" && s.status === "done");
  const kept = steps.find((step) => member(step.input, "keepLocal") === true);
  const next = steps.find((step) => kept && step.index > kept.index && member(step.input, "keepLocal") !== true);
  const trigger = kept?.endEvent && kept.endedAt ? { at: { event: kept.endEvent }, endedAt: kept.endedAt } : null;
  const uploads = uploadsIn(run.exchanges);
  const departed = next && uploads.find((upload) => isOf(upload, next));
  // The next document that does arrive is the proof that the first would have been seen.
  const control: Pointer | null = departed ? { exchange: departed.exchange.id, side: "request" } : null;
  report.silence({ trigger: trigger?.at ?? null, control, window: trigger ? windowAfter(run, trigger) : null });
  if (!kept || !trigger) return;
  report.observed(trigger.at);
  const escaped = uploads.find((upload) => isOf(upload, kept));
  if (escaped) report.finding("sent", { exchange: escaped.exchange.id, side: "request" }, { title: titleOf(kept) });
  const upload = next ? textOf(member(next.answer, "upload")) : null;
  if (reached && next && !departed && upload !== null && upload !== "queued") {
    report.finding("sticky", answerAt(next, "upload"), { title: titleOf(next), upload });
  }
}

/** The two documents of the scenario are of different types: software may word the title its own way. */
function isOf({ exchange, document }: Uploaded, step: Step): boolean {
  const typeCode = textOf(member(step.input, "document", "typeCode"));
  return exchange.startedAt >= step.beganAt && document.entry.typeCode?.code === typeCode;
}

function titleOf(step: Step): string | null {
  return textOf(member(step.input, "document", "title"));
}
