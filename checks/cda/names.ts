/** Civility and title of the professionals the header names: codes, in their own elements. */
import { defineCheck, type Slots } from "../../core/model/index.js";
import { HEADER_TABLES, misspelt } from "../../protocols/codes/cda-header.js";
import { children, text, type XmlNode } from "../../protocols/xml.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";
import { headerElements, partsAt } from "./helpers/header-parts.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN, names (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion); the official examples pass";

/** Names whose civility and title the official rules compare; the patient's are free. */
const NAMES = [
  "author/assignedAuthor/assignedPerson/name",
  "informant/assignedEntity/assignedPerson/name",
  "informant/relatedEntity/relatedPerson/name",
  "informationRecipient/intendedRecipient/informationRecipient/name",
  "legalAuthenticator/assignedEntity/assignedPerson/name",
  "authenticator/assignedEntity/assignedPerson/name",
  "participant/associatedEntity/associatedPerson/name",
  "documentationOf/serviceEvent/performer/assignedEntity/assignedPerson/name",
  "componentOf/encompassingEncounter/encounterParticipant/assignedEntity/assignedPerson/name",
  "componentOf/encompassingEncounter/responsibleParty/assignedEntity/assignedPerson/name",
] as const;

const { civility, title } = HEADER_TABLES;

export default defineCheck({
  id: "cda/names",
  title: {
    fr: "Les noms de l'en-tête CDA portent civilité et titre codés",
    en: "Names of the CDA header bear civility and title as codes",
  },
  reads: CDA_OPERATIONS,
  messages: {
    misspelt: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{element} : « {observed} » n'est pas un code de {table} ; attendu « {expected} ».",
      en: "{element}: “{observed}” is no code of {table}; expected “{expected}”.",
    },
    misplaced: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "« {observed} » est écrit dans {element} ; il appartient à {expected}.",
      en: "“{observed}” is written in {element}; it belongs in {expected}.",
    },
    unknown: {
      weight: "remark",
      source: `${HEADER}; a later table may hold it`,
      mark: "verified",
      witness: "official value sets of the date named",
      fr: "{element} : « {observed} » n'est pas dans {table} du {date} ({admitted}).",
      en: "{element}: “{observed}” is not in {table} of {date} ({admitted}).",
    },
    loose_text: {
      weight: "remark",
      source:
        "schematron ASIP-STRUCT-MIN, data type EN (S6): parts of a name, or its text; HL7 V3 data types R1 admit both",
      mark: "verified",
      witness: "official schematron ASIP-STRUCT-MIN for some names only",
      fr: "Le nom mêle du texte (« {observed} ») à des éléments.",
      en: "The name mixes text (“{observed}”) with elements.",
    },
    empty_part: {
      weight: "remark",
      source: "schematron ASIP-STRUCT-MIN, data type EN, role warning (S6)",
      mark: "verified",
      witness: "official schematron ASIP-STRUCT-MIN says warning",
      fr: "Le nom a un élément {element} vide, sans nullFlavor.",
      en: "The name has an empty element {element}, without nullFlavor.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      for (const name of NAMES.flatMap((path) => partsAt(cda.root, path))) {
        for (const [element, own, other, otherElement] of [
          ["prefix", civility, title, "suffix"],
          ["suffix", title, civility, "prefix"],
        ] as const) {
          for (const node of children(name, element)) {
            const observed = text(node) ?? "";
            if (observed.trim() === "" || own.values.has(observed)) continue;
            const slots: Slots = { element, observed, table: own.source };
            const expected = misspelt(observed, own.values);
            const elsewhere = other.values.has(observed) ? observed : misspelt(observed, other.values);
            if (expected !== null) report.finding("misspelt", at(node), { ...slots, expected });
            else if (elsewhere !== null) {
              report.finding("misplaced", at(node), { element, observed, expected: otherElement });
            } else {
              const admitted = [...own.values.keys()].join(", ");
              report.finding("unknown", at(node), { ...slots, date: own.date, admitted });
            }
          }
        }
      }
      for (const name of headerElements(cda.root, "name").filter(isPersonName)) {
        const loose = name.children.find((part) => typeof part === "string" && part.trim() !== "");
        if (typeof loose === "string") report.finding("loose_text", at(name), { observed: loose.trim() });
        for (const part of parts(name)) {
          const empty = (text(part) ?? "").trim() === "" && !part.attributes.some(({ name: a }) => a === "nullFlavor");
          if (empty) report.finding("empty_part", at(part), { element: part.name });
        }
      }
    });
  },
});

function parts(name: XmlNode): XmlNode[] {
  return ["family", "given", "prefix", "suffix"].flatMap((element) => children(name, element));
}

/** Organisations and places have names without parts. */
function isPersonName(name: XmlNode): boolean {
  return parts(name).length > 0;
}
