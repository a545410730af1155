/** Who made the document and in what setting, in the metadata as in the CDA. */
import { defineCheck } from "../../../core/model/index.js";
import { type ExpectedPerson, expectedEntry } from "../../../protocols/cda-xds.js";
import { PRACTICE_SETTINGS } from "../../../protocols/codes.js";
import { parseXcn, parseXon, type Xcn } from "../../../protocols/xds.js";
import { forEachDocumentAndCda } from "../helpers/submission.js";

const MAPPING =
  "CI-SIS, mapping CDA → XDS: author, legalAuthenticator, standardIndustryClassCode, healthCareFacility (dmp.md §4.1, S1, S2)";

export default defineCheck({
  id: "dmp/document-producer",
  title: {
    fr: "Auteur, responsable, cadre d'exercice et secteur des métadonnées sont ceux du CDA",
    en: "Author, legal authenticator, practice setting and sector of the metadata are those of the CDA",
  },
  reads: ["dmp.submit"],
  messages: {
    missing: {
      weight: "breach",
      source:
        "DocumentEntry legalAuthenticator, practiceSettingCode, healthcareFacilityTypeCode, 1..1 (dmp.md §2.3, S1); author by the mapping of the CDA's (§4.1, S2)",
      mark: "verified",
      witness: "none",
      fr: "{attribute} est obligatoire ; il est absent.",
      en: "{attribute} is mandatory; it is absent.",
    },
    differs: {
      weight: "breach",
      source: MAPPING,
      mark: "verified",
      witness: "none",
      fr: "{attribute} : « {observed} » alors que le CDA porte « {expected} ».",
      en: "{attribute}: “{observed}” while the CDA carries “{expected}”.",
    },
    specialty_differs: {
      weight: "breach",
      source: `${MAPPING}: author/assignedAuthor/code → authorSpecialty`,
      mark: "verified",
      witness: "none",
      fr: "author/authorSpecialty : « {observed} » alors que le CDA porte « {expected} ».",
      en: "author/authorSpecialty: “{observed}” while the CDA carries “{expected}”.",
    },
    role_differs: {
      weight: "remark",
      source: `${MAPPING}: author/functionCode/@displayName → authorRole, required if known`,
      mark: "verified",
      witness: "none: a label may be written in several ways",
      fr: "author/authorRole : « {observed} » alors que le CDA porte « {expected} ».",
      en: "author/authorRole: “{observed}” while the CDA carries “{expected}”.",
    },
    setting_unknown: {
      weight: "remark",
      source: `${PRACTICE_SETTINGS.source} of ${PRACTICE_SETTINGS.date} (dmp.md §2.4, S3)`,
      mark: "verified",
      witness: "none: a later value set may hold the code",
      fr: "practiceSettingCode « {observed} » n'est pas dans le jeu de valeurs du DMP (JDV_J62).",
      en: "practiceSettingCode “{observed}” is not in the value set of the DMP (JDV_J62).",
    },
  },
  evaluate(seen, report) {
    forEachDocumentAndCda(seen, report, (entry, cda, at) => {
      const expected = expectedEntry(cda);
      const say = (attribute: string, observed: string | null, wanted: string | null): void => {
        if (observed === null) report.finding("missing", at(attribute), { attribute });
        else if (wanted !== null && observed !== wanted)
          report.finding("differs", at(attribute), { attribute, observed, expected: wanted });
      };
      const setting = entry.practiceSettingCode?.code ?? null;
      say("practiceSettingCode", setting, expected.practiceSettingCode?.code ?? null);
      say(
        "healthcareFacilityTypeCode",
        entry.healthcareFacilityTypeCode?.code ?? null,
        expected.healthcareFacilityTypeCode?.code ?? null,
      );
      if (setting !== null && !PRACTICE_SETTINGS.values.includes(setting)) {
        report.finding("setting_unknown", at("practiceSettingCode"), { observed: setting });
      }
      if (entry.legalAuthenticator === null)
        report.finding("missing", at("legalAuthenticator"), { attribute: "legalAuthenticator" });
      else if (expected.legalAuthenticator) {
        comparePerson("legalAuthenticator", [entry.legalAuthenticator], expected.legalAuthenticator, say);
      }
      const persons = entry.authors.flatMap((author) => author.persons);
      if (persons.length === 0) report.finding("missing", at("author"), { attribute: "author/authorPerson" });
      const institutions = entry.authors
        .flatMap((author) => author.institutions)
        .map((value) => parseXon(value)?.id ?? null);
      const specialties = entry.authors.flatMap((author) =>
        author.specialties.map((value) => value.split("^")[0] ?? ""),
      );
      const roles = entry.authors.flatMap((author) => author.roles);
      for (const author of expected.authors) {
        const specialty = author.specialty?.code ?? null;
        if (specialty !== null && specialties.length > 0 && !specialties.includes(specialty)) {
          const slots = { observed: specialties.join(", "), expected: specialty };
          report.finding("specialty_differs", at("author/authorSpecialty"), slots);
        }
        const { role } = author;
        if (role !== null && roles.length > 0 && !roles.some((one) => alike(one, role))) {
          report.finding("role_differs", at("author/authorRole"), { observed: roles.join(", "), expected: role });
        }
        if (persons.length > 0) comparePerson("author/authorPerson", persons, author, say);
        const wanted = author.institution?.ids ?? [];
        // Required if known: an institution of the CDA that the metadata leave out is not compared.
        if (wanted.length > 0 && institutions.length > 0 && !institutions.some((id) => id && wanted.includes(id))) {
          say("author/authorInstitution", institutions.join(", "), wanted.join(", "));
        }
      }
    });
  },
});

/** Labels, whatever the case and the white space. */
function alike(one: string, other: string): boolean {
  const plain = (text: string): string => text.replace(/\s+/g, " ").trim().toLowerCase();
  return plain(one) === plain(other);
}

/** One of the XCN values must be the person: by identifier, then by family name (case aside). Devices are named by other rules. */
function comparePerson(
  attribute: string,
  values: readonly string[],
  wanted: ExpectedPerson,
  say: (attribute: string, observed: string | null, wanted: string | null) => void,
): void {
  if (wanted.device || wanted.ids.length === 0) return;
  const persons = values.map((value) => parseXcn(value)).filter((xcn): xcn is Xcn => xcn !== null);
  const same = persons.find((xcn) => xcn.id !== null && wanted.ids.includes(xcn.id));
  if (!same) say(`${attribute} (id)`, persons.map((xcn) => xcn.id ?? "–").join(", "), wanted.ids.join(", "));
  else if (wanted.familyName !== null && same.familyName?.toUpperCase() !== wanted.familyName.toUpperCase()) {
    say(`${attribute} (name)`, same.familyName ?? "–", wanted.familyName);
  }
}
