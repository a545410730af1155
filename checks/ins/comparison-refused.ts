import { defineCheck, type InsStatus } from "../../core/model/index.js";
import { normaliseName } from "../../protocols/ins.js";
import { answerAt, member, nextFile, searchSteps, textOf } from "./helpers/steps.js";

/** Members of the file that the answer could have replaced, as the scenario put them there. */
const TRAITS = ["birthName", "firstName", "birthFirstNames", "sex", "birthDate", "birthPlace"] as const;

export default defineCheck({
  id: "ins/comparison-refused",
  title: {
    fr: "Identité refusée par l'opérateur : dossier inchangé",
    en: "Identity refused by the operator: file unchanged",
  },
  reads: ["ins.search"],
  scenarios: ["ins-search-refused"],
  messages: {
    "taken-over": {
      weight: "breach",
      source: "RNIV: retrieved presupposes a successful comparison with the person's traits (ins.md §4.1, S4)",
      mark: "verified",
      witness: "none",
      fr: "L'opérateur a refusé l'identité trouvée ; le statut {before} est pourtant devenu {found}.",
      en: "The operator refused the identity found; the status {before} nevertheless became {found}.",
    },
    "trait-overwritten": {
      weight: "remark",
      source: "duties around the answer, as recalled (ins.md §4.5)",
      mark: "recalled",
      witness: "none",
      fr: "L'opérateur a refusé l'identité trouvée ; {trait} est pourtant passé de « {expected} » à « {found} ».",
      en: "The operator refused the identity found; {trait} nevertheless went from “{expected}” to “{found}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const { step, last, accept, before, after } of searchSteps(run)) {
        if (last?.outcome !== "00" || accept || before === null || after === null) continue;
        const at = answerAt(step, "insStatus");
        report.observed(at);
        const retrieved = (status: InsStatus): boolean => status === "RECUP" || status === "QUAL";
        if (retrieved(after) && !retrieved(before)) report.finding("taken-over", at, { before, found: after });
        const file = nextFile(run, step);
        const { patient } = run.facts;
        if (!file || !patient) continue;
        for (const trait of TRAITS) {
          const found = textOf(member(file.patient, trait));
          const expected = patient[trait];
          if (found === null || normaliseName(found) === normaliseName(expected)) continue;
          report.finding("trait-overwritten", answerAt(file.step, `patient.${trait}`), { trait, expected, found });
        }
      }
    }
  },
});
