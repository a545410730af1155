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
      fr: "Le uniqueId « {id} » d'un document avait déjà été accepté pour un autre document (échange {first}).",
      en: "The uniqueId “{id}” of a document had already been accepted for another document (exchange {first}).",
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
    // uniqueIds that were taken, with the upload that took them.
    const known = { SubmissionSet: new Map<string, Taken>(), DocumentEntry: new Map<string, Taken>() };
    for (const exchange of seen.exchanges) {
      const submission = submissionOf(exchange);
      if (!submission) continue;
      const { xds, documents } = submission;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      report.observed(at("uniqueId"));
      const here = new Set<string>();
      const judge = (object: keyof typeof known, id: string | null, bytes: Uint8Array | null): void => {
        const where = at(`${object}.uniqueId`);
        if (!id) {
          report.finding("absent", where, { object });
          return;
        }
        judgeShape(object, id, report, where);
        if (here.has(id)) report.finding("same_in_message", where, { id });
        here.add(id);
        const first = known[object].get(id);
        const message = object === "SubmissionSet" ? "set_repeated" : "document_repeated";
        if (first === undefined) {
          if (takesIdentifiers(exchange)) known[object].set(id, { exchange: exchange.id, bytes });
        } else if (!sameDocument(bytes, first.bytes)) report.finding(message, where, { id, first: first.exchange });
      };
      if (xds.submissionSet) judge("SubmissionSet", xds.submissionSet.uniqueId, null);
      for (const { entry, bytes } of documents) judge("DocumentEntry", entry.uniqueId, bytes);
    }
  },
});

/** The upload that took an identifier, and the document it named. */
interface Taken {
  readonly exchange: string;
  readonly bytes: Uint8Array | null;
}

/** IHE calls it a normal condition that one document, byte for byte, is submitted twice under its identifier. */
function sameDocument(bytes: Uint8Array | null, first: Uint8Array | null): boolean {
  return bytes !== null && first !== null && Buffer.compare(bytes, first) === 0;
}

/**
 * After this upload its identifiers are in use: it was accepted, or the registry knew them already. An upload refused for
 * another reason, or whose answer never came, may be tried again as it is.
 */
function takesIdentifiers(exchange: Exchange): boolean {
  const registry = answerOf(exchange)?.registry;
  if (registry?.status === REGISTRY_SUCCESS) return true;
  return (
    exchange.faults.length === 0 && (registry?.errors.some((e) => e.code === "XDSDuplicateUniqueIdInRegistry") ?? false)
  );
}

function judgeShape(object: "SubmissionSet" | "DocumentEntry", id: string, report: Report, at: Pointer): void {
  const oid = object === "DocumentEntry" ? (id.split("^")[0] ?? "") : id;
  if (!OID.test(oid)) report.finding("not_oid", at, { object, observed: id });
}
