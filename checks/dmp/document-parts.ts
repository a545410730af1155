/** Each metadata entry has its document and each document its bytes: Document/@id, XOP references, Content-ID. */
import { defineCheck, type Pointer, type Report } from "../../core/model/index.js";
import { xopIncludes } from "../../protocols/mtom.js";
import { LCM_NS } from "../../protocols/xds-query.js";
import { repeatedAttributes, RIM_NS, XDSB_NS } from "../../protocols/xds.js";
import { child, pathOf, type XmlNode } from "../../protocols/xml.js";
import { callOf } from "./helpers/call.js";
import { SOURCE, WITNESS } from "./helpers/sources.js";
import { type Submission, submissionOf } from "./helpers/submission.js";

export default defineCheck({
  id: "dmp/document-parts",
  title: {
    fr: "Chaque entrée de métadonnées a son document, et chaque document ses octets",
    en: "Each metadata entry has its document, and each document its bytes",
  },
  reads: ["dmp.submit"],
  messages: {
    no_document: {
      weight: "breach",
      source: `${SOURCE.iti41}; XDSMissingDocument (dmp.md §1.4)`,
      mark: "standard",
      witness: WITNESS.nist,
      fr: "L'entrée « {entry} » n'a pas de document : aucun xdsb:Document n'a cet id.",
      en: "The entry “{entry}” has no document: no xdsb:Document has this id.",
    },
    no_entry: {
      weight: "breach",
      source: `${SOURCE.iti41}; XDSMissingDocumentMetadata (dmp.md §1.4)`,
      mark: "standard",
      witness: WITNESS.nist,
      fr: "Le document « {document} » n'a pas de métadonnées : aucun ExtrinsicObject n'a cet id.",
      en: "The document “{document}” has no metadata: no ExtrinsicObject has this id.",
    },
    id_differs: {
      weight: "breach",
      source: `${SOURCE.iti41}; XDSMissingDocument, XDSMissingDocumentMetadata (dmp.md §1.4)`,
      mark: "standard",
      witness: WITNESS.nist,
      fr: "Document/@id « {document} » n'est l'id d'aucun ExtrinsicObject, et l'entrée « {entry} » n'a pas de document.",
      en: "Document/@id “{document}” is the id of no ExtrinsicObject, and the entry “{entry}” has no document.",
    },
    case_differs: {
      weight: "remark",
      source: `${SOURCE.iti41}; un exemple du kit éditeur écrit ainsi`,
      mark: "kit",
      witness: "none",
      fr: "Document/@id « {document} » et ExtrinsicObject/@id « {entry} » ne diffèrent que par la casse ; ils doivent être égaux.",
      en: "Document/@id “{document}” and ExtrinsicObject/@id “{entry}” differ by case only; they must be equal.",
    },
    unresolved: {
      weight: "breach",
      source: "W3C XOP §3.1: href names a part of the package (dmp.md §2.1)",
      mark: "standard",
      witness: WITNESS.nist,
      fr: "La référence XOP « {href} » ne désigne pas une partie, et une seule, du message.",
      en: "The XOP reference “{href}” does not name one part, and one only, of the message.",
    },
    duplicate_content_id: {
      weight: "breach",
      source: "RFC 2045 §7: a Content-ID is unique (dmp.md §2.1)",
      mark: "standard",
      witness: "none",
      fr: "Deux parties du message ont le même Content-ID « {id} ».",
      en: "Two parts of the message have the same Content-ID “{id}”.",
    },
    several_documents: {
      weight: "breach",
      source: `${SOURCE.iti41}; one Document with one content per DocumentEntry`,
      mark: "standard",
      witness: WITNESS.nist,
      fr: "L'entrée « {entry} » doit avoir un xdsb:Document et un seul contenu ; {count} observés.",
      en: "The entry “{entry}” must have one xdsb:Document and one content only; {count} observed.",
    },
    repeated: {
      weight: "breach",
      source: "IHE ITI TF-3 §4.2.3.2 and §4.2.3.3: cardinality of the attributes (dmp.md §2.3)",
      mark: "standard",
      witness: WITNESS.nist,
      fr: "L'attribut {attribute} doit être donné une seule fois ; {count} valeurs observées.",
      en: "The attribute {attribute} must be given once only; {count} values observed.",
    },
    several_lists: {
      weight: "breach",
      source: `${SOURCE.iti41}; ebRS 3.0, SubmitObjectsRequest: one RegistryObjectList`,
      mark: "standard",
      witness: WITNESS.nist,
      fr: "Le message doit contenir un seul RegistryObjectList ; {count} observés : un lecteur pourrait prendre l'un ou l'autre.",
      en: "The message must hold one RegistryObjectList only; {count} observed: a reader could take one or the other.",
    },
    wrong_request: {
      weight: "breach",
      source: `${SOURCE.iti41}; schemas of XDS.b and of ebRS 3.0`,
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "Le corps SOAP attendu est xdsb:ProvideAndRegisterDocumentSetRequest, avec lcm:SubmitObjectsRequest et rim:RegistryObjectList ; {name} n'y est pas dans cet espace de noms.",
      en: "The SOAP body expected is xdsb:ProvideAndRegisterDocumentSetRequest with lcm:SubmitObjectsRequest and rim:RegistryObjectList; {name} is not there in that namespace.",
    },
    no_submission_set: {
      weight: "breach",
      source: SOURCE.iti41,
      mark: "standard",
      witness: WITNESS.nist,
      fr: "Le message ne contient pas exactement un lot de soumission (RegistryPackage classé comme tel) : {count} observé(s).",
      en: "The message does not hold exactly one submission set (a RegistryPackage classified as such): {count} observed.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const submission = submissionOf(exchange);
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      if (!submission) {
        // A readable envelope without registry objects; what is no envelope is `dmp/soap-envelope`'s.
        if (!callOf(exchange)) continue;
        report.observed(at("soap:Body"));
        report.finding("no_submission_set", at("soap:Body"), { count: 0 });
        continue;
      }
      report.observed(at("xdsb:ProvideAndRegisterDocumentSetRequest"));
      const { xds, envelope } = submission;
      const name = missingFrom(envelope.payload);
      if (name !== null) report.finding("wrong_request", at("soap:Body"), { name });
      const sets = xds.submissionSets.length;
      if (sets !== 1) report.finding("no_submission_set", at(pathOf(xds.node)), { count: sets });
      if (xds.lists > 1) report.finding("several_lists", at("soap:Body"), { count: xds.lists });
      judgeJoints(submission, report, at);
      for (const { node, attribute, count } of repeatedAttributes(xds)) {
        report.finding("repeated", at(pathOf(node)), { attribute, count });
      }
      for (const entry of xds.documents) {
        const contents = xds.contents.filter((content) => content.id !== null && content.id === entry.id);
        const inside = contents.map((content) => xopIncludes(content.node, envelope.multipart).length);
        const count = Math.max(contents.length, ...inside);
        if (count > 1) report.finding("several_documents", at(pathOf(entry.node)), { entry: entry.id, count });
      }
      for (const { node, href, part } of xopIncludes(envelope.body, envelope.multipart)) {
        if (!part) report.finding("unresolved", at(pathOf(node)), { href });
      }
      for (const id of envelope.multipart?.duplicateContentIds ?? []) {
        report.finding("duplicate_content_id", at("MIME parts"), { id });
      }
    }
  },
});

