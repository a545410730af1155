/** A structured document: its body holds sections, and its volet (templateId) agrees with its code. */
import { defineCheck } from "../../core/model/index.js";
import type { Cda } from "../../protocols/cda.js";
import { PDF_COPY_SECTION, VOLET_OF_TEMPLATE, type Volet } from "../../protocols/codes/cda-volets.js";
import { attr, children, select, type XmlNode } from "../../protocols/xml.js";
import { CDA_OPERATIONS, cdaSubjects, pointerIn } from "./helpers/documents.js";

const VOLETS = "CI-SIS, volets de contenu: schematrons of the volets and ASS_A11 (dmp.md §4.2, §4.3, S4, S6)";

export default defineCheck({
  id: "cda/volet",
  title: {
    fr: "Le document structuré suit le volet qu'il déclare",
    en: "The structured document follows the volet it declares",
  },
  reads: CDA_OPERATIONS,
  messages: {
    no_section: {
      weight: "breach",
      source: "HL7 CDA R2, POCD_MT000040 StructuredBody: component/section, one at least (dmp.md §4.2)",
      mark: "standard",
      witness: "CDA.xsd refuses it; the official examples pass",
      fr: "Le corps structuré ne contient aucune section.",
      en: "The structured body holds no section.",
    },
    code_differs: {
      weight: "breach",
      source: VOLETS,
      mark: "verified",
      witness: "official schematron of the volet in that version (same assertion); its official examples pass",
      fr: "Volet {volet} {version} : code du document attendu {expected} ; observé « {observed} ».",
      en: "Volet {volet} {version}: document code expected {expected}; observed “{observed}”.",
    },
    code_unusual: {
      weight: "remark",
      source: `${VOLETS}; other versions of a volet may have another code`,
      mark: "verified",
      witness: "official examples of other versions",
      fr: "Volet {volet}, version « {version} » inconnue de la suite : les versions connues ont le code {expected} ; observé « {observed} ».",
      en: "Volet {volet}, version “{version}” unknown to the suite: known versions have the code {expected}; observed “{observed}”.",
    },
    pdf_copy: {
      weight: "breach",
      source: VOLETS,
      mark: "verified",
      witness: "official schematron of the volet in that version (same assertion); its official examples pass",
      fr: "Volet {volet} {version} : la section de copie PDF ({section}) est obligatoire ; elle est absente.",
      en: "Volet {volet} {version}: the PDF copy section ({section}) is mandatory; it is absent.",
    },
  },
  evaluate(seen, report) {
    for (const subject of cdaSubjects(seen)) {
      const { cda } = subject;
      if (!cda?.body) continue;
      const at = pointerIn(subject);
      if (cda.body.kind === "nonXML") {
        report.inapplicable(at(cda.body.node), "non_structured_body");
        continue;
      }
      report.observed(at(cda.body.node));
      const sections = select(cda.body.node, "component/section");
      if (sections.length === 0) report.finding("no_section", at(cda.body.node));
      for (const { volet, version, node } of voletsOf(cda)) {
        const expected = volet.codes.join(" | ");
        const observed = cda.code?.code ?? null;
        const slots = { volet: volet.name, version: version ?? "–" };
        const known = version !== null && volet.versions.includes(version);
        if (observed !== null && !volet.codes.includes(observed)) {
          report.finding(known ? "code_differs" : "code_unusual", at(cda.code?.node ?? node), {
            ...slots,
            expected,
            observed,
          });
        }
        if (version !== null && volet.pdfCopy?.includes(version) && !sections.some(isPdfCopy)) {
          report.finding("pdf_copy", at(cda.body.node), { ...slots, section: PDF_COPY_SECTION });
        }
      }
    }
  },
});

interface Declared {
  readonly volet: Volet;
  readonly version: string | null;
  readonly node: XmlNode;
}

function voletsOf(cda: Cda): Declared[] {
  return cda.templateIds.flatMap(({ root, extension, node }) => {
    const volet = VOLET_OF_TEMPLATE.values.get(root ?? "");
    return volet ? [{ volet, version: extension, node }] : [];
  });
}

function isPdfCopy(section: XmlNode): boolean {
  return children(section, "templateId").some((template) => attr(template, "root") === PDF_COPY_SECTION);
}
