import { defineCheck, type Report } from "../../core/model/index.js";
import type { InsAnswer, InsAnsweredTraits } from "../../protocols/ins.js";
import { answerAt, member, nextFile, searchSteps, textOf } from "./helpers/steps.js";

export default defineCheck({
  id: "ins/identity-taken-over",
  title: {
    fr: "INS et traits repris de la réponse acceptée",
    en: "INS and traits taken over from the accepted answer",
  },
  reads: ["ins.search"],
  scenarios: ["ins-search-history", "ins-search-nia", "ins-search-corsica", "ins-search-variant"],
  messages: {
    "matricule-differs": {
      weight: "breach",
      source: "INSi answer: INSACTIF is the INS in force, INSHISTO lists former ones (ins.md §2.5 and §4.5, S1 S4)",
      mark: "verified",
      witness: "answers published in padoa/tlsi-ins",
      fr: "Le dossier porte le matricule « {found} » ; l'INS actif de la réponse est « {expected} ».",
      en: "The file holds the matricule “{found}”; the active INS of the answer is “{expected}”.",
    },
    "oid-differs": {
      weight: "breach",
      source: "INS référentiel: the OID tells NIR from NIA and belongs to the INS (ins.md §1 and §3.4, S9 S4)",
      mark: "verified",
      witness: "answers published in padoa/tlsi-ins",
      fr: "Le dossier porte l'OID « {found} » ; la réponse INSi donne « {expected} ».",
      en: "The file holds the OID “{found}”; the INSi answer gives “{expected}”.",
    },
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
      for (const { step, last, accept, before, after } of searchSteps(run)) {
        const answer = last?.outcome === "00" && accept ? last.answer : null;
        // A file that already had an INS may keep it until somebody looks: only first retrievals are judged.
        const first = (before === "PROV" || before === "VALI") && (after === "RECUP" || after === "QUAL");
        const file = answer && first ? nextFile(run, step) : null;
        if (!answer || !file) continue;
        report.observed(answerAt(file.step, "patient"));
        judgeNumber(answer, file, report);
        if (answer.traits) judgeTraits(answer.traits, file, report);
      }
    }
  },
});

type File = NonNullable<ReturnType<typeof nextFile>>;

function judgeNumber(answer: InsAnswer, file: File, report: Report): void {
  const { active } = answer;
  if (!active?.number) return;
  const ins = member(file.patient, "ins");
  const matricule = textOf(member(ins, "matricule"));
  // The key may be left out of an answer: the 13 characters are what must be the same.
  const expected = `${active.number}${active.key ?? ""}`;
  if (matricule === null || !matricule.startsWith(expected)) {
    report.finding("matricule-differs", answerAt(file.step, "patient.ins.matricule"), { found: matricule, expected });
  }
  const oid = textOf(member(ins, "oid"));
  if (active.oid && oid !== active.oid) {
    report.finding("oid-differs", answerAt(file.step, "patient.ins.oid"), { found: oid, expected: active.oid });
  }
}

function judgeTraits(traits: InsAnsweredTraits, file: File, report: Report): void {
  for (const trait of ["birthName", "firstName", "birthFirstNames", "sex", "birthDate", "birthPlace"] as const) {
    const expected = traits[trait];
    // A date with unknown parts follows rules of its own (ins.md §3.2).
    if (!expected || (trait === "birthDate" && /-00/.test(expected))) continue;
    const found = textOf(member(file.patient, trait));
    if (found !== expected) {
      report.finding("trait-differs", answerAt(file.step, `patient.${trait}`), { trait, found, expected });
    }
  }
}
