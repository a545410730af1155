/** A document whose upload met an unreachable DMP waits, and is shown as waiting. */
import { defineCheck, type Report, type ScenarioRun } from "../../../core/model/index.js";
import { struckExchanges } from "../../helpers/silence.js";
import { succeeded } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";
import { answerAt, listOf, member, textOf, uploadsIn } from "../helpers/steps.js";

const SCENARIO = "dmp-unavailable-queue";

export default defineCheck({
  id: "dmp/queue-listed",
  title: {
    fr: "Un dépôt qui n'a pas pu partir attend, et le logiciel le montre",
    en: "An upload that could not leave waits, and the software shows it",
  },
  reads: ["dmp.exists", "dmp.submit"],
  scenarios: [SCENARIO],
  messages: {
    not_listed: {
      weight: "breach",
      source: LIFE.row("DMP/ALI/PROG.06", "uploads are queued when the DMP cannot be reached"),
      mark: "verified",
      witness: "none",
      fr: "Le DMP était injoignable et rien n'a été déposé ; le document « {title} » ne figure pas parmi ceux en attente ({count} en attente).",
      en: "The DMP could not be reached and nothing was uploaded; the document “{title}” is not among those that wait ({count} waiting).",
    },
    told_sent: {
      weight: "remark",
      source: "comportement attendu sur échec (dmp.md §7)",
      mark: "inferred",
      witness: "none",
      fr: "Le DMP était injoignable (échange {exchange}) et rien n'a été déposé ; le logiciel dit que le document « {title} » est envoyé.",
      en: "The DMP could not be reached (exchange {exchange}) and nothing was uploaded; the software says that the document “{title}” was sent.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs.filter(({ facts }) => facts.id === SCENARIO)) judge(run, report);
  },
});

function judge(run: ScenarioRun, report: Report): void {
  const validated = run.steps.find((s) => s.operation === "document.validate" && s.status !== "failed");
  const list = run.steps.find(
    (s) => s.operation === "dmp.pending" && s.status === "done" && validated && s.index > validated.index,
  );
  const [struck] = struckExchanges(run, "http-503");
  if (!validated || !struck) return;
  const until = list?.beganAt ?? validated.endedAt ?? "";
  // Software that tried again at once and got through has nothing that waits.
  if (uploadsIn(run.exchanges).some(({ exchange }) => exchange.startedAt < until && succeeded(exchange))) return;
  const title = textOf(member(validated.input, "document", "title"));
  if (member(validated.answer, "upload") === "sent") {
    report.finding("told_sent", answerAt(validated, "upload"), { title, exchange: struck.id });
  }
  const documents = list ? member(list.answer, "documents") : undefined;
  if (!list || !Array.isArray(documents)) return;
  const at = answerAt(list, "documents");
  report.observed(at);
  const id = textOf(member(validated.answer, "documentId"));
  const waiting = listOf(documents).some((one) => id === null || member(one, "documentId") === id);
  if (!waiting) report.finding("not_listed", at, { title, count: documents.length });
}
