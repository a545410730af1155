import { defineCheck, type Report } from "../../core/model/index.js";
import { folded, frenchDate, patientNames, SUBJECT_PREFIX, subjectLabels, withoutAccents } from "./helpers/expected.js";
import {
  type ArchiveDocument,
  at,
  cdasOf,
  headerValues,
  MAIL_OPERATIONS,
  type SentMail,
  sentMails,
} from "./helpers/mails.js";

const RULE = "REF2 v1.0 ECO.2.1.3 (§3.1.3) / MSS/CONF.25 (mssante.md §2.2, V2)";
const WHERE = "Subject";

/** The subject of a mail with documents, rebuilt from the CDA and compared piece by piece. */
export default defineCheck({
  id: "mss/subject",
  title: { fr: "Objet XDM/1.0/DDM+ reconstruit depuis le CDA", en: "XDM/1.0/DDM+ subject rebuilt from the CDA" },
  reads: MAIL_OPERATIONS,
  messages: {
    prefix: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "ONC Edge Testing Tool: XDM/1.0/DDM in the subject of a mail with an XDM archive",
      fr: "L'objet « {observed} » ne commence pas par XDM/1.0/DDM+.",
      en: "The subject “{observed}” does not begin with XDM/1.0/DDM+.",
    },
    label: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "Après XDM/1.0/DDM+, l'objet porte « {observed} » ; le libellé attendu est « {expected} ».",
      en: "After XDM/1.0/DDM+ the subject has “{observed}”; the label expected is “{expected}”.",
    },
    patient: {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "L'objet nomme « {observed} » ; le patient du CDA est « {expected} ».",
      en: "The subject names “{observed}”; the patient of the CDA is “{expected}”.",
    },
    "name-form": {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "« {observed} » : nom de naissance en majuscules, nom et prénom sans accent.",
      en: "“{observed}”: birth name in capitals, name and given name without accents.",
    },
    "name-separators": {
      weight: "remark",
      source: "mssante.md §2.2: compound names make the split ambiguous",
      mark: "inferred",
      witness: "none",
      fr: "« {observed} » s'écrit « {expected} » dans le CDA, aux traits d'union et apostrophes près.",
      en: "“{observed}” is written “{expected}” in the CDA but for hyphens and apostrophes.",
    },
    "birth-date": {
      weight: "breach",
      source: RULE,
      mark: "restated",
      witness: "none",
      fr: "L'objet porte la date de naissance {observed} ; celle du CDA est {expected}.",
      en: "The subject has the birth date {observed}; that of the CDA is {expected}.",
    },
    replacement: {
      weight: "remark",
      source: "mssante.md, Known ambiguities: form and place of the mention of replacement",
      mark: "unconfirmed",
      witness: "none",
      fr: "Objet d'un document de remplacement : « {observed} » s'écarte de la forme ordinaire.",
      en: "Subject of a replacing document: “{observed}” departs from the ordinary form.",
    },
  },
  evaluate(seen, report) {
    for (const mail of sentMails(seen)) {
      if (cdasOf(mail).length === 0) continue;
      report.observed(at(mail, WHERE));
      const written = headerValues(mail.mail, "Subject");
      for (const value of written.length === 0 ? [""] : new Set(written)) {
        const subject = value.normalize("NFC").replace(/\s+/g, " ");
        if (!subject.startsWith(SUBJECT_PREFIX)) report.finding("prefix", at(mail, WHERE), { observed: subject });
        else judgeRest(mail, subject.slice(SUBJECT_PREFIX.length), report);
      }
    }
  },
});

interface Deviation {
  readonly message: string;
  readonly slots: Record<string, string>;
}

function judgeRest(mail: SentMail, rest: string, report: Report): void {
  const documents = cdasOf(mail);
  const deviations = deviationsOf(rest, documents);
  if (deviations.length > 0 && documents.some(({ cda }) => cda.relatedDocument?.typeCode === "RPLC")) {
    report.finding("replacement", at(mail, WHERE), { observed: rest });
  } else for (const { message, slots } of deviations) report.finding(message, at(mail, WHERE), slots);
}

/** What follows the prefix, against the first document: label, name, date. Nothing is held against what the CDA does not say. */
function deviationsOf(rest: string, documents: readonly ArchiveDocument[]): Deviation[] {
  const labels = subjectLabels(documents).map((label) => label.replace(/\s+/g, " "));
  const names = documents[0] ? patientNames(documents[0].cda) : null;
  if (labels.length === 0 || !names) return [];
  const label = labels.find((one) => rest.startsWith(`${one} `) || rest === one);
  const uncut = documents.length === 1 ? (documents[0]?.cda.code?.displayName?.normalize("NFC").trim() ?? "") : "";
  if (label === undefined || (uncut.length > label.length && rest.startsWith(uncut)))
    return [{ message: "label", slots: { observed: rest, expected: labels[0] ?? "" } }];

  const dated = /^(.*?)(?: (\d{2}\/\d{2}\/\d{4}))?$/.exec(rest.slice(label.length).trim());
  const birthDate = frenchDate(documents[0]?.cda.patient?.birthTime?.value);
  const found = nameDeviation(dated?.[1] ?? "", names);
  const deviations = found ? [found] : [];
  if (dated?.[2] && birthDate && dated[2] !== birthDate) {
    deviations.push({ message: "birth-date", slots: { observed: dated[2], expected: birthDate } });
  }
  return deviations;
}

function nameDeviation(
  observed: string,
  { birthName, givenNames }: { readonly birthName: string; readonly givenNames: readonly string[] },
): Deviation | null {
  const given = givenNames.find((one) => folded(`${birthName} ${one}`) === folded(observed));
  const expected = `${birthName} ${given ?? givenNames[0]}`;
  if (given === undefined) return { message: "patient", slots: { observed, expected } };
  // Where the birth name ends in what was written: the shortest beginning that says the same.
  const ends = [...observed.matchAll(/ |$/g)].map((hit) => hit.index);
  const end = ends.find((index) => folded(observed.slice(0, index)) === folded(birthName)) ?? observed.length;
  const family = observed.slice(0, end);
  if (family !== withoutAccents(family).toUpperCase() || observed !== withoutAccents(observed)) {
    return { message: "name-form", slots: { observed } };
  }
  if (observed.toUpperCase() === withoutAccents(expected).toUpperCase()) return null;
  return { message: "name-separators", slots: { observed, expected } };
}
