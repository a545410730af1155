import { defineCheck } from "../../core/model/index.js";
import type { InsAnsweredTraits } from "../../protocols/ins.js";
import { answerAt, firstRetrievals, member, textOf } from "./helpers/steps.js";

/** Strict traits, as an answer and a file both name them. */
const STRICT = ["birthName", "firstName", "birthFirstNames", "sex", "birthDate", "birthPlace"] as const;

export default defineCheck({
  id: "ins/traits-taken-over",
  title: {
    fr: "Traits stricts repris de la réponse acceptée",
    en: "Strict traits taken over from the accepted answer",
  },
  reads: ["ins.search"],
  scenarios: ["ins-search-more-names"],
  messages: {
    "trait-differs": {
      weight: "breach",
      source:
        "REM INS/va1.52, working copy of February 2023: strict traits filled with the returned values (ins.md §4.5)",
      mark: "verified",
      witness: "none",
      fr: "Le dossier porte {trait} « {found} » ; la réponse INSi acceptée donne « {expected} ».",
      en: "The file holds {trait} “{found}”; the INSi answer accepted gives “{expected}”.",
    },
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      const { patient } = run.facts;
      for (const { answer, file } of firstRetrievals(run)) {
        const { traits } = answer;
        if (!traits || !patient) continue;
        // A date with unknown parts follows rules of its own (ins.md §3.2).
        const given = STRICT.filter((trait) => traits[trait] && !(trait === "birthDate" && /-00/.test(traits[trait])));
        const wrong = given.filter((trait) => !taken(trait, textOf(member(file.patient, trait)), traits));
        // A file that already held what INSi answered shows nothing: it is right in software that takes nothing over.
        if (wrong.length === 0 && given.every((trait) => traits[trait] === patient[trait])) continue;
        report.observed(answerAt(file.step, "patient"));
        for (const trait of wrong) {
          const slots = { trait, found: textOf(member(file.patient, trait)), expected: traits[trait] };
          report.finding("trait-differs", answerAt(file.step, `patient.${trait}`), slots);
        }
      }
    }
  },
});

/** The first birth first name may be any beginning of the list: a compound one may span several words (ins.md §3.1, S4). */
function taken(trait: (typeof STRICT)[number], found: string | null, traits: InsAnsweredTraits): boolean {
  if (trait === "firstName" && found && `${traits.birthFirstNames} `.startsWith(`${found} `)) return true;
  return found === traits[trait];
}
