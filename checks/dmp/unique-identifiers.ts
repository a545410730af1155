/** Every document and every submission set has an identifier of its own, an OID, for ever. */
import { defineCheck, type Exchange, type Pointer, type Report } from "../../core/model/index.js";
import { REGISTRY_SUCCESS } from "../../protocols/xds.js";
import { answerOf } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";
import { submissionOf } from "./helpers/submission.js";

/** An OID; IHE lets `^extension` follow in a document's uniqueId. */
const OID = /^[0-2](\.(0|[1-9]\d*))+$/;

export default defineCheck({
  id: "dmp/unique-identifiers",
  title: {
    fr: "Les identifiants des documents et des lots ne servent qu'une fois",
    en: "Identifiers of documents and sets serve only once",
  },
  reads: ["dmp.submit"],
  scenarios: ["dmp-submit", "dmp-submit-twice"],
  messages: {
    document_repeated: {
      weight: "breach",
      source: `${SOURCE.metadata}; XDSDuplicateUniqueIdInRegistry (dmp.md §1.4, S16)`,
      mark: "verified",
      witness: "none",
      fr: "Le uniqueId « {id} » d'un document avait déjà été accepté pour un dépôt antérieur (échange {first}).",
      en: "The uniqueId “{id}” of a document had already been accepted in an earlier upload (exchange {first}).",
    },
    set_repeated: {
      weight: "breach",
      source: `${SOURCE.metadata}; XDSDuplicateUniqueIdInRegistry (dmp.md §1.4, S16)`,
      mark: "verified",
      witness: "none",
      fr: "Le uniqueId « {id} » du lot avait déjà été accepté pour un dépôt antérieur (échange {first}).",
      en: "The uniqueId “{id}” of the set had already been accepted in an earlier upload (exchange {first}).",
    },
    same_in_message: {
      weight: "breach",
      source: "IHE ITI TF-3, XDSRepositoryDuplicateUniqueIdInMessage (dmp.md §1.4, S16)",
      mark: "verified",
      witness: "none",
      fr: "Le uniqueId « {id} » sert deux fois dans le même message.",
      en: "The uniqueId “{id}” serves twice in the same message.",
    },
    absent: {
      weight: "breach",
      source: SOURCE.metadata,
      mark: "verified",
      witness: `${WITNESS.kitMessages}; ${WITNESS.nist}`,
      fr: "{object}.uniqueId est obligatoire ; il est absent ou vide.",
      en: "{object}.uniqueId is mandatory; it is absent or empty.",
    },
    not_oid: {
      weight: "breach",
      source: SOURCE.metadata,
      mark: "verified",
      witness: `${WITNESS.kitMessages}; ${WITNESS.nist}`,
      fr: "{object}.uniqueId doit être un OID ; observé : « {observed} ».",
      en: "{object}.uniqueId must be an OID; observed: “{observed}”.",
    },
  },
  evaluate(seen, report) {
    const documents = new Map<string, Exchange>();
    const sets = new Map<string, Exchange>();
    for (const exchange of seen.exchanges) {
      const xds = submissionOf(exchange)?.xds;
      if (!xds) continue;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      report.observed(at("uniqueId"));
      const here = new Set<string>();
      const take = (
        object: "SubmissionSet" | "DocumentEntry",
        id: string | null,
        known: Map<string, Exchange>,
      ): void => {
        const where = at(`${object}.uniqueId`);
        if (!id) return report.finding("absent", where, { object });
        judgeShape(object, id, report, where);
        if (here.has(id)) report.finding("same_in_message", where, { id });
        here.add(id);
        const first = known.get(id);
        if (first) {
          report.finding(object === "SubmissionSet" ? "set_repeated" : "document_repeated", where, {
            id,
            first: first.id,
          });
        }
        // An upload that was refused, or whose answer never came, may be tried again as it is.
        else if (answerOf(exchange)?.registry?.status === REGISTRY_SUCCESS) known.set(id, exchange);
      };
      if (xds.submissionSet) take("SubmissionSet", xds.submissionSet.uniqueId, sets);
      for (const document of xds.documents) take("DocumentEntry", document.uniqueId, documents);
    }
  },
});

function judgeShape(object: "SubmissionSet" | "DocumentEntry", id: string, report: Report, at: Pointer): void {
  const oid = object === "DocumentEntry" ? (id.split("^")[0] ?? "") : id;
  if (!OID.test(oid)) report.finding("not_oid", at, { object, observed: id });
}
