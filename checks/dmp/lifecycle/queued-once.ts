/** A document that waited reaches the DMP once, by itself: not never, and not twice. */
import { defineCheck, type Exchange, type Pointer, type Report, type ScenarioRun } from "../../../core/model/index.js";
import { struckExchanges } from "../../helpers/silence.js";
import { answerOf } from "../helpers/call.js";
import { succeeded } from "../helpers/consultation.js";
import { LIFE } from "../helpers/sources.js";
import { answerAt, listOf, member, textOf, type Uploaded, uploadsIn } from "../helpers/steps.js";

const UNREACHABLE = "dmp-unavailable-queue";
const LOST = "dmp-answer-lost";
/** After a refusal, one new attempt may be an honest second try. */
const TOLERATED = 1;

export default defineCheck({
  id: "dmp/queued-once",
  title: {
    fr: "Un dépôt en attente part une fois, et une seule, quand le DMP répond",
    en: "An upload that waited leaves once, and once only, when the DMP answers",
  },
  reads: ["dmp.exists", "dmp.submit"],
  scenarios: [UNREACHABLE, LOST],
  messages: {
    not_sent: {
      weight: "breach",
      source: LIFE.row("DMP/ALI/PROG.07", "queued uploads are replayed once the DMP answers again"),
      mark: "verified",
      witness: "none",
      fr: "Le DMP répond à nouveau et le logiciel ne montre plus rien en attente ; le document « {title} » n'a pourtant jamais été déposé.",
      en: "The DMP answers again and the software shows nothing waiting any more; the document “{title}” was never uploaded all the same.",
    },
    again: {
      weight: "breach",
      source: LIFE.row("DMP/ALI/PROG.07", "every queued document reaches the DMP exactly once"),
      mark: "verified",
      witness: "none",
      fr: "Le document « {id} » était déposé (réponse Success, échange {first}) ; il a été envoyé encore {count} fois.",
      en: "The document “{id}” was uploaded (answer Success, exchange {first}); it was sent {count} more times.",
    },
    duplicate: {
      weight: "breach",
      source: LIFE.row("DMP/ALI/PROG.07", "every queued document reaches the DMP exactly once"),
      mark: "verified",
      witness: "none",
      fr: "Un seul document était validé ; le DMP en a enregistré {count}, sous des identifiants différents : {ids}.",
      en: "One document was validated; the DMP registered {count}, under different ids: {ids}.",
    },
    burst: {
      weight: "remark",
      source: "comportement attendu sur échec (dmp.md §7)",
      mark: "inferred",
      witness: "none",
      fr: "Le document « {id} », refusé par le DMP (échange {first}), a été envoyé encore {count} fois.",
      en: "The document “{id}”, which the DMP refused (exchange {first}), was sent {count} more times.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      if (run.facts.id === UNREACHABLE) judgeReplay(run, report);
      if (run.facts.id === UNREACHABLE || run.facts.id === LOST) judgeCopies(run, report);
    }
  },
});

function judgeReplay(run: ScenarioRun, report: Report): void {
  const [struck] = struckExchanges(run, "http-503");
  const validated = run.steps.find((s) => s.operation === "document.validate" && s.status === "done");
  if (!struck || !validated) return;
  const arrived = uploadsIn(run.exchanges).find(
    ({ exchange }) => exchange.startedAt > struck.startedAt && succeeded(exchange),
  );
  if (arrived) return report.observed({ exchange: arrived.exchange.id, side: "request" });
  const list = run.steps.find(
    (s) => s.operation === "dmp.pending" && s.status === "done" && member(s.input, "retry") === true,
  );
  const documents = list ? member(list.answer, "documents") : undefined;
  if (!list || !Array.isArray(documents)) return;
  const id = textOf(member(validated.answer, "documentId"));
  // It waits still: its time has not come, nothing is shown.
  if (listOf(documents).some((one) => id === null || member(one, "documentId") === id)) return;
  const title = textOf(member(validated.input, "document", "title"));
  report.finding("not_sent", answerAt(list, "documents"), { title });
}

function judgeCopies(run: ScenarioRun, report: Report): void {
  const uploads = uploadsIn(run.exchanges);
  const lost = new Set(struckExchanges(run, "answer-lost").map(({ id }) => id));
  const stored = uploads.filter(({ exchange }) => succeeded(exchange) || lost.has(exchange.id));
  // One validated report may leave in two forms, structured and as a PDF: each form counts for itself.
  for (const form of new Set(stored.map(formOf))) {
    const alike = stored.filter((upload) => formOf(upload) === form);
    const ids = new Set(alike.flatMap(({ document }) => document.entry.uniqueId ?? []));
    const last = alike[alike.length - 1];
    if (ids.size > 1 && last)
      report.finding("duplicate", at(last.exchange), { count: ids.size, ids: [...ids].join(", ") });
  }
  for (const id of new Set(uploads.map(({ document }) => document.entry.uniqueId))) {
    const same = uploads.filter(({ document }) => document.entry.uniqueId === id);
    const done = same.find(({ exchange }) => succeeded(exchange));
    if (done) {
      const count = after(same, done).length;
      if (count > 0) report.finding("again", at(done.exchange), { id, first: done.exchange.id, count });
      continue;
    }
    const refused = same.find(({ exchange }) => (answerOf(exchange)?.registry ?? null) !== null);
    const count = refused ? after(same, refused).length : 0;
    if (refused && count > TOLERATED)
      report.finding("burst", at(refused.exchange), { id, first: refused.exchange.id, count });
  }
}

function formOf({ document: { entry } }: Uploaded): string {
  return `${entry.typeCode?.code ?? ""} ${entry.formatCode?.code ?? ""}`;
}

function after(uploads: readonly Uploaded[], { exchange }: Uploaded): readonly Uploaded[] {
  return uploads.filter((other) => other.exchange.startedAt > exchange.startedAt);
}

function at(exchange: Exchange): Pointer {
  return { exchange: exchange.id, side: "request" };
}
