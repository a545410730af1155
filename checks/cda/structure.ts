/** Inside each part of the header: what is expected once, at most once, and the attributes that must be written. */
import { defineCheck } from "../../core/model/index.js";
import { CDA_NS } from "../../protocols/cda.js";
import { ADDRESS_PARTS } from "../../protocols/codes/cda-header.js";
import { attr, elements, type XmlNode } from "../../protocols/xml.js";
import { identityOf, isOidOrUuid, repeatedSiblings } from "./helpers/data-types.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";
import { childrenAs, headerElements, PARTS, partsAt, plain } from "./helpers/header-parts.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion); the official examples pass";

export default defineCheck({
  id: "cda/structure",
  title: {
    fr: "Chaque partie de l'en-tête CDA est complète",
    en: "Each part of the CDA header is complete",
  },
  reads: CDA_OPERATIONS,
  messages: {
    absent: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{part} : {element} est obligatoire ; il est absent.",
      en: "{part}: {element} is mandatory; it is absent.",
    },
    repeated: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{part} : {element} est admis une seule fois ; il est présent {count} fois.",
      en: "{part}: {element} is admitted once; it is there {count} times.",
    },
    attribute: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{part} : l'attribut {attribute} est obligatoire ; il est absent ou vide.",
      en: "{part}: the attribute {attribute} is mandatory; it is absent or empty.",
    },
    root_form: {
      weight: "breach",
      source: "HL7 V3 data types R1, II: root is an OID or a UUID; schematron ASIP-STRUCT-MIN (S6)",
      mark: "standard",
      witness: OFFICIAL,
      fr: "{part}/@root : « {observed} » n'est ni un OID ni un UUID.",
      en: "{part}/@root: “{observed}” is neither an OID nor a UUID.",
    },
    no_value: {
      weight: "breach",
      source: "HL7 V3 data types R1: a value or a nullFlavor; schematron ASIP-STRUCT-MIN (S6)",
      mark: "standard",
      witness: OFFICIAL,
      fr: "{part} n'a ni {attribute} ni nullFlavor.",
      en: "{part} has neither {attribute} nor a nullFlavor.",
    },
    same_twice: {
      weight: "breach",
      source: "HL7 RIM, sets hold distinct values; schematron ASIP-STRUCT-MIN (S6)",
      mark: "verified",
      witness: OFFICIAL,
      fr: "{part} est écrit deux fois avec la même valeur (« {observed} »).",
      en: "{part} is written twice with the same value (“{observed}”).",
    },
    foreign: {
      weight: "breach",
      source: "HL7 CDA R2 §1.4: the elements of CDA are in urn:hl7-org:v3; schema CDA_extended.xsd (S6)",
      mark: "standard",
      witness: "official schema CDA_extended.xsd refuses the same elements; the official examples pass",
      fr: "{part} est dans l'espace de noms « {observed} » : ce n'est pas un élément de CDA (urn:hl7-org:v3).",
      en: "{part} is in the namespace “{observed}”: it is no element of CDA (urn:hl7-org:v3).",
    },
    empty_attribute: {
      weight: "breach",
      source:
        "HL7 V3 data types R1, XML ITS: a code, an OID or a string is one character at least, a nullFlavor one of its list",
      mark: "standard",
      witness: "official schema CDA_extended.xsd refuses the same attributes; the official examples pass",
      fr: "{part}/@{attribute} : « {observed} » n'est pas une valeur ; ôter l'attribut, ou écrire un nullFlavor de HL7.",
      en: "{part}/@{attribute}: “{observed}” is no value; leave the attribute out, or write a nullFlavor of HL7.",
    },
    null_and_value: {
      weight: "breach",
      source: "HL7 V3 data types R1, nullFlavor: an exceptional value has no value; schematron ASIP-STRUCT-MIN (S6)",
      mark: "standard",
      witness: OFFICIAL,
      fr: "{part} porte nullFlavor « {flavor} » et une valeur ({attribute}) : l'un exclut l'autre.",
      en: "{part} bears nullFlavor “{flavor}” and a value ({attribute}): one excludes the other.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      /** Elements whose attributes `PARTS` names. */
      const named = new Set<XmlNode>();
      for (const part of PARTS) {
        const name = plain(part.path) || "ClinicalDocument";
        for (const node of partsAt(cda.root, part.path)) {
          if (part.attributes) named.add(node);
          const count = (element: string): number => childrenAs(node, element).length;
          for (const element of [...(part.one ?? []), ...(part.some ?? [])]) {
            if (count(element) === 0) report.finding("absent", at(node), { part: name, element });
          }
          for (const element of [...(part.one ?? []), ...(part.most ?? [])]) {
            const found = count(element);
            if (found > 1) report.finding("repeated", at(node), { part: name, element, count: found });
          }
          for (const group of [part.either ?? [], part.eitherOrNone ?? []]) {
            const found = group.reduce((sum, element) => sum + count(element), 0);
            const element = group.join(" | ");
            if (found > 1) report.finding("repeated", at(node), { part: name, element, count: found });
            else if (found === 0 && group === part.either) report.finding("absent", at(node), { part: name, element });
          }
          for (const attribute of part.attributes ?? []) {
            if (isEmpty(node, attribute)) report.finding("attribute", at(node), { part: name, attribute });
          }
        }
      }
      for (const node of headerElements(cda.root, "id")) {
        const root = attr(node, "root");
        // The document's own identifiers are `cda/identification`'s.
        if (root && node.parent !== cda.root && !isOidOrUuid(root)) {
          report.finding("root_form", at(node), { part: "id", observed: root });
        }
      }
      for (const [element, attribute] of VALUED) {
        for (const node of headerElements(cda.root, element)) {
          const told = !isEmpty(node, attribute) || attr(node, "nullFlavor");
          if (!told && elements(node).length === 0 && !isJudgedElsewhere(node, cda.root, named)) {
            report.finding("no_value", at(node), { part: element, attribute });
          }
        }
      }
      for (const part of elements(cda.root)) {
        if (part.name !== "component")
          for (const node of withEmptyAttribute(part)) {
            report.finding("empty_attribute", at(node.node), { part: node.node.name, ...node.slots });
          }
      }
      for (const part of elements(cda.root)) {
        for (const node of part.name === "component" && part.ns === CDA_NS ? [] : foreignIn(part)) {
          report.finding("foreign", at(node), { part: node.name, observed: node.ns });
        }
      }
      for (const element of ["id", "telecom", "addr"]) {
        for (const node of repeatedSiblings(headerElements(cda.root, element))) {
          report.finding("same_twice", at(node), { part: element, observed: identityOf(node) });
        }
      }
      for (const [element, attributes] of EXCLUSIVE) {
        for (const node of headerElements(cda.root, element)) {
          const flavor = attr(node, "nullFlavor");
          const attribute = flavor === null ? undefined : attributes.find((name) => attr(node, name) !== null);
          if (attribute) report.finding("null_and_value", at(node), { part: element, flavor, attribute });
        }
      }
      for (const element of CONTENTS) {
        for (const node of headerElements(cda.root, element)) {
          if (isFree(node)) continue;
          const flavor = attr(node, "nullFlavor");
          const content = node.children.some((inside) => typeof inside !== "string" || inside.trim() !== "");
          if (flavor !== null && content) {
            report.finding("null_and_value", at(node), { part: element, flavor, attribute: "content" });
          }
        }
      }
    });
  },
});

