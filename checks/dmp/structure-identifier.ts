/** The structure of the VIHF is one of the structures that author the submission. */
import { defineCheck } from "../../core/model/index.js";
import { VIHF_ATTRIBUTE } from "../../protocols/saml.js";
import { parseXon } from "../../protocols/xds.js";
import { forEachVihf } from "./helpers/call.js";
import { WITNESS } from "./helpers/sources.js";
import { submissionOf } from "./helpers/submission.js";

export default defineCheck({
  id: "dmp/structure-identifier",
  title: {
    fr: "La structure du VIHF est celle d'un auteur du lot",
    en: "The structure of the VIHF is that of an author of the set",
  },
  reads: ["dmp.submit"],
  messages: {
    not_an_author: {
      weight: "remark",
      source:
        "condition de rejet rapportée par des intégrateurs (dmp.md §1.4, S9 S17); recoupement VIHF et lot (dmp.md §3)",
      mark: "third-party",
      witness: WITNESS.kitMessages,
      fr: "Identifiant_Structure « {structure} » n'est celui d'aucun authorInstitution du lot (observés : {observed}).",
      en: "Identifiant_Structure “{structure}” is that of no authorInstitution of the set (observed: {observed}).",
    },
  },
  evaluate(seen, report) {
    forEachVihf(seen, report, (vihf, at, _call, exchange) => {
      const structure = vihf.attributes.get(VIHF_ATTRIBUTE.structure)?.[0];
      const set = submissionOf(exchange)?.xds.submissionSet;
      if (!structure || !set) return;
      const institutions = set.authors.flatMap((author) =>
        author.institutions.map((value) => parseXon(value)?.id ?? null),
      );
      // No institution at all is a matter of metadata: an author may be a device or a patient.
      if (institutions.length === 0 || institutions.includes(structure)) return;
      const observed = institutions.map((id) => id ?? "?").join(", ");
      report.finding("not_an_author", at("AttributeStatement/Attribute[Identifiant_Structure]"), {
        structure,
        observed,
      });
    });
  },
});
