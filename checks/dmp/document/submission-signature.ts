/** The detached signature of the submission, where there is one: it verifies, and covers the set and every document. */
import { defineCheck, derive, type Exchange, type Pointer, type Report } from "../../../core/model/index.js";
import { DIGITAL_SIGNATURE_CLASS, SCHEMES, SIGNATURE_TYPE } from "../../../protocols/codes.js";
import { SIGNATURE_FORMATS, SIGNATURE_PURPOSE } from "../../../protocols/codes/xds-metadata.js";
import {
  type DetachedSignature,
  digestHolds,
  readDetachedSignature,
  type SignedReference,
} from "../../../protocols/dsg.js";
import { DOCUMENT_RELATIONS, type XdsDocument } from "../../../protocols/xds.js";
import { UNJUDGED_REASONS } from "../../../protocols/xmldsig.js";
import { WITNESS } from "../helpers/sources.js";
import { healthDocuments, type Submission, type SubmittedDocument, submissionOf } from "../helpers/submission.js";
import { vihfSigner } from "../helpers/vihf-signer.js";

const DSG = "IHE ITI TF-1 §37 and TF-3 §5.5, SubmissionSet signature; DMP editor kit (dmp.md §2.6, S8)";
const KIT = "DMP editor kit, signature of the submission set (dmp.md §2.6, S8)";
const SAMPLE = "XAdES sample of the DMP editor kit: its signature verifies with this reader";
/** One byte of zero: what stands for the digest of the set, which has no bytes. */
const NO_DIGEST = "AA==";

/** Memo by exchange: the signatures of its signature documents, in order. */
function signaturesOf(exchange: Exchange): readonly (DetachedSignature | null)[] {
  const documents = submissionOf(exchange)?.documents ?? [];
  return documents.flatMap(({ signature, bytes }) =>
    signature ? [bytes === null ? null : readDetachedSignature(bytes)] : [],
  );
}

