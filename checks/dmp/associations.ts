/** Every document entry is a member of the submission set. */
import { defineCheck, type Pointer } from "../../core/model/index.js";
import { HAS_MEMBER } from "../../protocols/xds.js";
import { pathOf } from "../../protocols/xml.js";
import { WITNESS } from "./helpers/sources.js";
import { submissionOf } from "./helpers/submission.js";

const SOURCE = "IHE ITI TF-3 §4.1.4.1 and §4.2.2.1, HasMember (dmp.md §2.5)";

export default defineCheck({
  id: "dmp/associations",
  title: {
    fr: "Chaque document est rattaché au lot de soumission",
    en: "Every document is a member of the submission set",
  },
  reads: ["dmp.submit"],
  messages: {
    missing: {
      weight: "breach",
      source: SOURCE,
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "Aucune association HasMember ne relie le lot « {set} » à l'entrée « {entry} ».",
      en: "No HasMember association links the set “{set}” to the entry “{entry}”.",
    },
    status: {
      weight: "remark",
      source: SOURCE,
      mark: "kit",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "SubmissionSetStatus attendu sur l'association : Original ; observé : « {observed} ».",
      en: "SubmissionSetStatus expected on the association: Original; observed: “{observed}”.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const xds = submissionOf(exchange)?.xds;
      const set = xds?.submissionSet?.id;
      if (!xds || !set) continue;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      for (const entry of xds.documents) {
        report.observed(at(pathOf(entry.node)));
        const link = xds.associations.find((a) => a.type === HAS_MEMBER && a.source === set && a.target === entry.id);
        if (!link) report.finding("missing", at(pathOf(entry.node)), { set, entry: entry.id });
        else if (link.submissionSetStatus !== "Original") {
          report.finding("status", at(pathOf(link.node)), { observed: link.submissionSetStatus });
        }
      }
    }
  },
});
