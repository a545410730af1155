/** The VIHF as a SAML 2.0 assertion: version, identifier, order of its parts, one of each. */
import { defineCheck } from "../../core/model/index.js";
import { repeatedAttributeNames, SAML_NS } from "../../protocols/saml.js";
import { descendants, elements, type XmlNode } from "../../protocols/xml.js";
import { DS_NS } from "../../protocols/xmldsig.js";
import { forEachVihf, VIHF_CALLS } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";

const SCHEMA = "SAML 2.0 core §2.3.3 and its schema, AssertionType (dmp.md §3)";
/** Order of the schema; statements in any order among themselves. */
const ORDER = ["Issuer", "Signature", "Subject", "Conditions", "Advice", "statement"];
const STATEMENTS = ["Statement", "AuthnStatement", "AuthzDecisionStatement", "AttributeStatement"];

export default defineCheck({
  id: "dmp/vihf-assertion",
  title: {
    fr: "Le VIHF est une assertion SAML 2.0 bien construite",
    en: "The VIHF is a well-made SAML 2.0 assertion",
  },
  reads: VIHF_CALLS,
  messages: {
    version: {
      weight: "breach",
      source: `${SOURCE.vihf}; ${SCHEMA}`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "Assertion/@Version attendu : 2.0 ; observé : « {observed} ».",
      en: "Assertion/@Version expected: 2.0; observed: “{observed}”.",
    },
    id_form: {
      weight: "breach",
      source: "SAML 2.0 core §1.3.4 and XML Schema xs:ID: a letter or an underscore first (dmp.md §3)",
      mark: "standard",
      witness: WITNESS.kitVihf,
      fr: "Assertion/@ID « {observed} » n'est pas un identifiant XML : il doit commencer par une lettre ou « _ », sans « : ».",
      en: "Assertion/@ID “{observed}” is no XML identifier: it must begin with a letter or “_”, without “:”.",
    },
    order: {
      weight: "breach",
      source: SCHEMA,
      mark: "standard",
      witness: WITNESS.kitVihf,
      fr: "Les parties de l'assertion doivent se suivre ainsi : Issuer, Signature, Subject, Conditions, puis les déclarations ; observé : {observed}.",
      en: "The parts of the assertion must come as Issuer, Signature, Subject, Conditions, then the statements; observed: {observed}.",
    },
    foreign: {
      weight: "breach",
      source: SCHEMA,
      mark: "standard",
      witness: WITNESS.kitVihf,
      fr: "L'assertion contient un élément que SAML 2.0 n'y admet pas : {observed}.",
      en: "The assertion holds an element that SAML 2.0 does not admit there: {observed}.",
    },
    elsewhere: {
      weight: "remark",
      source: "une seule assertion par appel (dmp.md §2.1) ; attaques par déplacement d'une assertion signée",
      mark: "inferred",
      witness: "none of the messages of the editor kit carries another",
      fr: "Le message porte {count} autre(s) assertion(s) SAML hors de la place du VIHF : un lecteur pourrait s'y tromper.",
      en: "The message carries {count} further SAML assertion(s) outside the place of the VIHF: a reader could be mistaken.",
    },
    repeated: {
      weight: "remark",
      source: `${SOURCE.vihf}: each attribute once`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "L'attribut « {name} » est écrit plusieurs fois ; un seul élément Attribute par nom est attendu.",
      en: "The attribute “{name}” is written several times; one Attribute element per name is expected.",
    },
    several_values: {
      weight: "remark",
      source: `${SOURCE.vihf}: one value, but for the roles`,
      mark: "verified",
      witness: WITNESS.kitVihf,
      fr: "L'attribut « {name} » porte {count} valeurs ; une seule est attendue.",
      en: "The attribute “{name}” carries {count} values; one is expected.",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at, call) => {
      if (vihf.version !== "2.0") report.finding("version", at("@Version"), { observed: vihf.version });
      if (vihf.id && !/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(vihf.id)) {
        report.finding("id_form", at("@ID"), { observed: vihf.id });
      }
      const parts = elements(vihf.node);
      const foreign = parts.find((part) => placeOf(part) < 0);
      if (foreign) report.finding("foreign", at(foreign.name), { observed: foreign.name });
      const places = parts.map(placeOf).filter((place) => place >= 0);
      if (places.some((place, index) => place < (places[index - 1] ?? 0))) {
        report.finding("order", at(""), { observed: parts.map(({ name }) => name).join(", ") });
      }
      const count = descendants(call.envelope.root, "Assertion", SAML_NS).length - 1;
      if (count > 0) report.finding("elsewhere", at(""), { count });
      const where = at("AttributeStatement");
      for (const name of repeatedAttributeNames(vihf)) report.finding("repeated", where, { name });
      for (const [name, values] of vihf.attributes) {
        if (values.length > 1 && !name.endsWith(":subject:role")) {
          report.finding("several_values", where, { name, count: values.length });
        }
      }
    });
  },
});

/** Place in the order; -1 for what the schema does not admit. */
function placeOf({ name, ns }: XmlNode): number {
  if (name === "Signature") return ns === DS_NS ? ORDER.indexOf(name) : -1;
  if (ns !== SAML_NS) return -1;
  return ORDER.indexOf(STATEMENTS.includes(name) ? "statement" : name);
}
