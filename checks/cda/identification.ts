/** The document says what it is: readable, typed, identified, dated, versioned. */
import { defineCheck } from "../../core/model/index.js";
import type { CdaId } from "../../protocols/cda.js";
import { attr, children, text, trimmed, type XmlNode } from "../../protocols/xml.js";
import { type At, CDA_OPERATIONS, cdaSubjects, pointerIn } from "./helpers/documents.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion); the official examples pass";

/** Elements the header carries exactly once, without nullFlavor, in the order of the schema. */
const ONCE = [
  "realmCode",
  "typeId",
  "id",
  "code",
  "title",
  "effectiveTime",
  "confidentialityCode",
  "languageCode",
  "setId",
  "versionNumber",
] as const;

/** Attributes each of them must have, none of them empty. */
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  id: ["root"],
  setId: ["root"],
  code: ["code", "codeSystem", "displayName"],
  effectiveTime: ["value"],
  confidentialityCode: ["code", "codeSystem"],
  languageCode: ["code"],
  versionNumber: ["value"],
};

/** OID, UUID or plain identifier, as the official header rules take a `uid`. */
const UID = /^(?:[0-2](?:\.(?:0|[1-9]\d*))*|[A-Fa-f\d]{8}(?:-[A-Fa-f\d]{4}){3}-[A-Fa-f\d]{12}|[A-Za-z][A-Za-z\d-]*)$/;

