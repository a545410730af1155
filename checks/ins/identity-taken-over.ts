import { defineCheck, type Report } from "../../core/model/index.js";
import type { InsAnswer } from "../../protocols/ins.js";
import { answerAt, firstRetrievals, member, type nextFile, textOf } from "./helpers/steps.js";

export default defineCheck({
  id: "ins/identity-taken-over",
  title: {
    fr: "INS actif et son OID repris de la réponse acceptée",
    en: "Active INS and its OID taken over from the accepted answer",
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
  },
  evaluate(seen, report) {
    for (const run of seen.runs) {
      for (const { answer, file } of firstRetrievals(run)) {
        report.observed(answerAt(file.step, "patient"));
        judgeNumber(answer, file, report);
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
