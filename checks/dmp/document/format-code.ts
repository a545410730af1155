/** formatCode tells how the document is made: by the media type of a level 1 body, by the volet of a structured one. */
import { defineCheck } from "../../../core/model/index.js";
import { expectedEntry } from "../../../protocols/cda-xds.js";
import { FORMAT_OF_TEMPLATE, LEVEL1_FORMATS, SCHEMES } from "../../../protocols/codes.js";
import { forEachDocumentAndCda } from "../helpers/submission.js";

/** Two official texts differ for level 1 (mssante.md, Known ambiguities): both are accepted. */
const LEVEL1_SCHEMES: readonly string[] = [SCHEMES.iheFormats, SCHEMES.documentTypes];

export default defineCheck({
  id: "dmp/format-code",
  title: {
    fr: "Le format annoncé (formatCode) est celui du document",
    en: "The format announced (formatCode) is that of the document",
  },
  reads: ["dmp.submit"],
  messages: {
    missing: {
      weight: "breach",
      source:
        "DocumentEntry.formatCode, 1..1, classification urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d (dmp.md §2.2, §2.3, S1)",
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.2; editor kit",
      fr: "formatCode est obligatoire ; aucune classification de ce schéma ne le porte.",
      en: "formatCode is mandatory; no classification of its scheme carries it.",
    },
    level1_differs: {
      weight: "breach",
      source: `${LEVEL1_FORMATS.source} (dmp.md §2.4, S4)`,
      mark: "verified",
      witness: "official association table ASS_A11",
      fr: "Corps {mediaType} : formatCode attendu {expected} ; observé « {observed} ».",
      en: "Body {mediaType}: formatCode expected {expected}; observed “{observed}”.",
    },
    structured_differs: {
      weight: "remark",
      source: `${FORMAT_OF_TEMPLATE.source} (dmp.md §4.3, S4); later versions of a volet may bring another code`,
      mark: "verified",
      witness: "none: the table lags behind the volets",
      fr: "Corps structuré : formatCode attendu {expected} d'après les modèles du CDA ; observé « {observed} ».",
      en: "Structured body: formatCode expected {expected} from the models of the CDA; observed “{observed}”.",
    },
    scheme: {
      weight: "remark",
      source: "Coding scheme of a level 1 formatCode: two official values (dmp.md §2.4; mssante.md, Known ambiguities)",
      mark: "kit",
      witness: "none: the texts differ",
      fr: "formatCode : nomenclature « {observed} » inattendue pour un corps non structuré.",
      en: "formatCode: coding scheme “{observed}” unexpected for a non-structured body.",
    },
  },
  evaluate(seen, report) {
    forEachDocumentAndCda(seen, report, (entry, cda, at) => {
      const observed = entry.formatCode?.code ?? null;
      if (!observed) {
        report.finding("missing", at("formatCode"));
        return;
      }
      const level1 = cda.body?.kind === "nonXML";
      const expected = expectedEntry(cda).formatCode;
      if (expected !== null && observed !== expected) {
        const slots = { expected, observed };
        if (!level1) report.finding("structured_differs", at("formatCode"), slots);
        else report.finding("level1_differs", at("formatCode"), { ...slots, mediaType: cda.body?.mediaType ?? null });
      }
      const scheme = entry.formatCode?.scheme ?? "";
      if (level1 && !LEVEL1_SCHEMES.includes(scheme)) report.finding("scheme", at("formatCode"), { observed: scheme });
    });
  },
});
