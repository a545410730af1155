/** Telephone numbers and addresses of the header: a URL of an admitted kind, or a nullFlavor. */
import { defineCheck } from "../../core/model/index.js";
import { TELECOM_NULLS, TELECOM_SCHEMES, TELECOM_USES } from "../../protocols/codes/cda-header.js";
import { attr, type XmlNode } from "../../protocols/xml.js";
import { CDA_OPERATIONS, forEachCda } from "./helpers/documents.js";
import { headerElements } from "./helpers/header-parts.js";

const HEADER = "CI-SIS, volet Structuration minimale, schematron ASIP-STRUCT-MIN, telecom (dmp.md §4.1, S6)";
const OFFICIAL = "official schematron ASIP-STRUCT-MIN (same assertion); the official examples pass";

export default defineCheck({
  id: "cda/telecom",
  title: {
    fr: "Les coordonnées de télécommunication de l'en-tête CDA ont une forme admise",
    en: "The telecommunication addresses of the CDA header have an admitted form",
  },
  reads: CDA_OPERATIONS,
  messages: {
    form: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "telecom : « {observed} » n'est pas une URL formée de l'un de {admitted}, de « : » et d'une adresse sans espace.",
      en: "telecom: “{observed}” is no URL made of one of {admitted}, “:” and an address without blanks.",
    },
    use: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "telecom/@use : « {observed} » n'est pas parmi {admitted}.",
      en: "telecom/@use: “{observed}” is not among {admitted}.",
    },
    nothing: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "telecom n'a ni value ni nullFlavor admis ({admitted}).",
      en: "telecom has neither a value nor an admitted nullFlavor ({admitted}).",
    },
    both: {
      weight: "breach",
      source: HEADER,
      mark: "verified",
      witness: OFFICIAL,
      fr: "telecom porte un nullFlavor et {other} : le nullFlavor doit être seul.",
      en: "telecom bears a nullFlavor and {other}: the nullFlavor must stand alone.",
    },
  },
  evaluate(seen, report) {
    forEachCda(seen, report, (cda, at) => {
      for (const node of headerElements(cda.root, "telecom")) {
        const where = at(node);
        const [value, flavor, use] = [attr(node, "value"), attr(node, "nullFlavor"), attr(node, "use")];
        if (flavor !== null) {
          const other = otherThanNull(node);
          if (other !== null) report.finding("both", where, { other });
          else if (!(TELECOM_NULLS as readonly string[]).includes(flavor)) {
            report.finding("nothing", where, { admitted: TELECOM_NULLS.join(", ") });
          }
          continue;
        }
        if (value === null) report.finding("nothing", where, { admitted: TELECOM_NULLS.join(", ") });
        else if (!isAdmitted(value)) {
          report.finding("form", where, { observed: value, admitted: TELECOM_SCHEMES.join(", ") });
        }
        if (use !== null && !(TELECOM_USES as readonly string[]).includes(use)) {
          report.finding("use", where, { observed: use, admitted: TELECOM_USES.join(", ") });
        }
      }
    });
  },
});

/** Characters that a URI escapes (RFC 3986 §2): blanks, letters with accents… */
const NO_URI = /[^\x21-\x7e]|[<>"{}|\\^`]/;

function isAdmitted(value: string): boolean {
  if (NO_URI.test(value)) return false;
  const colon = value.indexOf(":");
  return (
    (TELECOM_SCHEMES as readonly string[]).includes(value.slice(0, Math.max(0, colon))) && colon + 1 < value.length
  );
}

function otherThanNull(node: XmlNode): string | null {
  const other = node.attributes.find(({ name, ns }) => !(ns === "" && name === "nullFlavor"));
  return other ? `@${other.name}` : null;
}