export default defineCheck({
  id: "dmp/submission-signature",
  title: {
    fr: "La signature de la soumission est valide et couvre le lot et chaque document",
    en: "The signature of the submission is valid and covers the set and every document",
  },
  reads: ["dmp.submit"],
  messages: {
    unreadable: {
      weight: "breach",
      source: `${DSG}: the document is a ds:Signature`,
      mark: "standard",
      witness: SAMPLE,
      fr: "Le document de signature n'est pas un document XML dont la racine est ds:Signature.",
      en: "The signature document is no XML document whose root is ds:Signature.",
    },
    invalid: {
      weight: "breach",
      source: "W3C XML Signature Syntax and Processing 1.1 §3.2, core validation (dmp.md §2.6)",
      mark: "standard",
      witness: SAMPLE,
      fr: "La signature de la soumission n'est pas valide : {reason}.",
      en: "The signature of the submission is not valid: {reason}.",
    },
    no_manifest: {
      weight: "breach",
      source: `${DSG}: the signature covers a Manifest`,
      mark: "standard",
      witness: SAMPLE,
      fr: "La signature ne couvre aucun ds:Manifest : elle ne porte sur aucun document.",
      en: "The signature covers no ds:Manifest: it bears on no document.",
    },
    set_not_covered: {
      weight: "breach",
      source: `${DSG}: the manifest refers to the submission set`,
      mark: "standard",
      witness: SAMPLE,
      fr: "Le manifeste signé ne désigne pas le lot (urn:oid:{set}) ; références observées : {observed}.",
      en: "The signed manifest does not name the set (urn:oid:{set}); references observed: {observed}.",
    },
    not_covered: {
      weight: "breach",
      source: `${DSG}: the manifest holds every other document of the set`,
      mark: "standard",
      witness: SAMPLE,
      fr: "Le manifeste signé ne désigne pas le document « {document} » (urn:oid:{uniqueId}) ; références observées : {observed}.",
      en: "The signed manifest does not name the document “{document}” (urn:oid:{uniqueId}); references observed: {observed}.",
    },
    document_digest: {
      weight: "breach",
      source: "W3C XML Signature 1.1 §5.1 and §3.2.1, digest of a reference (dmp.md §2.6)",
      mark: "standard",
      witness: "digests made by xml-crypto (tests/checks/dmp)",
      fr: "L'empreinte signée pour le document « {document} » n'est pas celle du document envoyé.",
      en: "The digest signed for the document “{document}” is not that of the document sent.",
    },
    not_judged: {
      weight: "remark",
      undecided: true,
      source: "PDT-INF-579 (algorithmes admis), non lu pour les signatures (dmp.md §8)",
      mark: "unconfirmed",
      witness: "none",
      fr: "La signature utilise une forme que cette suite ne vérifie pas ({reason}) : elle n'est jugée ni bonne ni mauvaise.",
      en: "The signature uses a form this suite does not verify ({reason}): it is judged neither good nor bad.",
    },
    set_digest: {
      weight: "remark",
      source: `${KIT}: the digest of the set is the constant zero`,
      mark: "kit",
      witness: SAMPLE,
      fr: "Empreinte attendue pour le lot, qui n'a pas d'octets : {expected} ; observée : « {observed} ».",
      en: "Digest expected for the set, which has no bytes: {expected}; observed: “{observed}”.",
    },
    stray: {
      weight: "remark",
      source: DSG,
      mark: "kit",
      witness: SAMPLE,
      fr: "Le manifeste désigne « {observed} », qui n'est ni le lot ni un document du message.",
      en: "The manifest names “{observed}”, which is neither the set nor a document of the message.",
    },
    purpose: {
      weight: "remark",
      source: `${KIT}: purposeOfSignature; IHE writes the purpose elsewhere`,
      mark: "kit",
      witness: SAMPLE,
      fr: "But de la signature attendu : {expected} (source) ; observé : « {observed} ».",
      en: "Purpose of the signature expected: {expected} (source); observed: “{observed}”.",
    },
    entry: {
      weight: "remark",
      source: `${KIT}: entry of the signature document`,
      mark: "kit",
      witness: WITNESS.kitMessages,
      fr: "Fiche de la signature, {attribute} attendu : {expected} ; observé : « {observed} ».",
      en: "Entry of the signature, {attribute} expected: {expected}; observed: “{observed}”.",
    },
    not_linked: {
      weight: "remark",
      source: `${KIT}: association signs; IHE ITI TF-1 §37 leaves it optional`,
      mark: "kit",
      witness: WITNESS.kitMessages,
      fr: "Aucune association « signs » ne relie la signature au lot.",
      en: "No “signs” association links the signature to the set.",
    },
    signer: {
      weight: "remark",
      source: "cachet de la structure pour le VIHF et la signature du lot (dmp.md §1.3, §2.6)",
      mark: "inferred",
      witness: "none",
      fr: "La soumission est signée par un autre certificat que le VIHF ({observed}).",
      en: "The submission is signed by another certificate than the VIHF ({observed}).",
    },
    sha1: {
      weight: "remark",
      source: "PDT-INF-579 (algorithmes admis) ; les exemples du kit, plus anciens, utilisent SHA-1 (dmp.md §2.6, §8)",
      mark: "inferred",
      witness: "none",
      fr: "La signature de la soumission repose sur SHA-1 ({algorithm}) ; SHA-256 est l'usage actuel.",
      en: "The signature of the submission rests on SHA-1 ({algorithm}); SHA-256 is today's practice.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const submission = submissionOf(exchange);
      if (!submission) continue;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      const signatures = derive(exchange, signaturesOf);
      const entries = submission.documents.filter(({ signature }) => signature);
      if (entries.length === 0) report.inapplicable(at("xdsb:ProvideAndRegisterDocumentSetRequest"), "no_signature");
      entries.forEach((document, index) => {
        const where = at(document.entry.id ?? "ExtrinsicObject");
        report.observed(where);
        judgeEntry(document.entry, report, where);
        const signature = signatures[index] ?? null;
        if (!signature) report.finding("unreadable", where);
        else judgeSignature(signature, document, submission, exchange, report, where);
      });
    }
  },
});

function judgeSignature(
  signature: DetachedSignature,
  document: SubmittedDocument,
  submission: Submission,
  exchange: Exchange,
  report: Report,
  at: Pointer,
): void {
  const { reason, manifest, certificate, purposes } = signature;
  if (reason !== null) {
    report.finding(UNJUDGED_REASONS.includes(reason) ? "not_judged" : "invalid", at, { reason });
  }
  const weak = signature.algorithms.find((uri) => /sha1$/.test(uri));
  if (weak !== undefined) report.finding("sha1", at, { algorithm: weak });
  if (!purposes.includes(SIGNATURE_PURPOSE.code)) {
    report.finding("purpose", at, { expected: SIGNATURE_PURPOSE.code, observed: purposes.join(", ") });
  }
  const vihf = vihfSigner(exchange);
  if (certificate && vihf && !certificate.raw.equals(vihf.raw)) {
    report.finding("signer", at, { observed: certificate.subject.replace(/\n/g, ", ") });
  }
  // What a broken signature covers is not known.
  if (reason !== null) return;
  if (manifest === null || manifest.length === 0) report.finding("no_manifest", at);
  else judgeManifest(manifest, document, submission, report, at);
}

