/** The document says what it is: readable, typed, identified, dated, versioned. */
import { defineCheck, type Slots } from "../../core/model/index.js";
import { type Cda, CDA_NS } from "../../protocols/cda.js";
import { attr, children, descendants, trimmed, type XmlNode } from "../../protocols/xml.js";
import { CDA_OPERATIONS, cdaSubjects, pointerIn } from "./helpers/documents.js";
import { OID_OR_UUID } from "./helpers/data-types.js";

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
  confidentialityCode: ["code", "codeSystem", "displayName"],
  languageCode: ["code"],
  versionNumber: ["value"],
};

/** Problems of the document itself; the others are limits of this suite. */
const UNREADABLE = ["not_xml", "bad_encoding", "not_cda"];

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
      undecided: true,
      source: "limits of this suite: XML without DTD, of bounded size and depth",
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
      if (problem && !UNREADABLE.includes(problem.code)) {
        report.finding("not_read", at(), { code: problem.code });
        continue;
      }
      report.observed(at());
      if (problem?.code === "not_cda") report.finding("not_cda", at());
      else if (problem) report.finding("not_xml", at(), { code: problem.code, line: problem.line });
      if (!cda) continue;
      const documents = descendants(topOf(cda.root), "ClinicalDocument", CDA_NS);
      if (documents.length > 1) {
        // In a style sheet, another reader could take another one.
        report.finding("repeated", at(documents[1]), { element: "ClinicalDocument", count: documents.length });
      }
      for (const name of ONCE) {
        for (const { message, node, slots } of presence(cda.root, name)) report.finding(message, at(node), slots);
      }
      for (const { node, ...slots } of wrongValues(cda)) report.finding("value", at(node), slots);
      for (const { node, ...slots } of looseValues(cda)) report.finding("loose_value", at(node), slots);
      const replacing = children(cda.root, "relatedDocument").filter((node) => attr(node, "typeCode") === "RPLC");
      if (replacing.length > 1) {
        const slots = { fault: "> 1 relatedDocument RPLC", observed: replacing.length };
        report.finding("replacement", at(replacing[1]), slots);
      }
      const related = cda.relatedDocument;
      if (related && related.typeCode !== "RPLC") {
        report.finding("replacement", at(related.node), { fault: "typeCode ≠ RPLC", observed: related.typeCode });
      } else if (related && !related.id?.root) {
        report.finding("replacement", at(related.node), { fault: "parentDocument/id", observed: "–" });
      }
    }
  },
});

function topOf(node: XmlNode): XmlNode {
  let top = node;
  while (top.parent) top = top.parent;
  return top;
}

interface Presence {
  readonly message: "missing" | "repeated";
  readonly node: XmlNode;
  readonly slots: Slots;
}

/** Presence of one header element, and of its attributes. */
function presence(root: XmlNode, name: (typeof ONCE)[number]): Presence[] {
  const all = children(root, name).filter((node) => attr(node, "nullFlavor") === null);
  const [node, second] = all;
  if (!node) return [{ message: "missing", node: root, slots: { element: name } }];
  const faults: Presence[] = [];
  if (second) faults.push({ message: "repeated", node: second, slots: { element: name, count: all.length } });
  if (name === "title" && trimmed(node) === "") faults.push({ message: "missing", node, slots: { element: name } });
  for (const attribute of ATTRIBUTES[name] ?? []) {
    if (!attr(node, attribute)?.trim())
      faults.push({ message: "missing", node, slots: { element: `${name}/@${attribute}` } });
  }
  return faults;
}

interface WrongValue {
  readonly element: string;
  readonly expected: string;
  readonly observed: string;
  readonly node: XmlNode;
}

/** Values the official rules refuse. What is absent is told by `missing`. */
function wrongValues(cda: Cda): WrongValue[] {
  const type = cda.typeId ? `${cda.typeId.root ?? ""} ${cda.typeId.extension ?? ""}` : null;
  const judged: readonly (readonly [string, XmlNode | undefined, string | null | undefined, string, RegExp])[] = [
    ["realmCode", cda.realmCode?.node, cda.realmCode?.code || "–", "FR", /^FR$/],
    [
      "typeId",
      cda.typeId?.node,
      type,
      "2.16.840.1.113883.1.3 POCD_HD000040",
      /^2\.16\.840\.1\.113883\.1\.3 POCD_HD000040$/,
    ],
    ["id/@root", cda.id?.node, cda.id?.root, "OID | UUID", OID_OR_UUID],
    ["setId/@root", cda.setId?.node, cda.setId?.root, "OID | UUID", OID_OR_UUID],
    ["languageCode", cda.languageCode?.node, cda.languageCode?.code, "xx-XX", /[a-z]{2}-[A-Z]{2}/],
    ["versionNumber", cda.versionNumber?.node, cda.versionNumber?.value, "1, 2, 3…", /^[+-]?\d+$/],
  ];
  return judged.flatMap(([element, node, observed, expected, form]) =>
    node && observed && !form.test(observed) ? [{ element, expected, observed, node }] : [],
  );
}

/** Values that only the looseness of the official patterns lets pass. */
function looseValues(cda: Cda): WrongValue[] {
  const found: WrongValue[] = [];
  const { languageCode, versionNumber } = cda;
  const language = languageCode?.code ?? "";
  if (languageCode && /[a-z]{2}-[A-Z]{2}/.test(language) && !/^[a-z]{2}-[A-Z]{2}$/.test(language)) {
    found.push({ element: "languageCode", expected: "xx-XX", observed: language, node: languageCode.node });
  }
  const version = versionNumber?.value ?? "";
  if (versionNumber && /^[+-]?\d+$/.test(version) && Number(version) < 1) {
    found.push({ element: "versionNumber", expected: "1, 2, 3…", observed: version, node: versionNumber.node });
  }
  return found;
}
