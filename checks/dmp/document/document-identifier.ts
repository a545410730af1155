/** Identifiers of documents and submission sets: OIDs, equal to the CDA's, never used twice. */
import { createHash } from "node:crypto";
import { defineCheck, derive, type Exchange } from "../../../core/model/index.js";
import { documentUniqueId } from "../../../protocols/cda-xds.js";
import { header, readHttpResponse } from "../../../protocols/http.js";
import { readSoapEnvelope, SoapError } from "../../../protocols/soap.js";
import { REGISTRY_SUCCESS, readRegistryResponse } from "../../../protocols/xds.js";
import { seenDocuments, submissionOf } from "../helpers/submission.js";

const ENTRY = "DocumentEntry.uniqueId, OID, 1..1 (dmp.md §2.3, S1, S2)";
const SET = "SubmissionSet.uniqueId, OID, 1..1, globally unique (dmp.md §2.3, S1)";
/** ITI TF-3 §4.2.3.1.7: at most 64 characters. */
const OID = /^(?=.{1,64}$)[0-2](?:\.(?:0|[1-9]\d*))+$/;

export default defineCheck({
  id: "dmp/document-identifier",
  title: {
    fr: "Les identifiants du document et du lot sont des OID uniques, celui du document est celui du CDA",
    en: "The identifiers of document and set are unique OIDs, that of the document is the CDA's",
  },
  reads: ["dmp.submit"],
  messages: {
    form: {
      weight: "breach",
      source: ENTRY,
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.2 and §4.2.3.1.7",
      fr: "uniqueId du document : OID attendu (suivi au plus de ^extension) ; observé « {observed} ».",
      en: "uniqueId of the document: an OID expected (with at most ^extension after it); observed “{observed}”.",
    },
    differs: {
      weight: "breach",
      source: "CI-SIS, mapping CDA → XDS: id → uniqueId (dmp.md §4.1, S1, S2)",
      mark: "verified",
      witness: "none",
      fr: "uniqueId « {observed} » alors que l'identifiant du CDA est « {expected} ».",
      en: "uniqueId “{observed}” while the CDA's identifier is “{expected}”.",
    },
    repeated: {
      weight: "breach",
      source: "ITI-41 XDSRepositoryDuplicateUniqueIdInMessage (dmp.md §1.4, S16)",
      mark: "verified",
      witness: "IHE ITI-41 error table",
      fr: "L'identifiant « {observed} » désigne plusieurs objets du même envoi.",
      en: "The identifier “{observed}” names several objects of the same submission.",
    },
    reused: {
      weight: "breach",
      source:
        "ITI-41 XDSDuplicateUniqueIdInRegistry (dmp.md §1.4, S16); HL7 CDA R2: ClinicalDocument/id is unique to one instance",
      mark: "verified",
      witness: "IHE ITI-41 error table",
      fr: "L'identifiant « {observed} » a déjà été accepté pour un autre contenu (échange {first}).",
      en: "The identifier “{observed}” was already accepted for another content (exchange {first}).",
    },
    set_form: {
      weight: "breach",
      source: SET,
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.3 and §4.2.3.1.7",
      fr: "uniqueId du lot de soumission : OID attendu ; observé « {observed} ».",
      en: "uniqueId of the submission set: an OID expected; observed “{observed}”.",
    },
    set_reused: {
      weight: "breach",
      source: SET,
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.3.3 (globally unique)",
      fr: "L'identifiant de lot « {observed} » a déjà été accepté (échange {first}).",
      en: "The set identifier “{observed}” was already accepted (exchange {first}).",
    },
  },
  evaluate(seen, report) {
    /** Identifier -> digest of the content it was accepted for, and where. */
    const accepted = new Map<string, { readonly digest: string; readonly exchange: string }>();
    const documents = seenDocuments(seen);
    for (const { document, at } of documents) {
      const { entry, cda } = document;
      report.observed(at());
      const [oid = "", extension, ...rest] = (entry.uniqueId ?? "").split("^");
      if (!OID.test(oid) || extension === "" || rest.length > 0) {
        report.finding("form", at("uniqueId"), { observed: entry.uniqueId });
      }
      const expected = cda ? documentUniqueId(cda) : null;
      if (expected !== null && entry.uniqueId !== null && entry.uniqueId !== expected) {
        report.finding("differs", at("uniqueId"), { expected, observed: entry.uniqueId });
      }
    }
    for (const exchange of seen.exchanges) {
      const submission = submissionOf(exchange);
      const set = submission?.xds.submissionSet;
      if (!submission || !set) continue;
      const at = { exchange: exchange.id, side: "request", where: "SubmissionSet/uniqueId" } as const;
      if (!OID.test(set.uniqueId ?? "")) report.finding("set_form", at, { observed: set.uniqueId });
      const ids = [set.uniqueId, ...submission.documents.map((d) => d.entry.uniqueId)].filter((id) => id !== null);
      for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) {
        report.finding("repeated", at, { observed: id });
      }
      const told = (id: string, digest: string): string | null => {
        const first = accepted.get(id);
        return first && first.exchange !== exchange.id && first.digest !== digest ? first.exchange : null;
      };
      // Sending a set again after an answer got lost is no reuse: only what was accepted before counts.
      const firstSet = set.uniqueId === null ? undefined : accepted.get(`set ${set.uniqueId}`);
      if (firstSet) report.finding("set_reused", at, { observed: set.uniqueId, first: firstSet.exchange });
      for (const { document, at: entryAt } of documents.filter((d) => d.exchange === exchange)) {
        const id = document.entry.uniqueId;
        const digest = document.bytes ? createHash("sha256").update(document.bytes).digest("hex") : "";
        if (id === null) continue;
        const first = told(id, digest);
        if (first !== null) report.finding("reused", entryAt("uniqueId"), { observed: id, first });
        if (derive(exchange, wasAccepted)) accepted.set(id, { digest, exchange: exchange.id });
      }
      if (set.uniqueId !== null && derive(exchange, wasAccepted)) {
        accepted.set(`set ${set.uniqueId}`, { digest: "", exchange: exchange.id });
      }
    }
  },
});

/** True when the vendor was told Success. */
function wasAccepted(exchange: Exchange): boolean {
  const response = exchange.responseBytes && exchange.complete ? readHttpResponse(exchange.responseBytes) : null;
  if (!response) return false;
  try {
    const envelope = readSoapEnvelope(response.body, header(response, "content-type"));
    return readRegistryResponse(envelope.body)?.status === REGISTRY_SUCCESS;
  } catch (error) {
    if (error instanceof SoapError) return false;
    throw error;
  }
}
