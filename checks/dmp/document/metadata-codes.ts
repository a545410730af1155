/** Every coded value of the metadata has its code, its nomenclature and its label; referenced identifiers their form. */
import { defineCheck, type Pointer, type Report } from "../../../core/model/index.js";
import { CONFIDENTIALITY_CODES, FACILITY_TYPES, SCHEMES } from "../../../protocols/codes.js";
import {
  CONTENT_TYPES,
  FORMAT_CODES,
  REFERENCE_TYPES,
  schemeOfClass,
  schemeOfType,
  schemeOrOtherProducer,
} from "../../../protocols/codes/xds-metadata.js";
import { codedValues, parseCx, slotValues, type XdsCode, type XdsDocument } from "../../../protocols/xds.js";
import { WITNESS } from "../helpers/sources.js";
import { submissionOf } from "../helpers/submission.js";

const RULE =
  "IHE ITI TF-3 §4.2.3.1.2: a code is a Classification with nodeRepresentation, codingScheme and Name (dmp.md §2.2)";
const LEVELS = ["N", "R", "V"];
/** A level, then at most the three visibility codes (dmp.md §2.3: 1..4). */
const MOST_CODES = 4;

/** Nomenclature of a code, where one official text gives it. */
const EXPECTED_SCHEME: Readonly<Record<string, (code: string) => string | null>> = {
  contentTypeCode: (code) => CONTENT_TYPES.values.get(code) ?? null,
  // The schemes of classCode, typeCode and of a level 1 formatCode have their own checks, for health documents.
  confidentialityCode: (code) => CONFIDENTIALITY_CODES.values.get(code) ?? null,
  healthcareFacilityTypeCode: (code) => schemeOrOtherProducer(code, SCHEMES.sectors),
  practiceSettingCode: (code) => schemeOrOtherProducer(code, SCHEMES.practiceSettings),
};
const SIGNATURE_SCHEME: Readonly<Record<string, (code: string) => string | null>> = {
  ...EXPECTED_SCHEME,
  classCode: schemeOfClass,
  typeCode: schemeOfType,
};

export default defineCheck({
  id: "dmp/metadata-codes",
  title: {
    fr: "Chaque code des métadonnées a sa valeur, sa nomenclature et son libellé",
    en: "Every code of the metadata has its value, its nomenclature and its label",
  },
  reads: ["dmp.submit"],
  messages: {
    no_value: {
      weight: "breach",
      source: RULE,
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "{attribute} : la classification ne porte pas de code (nodeRepresentation).",
      en: "{attribute}: the classification carries no code (nodeRepresentation).",
    },
    no_scheme: {
      weight: "breach",
      source: RULE,
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "{attribute} « {code} » : un Slot codingScheme avec une valeur est attendu ; {count} valeur(s) observée(s).",
      en: "{attribute} “{code}”: a Slot codingScheme with one value is expected; {count} value(s) observed.",
    },
    no_label: {
      weight: "breach",
      source: RULE,
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "{attribute} « {code} » : le libellé (Name/LocalizedString/@value) est absent ou vide.",
      en: "{attribute} “{code}”: the label (Name/LocalizedString/@value) is absent or empty.",
    },
    scheme: {
      weight: "remark",
      source: "nomenclatures of the DMP value sets (dmp.md §2.4, S3)",
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "{attribute} « {code} » : nomenclature attendue {expected} ; observée « {observed} ».",
      en: "{attribute} “{code}”: nomenclature expected {expected}; observed “{observed}”.",
    },
    unknown: {
      weight: "remark",
      source: `${FORMAT_CODES.source} of ${FORMAT_CODES.date}; ${FACILITY_TYPES.source} of ${FACILITY_TYPES.date} (dmp.md §2.4, S3)`,
      mark: "verified",
      witness: "none: a later value set may hold the code",
      fr: "{attribute} « {code} » n'est pas dans le jeu de valeurs du {date}.",
      en: "{attribute} “{code}” is not in the value set of {date}.",
    },
    code_repeated: {
      weight: "remark",
      source: "DocumentEntry.confidentialityCode: a level, then visibility codes (dmp.md §2.3, S1)",
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "confidentialityCode : « {observed} » est donné plusieurs fois, ou plusieurs niveaux le sont ({codes}).",
      en: "confidentialityCode: “{observed}” is given several times, or several levels are ({codes}).",
    },
    too_many: {
      weight: "breach",
      source: "DocumentEntry.confidentialityCode, 1..4 (dmp.md §2.3, S1)",
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "confidentialityCode : de 1 à 4 codes attendus ; {count} observés.",
      en: "confidentialityCode: 1 to 4 codes expected; {count} observed.",
    },
    level_order: {
      weight: "remark",
      source:
        "DocumentEntry.confidentialityCode: the level comes first (dmp.md §2.3, S1, S2); ebRIM gives no meaning to the order",
      mark: "verified",
      witness: WITNESS.kitMessages,
      fr: "confidentialityCode : le niveau (N, R ou V) est attendu en premier ; observé : {codes}.",
      en: "confidentialityCode: the level (N, R or V) is expected first; observed: {codes}.",
    },
    reference_form: {
      weight: "breach",
      source: "IHE ITI TF-3 §4.2.3.2.28 and §4.2.3.1.7, CXi: identifier, authority, type (dmp.md §2.3)",
      mark: "standard",
      witness: "IHE ITI TF-3, examples of CXi",
      fr: "referenceIdList attendu sous la forme id^^^&OID&ISO^type ; observé : « {observed} ».",
      en: "referenceIdList expected as id^^^&OID&ISO^type; observed: “{observed}”.",
    },
    reference_type: {
      weight: "remark",
      source: `${REFERENCE_TYPES.source} of ${REFERENCE_TYPES.date} (dmp.md §2.3, S1)`,
      mark: "verified",
      witness: "none: a later value set may hold the type",
      fr: "referenceIdList : le type « {observed} » n'est pas admis par le DMP (JDV_J231).",
      en: "referenceIdList: the type “{observed}” is not admitted by the DMP (JDV_J231).",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const submission = submissionOf(exchange);
      if (!submission) continue;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      report.observed(at("RegistryObjectList"));
      for (const set of submission.xds.submissionSets) {
        for (const { attribute, code } of codedValues(set)) {
          judgeCode(attribute, code, EXPECTED_SCHEME, report, at(`SubmissionSet/${attribute}`));
        }
      }
      for (const { entry, signature } of submission.documents) {
        const name = entry.id ?? "ExtrinsicObject";
        for (const { attribute, code } of codedValues(entry)) {
          const schemes = signature ? SIGNATURE_SCHEME : EXPECTED_SCHEME;
          judgeCode(attribute, code, schemes, report, at(`${name}/${attribute}`));
        }
        judgeConfidentiality(entry, report, at(`${name}/confidentialityCode`));
        judgeReferences(entry, report, at(`${name}/referenceIdList`));
      }
    }
  },
});

