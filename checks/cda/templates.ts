/** Which models the document claims: the header of HL7 France and of the CI-SIS, then a volet, or level 1. */
import { defineCheck } from "../../core/model/index.js";
import { HEADER_TEMPLATES, LEVEL1_TEMPLATE } from "../../protocols/codes.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN, templateId (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion); the official examples pass";

export default defineCheck({
  id: "cda/templates",
  title: {
    fr: "Le document CDA déclare ses modèles (templateId)",
    en: "The CDA document declares its models (templateId)",
  },
  reads: CDA_OPERATIONS,
  messages: {
    header_template: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "Le templateId d'en-tête {template} est attendu une fois ; il est présent {count} fois.",
      en: "The header templateId {template} is expected once; it is there {count} times.",
    },
    volet_missing: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "Aucun templateId de volet : seuls les modèles d'en-tête sont déclarés.",
      en: "No volet templateId: only the header models are declared.",
    },
    level1_template: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "Corps non structuré sans le templateId {template}.",
      en: "Non-structured body without the templateId {template}.",
    },
    level1_count: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "Corps non structuré : exactement trois templateId sont attendus, {count} observés.",
      en: "Non-structured body: exactly three templateId are expected, {count} observed.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      const roots = cda.templateIds.map((template) => template.root);
      const first = at(cda.templateIds[0]?.node ?? cda.root);
      for (const template of HEADER_TEMPLATES) {
        const count = roots.filter((root) => root === template).length;
        if (count !== 1) report.finding("header_template", first, { template, count });
      }
      const others = roots.filter((root) => !HEADER_TEMPLATES.some((template) => template === root));
      if (cda.body?.kind === "nonXML") {
        if (!roots.includes(LEVEL1_TEMPLATE)) report.finding("level1_template", first, { template: LEVEL1_TEMPLATE });
        else if (roots.length !== 3) report.finding("level1_count", first, { count: roots.length });
      } else if (others.length === 0) report.finding("volet_missing", first);
    });
  },
});