export default defineCheck({
  id: "cda/identification",
  title: {
    fr: "Le document CDA se lit et s'identifie (en-tête minimal)",
    en: "The CDA document can be read and identifies itself (minimum header)",
  },
  reads: CDA_OPERATIONS,
  messages: {
    not_xml: {
      weight: "breach",
      source: "W3C XML 1.0, §2.1 Well-Formed XML Documents; CI-SIS: a CDA is XML (dmp.md §4)",
      mark: "standard",
      witness: "any conforming XML parser (libxml2, Xerces)",
      fr: "Le document n'est pas du XML bien formé ({code}, ligne {line}).",
      en: "The document is not well-formed XML ({code}, line {line}).",
    },
    not_cda: {
      weight: "breach",
      source: "HL7 CDA R2, CDA.xsd as published by the ANS (dmp.md §4, S6)",
      mark: "verified",
      witness: "official XSD: the only root of the official examples, bare or in an XSLT wrapper",
      fr: "Le document annoncé comme CDA n'a pas de racine ClinicalDocument (espace urn:hl7-org:v3).",
      en: "The document announced as CDA has no ClinicalDocument root (namespace urn:hl7-org:v3).",
    },
    not_read: {
      weight: "remark",
      source: "limits of this suite (docs/mock-differences.md)",
      mark: "inferred",
      witness: "none",
      fr: "Document non lu par la suite ({code}) : DOCTYPE ou taille hors limites. Il n'est pas jugé.",
      en: "Document not read by the suite ({code}): DOCTYPE or size out of bounds. It is not judged.",
    },
    missing: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "L'élément {element} est obligatoire dans l'en-tête ; il est absent ou vide.",
      en: "The element {element} is mandatory in the header; it is absent or empty.",
    },
    repeated: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "L'élément {element} est attendu une seule fois ; il est présent {count} fois.",
      en: "The element {element} is expected once; it is there {count} times.",
    },
    value: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{element} : attendu {expected}, observé « {observed} ».",
      en: "{element}: expected {expected}, observed “{observed}”.",
    },
    loose_value: {
      weight: "remark",
      source: `${HEADER}; the official patterns are not anchored (dmp.md, Observations)`,
      mark: "observed",
      witness: "none",
      fr: "{element} : « {observed} » passe les règles officielles mais n'a pas la forme attendue ({expected}).",
      en: "{element}: “{observed}” passes the official rules but has not the expected form ({expected}).",
    },
    replacement: {
      weight: "breach",
      source: `${HEADER}: relatedDocument, typeCode RPLC, parentDocument/id`,
      mark: "verified",
      witness: "official schematron ASIP-STRUCT-MIN (relatedDocument rules; other types fail with role warning)",
      fr: "relatedDocument : {fault} (observé : « {observed} »).",
      en: "relatedDocument: {fault} (observed: “{observed}”).",
    },
  },
  evaluate(seen, report) {
    for (const subject of cdaSubjects(seen)) {
      const at = pointerIn(subject);
      const { cda, problem } = subject;
      if (problem && problem.code !== "not_xml" && problem.code !== "bad_encoding" && problem.code !== "not_cda") {
        report.finding("not_read", at(), { code: problem.code });
        continue;
      }
      report.observed(at());
      if (problem?.code === "not_cda") report.finding("not_cda", at());
      else if (problem) report.finding("not_xml", at(), { code: problem.code, line: problem.line });
      if (!cda) continue;
      for (const name of ONCE)
        once(cda.root, name, at, (message, where, slots) => report.finding(message, where, slots));
      const value = (
        element: string,
        node: XmlNode | null,
        expected: string,
        observed: string | null,
        good: boolean,
      ): void => {
        if (observed !== null && observed !== "" && !good)
          report.finding("value", at(node), { element, expected, observed });
      };
      value("realmCode", cda.realmCode?.node ?? null, "FR", cda.realmCode?.code ?? null, cda.realmCode?.code === "FR");
      const type = `${cda.typeId?.root ?? ""} ${cda.typeId?.extension ?? ""}`;
      if (cda.typeId) {
        const wanted = "2.16.840.1.113883.1.3 POCD_HD000040";
        value("typeId", cda.typeId.node, wanted, type, type === wanted);
      }
      const uid = (element: string, id: CdaId | null): void =>
        value(element, id?.node ?? null, "OID", id?.root ?? null, UID.test(id?.root ?? ""));
      uid("id/@root", cda.id);
      uid("setId/@root", cda.setId);
      const language = cda.languageCode?.code ?? "";
      value("languageCode", cda.languageCode?.node ?? null, "xx-XX", language, /[a-z]{2}-[A-Z]{2}/.test(language));
      const version = cda.versionNumber?.value ?? "";
      value("versionNumber", cda.versionNumber?.node ?? null, "1, 2, 3…", version, /^[+-]?\d+$/.test(version));
      if (/[a-z]{2}-[A-Z]{2}/.test(language) && !/^[a-z]{2}-[A-Z]{2}$/.test(language)) {
        const slots = { element: "languageCode", expected: "xx-XX", observed: language };
        report.finding("loose_value", at(cda.languageCode?.node), slots);
      }
      if (/^[+-]?\d+$/.test(version) && Number(version) < 1) {
        const slots = { element: "versionNumber", expected: "1, 2, 3…", observed: version };
        report.finding("loose_value", at(cda.versionNumber?.node), slots);
      }
      const related = cda.relatedDocument;
      if (related && related.typeCode !== "RPLC") {
        report.finding("replacement", at(related.node), { fault: "typeCode ≠ RPLC", observed: related.typeCode });
      } else if (related && !related.id?.root) {
        report.finding("replacement", at(related.node), {
          fault: "parentDocument/id",
          observed: related.id?.root ?? null,
        });
      }
    }
  },
});

type Tell = (message: "missing" | "repeated", at: ReturnType<At>, slots: Record<string, string | number>) => void;

/** Presence of one header element, and of its attributes. */
function once(root: XmlNode, name: (typeof ONCE)[number], at: At, tell: Tell): void {
  const all = children(root, name).filter((node) => attr(node, "nullFlavor") === null);
  const node = all[0];
  if (!node) {
    tell("missing", at(root), { element: name });
    return;
  }
  if (all.length > 1) tell("repeated", at(all[1]), { element: name, count: all.length });
  if (name === "title" && trimmed(node) === "" && text(node) !== null) tell("missing", at(node), { element: name });
  for (const attribute of ATTRIBUTES[name] ?? []) {
    if (!attr(node, attribute)) tell("missing", at(node), { element: `${name}/@${attribute}` });
  }
}
