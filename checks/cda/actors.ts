/** Who and in what context: patient, authors, custodian, legal authenticator, act documented, encounter. */
import { defineCheck, type Slots } from "../../core/model/index.js";
import { attr, children, at as first, select, type XmlNode } from "../../protocols/xml.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion); the official examples pass";

/** OID roots of a custodian: a health structure, or the host of documents made by patients. */
const CUSTODIAN_ROOTS = ["1.2.250.1.71.4.2.2", "1.2.250.1.213.4.1"];

/** Header participants: element, inner path without which it does not count, at most how many. */
const PARTICIPANTS: readonly (readonly [string, string, number])[] = [
  ["recordTarget", "patientRole/patient", 1],
  ["author", "assignedAuthor", Number.POSITIVE_INFINITY],
  ["custodian", "assignedCustodian/representedCustodianOrganization", 1],
  ["legalAuthenticator", "signatureCode", 1],
  ["documentationOf", "serviceEvent", Number.POSITIVE_INFINITY],
  ["componentOf", "encompassingEncounter", 1],
  ["component", "*", 1],
];

/** Elements that the official rules count whether they bear a nullFlavor or not. */
const NULL_COUNTS: readonly string[] = ["legalAuthenticator", "component"];

/** Parts a participant must have, by path from it. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  author: ["time", "assignedAuthor/id"],
  legalAuthenticator: ["time", "assignedEntity/id"],
  custodian: ["assignedCustodian/representedCustodianOrganization/id"],
  componentOf: ["encompassingEncounter/effectiveTime", "encompassingEncounter/location/healthCareFacility/code"],
};

export default defineCheck({
  id: "cda/actors",
  title: {
    fr: "L'en-tête CDA nomme les acteurs et le contexte du document",
    en: "The CDA header names the actors and the context of the document",
  },
  reads: CDA_OPERATIONS,
  messages: {
    missing: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{element} est obligatoire dans l'en-tête ; il est absent.",
      en: "{element} is mandatory in the header; it is absent.",
    },
    repeated: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "{element} est attendu une seule fois ; il est présent {count} fois.",
      en: "{element} is expected once; it is there {count} times.",
    },
    signature_code: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "legalAuthenticator/signatureCode : attendu « S », observé « {observed} ».",
      en: "legalAuthenticator/signatureCode: expected “S”, observed “{observed}”.",
    },
    custodian_root: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "L'identifiant du conservateur n'est pas celui d'une structure (racine observée : « {observed} »).",
      en: "The custodian's identifier is not that of a structure (root observed: “{observed}”).",
    },
    main_act: {
      weight: "breach",
      source: `${HEADER}: main act = first documentationOf`,
      mark: "verified",
      witness: OFFICIAL,
      fr: "Acte principal (première documentationOf) : {part} attendu une fois, observé {count} fois.",
      en: "Main act (first documentationOf): {part} expected once, observed {count} times.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      for (const [element, inner, most] of PARTICIPANTS) {
        const all = children(cda.root, element).filter(
          (node) => attr(node, "nullFlavor") === null || NULL_COUNTS.includes(element),
        );
        const whole = all.filter((node) => select(node, inner).length > 0);
        const found = whole[0];
        if (!found)
          report.finding("missing", at(all[0] ?? cda.root), { element: all[0] ? `${element}/${inner}` : element });
        else if (all.length > most) report.finding("repeated", at(all[1]), { element, count: all.length });
        for (const node of whole) {
          for (const part of PARTS[element] ?? []) {
            if (!first(node, part)) report.finding("missing", at(node), { element: `${element}/${part}` });
          }
        }
      }
      const signature = cda.legalAuthenticator?.signatureCode;
      if (signature && signature.code !== "S") {
        report.finding("signature_code", at(signature.node), { observed: signature.code });
      }
      const custodian = cda.custodian?.ids[0];
      if (custodian && !CUSTODIAN_ROOTS.includes(custodian.root ?? "")) {
        report.finding("custodian_root", at(custodian.node), { observed: custodian.root });
      }
      const act = cda.mainAct;
      if (act) for (const slots of mainActFaults(act.node)) report.finding("main_act", at(act.node), slots);
    });
  },
});

/** What the main act must have exactly once. */
function mainActFaults(act: XmlNode): Slots[] {
  const setting = "performer/assignedEntity/representedOrganization/standardIndustryClassCode";
  return ["performer", "effectiveTime/low", setting].flatMap((part) => {
    const count = select(act, part).length;
    return count === 1 ? [] : [{ part, count }];
  });
}
