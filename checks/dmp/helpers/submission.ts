/** A recorded TD2.1 call, read once: envelope, registry metadata, and each document's bytes joined to its entry. */
import { derive, type Exchange, type Pointer, type Report, type Seen } from "../../../core/model/index.js";
import { type Cda, CdaError, readCda } from "../../../protocols/cda.js";
import { DIGITAL_SIGNATURE_CLASS, SIGNATURE_TYPE } from "../../../protocols/codes.js";
import { type HttpRequest, header, readHttpRequest } from "../../../protocols/http.js";
import { binaryContent, type Part } from "../../../protocols/mtom.js";
import { readSoapEnvelope, type SoapEnvelope, SoapError } from "../../../protocols/soap.js";
import {
  readSubmitObjects,
  type XdsContent,
  type XdsDocument,
  XdsError,
  type XdsSubmission,
} from "../../../protocols/xds.js";
import { XmlError } from "../../../protocols/xml.js";

/** A DocumentEntry with the document it announces. */
export interface SubmittedDocument {
  readonly entry: XdsDocument;
  /** The `xdsb:Document` with the entry's id; null when there is none, or several. */
  readonly content: XdsContent | null;
  /** MIME part named by the `xop:Include`; null when the document came inline or the reference leads nowhere. */
  readonly part: Part | null;
  /** What the repository would store: the part, or the inline base64 decoded. Null when no bytes could be joined. */
  readonly bytes: Uint8Array | null;
  /** True for the detached signature of the submission set (typeCode E1762 or its class), which is no CDA. */
  readonly signature: boolean;
  /** Null for a signature, without bytes, or when the bytes are no CDA (then `cdaProblem` says why). */
  readonly cda: Cda | null;
  /** Code of the XmlError or CdaError; null when there is nothing to say. */
  readonly cdaProblem: string | null;
}

export interface Submission {
  readonly request: HttpRequest;
  readonly envelope: SoapEnvelope;
  readonly xds: XdsSubmission;
  readonly documents: readonly SubmittedDocument[];
}

/** The submission an exchange of `dmp.submit` carries; null when the request cannot be read as one. */
export function submissionOf(exchange: Exchange): Submission | null {
  return derive(exchange, readExchange);
}

/** Documents of the submission that are health documents: everything but the detached signature. */
export function healthDocuments(submission: Submission): readonly SubmittedDocument[] {
  return submission.documents.filter((document) => !document.signature);
}

/** Where in the request: an attribute of an entry (`Document01/creationTime`), or the entry itself. */
export type EntryAt = (attribute?: string) => Pointer;

export interface SeenDocument {
  readonly document: SubmittedDocument;
  readonly at: EntryAt;
  readonly submission: Submission;
  readonly exchange: Exchange;
}

/** The health documents of every readable submission seen, in order. */
export function seenDocuments(seen: Seen): readonly SeenDocument[] {
  return seen.exchanges.flatMap((exchange) => {
    const submission = submissionOf(exchange);
    if (!submission) return [];
    return healthDocuments(submission).map((document) => ({
      document,
      submission,
      exchange,
      at: (attribute) => {
        const entry = document.entry.id ?? "ExtrinsicObject";
        const where = attribute === undefined ? entry : `${entry}/${attribute}`;
        return { exchange: exchange.id, side: "request", where };
      },
    }));
  });
}

/** Calls `judge` for each health document whose bytes are a CDA, after `report.observed`: what a comparison needs. */
export function forEachDocumentAndCda(
  seen: Seen,
  report: Report,
  judge: (entry: XdsDocument, cda: Cda, at: EntryAt, from: SeenDocument) => void,
): void {
  for (const from of seenDocuments(seen)) {
    if (!from.document.cda) continue;
    report.observed(from.at());
    judge(from.document.entry, from.document.cda, from.at, from);
  }
}

function readExchange(exchange: Exchange): Submission | null {
  const request = readHttpRequest(exchange.requestBytes);
  // A request cut on its way would look like a broken document.
  if (!request?.complete) return null;
  try {
    const envelope = readSoapEnvelope(request.body, header(request, "content-type"));
    const xds = readSubmitObjects(envelope.body);
    const read = onceEach(readDocument);
    const documents = xds.documents.map((entry) => join(entry, xds, envelope, read));
    return { request, envelope, xds, documents };
  } catch (error) {
    if (error instanceof SoapError || error instanceof XdsError || error instanceof XmlError) return null;
    throw error;
  }
}

function join(
  entry: XdsDocument,
  xds: XdsSubmission,
  envelope: SoapEnvelope,
  read: typeof readDocument,
): SubmittedDocument {
  const named = xds.contents.filter((content) => content.id !== null && content.id === entry.id);
  const content = named.length === 1 ? (named[0] ?? null) : null;
  const held = content ? binaryContent(content.node, envelope.multipart) : null;
  const bytes = held?.bytes ?? null;
  const signature = entry.typeCode?.code === SIGNATURE_TYPE || entry.classCode?.code === DIGITAL_SIGNATURE_CLASS;
  return { entry, content, part: held?.part ?? null, bytes, signature, ...read(signature ? null : bytes) };
}

/** Hundreds of entries may name one part of many megabytes: it is read once. */
function onceEach<T>(read: (bytes: Uint8Array | null) => T): (bytes: Uint8Array | null) => T {
  const known = new Map<Uint8Array | null, T>();
  return (bytes) => {
    const result = known.get(bytes) ?? read(bytes);
    known.set(bytes, result);
    return result;
  };
}

function readDocument(bytes: Uint8Array | null): { cda: Cda | null; cdaProblem: string | null } {
  if (!bytes) return { cda: null, cdaProblem: null };
  try {
    return { cda: readCda(bytes), cdaProblem: null };
  } catch (error) {
    if (error instanceof XmlError || error instanceof CdaError) return { cda: null, cdaProblem: error.code };
    throw error;
  }
}
