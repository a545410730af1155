/** The existence of the DMP is asked (TD0.2) before a document is uploaded (TD2.1). */
import { defineCheck } from "../../core/model/index.js";
import { parseCx } from "../../protocols/xds.js";
import { callOf, DMP_CALLS, identifiersAsked } from "./helpers/call.js";
import { submissionOf } from "./helpers/submission.js";

export default defineCheck({
  id: "dmp/existence-first",
  title: {
    fr: "L'existence du DMP est testée avant le dépôt",
    en: "The existence of the DMP is tested before the upload",
  },
  reads: DMP_CALLS,
  scenarios: ["dmp-submit"],
  messages: {
    not_asked: {
      weight: "breach",
      source: "projet de guide ANS PDSm pour le DMP, préconditions du dépôt : TD0.2 dit le DMP actif (dmp.md §5, S1)",
      mark: "verified",
      witness: "none",
      fr: "Un document a été déposé pour le patient « {patient} » sans test d'existence de son DMP (TD0.2) auparavant.",
      en: "A document was uploaded for the patient “{patient}” without a test of the existence of that DMP (TD0.2) before.",
    },
  },
  evaluate(seen, report) {
    // Any earlier question about the same person counts, in whatever scenario: software may remember the answer.
    const asked = new Set<string>();
    for (const exchange of seen.exchanges) {
      const call = callOf(exchange);
      if (!call) continue;
      if (exchange.operation === "dmp.exists") {
        for (const { matricule } of identifiersAsked(call)) if (matricule) asked.add(matricule);
        continue;
      }
      const patient = submissionOf(exchange)?.xds.submissionSet?.patientId ?? null;
      const matricule = parseCx(patient)?.id;
      if (!matricule) continue;
      const at = { exchange: exchange.id, side: "request", where: "SubmissionSet.patientId" } as const;
      report.observed(at);
      if (!asked.has(matricule)) report.finding("not_asked", at, { patient });
    }
  },
});