function judgeCode(
  attribute: string,
  value: XdsCode,
  schemes: Readonly<Record<string, (code: string) => string | null>>,
  report: Report,
  at: Pointer,
): void {
  const { code, label, node } = value;
  const given = slotValues(node, "codingScheme").filter((scheme) => scheme !== "");
  if (!code) report.finding("no_value", at, { attribute });
  if (given.length !== 1) report.finding("no_scheme", at, { attribute, code, count: given.length });
  if (!label?.trim()) report.finding("no_label", at, { attribute, code });
  if (!code) return;
  const expected = schemes[attribute]?.(code) ?? null;
  const [observed = null] = given;
  if (expected !== null && given.length === 1 && observed !== expected) {
    report.finding("scheme", at, { attribute, code, expected, observed });
  }
  const table =
    attribute === "formatCode" ? FORMAT_CODES : attribute === "healthcareFacilityTypeCode" ? FACILITY_TYPES : null;
  if (table && !table.values.includes(code)) report.finding("unknown", at, { attribute, code, date: table.date });
}

function judgeConfidentiality(entry: XdsDocument, report: Report, at: Pointer): void {
  const codes = entry.confidentialityCodes.map(({ code }) => code ?? "");
  if (codes.length > MOST_CODES) report.finding("too_many", at, { count: codes.length });
  const levels = codes.filter((code) => LEVELS.includes(code));
  const repeated = codes.find((code, index) => codes.indexOf(code) !== index) ?? levels[1];
  const written = codes.join(", ");
  if (repeated !== undefined) report.finding("code_repeated", at, { observed: repeated, codes: written });
  if (levels.length > 0 && !LEVELS.includes(codes[0] ?? "")) report.finding("level_order", at, { codes: written });
}

function judgeReferences(entry: XdsDocument, report: Report, at: Pointer): void {
  for (const observed of entry.referenceIds) {
    const cx = parseCx(observed);
    // The authority may be left out for identifiers that are unique by themselves (ITI TF-3 §4.2.3.1.7, CXi.4 "RE").
    const authority = cx?.oid !== null && cx?.authorityType !== "ISO";
    if (!cx?.id || !cx.type || authority) report.finding("reference_form", at, { observed });
    else if (!REFERENCE_TYPES.values.includes(cx.type)) report.finding("reference_type", at, { observed: cx.type });
  }
}
