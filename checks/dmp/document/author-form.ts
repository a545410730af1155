/** How persons, systems and structures are written in the metadata: XCN, XON and their national identifiers. */
import { defineCheck, type Pointer, type Report } from "../../../core/model/index.js";
import { parseXcn, parseXon, type XdsAuthor, type XdsSubmission } from "../../../protocols/xds.js";
import { SOURCE, WITNESS } from "../helpers/sources.js";
import { submissionOf } from "../helpers/submission.js";

const RULE = `${SOURCE.metadata}; formats XCN, XON (dmp.md §2.3, S1, S2, S8)`;
const PROFESSIONALS = "1.2.250.1.71.4.2.1";
const STRUCTURES = "1.2.250.1.71.4.2.2";
const SIRENE = "1.3.2";
/** XCN.13: national, internal, system, patient. */
const IDENTIFIER_TYPES = ["IDNPS", "EI", "RI", "NH"];
/** One digit says what the number is. `9` (students) stands beside those of the domain notes and is let through, eleven digits apart: an RPPS number. */
const PERSON_ID = /^(0[0-9A-Z]{8,9}|8\d{11}|9(?!\d{10}$)\S+|[13456][0-9A-Z]+\/.+)$/i;

export default defineCheck({
  id: "dmp/author-form",
  title: {
    fr: "Personnes, systèmes et structures des métadonnées sont écrits dans les formes XCN et XON du CI-SIS",
    en: "Persons, systems and structures of the metadata are written in the XCN and XON forms of the CI-SIS",
  },
  reads: ["dmp.submit"],
  messages: {
    person_incomplete: {
      weight: "breach",
      source: `${RULE}: XCN components 1, 2, 3, 9, 10 and 13, 1..1 each`,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "{attribute} : il manque {missing} dans « {observed} ».",
      en: "{attribute}: {missing} is missing in “{observed}”.",
    },
    person_id: {
      weight: "breach",
      source: `${RULE}: PS_IdNat, a digit for the kind of number, then the number, "/" before an internal id`,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "{attribute} : « {observed} » n'est pas un identifiant national (8 + RPPS, 0 + ADELI, 3 + FINESS/identifiant interne…).",
      en: "{attribute}: “{observed}” is no national identifier (8 + RPPS, 0 + ADELI, 3 + FINESS/internal id…).",
    },
    name_type: {
      weight: "breach",
      source: `${RULE}: XCN.10 is D for a person, U for a system`,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "{attribute} : XCN.10 attendu D (personne) ou U (système) ; observé « {observed} ».",
      en: "{attribute}: XCN.10 expected D (person) or U (system); observed “{observed}”.",
    },
    person_type: {
      weight: "remark",
      source: `${RULE}: XCN.13`,
      mark: "verified",
      witness: "none: the lists of types differ between texts",
      fr: "{attribute} : XCN.13 « {observed} » n'est pas un type d'identifiant connu (IDNPS, EI, RI, NH).",
      en: "{attribute}: XCN.13 “{observed}” is no known type of identifier (IDNPS, EI, RI, NH).",
    },
    structure_incomplete: {
      weight: "breach",
      source: `${RULE}: XON components 6, 7 and 10; all three or, without an identifier in the CDA, none`,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "authorInstitution : il manque {missing} dans « {observed} ».",
      en: "authorInstitution: {missing} is missing in “{observed}”.",
    },
    structure_authority: {
      weight: "remark",
      source: `${RULE}: XON.6 is 1.2.250.1.71.4.2.2, or SIRENE for a listed digital service`,
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "authorInstitution : autorité attendue 1.2.250.1.71.4.2.2 (ou 1.3.2 pour un service numérique référencé) ; observé « {observed} ».",
      en: "authorInstitution: authority expected 1.2.250.1.71.4.2.2 (or 1.3.2 for a listed digital service); observed “{observed}”.",
    },
    structure_id: {
      weight: "remark",
      source: `${RULE}: Struct_IdNat; without a prefix it would be a technical number`,
      mark: "verified",
      witness: "none: a technical number has no form",
      fr: "authorInstitution : « {observed} » a la longueur d'un FINESS, SIREN ou SIRET sans le chiffre qui le précède (1, 2 ou 3).",
      en: "authorInstitution: “{observed}” has the length of a FINESS, SIREN or SIRET without the digit before it (1, 2 or 3).",
    },
    specialty_form: {
      weight: "breach",
      source: "DMP editor kit: authorSpecialty is code^label^OID (dmp.md §2.3, S8)",
      mark: "kit",
      witness: WITNESS.kitMessages,
      fr: "authorSpecialty attendu sous la forme code^libellé^OID ; observé « {observed} ».",
      en: "authorSpecialty expected as code^label^OID; observed “{observed}”.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const xds = submissionOf(exchange)?.xds;
      if (!xds) continue;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      report.observed(at("RegistryObjectList"));
      for (const { owner, author } of authorsOf(xds)) {
        judgeAuthor(author, report, at(`${owner}/author`));
      }
      for (const document of xds.documents) {
        const where = at(`${document.id ?? "ExtrinsicObject"}/legalAuthenticator`);
        if (document.legalAuthenticator) judgePerson("legalAuthenticator", document.legalAuthenticator, report, where);
      }
    }
  },
});

