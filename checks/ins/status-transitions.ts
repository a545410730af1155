import { defineCheck, type InsStatus, type Report, type ScenarioRun, type Step } from "../../core/model/index.js";
import { answerAt, searchSteps, statusBefore, statusIn } from "./helpers/steps.js";

const SOURCE = "RNIV, four trust statuses and their transitions (ins.md §4.1 and §4.2, S4)";

/** What each event makes of a status: INSi answered 00 and the operator accepted; a high-confidence document was checked. */
const AFTER_FOUND: Readonly<Partial<Record<InsStatus, InsStatus>>> = { PROV: "RECUP", VALI: "QUAL" };
const AFTER_DOCUMENT: Readonly<Partial<Record<InsStatus, InsStatus>>> = { PROV: "VALI", RECUP: "QUAL" };
/** Documents of high confidence without restriction (ins.md §4.4). */
const DOCUMENTS = ["CN", "PA", "CS"];

export default defineCheck({
  id: "ins/status-transitions",
  title: {
    fr: "Statut après une identité trouvée ou une pièce contrôlée",
    en: "Status after an identity found or a document checked",
  },
  reads: ["ins.search"],
  scenarios: ["ins-qualify", "ins-validate-then-search"],
  messages: {
    "not-retrieved": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Identité provisoire trouvée par INSi et acceptée : statut {found}, attendu RECUP.",
      en: "Provisional identity found by INSi and accepted: status {found}, expected RECUP.",
    },
    "not-validated": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Identité provisoire contrôlée avec une pièce ({document}) : statut {found}, attendu VALI.",
      en: "Provisional identity checked with a document ({document}): status {found}, expected VALI.",
    },
    "not-qualified": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Identité {before} qui a désormais l'appel INSi et la pièce : statut {found}, attendu QUAL.",
      en: "Identity {before} that now has both the INSi call and the document: status {found}, expected QUAL.",
    },
    "qualified-too-soon": {
      weight: "breach",
      source: SOURCE,
      mark: "verified",
      witness: "none",
      fr: "Identité provisoire passée QUAL par un seul événement ({event}) ; il faut l'appel INSi et la pièce.",
      en: "Provisional identity made QUAL by a single event ({event}); it takes the INSi call and the document.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const { step, last, accept, before, after } of searchSteps(run)) {
        if (last?.outcome !== "00" || !accept || before === null || after === null) continue;
        // An identity already known under another INS is a case of its own (ins.md §4.2): not judged here.
        const expected = AFTER_FOUND[before];
        if (expected) judge(report, step, { before, after, expected, event: "INSi 00", document: null });
      }
      for (const step of run.steps) judgeDocument(run, step, report);
    }
  },
});

function judgeDocument(run: ScenarioRun, step: Step, report: Report): void {
  if (step.operation !== "ins.confirm" || step.status !== "done") return;
  const document = (step.input as { document?: unknown } | null)?.document;
  const before = statusBefore(run, step);
  const after = statusIn(step);
  if (typeof document !== "string" || !DOCUMENTS.includes(document) || before === null || after === null) return;
  const expected = AFTER_DOCUMENT[before];
  if (expected) judge(report, step, { before, after, expected, event: document, document });
}

interface Transition {
  readonly before: InsStatus;
  readonly after: InsStatus;
  readonly expected: InsStatus;
  readonly event: string;
  readonly document: string | null;
}

function judge(report: Report, step: Step, { before, after, expected, event, document }: Transition): void {
  const at = answerAt(step, "insStatus");
  report.observed(at);
  if (after === expected) return;
  if (before === "PROV" && after === "QUAL") report.finding("qualified-too-soon", at, { event });
  else if (expected === "RECUP") report.finding("not-retrieved", at, { found: after });
  else if (expected === "VALI") report.finding("not-validated", at, { found: after, document });
  else report.finding("not-qualified", at, { found: after, before });
}
