/** What the metadata say of the document is what it says of itself: identifier, type, title, language, confidentiality, media type. */
import { defineCheck } from "../../../core/model/index.js";
import { expectedEntry } from "../../../protocols/cda-xds.js";
import { CONFIDENTIALITY_CODES } from "../../../protocols/codes.js";
import { forEachDocumentAndCda, seenDocuments } from "../helpers/submission.js";

const MAPPING = "CI-SIS, mapping CDA → XDS (dmp.md §4.1, S1, S2)";

/** What a health document of the DMP is announced as; `cda/identification` says when it is none. */
const CDA_TYPES = ["text/xml", "application/xslt+xml"];

export default defineCheck({
  id: "dmp/document-description",
  title: {
    fr: "Identifiant, type, titre, langue et confidentialité des métadonnées sont ceux du CDA",
    en: "Identifier, type, title, language and confidentiality of the metadata are those of the CDA",
  },
  reads: ["dmp.submit"],
  messages: {
    missing: {
      weight: "breach",
      source: "DocumentEntry cardinalities (dmp.md §2.3, S1)",
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
    scheme: {
      weight: "remark",
      source: "Coding scheme of typeCode (dmp.md §2.4, S3)",
      mark: "verified",
      witness: "none",
      fr: "typeCode : nomenclature « {observed} » alors que le CDA porte « {expected} ».",
      en: "typeCode: coding scheme “{observed}” while the CDA carries “{expected}”.",
    },
    mime_type: {
      weight: "breach",
      source: "DocumentEntry.mimeType: text/xml, application/xslt+xml when auto-presentable (dmp.md §2.3, S1)",
      mark: "verified",
      witness: "none",
      fr: "mimeType attendu {expected} pour ce document ; observé « {observed} ».",
      en: "mimeType expected {expected} for this document; observed “{observed}”.",
    },
    confidentiality_unknown: {
      weight: "breach",
      source: `${CONFIDENTIALITY_CODES.source} of ${CONFIDENTIALITY_CODES.date} (dmp.md §2.4, S3)`,
      mark: "verified",
      witness: "official value set JDV_J58",
      fr: "confidentialityCode « {observed} » n'est pas admis par le DMP (JDV_J58).",
      en: "confidentialityCode “{observed}” is not admitted by the DMP (JDV_J58).",
    },
    masked_and_invisible: {
      weight: "remark",
      source:
        "DMP: MASQUE_PS and INVISIBLE_PATIENT on one document, forbidden while the DMP parameter says so (dmp.md §5)",
      mark: "third-party",
      witness: "none",
      fr: "Le document est à la fois masqué aux professionnels et invisible au patient.",
      en: "The document is both masked to professionals and invisible to the patient.",
    },
  },
  evaluate(seen, report) {
    for (const { document, at } of seenDocuments(seen)) {
      // A document that is no CDA has no header to compare, but it cannot be of another type than a CDA.
      const { cda, bytes, entry } = document;
      if (cda || !bytes || CDA_TYPES.includes(entry.mimeType ?? "")) continue;
      report.observed(at());
      report.finding("mime_type", at("mimeType"), { observed: entry.mimeType, expected: "text/xml" });
    }
    forEachDocumentAndCda(seen, report, (entry, cda, at) => {
      const expected = expectedEntry(cda);
      const codes = entry.confidentialityCodes.map((code) => code.code ?? "");
      const level = codes.find((code) => code === expected.confidentialityCode);
      const compared: readonly (readonly [string, string | null, string | null])[] = [
        ["uniqueId", entry.uniqueId, expected.uniqueId],
        ["typeCode", entry.typeCode?.code ?? null, expected.typeCode?.code ?? null],
        ["title", plain(entry.title), plain(expected.title)],
        ["languageCode", entry.languageCode, expected.languageCode],
        // The CDA's code comes first by the mapping, but ebRIM gives no meaning to the order of classifications.
        ["confidentialityCode", level ?? codes[0] ?? null, expected.confidentialityCode],
      ];
      for (const [attribute, observed, wanted] of compared) {
        // What `dmp/unique-identifiers` and `dmp/class-code` say when it is absent.
        if (observed === null && (attribute === "uniqueId" || attribute === "typeCode")) continue;
        if (observed === null) report.finding("missing", at(attribute), { attribute });
        else if (wanted && !isSame(attribute, observed, wanted)) {
          report.finding("differs", at(attribute), { attribute, observed, expected: wanted });
        }
      }
      const [scheme, wantedScheme] = [entry.typeCode?.scheme ?? null, expected.typeCode?.scheme ?? null];
      if (entry.typeCode?.code && wantedScheme !== null && scheme !== wantedScheme) {
        report.finding("scheme", at("typeCode"), { observed: scheme, expected: wantedScheme });
      }
      if (entry.mimeType !== expected.mimeType) {
        report.finding("mime_type", at("mimeType"), { observed: entry.mimeType, expected: expected.mimeType });
      }
      for (const code of codes) {
        if (!CONFIDENTIALITY_CODES.values.has(code)) {
          report.finding("confidentiality_unknown", at("confidentialityCode"), { observed: code });
        }
      }
      if (codes.includes("MASQUE_PS") && codes.includes("INVISIBLE_PATIENT")) {
        report.finding("masked_and_invisible", at("confidentialityCode"));
      }
    });
  },
});

/** A title may be cut; language tags are compared without case (RFC 5646 §2.1.1). */
function isSame(attribute: string, observed: string, wanted: string): boolean {
  if (attribute === "title" && isCutTitle(observed, wanted)) return true;
  if (attribute === "languageCode") return observed.toLowerCase() === wanted.toLowerCase();
  return observed === wanted;
}

/** White space as XML attributes and titles normalise it. */
function plain(value: string | null): string | null {
  return value === null ? null : value.replace(/\s+/g, " ").trim();
}

/** ITI TF-3 §4.2.3.2 bounds a title to 128 characters. */
function isCutTitle(observed: string, wanted: string): boolean {
  return wanted.length > 128 && observed.length <= 128 && observed.length >= 100 && wanted.startsWith(observed);
}