function judgeManifest(
  manifest: readonly SignedReference[],
  document: SubmittedDocument,
  submission: Submission,
  report: Report,
  at: Pointer,
): void {
  const { xds } = submission;
  const set = xds.submissionSet;
  const signed = xds.associations
    .filter(({ type, source }) => type === DOCUMENT_RELATIONS.signs && source !== null && source === document.entry.id)
    .map(({ target }) => target);
  if (!signed.includes(set?.id ?? null)) report.finding("not_linked", at);
  const others = healthDocuments(submission);
  // A signature linked to documents only is that of these documents (dmp.md §2.6): the set is another one's business.
  const own = others.filter(({ entry }) => signed.includes(entry.id));
  const single = own.length > 0 && !signed.includes(set?.id ?? null);
  const named = (uniqueId: string | null): SignedReference | undefined =>
    uniqueId === null ? undefined : manifest.find(({ uri }) => objectOf(uri) === uniqueId);
  const observed = manifest.map(({ uri }) => uri ?? "–").join(", ");
  if (!single && set?.uniqueId) {
    const reference = named(set.uniqueId);
    if (!reference) report.finding("set_not_covered", at, { set: set.uniqueId, observed });
    else {
      const digest = Buffer.from(reference.digest ?? []).toString("base64");
      if (digest !== NO_DIGEST) report.finding("set_digest", at, { expected: NO_DIGEST, observed: digest });
    }
  }
  for (const { entry, bytes } of single ? own : others) {
    const reference = named(entry.uniqueId);
    const slots = { document: entry.id, uniqueId: entry.uniqueId };
    if (!reference) report.finding("not_covered", at, { ...slots, observed });
    else if (bytes) {
      const digest = digestHolds(reference, bytes);
      if (digest === "differs") report.finding("document_digest", at, { document: entry.id });
      if (digest === "unjudged") report.finding("not_judged", at, { reason: "algorithm" });
    }
  }
  const known = new Set([set?.uniqueId, ...xds.documents.map(({ uniqueId }) => uniqueId)]);
  const stray = manifest.find(({ uri }) => !known.has(objectOf(uri)));
  if (stray) report.finding("stray", at, { observed: stray.uri });
}

/** `urn:oid:1.2.3` names 1.2.3. */
function objectOf(uri: string | null): string {
  return (uri ?? "").replace(/^urn:oid:/i, "");
}

function judgeEntry(entry: XdsDocument, report: Report, at: Pointer): void {
  const codes = (of: readonly { readonly code: string | null }[]): string =>
    of.map(({ code }) => code ?? "–").join(", ");
  const say = (attribute: string, expected: string, observed: string | null, right: boolean): void => {
    if (!right) report.finding("entry", at, { attribute, expected, observed });
  };
  const { typeCode, classCode, formatCode, confidentialityCodes, eventCodes, languageCode, mimeType } = entry;
  const expected = ["N", "MASQUE_PS", "INVISIBLE_PATIENT"];
  const visibility = confidentialityCodes.map(({ code }) => code ?? "");
  const masked = expected.every((code) => visibility.includes(code)) && visibility.length === expected.length;
  const sameType = typeCode?.code === SIGNATURE_TYPE && typeCode.scheme === SCHEMES.astm;
  say("typeCode", `${SIGNATURE_TYPE} (${SCHEMES.astm})`, `${typeCode?.code} (${typeCode?.scheme})`, sameType);
  say("classCode", DIGITAL_SIGNATURE_CLASS, classCode?.code ?? null, classCode?.code === DIGITAL_SIGNATURE_CLASS);
  const format = formatCode?.code ?? null;
  say("formatCode", SIGNATURE_FORMATS.join(" / "), format, SIGNATURE_FORMATS.includes(format ?? ""));
  say("confidentialityCode", expected.join(", "), codes(confidentialityCodes), masked);
  const purpose = eventCodes.some(({ code }) => code === SIGNATURE_PURPOSE.code);
  say("eventCodeList", SIGNATURE_PURPOSE.code, codes(eventCodes), purpose);
  say("languageCode", "art", languageCode, languageCode === "art");
  say("mimeType", "text/xml", mimeType, mimeType === "text/xml");
}