/** The first of the elements around the registry objects that is not where the schemas want it. */
function missingFrom(payload: XmlNode | null): string | null {
  if (payload?.name !== "ProvideAndRegisterDocumentSetRequest" || payload.ns !== XDSB_NS) {
    return "xdsb:ProvideAndRegisterDocumentSetRequest";
  }
  const submit = child(payload, "SubmitObjectsRequest", LCM_NS);
  if (!submit) return "lcm:SubmitObjectsRequest";
  return child(submit, "RegistryObjectList", RIM_NS) ? null : "rim:RegistryObjectList";
}

/** Ids on both sides. An entry and a document that miss each other are one mistake, told once. */
function judgeJoints({ xds }: Submission, report: Report, at: (where: string) => Pointer): void {
  const entries = xds.documents.filter((d) => !xds.contents.some((c) => c.id !== null && c.id === d.id));
  const strays = xds.contents.filter((c) => !xds.documents.some((d) => d.id !== null && d.id === c.id));
  for (const entry of entries) {
    const alike = strays.findIndex((stray) => stray.id !== null && stray.id.toLowerCase() === entry.id?.toLowerCase());
    const [stray] = strays.splice(Math.max(alike, 0), 1);
    if (!stray) report.finding("no_document", at(pathOf(entry.node)), { entry: entry.id });
    else {
      const message = alike < 0 ? "id_differs" : "case_differs";
      report.finding(message, at(pathOf(stray.node)), { document: stray.id, entry: entry.id });
    }
  }
  for (const stray of strays) report.finding("no_entry", at(pathOf(stray.node)), { document: stray.id });
}
