/** The class of a document follows from its type, by the association table of the DMP. */
import { defineCheck } from "../../../core/model/index.js";
import { CLASS_CODES, CLASS_OF_TYPE, SCHEMES } from "../../../protocols/codes.js";
import { seenDocuments } from "../helpers/submission.js";

const TABLE = `${CLASS_OF_TYPE.source} of ${CLASS_OF_TYPE.date} (dmp.md §2.4, S4)`;

export default defineCheck({
  id: "dmp/class-code",
  title: {
    fr: "La classe du document (classCode) découle de son type (typeCode)",
    en: "The class of the document (classCode) follows from its type (typeCode)",
  },
  reads: ["dmp.submit"],
  messages: {
    missing: {
      weight: "breach",
      source: "DocumentEntry.classCode and typeCode, 1..1 each (dmp.md §2.3, S1)",
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.2 (required, R)",
      fr: "{attribute} est obligatoire ; il est absent.",
      en: "{attribute} is mandatory; it is absent.",
    },
    unknown_class: {
      weight: "breach",
      source: `${CLASS_CODES.source} of ${CLASS_CODES.date} (dmp.md §2.4, S3)`,
      mark: "verified",
      witness: "official value set JDV_J57",
      fr: "classCode « {observed} » n'est pas admis par le DMP (JDV_J57).",
      en: "classCode “{observed}” is not admitted by the DMP (JDV_J57).",
    },
    differs: {
      weight: "breach",
      source: TABLE,
      mark: "verified",
      witness: "official association table ASS_X16",
      fr: "Pour le type {type}, la classe attendue est {expected} ; observé « {observed} ».",
      en: "For the type {type}, the expected class is {expected}; observed “{observed}”.",
    },
    unknown_type: {
      weight: "remark",
      source: TABLE,
      mark: "verified",
      witness: "none: a later table may hold the type",
      fr: "Le type « {observed} » n'est pas dans la table du {date} : la classe n'est pas jugée.",
      en: "The type “{observed}” is not in the table of {date}: the class is not judged.",
    },
    scheme: {
      weight: "remark",
      source: "Coding scheme of classCode, TRE_A03 (dmp.md §2.4, S3)",
      mark: "verified",
      witness: "none",
      fr: "classCode : nomenclature attendue {expected} ; observé « {observed} ».",
      en: "classCode: coding scheme expected {expected}; observed “{observed}”.",
    },
  },
  evaluate(seen, report) {
    for (const { document, at } of seenDocuments(seen)) {
      const { classCode, typeCode } = document.entry;
      report.observed(at());
      if (!classCode?.code) report.finding("missing", at("classCode"), { attribute: "classCode" });
      if (!typeCode?.code) report.finding("missing", at("typeCode"), { attribute: "typeCode" });
      if (!classCode?.code) continue;
      if (!CLASS_CODES.values.includes(classCode.code)) {
        report.finding("unknown_class", at("classCode"), { observed: classCode.code });
      } else if (classCode.scheme !== SCHEMES.documentClasses) {
        report.finding("scheme", at("classCode"), { expected: SCHEMES.documentClasses, observed: classCode.scheme });
      }
      if (!typeCode?.code) continue;
      const expected = CLASS_OF_TYPE.values.get(typeCode.code);
      if (expected === undefined) {
        report.finding("unknown_type", at("typeCode"), { observed: typeCode.code, date: CLASS_OF_TYPE.date });
      } else if (expected !== classCode.code) {
        report.finding("differs", at("classCode"), { type: typeCode.code, expected, observed: classCode.code });
      }
    }
  },
});