function authorsOf(xds: XdsSubmission): { owner: string; author: XdsAuthor }[] {
  return [
    ...xds.submissionSets.flatMap((set) => set.authors.map((author) => ({ owner: "SubmissionSet", author }))),
    ...xds.documents.flatMap((document) =>
      document.authors.map((author) => ({ owner: document.id ?? "ExtrinsicObject", author })),
    ),
  ];
}

function judgeAuthor(author: XdsAuthor, report: Report, at: Pointer): void {
  for (const person of author.persons) judgePerson("authorPerson", person, report, at);
  for (const institution of author.institutions) judgeInstitution(institution, report, at);
  for (const observed of author.specialties) {
    const [code, label, oid, ...more] = observed.split("^");
    if (!code || !label || !/^\d+(\.\d+)+$/.test(oid ?? "") || more.some((part) => part !== "")) {
      report.finding("specialty_form", at, { observed });
    }
  }
}

function judgePerson(attribute: string, observed: string, report: Report, at: Pointer): void {
  const xcn = parseXcn(observed);
  if (!xcn) return;
  const missing = gaps([
    ["XCN.1", xcn.id],
    ["XCN.2", xcn.familyName],
    ["XCN.3", xcn.givenName],
    ["XCN.9", xcn.oid !== null && xcn.authorityType === "ISO" ? xcn.oid : null],
    ["XCN.10", xcn.nameType],
    ["XCN.13", xcn.identifierType],
  ]);
  if (missing !== "") report.finding("person_incomplete", at, { attribute, missing, observed });
  if (xcn.nameType !== null && xcn.nameType !== "D" && xcn.nameType !== "U") {
    report.finding("name_type", at, { attribute, observed: xcn.nameType });
  }
  if (xcn.identifierType !== null && !IDENTIFIER_TYPES.includes(xcn.identifierType)) {
    report.finding("person_type", at, { attribute, observed: xcn.identifierType });
  }
  // Patients have their INS, listed digital services the OID of their publisher: numbers of other authorities.
  if (xcn.oid === PROFESSIONALS && xcn.id !== null && !PERSON_ID.test(xcn.id)) {
    report.finding("person_id", at, { attribute, observed: xcn.id });
  }
}

function judgeInstitution(observed: string, report: Report, at: Pointer): void {
  const xon = parseXon(observed);
  if (!xon) return;
  const authority = xon.oid !== null && xon.authorityType === "ISO" ? xon.oid : null;
  const missing = gaps([
    ["XON.6", authority],
    ["XON.7", xon.identifierType],
    ["XON.10", xon.id],
  ]);
  const identified = xon.oid !== null || xon.identifierType !== null || xon.id !== null;
  if ((identified || xon.name === null) && missing !== "") {
    report.finding("structure_incomplete", at, { missing, observed });
  }
  if (xon.oid !== null && xon.oid !== STRUCTURES && xon.oid !== SIRENE) {
    report.finding("structure_authority", at, { observed: xon.oid });
  }
  if (xon.oid === STRUCTURES && /^(\d{9}|\d{14})$/.test(xon.id ?? "")) {
    report.finding("structure_id", at, { observed: xon.id });
  }
}

/** Names of the parts that are not there, as text. */
function gaps(parts: readonly (readonly [string, string | null])[]): string {
  return parts.flatMap(([name, value]) => (value === null ? [name] : [])).join(", ");
}
