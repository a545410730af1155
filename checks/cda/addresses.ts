/** Postal addresses of the header: parts once each, no text between them, an admitted use. */
import { defineCheck } from "../../core/model/index.js";
import { ADDRESS_PARTS, ADDRESS_USES } from "../../protocols/codes/cda-header.js";
import { attr, children, elements, text, type XmlNode } from "../../protocols/xml.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";
import { headerElements } from "./helpers/header-parts.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN, addr (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion); the official examples pass";

/** Lines of an address that is not structured. */
const MOST_LINES = 7;

export default defineCheck({
  id: "cda/addresses",
  title: {
    fr: "Les adresses postales de l'en-tête CDA ont une forme admise",
    en: "The postal addresses of the CDA header have an admitted form",
  },
  reads: CDA_OPERATIONS,
  messages: {
    repeated: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "addr : {part} est admis {most} fois ; il est présent {count} fois.",
      en: "addr: {part} is admitted {most} times; it is there {count} times.",
    },
    mixed: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "addr mêle du texte (« {observed} ») à des éléments.",
      en: "addr mixes text (“{observed}”) with elements.",
    },
    use: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "addr/@use : « {observed} » n'est pas parmi {admitted}.",
      en: "addr/@use: “{observed}” is not among {admitted}.",
    },
    empty: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "addr : {part} est vide, sans nullFlavor.",
      en: "addr: {part} is empty, without nullFlavor.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      for (const address of headerElements(cda.root, "addr")) {
        const where = at(address);
        for (const part of ADDRESS_PARTS) {
          const count = children(address, part).length;
          if (count > 1) report.finding("repeated", where, { part, most: 1, count });
        }
        const lines = children(address, "streetAddressLine").length;
        if (lines > MOST_LINES) {
          report.finding("repeated", where, { part: "streetAddressLine", most: MOST_LINES, count: lines });
        }
        const loose = looseText(address);
        if (loose !== null) report.finding("mixed", where, { observed: loose });
        const use = attr(address, "use");
        if (use !== null && !(ADDRESS_USES as readonly string[]).includes(use)) {
          report.finding("use", where, { observed: use, admitted: ADDRESS_USES.join(", ") });
        }
        if (attr(address, "nullFlavor") === null && elements(address).length === 0 && loose === null) {
          if ((text(address) ?? "").trim() === "") report.finding("empty", where, { part: "addr" });
        }
        for (const part of elements(address)) {
          const isEmpty = text(part) === "" && attr(part, "nullFlavor") === null;
          if (isEmpty && isAddressPart(part)) report.finding("empty", at(part), { part: part.name });
        }
      }
    });
  },
});

function isAddressPart({ name }: XmlNode): boolean {
  return name === "streetAddressLine" || (ADDRESS_PARTS as readonly string[]).includes(name);
}

function looseText(address: XmlNode): string | null {
  if (elements(address).length === 0) return null;
  const loose = address.children.find((part) => typeof part === "string" && part.trim() !== "");
  return typeof loose === "string" ? loose.trim() : null;
}
