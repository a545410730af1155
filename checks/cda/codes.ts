/** The codes of the header are those of the official value sets. */
import { defineCheck } from "../../core/model/index.js";
import { HEADER_TABLES, type HeaderTable, misspelt, RELATED_ENTITY_CLASSES } from "../../protocols/codes/cda-header.js";
import { attr, type XmlNode } from "../../protocols/xml.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";
import { headerElements, partsAt } from "./helpers/header-parts.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion, same table); the official examples pass";

const T = HEADER_TABLES;
const EVENT_ORGANIZATION = "documentationOf!/serviceEvent!/performer/assignedEntity/representedOrganization";
const ENCOUNTER = "componentOf!/encompassingEncounter!";

/** Where a code of which table stands; `@x` last is an attribute that is a code. */
const PLACES: readonly (readonly [string, HeaderTable])[] = [
  ["code!", T.documentType],
  ["confidentialityCode!", T.confidentiality],
  ["recordTarget!/patientRole/patient!/administrativeGenderCode", T.sex],
  ["author/functionCode", T.function],
  ["author/assignedAuthor!/code", T.specialty],
  ["legalAuthenticator/assignedEntity/code", T.specialty],
  ["participant/functionCode", T.function],
  ["participant/associatedEntity/code", T.specialty],
  ["participant/@typeCode", T.participation],
  ["participant/associatedEntity/@classCode", T.associatedRole],
  ["documentationOf!/serviceEvent!/performer/assignedEntity/code", T.specialty],
  [`${EVENT_ORGANIZATION}/standardIndustryClassCode!`, T.practiceSetting],
  ["informant/assignedEntity/representedOrganization/standardIndustryClassCode", T.practiceSetting],
  ["legalAuthenticator/assignedEntity/representedOrganization/standardIndustryClassCode", T.practiceSetting],
  [`${ENCOUNTER}/code`, T.encounter],
  [`${ENCOUNTER}/encounterParticipant/@typeCode`, T.encounterParticipation],
  [`${ENCOUNTER}/location/healthCareFacility!/code!`, T.facility],
];

export default defineCheck({
  id: "cda/codes",
  title: {
    fr: "Les codes de l'en-tête CDA sont ceux des jeux de valeurs",
    en: "The codes of the CDA header are those of the value sets",
  },
  reads: CDA_OPERATIONS,
  messages: {
    outside: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{element} : « {observed} » n'est pas dans {table} du {date} ({admitted}).",
      en: "{element}: “{observed}” is not in {table} of {date} ({admitted}).",
    },
    misspelt: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{element} : « {observed} » n'est pas un code de {table} ; le code s'écrit « {expected} ».",
      en: "{element}: “{observed}” is no code of {table}; the code is written “{expected}”.",
    },
    unknown: {
      weight: "remark",
      source: `${HEADER}; the table grows (later versions of it are published): a code may be younger than ours`,
      mark: "verified",
      witness: "official value sets of the date named; a later version may hold the code",
      fr: "{element} : « {observed} » n'est pas dans {table} du {date}. Les règles officielles le refusent si leur table, plus récente, ne l'a pas non plus.",
      en: "{element}: “{observed}” is not in {table} of {date}. The official rules refuse it if their table, more recent, does not hold it either.",
    },
    system: {
      weight: "remark",
      source: `${HEADER}; value sets hold code and code system; the official header rules compare the code only`,
      mark: "observed",
      witness: "none",
      fr: "{element} : le code « {observed} » est écrit sous la nomenclature {system} ; {table} l'a sous {expected}.",
      en: "{element}: the code “{observed}” is written under the code system {system}; {table} has it under {expected}.",
    },
    system_missing: {
      weight: "breach",
      source: "HL7 V3 data types R1, CD: codeSystem; schematron ASIP-STRUCT-MIN (S6)",
      mark: "standard",
      witness: OFFICIAL,
      fr: "{element} : le code « {observed} » est écrit sans nomenclature (codeSystem).",
      en: "{element}: the code “{observed}” is written without its code system (codeSystem).",
    },
    system_form: {
      weight: "breach",
      source: "HL7 V3 data types R1, CD: codeSystem is an OID; schematron ASIP-STRUCT-MIN (S6)",
      mark: "standard",
      witness: OFFICIAL,
      fr: "{element}/@codeSystem : « {observed} » n'est pas un OID.",
      en: "{element}/@codeSystem: “{observed}” is no OID.",
    },
    related_class: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "informant/relatedEntity/@classCode : « {observed} » n'est pas parmi {admitted}.",
      en: "informant/relatedEntity/@classCode: “{observed}” is not among {admitted}.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      for (const [path, table] of PLACES) {
        for (const { node, code, element } of codesAt(cda.root, path)) {
          if (!code) continue;
          const slots = { element, observed: code, table: table.source, date: table.date };
          const expected = misspelt(code, table.values);
          if (expected !== null) report.finding("misspelt", at(node), { ...slots, expected });
          else if (!table.values.has(code)) {
            const admitted = [...table.values.keys()].join(", ");
            if (table.closed) report.finding("outside", at(node), { ...slots, admitted });
            else report.finding("unknown", at(node), slots);
          }
          const system = table.values.get(code) ?? null;
          const written = element.includes("@") ? null : attr(node, "codeSystem");
          if (system !== null && written !== null && written !== system) {
            report.finding("system", at(node), { ...slots, system: written, expected: system });
          }
        }
      }
      for (const name of CODED) {
        for (const node of headerElements(cda.root, name)) {
          // Attributes of the document's own code are `cda/identification`'s.
          const system = attr(node, "codeSystem");
          // The signature code of ASTM has no OID in the official tables either.
          if (system && !OID.test(system) && attr(node, "code") !== "E1762") {
            report.finding("system_form", at(node), { element: name, observed: system });
          }
          const code = node.parent === cda.root ? null : attr(node, "code");
          if (code !== null && !attr(node, "codeSystem")) {
            report.finding("system_missing", at(node), { element: name, observed: code });
          }
        }
      }
      for (const node of partsAt(cda.root, "informant/relatedEntity")) {
        const observed = attr(node, "classCode");
        if (observed && !(RELATED_ENTITY_CLASSES as readonly string[]).includes(observed)) {
          report.finding("related_class", at(node), { observed, admitted: RELATED_ENTITY_CLASSES.join(", ") });
        }
      }
    });
  },
});

/** Coded elements of the header. */
const CODED = [
  "code",
  "confidentialityCode",
  "functionCode",
  "standardIndustryClassCode",
  "administrativeGenderCode",
] as const;

const OID = /^[0-2](?:\.(?:0|[1-9]\d*))*$/;

interface Coded {
  readonly node: XmlNode;
  readonly code: string | null;
  readonly element: string;
}

function codesAt(root: XmlNode, path: string): Coded[] {
  const [, parent, attribute] = /^(.*)\/@(\w+)$/.exec(path) ?? [];
  const element = path.replaceAll("!", "");
  // XML Schema collapses white space around a code.
  return partsAt(root, parent ?? path).map((node) => ({
    node,
    code: attr(node, attribute ?? "code")?.trim() ?? null,
    element,
  }));
}
