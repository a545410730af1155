import { defineCheck, type Pointer, type ScenarioRun } from "../../core/model/index.js";
import { findNumber } from "../helpers/deep-search.js";
import { judgeSilence, stepTrigger, type Trigger } from "../helpers/silence.js";
import { textOf } from "./helpers/steps.js";

/** Operations that carry patient data out, and the driver step that provokes each. */
const CARRIERS = { "dmp.exists": "dmp.submit", "dmp.submit": "dmp.submit", "mss.submit": "mss.send" } as const;
const STEPS = ["mss.send", "dmp.submit"];
/** A matricule typed to build a citizen's address is the one exception (ins.md §4.5, S21). */
const CITIZEN_ADDRESS = /[0-9AB]{15}@patient\.mssante\.fr/gi;

export default defineCheck({
  id: "ins/matricule-only-qualified",
  title: {
    fr: "Aucun matricule INS transmis si l'identité n'est pas qualifiée",
    en: "No matricule INS sent unless the identity is qualified",
  },
  reads: ["dmp.exists", "dmp.submit", "mss.submit"],
  scenarios: ["ins-matricule-retrieved-mail", "ins-matricule-retrieved-dmp"],
  expects: "silence",
  messages: {
    "matricule-sent": {
      weight: "breach",
      source: "RNIV and REM INS/va1.53: no matricule unless qualified (ins.md §4.1, S4 S10 S21)",
      mark: "verified",
      witness: "none",
      fr: "Le matricule INS d'une identité {status} est dans l'envoi {operation} ({where}).",
      en: "The matricule INS of an identity {status} is in the message {operation} ({where}).",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const { patient } = run.facts;
      if (!patient?.ins || patient.status === "QUAL" || mayBeQualified(run)) continue;
      const operation = STEPS.find((name) => run.steps.some((step) => step.operation === name));
      if (!operation || run.facts.control === null) continue;
      const number = patient.ins.matricule.slice(0, 13);
      const happened = (other: ScenarioRun): Pointer | null => sentNumber(other, operation, number);
      const trigger: Trigger | null = stepTrigger(run, operation);
      const came = judgeSilence(seen, report, { run, trigger, happened });
      if (!came?.exchange) continue;
      const exchange = run.exchanges.find((x) => x.id === came.exchange);
      report.finding("matricule-sent", came, {
        status: patient.status,
        operation: exchange?.operation ?? operation,
        where: textOf(came.where) ?? "",
      });
    }
  },
});

/** Steps that may have qualified the identity during the scenario: then nothing is said. */
function mayBeQualified(run: ScenarioRun): boolean {
  return run.steps.some((step) => step.operation === "ins.search" || step.operation === "ins.confirm");
}

/** First message provoked by the step in which the number stands. The 13 characters are looked for: the key adds nothing. */
function sentNumber(run: ScenarioRun, operation: string, number: string): Pointer | null {
  for (const exchange of run.exchanges) {
    if (CARRIERS[exchange.operation as keyof typeof CARRIERS] !== operation) continue;
    const found = findNumber(exchange.requestBytes, number, CITIZEN_ADDRESS);
    if (found) return { exchange: exchange.id, side: "request", where: found.length > 0 ? found.join(" > ") : "plain" };
  }
  return null;
}
