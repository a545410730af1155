import { defineCheck, type PatientFacts } from "../../core/model/index.js";
import type { CdaPatient } from "../../protocols/cda.js";
import { normaliseName } from "../../protocols/ins.js";
import { at, cdasOf, runOf, sentMails, staysUnqualified } from "./helpers/mails.js";

/** What is sent about an identity that is not qualified still says who the person is, by the traits. */
export default defineCheck({
  id: "mss/unqualified-traits",
  title: {
    fr: "Identité non qualifiée : les traits sont transmis",
    en: "Identity that is not qualified: the traits are sent",
  },
  reads: ["mss.submit"],
  scenarios: ["mss-send-unqualified"],
  messages: {
    absent: {
      weight: "breach",
      source:
        "Data of a person who is not qualified travel with the traits: birth name, first birth first name, date, sex (ins.md §4.5, S21) / INS/va1.53",
      mark: "verified",
      witness: "none",
      fr: "L'identité est au statut {status} ; le document {document} ne porte pas {trait} « {expected} ».",
      en: "The identity has the status {status}; the document {document} does not carry {trait} “{expected}”.",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      const run = runOf(seen, mail.exchange);
      const { patient } = run?.facts ?? {};
      if (!run || !patient || !staysUnqualified(run)) continue;
      for (const { file, cda } of cdasOf(mail)) {
        report.observed(at(mail, file.path));
        for (const [trait, expected] of missingTraits(patient, cda.patient)) {
          const slots = { status: patient.status, document: file.path, trait, expected };
          report.finding("absent", at(mail, file.path), slots);
        }
      }
    }
  },
});

function missingTraits(patient: PatientFacts, shown: CdaPatient | null): [trait: string, expected: string][] {
  const names = (parts: CdaPatient["families"] | undefined): string[] =>
    (parts ?? []).map(({ value }) => normaliseName(value));
  const givens = names(shown?.givens).flatMap((given) => [given, ...given.split(" ")]);
  const traits: [string, string, boolean][] = [
    ["birthName", patient.birthName, names(shown?.families).includes(normaliseName(patient.birthName))],
    ["firstName", patient.firstName, givens.includes(normaliseName(patient.firstName))],
    ["birthDate", patient.birthDate, (shown?.birthTime?.value ?? "").startsWith(patient.birthDate.replaceAll("-", ""))],
    ["sex", patient.sex, shown?.sex?.code === patient.sex],
  ];
  return traits.flatMap(([trait, expected, there]) => (there ? [] : [[trait, expected]]));
}
