/**
 * Is this label genuine, and does it hold on that day? Pure over bytes, keys and an instant. The page
 * `reports/label-page/label-check.html` gives the same answers by code of its own; one table of cases tests both.
 */
import { parseEnvelope, payloadJson, signedBy } from "./envelope.js";
import type { PublicKey } from "./keys.js";
import { type Label, readLabel } from "./label.js";
import { Refusal } from "./refusal.js";
import { readRevocations, type RevocationList } from "./revocations.js";
import { type Trust, validAt, type Validity } from "./trust.js";

export type LabelState = "valid" | "revoked" | "expired" | "not_yet_valid" | "forged" | "cannot_tell";

/** Why a label is forged, or why nothing can be told. Closed; the sentences stand in `bin/words/label.ts`. */
export type LabelReason =
  /** Forged: the file is no DSSE envelope. */
  | "label_unreadable"
  /** Forged: the file is a signed statement of another kind. */
  | "label_type"
  /** Forged: no key trusted for labels signed these bytes. */
  | "label_signature"
  /** Forged: the key was not trusted on the day the label says it was issued. */
  | "label_key_dates"
  /** Forged: the label names another agency than that of the key. */
  | "label_issuer"
  /** Cannot tell: no key is trusted for labels. */
  | "no_key"
  /** Cannot tell: a trusted key signed it, but it is not a label as this version knows them. */
  | "label_payload"
  | "list_missing"
  | "list_unreadable"
  /** No key trusted for labels signed the list. */
  | "list_signature"
  /** The list is that of another agency. */
  | "list_issuer"
  | "list_key_dates"
  /** Its `nextUpdate` is before the instant asked about. */
  | "list_stale"
  /** The list was made before the label was issued: it cannot speak of it. */
  | "list_before_label";

export interface LabelKey extends Validity {
  /** The agency. */
  readonly name: string;
  readonly key: PublicKey;
}

export interface LabelAnswer {
  readonly state: LabelState;
  /** Null unless forged or cannot_tell. */
  readonly reason: LabelReason | null;
  /** The instant the answer holds for. */
  readonly at: string;
  /** What the label says; null unless a trusted agency signed it. */
  readonly label: Label | null;
  readonly keyid: string | null;
  /** The list that was relied on; null unless it is the same agency's. */
  readonly list: Pick<RevocationList, "issuer" | "number" | "thisUpdate" | "nextUpdate"> | null;
  readonly revocation: { readonly on: string; readonly reason: string } | null;
}

/** Keys that may sign labels and lists, by the trust file, with the days each was good for. */
export function labelKeys(trust: Trust): readonly LabelKey[] {
  return trust.agencies
    .filter((agency) => agency.roles.includes("label"))
    .map(({ name, key, from, until }) => ({
      name,
      key,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    }));
}

export interface LabelQuestion {
  readonly label: Uint8Array;
  /** Null = no list was given. */
  readonly list: Uint8Array | null;
  readonly keys: readonly LabelKey[];
  /** Instant such as `2026-11-21T20:56:18Z`. */
  readonly at: string;
}

/**
 * First match: forged, revoked (also by a list that is stale: what it revoked stays revoked), not yet valid, expired, cannot
 * tell, valid. A list made after `at` answers for `at`: no entry is ever dropped.
 */
export function checkLabel(question: LabelQuestion): LabelAnswer {
  const { keys, at } = question;
  const blank = { at, label: null, keyid: null, list: null, revocation: null };
  const opened = openLabel(question.label, keys);
  if (opened.label === null) return { ...blank, state: opened.state, reason: opened.reason };
  const { label, key } = opened;
  const found = openList(question.list, keys, label);
  const base = { ...blank, label, keyid: key.keyid, list: found.list && headOf(found.list) };
  const entry = found.list?.entries.find((one) => one.id === label.id);
  if (entry) {
    return { ...base, state: "revoked", reason: null, revocation: { on: entry.on, reason: entry.reason } };
  }
  if (at < label.issuedAt) return { ...base, state: "not_yet_valid", reason: null };
  if (at > label.validUntil) return { ...base, state: "expired", reason: null };
  if (!found.list) return { ...base, state: "cannot_tell", reason: found.reason };
  if (found.list.nextUpdate < at) return { ...base, state: "cannot_tell", reason: "list_stale" };
  if (found.list.thisUpdate < label.issuedAt) return { ...base, state: "cannot_tell", reason: "list_before_label" };
  return { ...base, state: "valid", reason: null };
}

function headOf({ issuer, number, thisUpdate, nextUpdate }: RevocationList): LabelAnswer["list"] {
  return { issuer, number, thisUpdate, nextUpdate };
}

type OpenedLabel =
  | { readonly label: Label; readonly key: PublicKey }
  | { readonly label: null; readonly state: "forged" | "cannot_tell"; readonly reason: LabelReason };

function openLabel(bytes: Uint8Array, keys: readonly LabelKey[]): OpenedLabel {
  const forged = (reason: LabelReason): OpenedLabel => ({ label: null, state: "forged", reason });
  const unclear = (reason: LabelReason): OpenedLabel => ({ label: null, state: "cannot_tell", reason });
  const opened = opening(bytes, "label", keys);
  if (opened === "type") return forged("label_type");
  if (opened === "unreadable") return forged("label_unreadable");
  if (keys.length === 0) return unclear("no_key");
  if (opened === "signature") return forged("label_signature");
  const label = readLabel(opened.payload);
  // A trusted key signed it: a format of tomorrow, perhaps. Not forged, and not to be shown as if understood.
  if (!label) return unclear("label_payload");
  const own = opened.signers.filter(({ name }) => name === label.issuer);
  if (own.length === 0) return forged("label_issuer");
  const current = own.find((one) => validAt(one, label.issuedAt));
  return current ? { label, key: current.key } : forged("label_key_dates");
}

type OpenedList =
  { readonly list: RevocationList; readonly reason: null } | { readonly list: null; readonly reason: LabelReason };

function openList(bytes: Uint8Array | null, keys: readonly LabelKey[], label: Label): OpenedList {
  const none = (reason: LabelReason): OpenedList => ({ list: null, reason });
  if (bytes === null) return none("list_missing");
  const opened = opening(bytes, "revocations", keys);
  if (opened === "type" || opened === "unreadable") return none("list_unreadable");
  if (opened === "signature") return none("list_signature");
  const list = readRevocations(opened.payload);
  if (!list) return none("list_unreadable");
  const own = opened.signers.filter(({ name }) => name === list.issuer);
  if (list.issuer !== label.issuer || own.length === 0) return none("list_issuer");
  if (!own.some((one) => validAt(one, list.thisUpdate))) return none("list_key_dates");
  return { list, reason: null };
}

/** The payload and every entry of the trust file whose key signed it, or what is wrong. */
function opening(
  bytes: Uint8Array,
  kind: "label" | "revocations",
  keys: readonly LabelKey[],
): { readonly payload: unknown; readonly signers: readonly LabelKey[] } | "unreadable" | "type" | "signature" {
  try {
    const envelope = parseEnvelope(bytes, kind, kind);
    // All of them: one agency may have signed with an old and a new key, and a key may stand in several entries.
    const signers = keys.filter((one) => signedBy(envelope, [one.key]) !== null);
    if (signers.length === 0) return "signature";
    return { payload: payloadOf(envelope), signers };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.reason === "envelope_type" ? "type" : "unreadable";
  }
}

/** Undefined when it is not JSON. */
function payloadOf(envelope: Parameters<typeof payloadJson>[0]): unknown {
  try {
    return payloadJson(envelope, "");
  } catch {
    return undefined;
  }
}
