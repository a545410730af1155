/**
 * The list of revoked labels (segur-revocations/1), signed by the agency that issued them. Each list holds all the entries of
 * the one before: nothing once revoked is forgotten. `nextUpdate` is a promise: after it the list tells nothing more.
 */
import { canonicalJson, SuiteError } from "../model/index.js";
import { MAX_ENVELOPE, parseEnvelope, payloadJson, signedBy, signEnvelope } from "./envelope.js";
import { isInstant } from "./instants.js";
import type { PublicKey, SigningKey } from "./keys.js";
import { isLabelId } from "./label.js";
import { Refusal } from "./refusal.js";
import { closedRecord, isText } from "./shape.js";

export const REVOCATIONS_FORMAT = "segur-revocations/1";

export interface Revocation {
  /** Id of the label. */
  readonly id: string;
  /** Instant from which it no longer holds. */
  readonly on: string;
  readonly reason: string;
}

export interface RevocationList {
  readonly format: typeof REVOCATIONS_FORMAT;
  readonly issuer: string;
  /** Greater in each list than in the one before. */
  readonly number: number;
  /** Instants such as `2026-11-21T20:56:18Z`: when the list was made, and until when the next one is there. */
  readonly thisUpdate: string;
  readonly nextUpdate: string;
  /** In the order they were revoked. */
  readonly entries: readonly Revocation[];
}

/** More than any agency will issue labels; what bounds the work of a checker. */
const MAX_ENTRIES = 30_000;
export const MAX_REASON = 500;
const MAX_TEXT = 1000;

/** The payload of a list, or null when it is not as this tool writes it. */
export function readRevocations(value: unknown): RevocationList | null {
  const list = closedRecord(value, ["entries", "format", "issuer", "nextUpdate", "number", "thisUpdate"]);
  if (!list || list.format !== REVOCATIONS_FORMAT || !isText(list.issuer, MAX_TEXT)) return null;
  const { number, thisUpdate, nextUpdate, entries } = list;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 1) return null;
  if (!isInstant(thisUpdate) || !isInstant(nextUpdate) || thisUpdate > nextUpdate) return null;
  if (!Array.isArray(entries) || entries.length > MAX_ENTRIES) return null;
  const ids = new Set<unknown>();
  for (const one of entries as readonly unknown[]) {
    const entry = closedRecord(one, ["id", "on", "reason"]);
    if (!entry || !isLabelId(entry.id) || ids.has(entry.id) || !isText(entry.reason, MAX_REASON)) return null;
    if (!isInstant(entry.on) || entry.on > thisUpdate) return null;
    ids.add(entry.id);
  }
  return list as unknown as RevocationList;
}

export interface NextList {
  /** The list as it stands; null = there is none yet. */
  readonly old: Uint8Array | null;
  /** Name of its file, for messages. */
  readonly where: string;
  readonly key: SigningKey;
  /** Keys of the same agency that may have signed the old list; the signing key's own public half at least. */
  readonly agencyKeys: readonly PublicKey[];
  readonly issuer: string;
  readonly now: string;
  readonly nextUpdate: string;
  /** Null = the list is issued again without a new entry. */
  readonly revoke: { readonly id: string; readonly reason: string } | null;
}

export interface IssuedList {
  readonly list: RevocationList;
  /** The signed file. */
  readonly text: string;
}

/**
 * The next list, signed. A list that is not the agency's own is never extended. Throws SuiteError ERR_SEAL (a list that cannot
 * be extended) and ERR_USAGE (a label that is already in it).
 */
export function nextRevocations(request: NextList): IssuedList {
  const { where, key, issuer, now, nextUpdate, revoke } = request;
  const old = request.old === null ? null : ownList(request.old, request);
  if (old && old.issuer !== issuer) {
    throw new SuiteError("ERR_SEAL", `the list is that of ${JSON.stringify(old.issuer)}`, {
      where,
      mend: "name another file: each agency keeps a list of its own",
    });
  }
  if (old && old.thisUpdate > now) {
    throw new SuiteError("ERR_SEAL", `the list was made at ${old.thisUpdate}, which is later than now`, {
      where,
      mend: "set the clock of this machine right",
    });
  }
  const entries = old?.entries ?? [];
  const known = revoke && entries.find((entry) => entry.id === revoke.id);
  if (known) {
    throw new SuiteError("ERR_USAGE", `this label is already revoked, on ${known.on}`, {
      where,
      mend: "nothing is left to do; --refresh issues the list again",
    });
  }
  const list: RevocationList = {
    format: REVOCATIONS_FORMAT,
    issuer,
    number: (old?.number ?? 0) + 1,
    thisUpdate: now,
    nextUpdate,
    entries: revoke ? [...entries, { id: revoke.id, on: now, reason: revoke.reason }] : entries,
  };
  const text = signEnvelope("revocations", Buffer.from(canonicalJson(list)), key);
  // What a checker could not read must never get out: it would silence the revocations of the list before.
  if (readRevocations(list) === null || Buffer.byteLength(text) > MAX_ENVELOPE) {
    throw new SuiteError("ERR_SEAL", "the list would not be readable", {
      where,
      mend: `give a reason of at most ${MAX_REASON} characters and dates in order; a list holds ${MAX_ENTRIES} labels`,
    });
  }
  return { list, text };
}

function ownList(bytes: Uint8Array, { where, agencyKeys }: NextList): RevocationList {
  const foreign = (cause?: unknown): SuiteError =>
    new SuiteError("ERR_SEAL", "the list to extend is not signed by this key, or was altered", {
      where,
      mend: "find the true list again; after a change of keys, --trust tells which keys are the agency's",
      ...(cause === undefined ? {} : { cause }),
    });
  try {
    const envelope = parseEnvelope(bytes, "revocations", where);
    if (signedBy(envelope, agencyKeys) === null) throw foreign();
    const list = readRevocations(payloadJson(envelope, where));
    if (list) return list;
  } catch (error) {
    if (error instanceof Refusal) throw foreign(error);
    throw error;
  }
  throw foreign();
}
