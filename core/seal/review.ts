/**
 * What an agency said of the proofs of one bundle (segur-review/1): JSON Lines beside the bundle, one signed envelope per line,
 * each naming the SHA-256 of the line before it. Lines are only ever added. What no file can show of itself is that its last
 * lines are gone: a label therefore carries the SHA-256 of the whole file.
 */
import { createHash } from "node:crypto";
import {
  byCodeUnit,
  type CandidateFacts,
  canonicalJson,
  REVIEW_STATES,
  type ReviewedProof,
  type ReviewState,
} from "../model/index.js";
import { type Envelope, parseEnvelope, payloadJson, signEnvelope, signedBy } from "./envelope.js";
import { isInstant } from "./instants.js";
import type { PublicKey, SigningKey } from "./keys.js";
import { Refusal } from "./refusal.js";
import { agencyKeys, type Trust } from "./trust.js";

export const REVIEW_FORMAT = "segur-review/1";
/** Ending of the file: `x.segur.zip` has its reviews in `x.segur.zip.reviews.jsonl`. */
export const REVIEWS_ENDING = ".reviews.jsonl";

/** Bounds of what is read: many times what the longest review needs. */
export const REVIEW_LIMITS = {
  file: 32 * 1024 * 1024,
  lines: 10_000,
  entries: 5_000,
  reason: 4_000,
  name: 300,
} as const;

export interface ReviewEntry extends ReviewedProof {
  /** In the reviewer's words; may be empty for an acceptance only. */
  readonly reason: string;
  readonly reviewer: string;
}

/** What a review is about. */
export interface ReviewSubject {
  /** SHA-256 of the bundle's bytes, in hexadecimal. */
  readonly bundle: string;
  readonly candidate: Pick<CandidateFacts, "vendor" | "product" | "version">;
}

/** Payload of one line. */
export interface ReviewStatement extends ReviewSubject {
  readonly format: typeof REVIEW_FORMAT;
  /** Place of the line, from 1. */
  readonly number: number;
  /** SHA-256 of the bytes of the line before, without its line feed; null for the first. */
  readonly previous: string | null;
  /** As `2026-11-21T20:56:18Z`. */
  readonly on: string;
  readonly entries: readonly ReviewEntry[];
}

/** One line as read and found good. */
export interface ReviewLine {
  readonly number: number;
  readonly on: string;
  /** Of the signer, from the trust file. */
  readonly agency: string;
  readonly entries: readonly ReviewEntry[];
}

/** An entry in force, with the line that holds it. */
export interface CurrentReview extends ReviewEntry {
  readonly number: number;
  readonly on: string;
  readonly agency: string;
}

export interface ReviewLog {
  /** SHA-256 of the whole file; null when there is none. */
  readonly sha256: string | null;
  readonly lines: readonly ReviewLine[];
  /** The latest per row and proof, by row then proof. */
  readonly entries: readonly CurrentReview[];
  /** What the next line has to name as its `previous`. */
  readonly last: string | null;
}

export const NO_REVIEWS: ReviewLog = { sha256: null, lines: [], entries: [], last: null };

/** The next line, its line feed included. `on`: now (core/seal/instants.ts). */
export function reviewLine(
  log: ReviewLog,
  { bundle, candidate }: ReviewSubject,
  entries: readonly ReviewEntry[],
  on: string,
  key: SigningKey,
): string {
  const { vendor, product, version } = candidate;
  const statement: ReviewStatement = {
    format: REVIEW_FORMAT,
    number: log.lines.length + 1,
    previous: log.last,
    bundle,
    candidate: { vendor, product, version },
    on,
    entries,
  };
  return signEnvelope("review", Buffer.from(canonicalJson(statement)), key);
}

/** Who may have signed a line of that time: with its name, for people. */
export type Reviewers = (on: string) => readonly (PublicKey & { readonly name: string })[];

export function trustedReviewers(trust: Trust): Reviewers {
  return (on) => agencyKeys(trust, "review", on);
}

/**
 * Reads all of it, or refuses all of it. `where`: name of the file, for messages. Throws Refusal `review_unreadable`,
 * `review_agency`, `review_bundle`, `review_candidate`, `review_chain`, `review_order`, or one of the `envelope_…`.
 */
