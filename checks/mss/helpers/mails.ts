/** Mails and archives, wherever they come from: a submission recorded at the operator, a mail or an archive given as a file. */
import {
  derive,
  type Exchange,
  type Pointer,
  type ScenarioRun,
  type Seen,
  type Step,
} from "../../../core/model/index.js";
import { type Cda, CdaError, readCda } from "../../../protocols/cda.js";
import {
  leafParts,
  type Mail,
  MailError,
  type MimePart,
  mailHeader,
  mailHeaders,
  readMail,
} from "../../../protocols/mime.js";
import { readSmtp, type SmtpTransaction } from "../../../protocols/smtp.js";
import { fileOfUri, readXdm, type Xdm, type XdmFile, type XdmSubset } from "../../../protocols/xdm.js";
import { readSubmitObjects, type XdsDocument, XdsError, type XdsSubmission } from "../../../protocols/xds.js";
import { XmlError } from "../../../protocols/xml.js";
import type { ZipReason } from "../../../protocols/zip.js";

/** Operations whose exchanges hold a mail, for checks on the mail itself. */
export const MAIL_OPERATIONS = ["mss.submit", "file.mail"] as const;
/** Operations whose exchanges hold an archive. */
export const ARCHIVE_OPERATIONS = ["mss.submit", "file.mail", "file.xdm"] as const;

/** Name of the archive; widespread software writes it in other cases (mssante.md §2.3). */
export const ARCHIVE_NAME = /^ihe_xdm\.zip$/i;

/** One mail, as its sender gave it over: also one that the operator refused or whose reply was lost. */
export interface SentMail {
  readonly exchange: Exchange;
  /** Null for a file. */
  readonly transaction: SmtpTransaction | null;
  readonly mail: Mail;
  readonly archive: Archive | null;
}

export interface Archive {
  readonly exchange: Exchange;
  /** The attachment; null when the archive is a file of its own. */
  readonly part: MimePart | null;
  /** Null when it is no readable ZIP; `reason` says why. */
  readonly xdm: Xdm | null;
  readonly reason: ZipReason | null;
  /** The first METADATA.XML found, also out of its place. */
  readonly metadata: XdmFile | null;
  readonly submission: XdsSubmission | null;
  /** Code of what made the metadata unreadable. */
  readonly metadataProblem: string | null;
  readonly documents: readonly ArchiveDocument[];
  /** Entries of the metadata whose file is not in the archive. */
  readonly missing: readonly XdsDocument[];
}

/** A CDA of the archive, with its entry of the metadata when there is one. */
export interface ArchiveDocument {
  readonly file: XdmFile;
  readonly bytes: Uint8Array;
  readonly cda: Cda;
  readonly entry: XdsDocument | null;
}

/** Mails of the exchanges seen, in order of time. Bytes that are no mail at all are left out (`mss/message-id` tells them). */
export function sentMails(seen: Seen): readonly SentMail[] {
  return seen.exchanges.flatMap((exchange) => derive(exchange, mailOf) ?? []);
}

/** Archives of the exchanges seen: attachments and files alike. */
export function archives(seen: Seen): readonly Archive[] {
  return seen.exchanges.flatMap((exchange) => {
    if (exchange.operation === "file.xdm") return [derive(exchange, archiveOfFile)];
    return derive(exchange, mailOf)?.archive ?? [];
  });
}

/** The mail transaction of an `mss.submit` exchange; null when there is none in it. */
export function transactionOf(exchange: Exchange): SmtpTransaction | null {
  return derive(exchange, readTransaction);
}

function readTransaction(exchange: Exchange): SmtpTransaction | null {
  const { transactions } = readSmtp(exchange.requestBytes, exchange.responseBytes ?? new Uint8Array(), {
    part: "transaction",
    phase: exchange.conn?.tls ? "tls" : "plain",
  });
  return transactions[0] ?? null;
}