/** Namespaces of the extensions that the official schema knows, and what each of them adds to the header. */
const EXTENSIONS: ReadonlyMap<string, RegExp> = new Map([
  ["urn:hl7-org:sdtc", /^(?:multipleBirth|deceased|birth|raceCode|ethnicGroupCode|dischargeDisposition|id$|desc$)/],
  ["urn:oid:1.3.6.1.4.1.19376.1.3.2", /^statusCode$/],
  ["urn:dicom-org:ps3-20", /^accessionNumber$/],
]);

/** Elements that bear a name in another namespace than CDA's; what stands in them is theirs. */
function foreignIn(node: XmlNode): readonly XmlNode[] {
  if (node.ns === CDA_NS) return elements(node).flatMap(foreignIn);
  return EXTENSIONS.get(node.ns)?.test(node.name) ? [] : [node];
}

/** Codes of HL7's NullFlavor that the CDA schema lists. */
const NULL_FLAVORS: readonly string[] = [
  "NI",
  "OTH",
  "NINF",
  "PINF",
  "UNK",
  "ASKU",
  "NAV",
  "NASK",
  "TRC",
  "MSK",
  "NA",
  "NP",
  "DER",
  "INV",
  "QS",
  "UNC",
];
/** Attributes that the schema lets be neither empty nor, but for a text, blank. */
const TEXTS: readonly string[] = ["displayName", "codeSystemName", "extension"];
const CODES: readonly string[] = ["code", "classCode", "typeCode"];