export function readReviews(bytes: Uint8Array, subject: ReviewSubject, reviewers: Reviewers, where: string): ReviewLog {
  if (bytes.length > REVIEW_LIMITS.file) throw new Refusal("review_unreadable", where);
  const lines: ReviewLine[] = [];
  let last: string | null = null;
  for (const line of linesOf(bytes, where)) {
    const at = `${where}:${lines.length + 1}`;
    const envelope = parseEnvelope(line, "review", at);
    const statement = statementOf(payloadJson(envelope, at), at);
    const agency = signerOf(envelope, reviewers, statement.on, at);
    if (statement.bundle !== subject.bundle) throw new Refusal("review_bundle", at, { found: statement.bundle });
    demandSame(statement.candidate, subject.candidate, at);
    if (statement.number !== lines.length + 1 || statement.previous !== last) throw new Refusal("review_chain", at);
    const before = lines.at(-1)?.on;
    if (before !== undefined && statement.on < before) throw new Refusal("review_order", at, { at: statement.on });
    lines.push({ number: statement.number, on: statement.on, agency, entries: statement.entries });
    last = sha256(line);
  }
  return { sha256: sha256(bytes), lines, entries: current(lines), last };
}

/** Bytes of the lines without their line feeds. Every line has one: a last line without it was cut. */
function linesOf(bytes: Uint8Array, where: string): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0 || lines.length >= REVIEW_LIMITS.lines) throw new Refusal("review_unreadable", where);
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (lines.length === 0) throw new Refusal("review_unreadable", where);
  return lines;
}

function signerOf(envelope: Envelope, reviewers: Reviewers, on: string, where: string): string {
  const signer = signedBy(envelope, reviewers(on));
  if (!signer) throw new Refusal("review_agency", where, { at: on });
  return signer.name;
}

function demandSame(found: ReviewSubject["candidate"], expected: ReviewSubject["candidate"], where: string): void {
  const { vendor, product, version } = found;
  if (vendor === expected.vendor && product === expected.product && version === expected.version) return;
  throw new Refusal("review_candidate", where, { vendor, product, version });
}

function current(lines: readonly ReviewLine[]): CurrentReview[] {
  const latest = new Map<string, CurrentReview>();
  for (const { number, on, agency, entries } of lines) {
    for (const entry of entries) latest.set(`${entry.row}\n${entry.proof}`, { ...entry, number, on, agency });
  }
  return [...latest.values()].sort((a, b) => byCodeUnit(a.row, b.row) || byCodeUnit(a.proof, b.proof));
}

function statementOf(value: unknown, where: string): ReviewStatement {
  const odd = (): Refusal => new Refusal("review_unreadable", where);
  if (!isRecord(value) || !isRecord(value.candidate) || !Array.isArray(value.entries)) throw odd();
  const { format, number, previous, bundle, on, entries } = value;
  const { vendor, product, version } = value.candidate;
  if (format !== REVIEW_FORMAT || !isCount(number) || !isInstant(on) || !isDigest(bundle)) throw odd();
  if (previous !== null && !isDigest(previous)) throw odd();
  if (typeof vendor !== "string" || typeof product !== "string" || typeof version !== "string") throw odd();
  if (entries.length === 0 || entries.length > REVIEW_LIMITS.entries) throw odd();
  return {
    format,
    number,
    previous,
    bundle,
    candidate: { vendor, product, version },
    on,
    entries: entries.map((entry: unknown) => entryOf(entry) ?? refuse(odd())),
  };
}

function refuse(refusal: Refusal): never {
  throw refusal;
}

/** Null when it is none. */
function entryOf(value: unknown): ReviewEntry | null {
  if (!isRecord(value)) return null;
  const { row, proof, state, reason, reviewer } = value;
  if (!isName(row) || !isName(proof) || !isName(reviewer) || !isState(state)) return null;
  if (typeof reason !== "string" || reason.length > REVIEW_LIMITS.reason) return null;
  return { row, proof, state, reason, reviewer };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isState(value: unknown): value is ReviewState {
  return REVIEW_STATES.some((state) => state === value);
}

/** One line of text, not blank. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= REVIEW_LIMITS.name && /^[^\r\n]*\S[^\r\n]*$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