function mailOf(exchange: Exchange): SentMail | null {
  if (exchange.operation !== "mss.submit" && exchange.operation !== "file.mail") return null;
  const transaction = exchange.operation === "mss.submit" ? transactionOf(exchange) : null;
  const bytes = exchange.operation === "mss.submit" ? transaction?.message : exchange.requestBytes;
  // A mail that was cut on its way says nothing about what the sender meant to send.
  if (!bytes || (transaction && !transaction.dataComplete)) return null;
  let mail: Mail;
  try {
    mail = readMail(bytes);
  } catch (error) {
    if (error instanceof MailError) return null;
    throw error;
  }
  const part = archivePart(mail);
  return { exchange, transaction, mail, archive: part ? readArchive(exchange, part, part.body) : null };
}

function archiveOfFile(exchange: Exchange): Archive {
  return readArchive(exchange, null, exchange.requestBytes);
}

/** Attachments that are, or say to be, a ZIP: media type, name, or first bytes. */
function zipParts(mail: Mail): readonly MimePart[] {
  return leafParts(mail).filter(
    (part) =>
      /^application\/(?:zip|x-zip-compressed)$/.test(part.mediaType) ||
      /\.zip$/i.test(part.fileName ?? "") ||
      Buffer.from(part.body.subarray(0, 4)).toString("latin1") === "PK\x03\x04",
  );
}

/** PDF attachments, by media type or name. */
export function pdfParts(mail: Mail): readonly MimePart[] {
  return leafParts(mail).filter((part) => part.mediaType === "application/pdf" || /\.pdf$/i.test(part.fileName ?? ""));
}

/** Attachments that are archives of documents, by name or content. Other ZIP files may be attached and are nobody's concern. */
export function archiveParts(mail: Mail): readonly MimePart[] {
  return zipParts(mail).filter(
    (part) => ARCHIVE_NAME.test(part.fileName ?? "") || /IHE_XDM\//i.test(Buffer.from(part.body).toString("latin1")),
  );
}

/** The attachment to be read: the one with the right name, else the first with the right content. */
function archivePart(mail: Mail): MimePart | null {
  const parts = archiveParts(mail);
  return parts.find((part) => ARCHIVE_NAME.test(part.fileName ?? "")) ?? parts[0] ?? null;
}

function readArchive(exchange: Exchange, part: MimePart | null, bytes: Uint8Array): Archive {
  const read = readXdm(bytes);
  const base = { exchange, part };
  if (!read.ok) {
    return {
      ...base,
      xdm: null,
      reason: read.reason,
      metadata: null,
      submission: null,
      metadataProblem: null,
      documents: [],
      missing: [],
    };
  }
  const { xdm } = read;
  const metadata = xdm.subsets.find((subset) => subset.metadata)?.metadata ?? strayMetadata(xdm);
  const { submission, problem } = readMetadata(metadata);
  const located = (submission?.documents ?? []).map((entry) => ({ entry, file: fileOfEntry(xdm, entry) }));
  const documents = allFiles(xdm).flatMap((file): ArchiveDocument[] => {
    const cda = file.entry.data ? cdaOf(file.entry.data) : null;
    if (!cda || !file.entry.data) return [];
    const entry = located.find((one) => one.file?.path === file.path)?.entry ?? null;
    return [{ file, bytes: file.entry.data, cda, entry }];
  });
  return {
    ...base,
    xdm,
    reason: null,
    metadata,
    submission,
    metadataProblem: problem,
    documents,
    missing: located.filter((one) => one.file === null).map((one) => one.entry),
  };
}

function allFiles(xdm: Xdm): readonly XdmFile[] {
  return xdm.archive.entries
    .filter((entry) => !entry.directory && entry.problem === null)
    .map((entry) => ({ path: entry.name, name: entry.name.split("/").at(-1) ?? "", entry }));
}

function strayMetadata(xdm: Xdm): XdmFile | null {
  return allFiles(xdm).find((file) => file.name.toUpperCase() === "METADATA.XML") ?? null;
}