/** A text may be blank; a code or an OID may not. */
function isEmpty(node: XmlNode, attribute: string): boolean {
  const value = attr(node, attribute) ?? "";
  return value === "" || (!TEXTS.includes(attribute) && value.trim() === "");
}

/** The first attribute without a value of each element below (and of) the node. */
function withEmptyAttribute(
  node: XmlNode,
): readonly { readonly node: XmlNode; readonly slots: { readonly attribute: string; readonly observed: string } }[] {
  const attribute = [...CODES, ...TEXTS].find((name) => attr(node, name) !== null && isEmpty(node, name));
  const flavor = attr(node, "nullFlavor");
  const wrongFlavor = flavor !== null && !NULL_FLAVORS.includes(flavor.trim());
  const name = attribute ?? (wrongFlavor ? "nullFlavor" : null);
  const own = name === null ? [] : [{ node, slots: { attribute: name, observed: attr(node, name) ?? "" } }];
  return [...own, ...elements(node).flatMap(withEmptyAttribute)];
}

/** The official rules leave free the interval of an act, and the names of the organisations of the signers and the keeper. */
function isFree(node: XmlNode): boolean {
  if (node.name === "effectiveTime") return node.parent?.name === "serviceEvent";
  if (node.name !== "name" || elements(node).length > 0) return false;
  for (let above = node.parent; above; above = above.parent) {
    if (["author", "custodian", "legalAuthenticator"].includes(above.name)) return true;
  }
  return false;
}

/** Elements that say nothing without this attribute (or a nullFlavor). */
const VALUED: readonly (readonly [string, string])[] = [
  ["id", "root"],
  ["time", "value"],
  ["effectiveTime", "value"],
  ["low", "value"],
  ["high", "value"],
  ["code", "code"],
  ["functionCode", "code"],
];

/** Elements of the document itself, and those whose attributes `PARTS` names. */
function isJudgedElsewhere(node: XmlNode, root: XmlNode, named: ReadonlySet<XmlNode>): boolean {
  if (node.parent === root) return true;
  // The official rules leave the times of performers free.
  if (node.parent?.name === "time" && node.parent.parent?.name === "performer") return true;
  return named.has(node);
}

/** Elements of a data type whose content is their value. */
const CONTENTS = [
  "name",
  "family",
  "given",
  "prefix",
  "suffix",
  "addr",
  "streetAddressLine",
  ...ADDRESS_PARTS,
  "time",
  "effectiveTime",
] as const;

/** Attributes that cannot stand beside a nullFlavor. Telecom is `cda/telecom`'s. */
const EXCLUSIVE: readonly (readonly [string, readonly string[]])[] = [
  ["templateId", ["root", "extension"]],
  ["id", ["root", "extension"]],
  ["setId", ["root", "extension"]],
  ["code", ["code", "displayName"]],
  ["functionCode", ["code", "displayName"]],
  ["standardIndustryClassCode", ["code", "displayName"]],
  ["administrativeGenderCode", ["code", "displayName"]],
  ["signatureCode", ["code"]],
  ["time", ["value"]],
  ["effectiveTime", ["value"]],
  ["birthTime", ["value"]],
  ["low", ["value"]],
  ["high", ["value"]],
];
