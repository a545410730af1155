/** Every CDA the suite can meet, whatever carried it: an upload, the archive of a mail, a file given alone. */
import { derive, type Exchange, type Pointer, type Report, type Seen } from "../../../core/model/index.js";
import { type Cda, type CdaBody, CdaError, readCda } from "../../../protocols/cda.js";
import { recogniseFile } from "../../../protocols/kind.js";
import { leafParts, type Mail, MailError, readMail } from "../../../protocols/mime.js";
import { readSmtp } from "../../../protocols/smtp.js";
import { fileOfUri, readXdm } from "../../../protocols/xdm.js";
import { readSubmitObjects, type XdsDocument, XdsError } from "../../../protocols/xds.js";
import { pathOf, XmlError, type XmlNode } from "../../../protocols/xml.js";
import { healthDocuments, submissionOf } from "../../dmp/helpers/submission.js";

/** Operations whose exchanges may carry a CDA. */
export const CDA_OPERATIONS = ["dmp.submit", "mss.submit", "file.cda", "file.xdm", "file.mail"] as const;

export interface CdaSubject {
  readonly exchange: Exchange;
  /** Entry id, or path in the archive; null for a file that is the document itself. */
  readonly place: string | null;
  readonly cda: Cda | null;
  /** Code of the XmlError or CdaError when `cda` is null, with its line. */
  readonly problem: { readonly code: string; readonly line: number | null } | null;
}

/** Where in the evidence: an element of the document, or the document itself. */
export type At = (node?: XmlNode | null) => Pointer;

/** All documents of the exchanges seen that are, or claim to be, CDA. */
export function cdaSubjects(seen: Seen): readonly CdaSubject[] {
  return seen.exchanges.flatMap((exchange) => derive(exchange, subjectsOf));
}

/** Calls `judge` once per readable document, after `report.observed`. Documents that cannot be read are left to `cda/identification`. */
export function forEachCda(seen: Seen, report: Report, judge: (cda: Cda, at: At, subject: CdaSubject) => void): void {
  for (const subject of cdaSubjects(seen)) {
    if (!subject.cda) continue;
    const at = pointerIn(subject);
    report.observed(at());
    judge(subject.cda, at, subject);
  }
}

/** Calls `judge` once per non-structured body. A structured document is reported inapplicable; `judge` calls `report.observed` itself. */
export function forEachUnstructuredBody(
  seen: Seen,
  report: Report,
  judge: (body: CdaBody, where: Pointer, subject: CdaSubject) => void,
): void {
  for (const subject of cdaSubjects(seen)) {
    const body = subject.cda?.body;
    if (!body) continue;
    const where = pointerIn(subject)(body.node);
    if (body.kind === "nonXML") judge(body, where, subject);
    else report.inapplicable(where, "structured_body");
  }
}

export function pointerIn(subject: CdaSubject): At {
  return (node) => {
    const steps = [subject.place, node ? pathOf(node) : null].filter((step) => step !== null);
    const base = { exchange: subject.exchange.id, side: "request" } as const;
    return steps.length > 0 ? { ...base, where: steps.join(" ") } : base;
  };
}

function subjectsOf(exchange: Exchange): readonly CdaSubject[] {
  const read = (place: string | null, bytes: Uint8Array): CdaSubject => ({ exchange, place, ...readDocument(bytes) });
  switch (exchange.operation) {
    case "dmp.submit": {
      const submission = submissionOf(exchange);
      if (!submission) return [];
      return healthDocuments(submission).flatMap(({ entry, bytes, cda }) => {
        if (cda) return [{ exchange, place: entry.id, cda, problem: null }];
        return bytes && isXmlType(entry.mimeType) ? [read(entry.id, bytes)] : [];
      });
    }
    case "mss.submit": {
      const session = readSmtp(exchange.requestBytes, exchange.responseBytes ?? new Uint8Array(), {
        part: "transaction",
      });
      return session.transactions
        .flatMap(({ message, dataComplete }) => (message && dataComplete ? documentsOfMail(message) : []))
        .map(asSubject(read));
    }
    case "file.mail":
      return documentsOfMail(exchange.requestBytes).map(asSubject(read));
    case "file.xdm":
      return documentsOfArchive(exchange.requestBytes).map(asSubject(read));
    default:
      return [read(null, exchange.requestBytes)];
  }
}

interface Placed {
  readonly place: string;
  readonly bytes: Uint8Array;
}

function asSubject(read: (place: string | null, bytes: Uint8Array) => CdaSubject): (placed: Placed) => CdaSubject {
  return ({ place, bytes }) => read(place, bytes);
}

function documentsOfMail(bytes: Uint8Array): Placed[] {
  let mail: Mail;
  try {
    mail = readMail(bytes);
  } catch (error) {
    if (error instanceof MailError) return [];
    throw error;
  }
  return leafParts(mail)
    .filter((part) => recogniseFile(part.body, part.fileName ?? "") === "xdm")
    .flatMap((part) => documentsOfArchive(part.body));
}

/** Files an XDM archive calls CDA (its METADATA says XML) or that are one. */
function documentsOfArchive(bytes: Uint8Array): Placed[] {
  const archive = readXdm(bytes);
  if (!archive.ok) return [];
  return archive.xdm.subsets.flatMap((subset) => {
    const named = entriesOf(subset.metadata?.entry.data ?? null)
      .filter((entry) => isXmlType(entry.mimeType) && entry.uri !== null)
      .map((entry) => fileOfUri(subset, entry.uri ?? ""));
    return subset.files.flatMap((file) => {
      const data = file.entry.data;
      if (!data || !(named.includes(file) || recogniseFile(data, file.name) === "cda")) return [];
      return [{ place: file.path, bytes: data }];
    });
  });
}

function entriesOf(metadata: Uint8Array | null): readonly XdsDocument[] {
  if (!metadata) return [];
  try {
    return readSubmitObjects(metadata).documents;
  } catch (error) {
    if (error instanceof XmlError || error instanceof XdsError) return [];
    throw error;
  }
}

function isXmlType(mimeType: string | null): boolean {
  return mimeType === "text/xml" || mimeType === "application/xml" || mimeType === "application/xslt+xml";
}

function readDocument(bytes: Uint8Array): Pick<CdaSubject, "cda" | "problem"> {
  try {
    return { cda: readCda(bytes), problem: null };
  } catch (error) {
    if (error instanceof XmlError) return { cda: null, problem: { code: error.code, line: error.line } };
    if (error instanceof CdaError) return { cda: null, problem: { code: error.code, line: null } };
    throw error;
  }
}