/** By its URI in a subset, else by its name anywhere: a wrong layout is told by `mss/archive` alone. */
function fileOfEntry(xdm: Xdm, entry: XdsDocument): XdmFile | null {
  const uri = entry.uri;
  if (uri === null) return null;
  const inSubset = (subset: XdmSubset): XdmFile | null => fileOfUri(subset, uri);
  for (const subset of xdm.subsets) {
    const file = inSubset(subset);
    if (file) return file;
  }
  const name = uri.split("/").at(-1)?.toLowerCase();
  return allFiles(xdm).find((file) => file.name.toLowerCase() === name) ?? null;
}

function readMetadata(file: XdmFile | null): { submission: XdsSubmission | null; problem: string | null } {
  if (!file?.entry.data) return { submission: null, problem: null };
  try {
    return { submission: readSubmitObjects(file.entry.data), problem: null };
  } catch (error) {
    if (error instanceof XmlError || error instanceof XdsError) return { submission: null, problem: error.code };
    throw error;
  }
}

function cdaOf(bytes: Uint8Array): Cda | null {
  // Only what may be XML is parsed: pictures and style sheets of the archive are nobody's CDA.
  if (!/ClinicalDocument/.test(Buffer.from(bytes.subarray(0, 256 * 1024)).toString("latin1"))) return null;
  try {
    return readCda(bytes);
  } catch (error) {
    if (error instanceof XmlError || error instanceof CdaError) return null;
    throw error;
  }
}

/** CDA documents that the mail carries in its archive. */
export function cdasOf(mail: SentMail): readonly ArchiveDocument[] {
  return mail.archive?.documents ?? [];
}

/** The archive may hold a CDA that was not read (not a ZIP, XML we do not accept): that there is none is not known. */
export function mayHoldCda({ archive }: SentMail): boolean {
  if (!archive) return false;
  // Damaged entries count too: nobody knows what they held.
  const names = archive.xdm?.archive.entries.map(({ name }) => name) ?? null;
  return names === null || names.some((name) => /\.xml$/i.test(name) && !/(?:^|\/)metadata\.xml$/i.test(name));
}

/** Where in a mail, an archive or its metadata. */
export function at(subject: { readonly exchange: Exchange }, where?: string): Pointer {
  const base = { exchange: subject.exchange.id, side: "request" } as const;
  return where === undefined ? base : { ...base, where };
}

/** Decoded values of a header that should stand once, in order. A receiver may read any of them: each is judged. */
export function headerValues(mail: Mail, name: string): readonly string[] {
  return mailHeaders(mail, name).map((header) => header.value);
}

/** Decoded value of a header; null when absent. */
export function headerValue(mail: Mail, name: string): string | null {
  return mailHeader(mail, name)?.value ?? null;
}

export function runOf(seen: Seen, exchange: Exchange): ScenarioRun | null {
  return seen.runs.find((run) => run.key === exchange.scenario) ?? null;
}

/** The `mss.send` step during which the mail went out; null for a file, or when nobody asked for it. */
export function sendStepOf(seen: Seen, exchange: Exchange): Step | null {
  const steps = (runOf(seen, exchange)?.steps ?? []).filter((step) => step.operation === "mss.send");
  return steps.filter((step) => step.beganAt <= exchange.startedAt).at(-1) ?? null;
}

/** The identity of the patient is not qualified, and nothing in the scenario may have changed that. */
export function staysUnqualified(run: ScenarioRun): boolean {
  const { patient } = run.facts;
  if (!patient || patient.status === "QUAL") return false;
  return !run.steps.some(({ operation }) => operation === "ins.confirm" || operation === "ins.search");
}

/** Member of a step's input, when the input is an object. */
export function inputOf(step: Step | null, member: string): unknown {
  return typeof step?.input === "object" && step.input !== null
    ? (step.input as Record<string, unknown>)[member]
    : undefined;
}

/** Recipients the envelope names; for a file, none. */
export function recipientsOf(mail: SentMail): readonly string[] {
  return mail.transaction?.recipients.map((recipient) => recipient.address) ?? [];
}

export function isCitizen(address: string): boolean {
  return /@patient\.mssante\.fr$/i.test(address);
}
