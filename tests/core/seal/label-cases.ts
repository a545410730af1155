/**
 * One table of labels and lists, genuine and not, with the answer each must get. The command's function and the page in a
 * browser both go through it. Keys are made afresh; agencies and products are fictitious.
 */
import { canonicalJson } from "../../../core/model/index.js";
import { PAYLOAD_TYPES, type PayloadKind, pae, signEnvelope } from "../../../core/seal/envelope.js";
import { generateKeyPem, readSigningKey, signBytes, type SigningKey } from "../../../core/seal/keys.js";
import type { Label } from "../../../core/seal/label.js";
import type { LabelKey, LabelReason, LabelState } from "../../../core/seal/label-check.js";
import type { RevocationList } from "../../../core/seal/revocations.js";

export interface LabelCase {
  readonly name: string;
  readonly label: string;
  /** Null = no list is given. */
  readonly list: string | null;
  readonly keys: readonly LabelKey[];
  /** A day; asked about is its end. */
  readonly at: string;
  readonly expected: LabelState | LabelReason;
}

export const AGENCY = "Agence de démonstration";

const freshKey = (): SigningKey => readSigningKey(generateKeyPem("ecdsa-p256").privatePem, "test");

/** `first` was replaced by `second` in June; `other` is another agency's; nobody trusts `stranger`. */
export const KEYS = { first: freshKey(), second: freshKey(), other: freshKey(), stranger: freshKey() };

export const TRUSTED: readonly LabelKey[] = [
  { name: AGENCY, key: KEYS.first, from: "2026-01-01", until: "2026-06-30" },
  { name: AGENCY, key: KEYS.second, from: "2026-06-01" },
  { name: "Une autre agence", key: KEYS.other },
];

export const LABEL: Label = {
  format: "segur-label/1",
  id: "0123456789abcdef0123456789abcdef",
  candidate: { vendor: "Éditeur Exemple", product: "Logiciel d'essai", version: "4.2" },
  perimeter: { id: "mdv-lgc-wave-1", couloir: "MDV/LGC", wave: "1", basis: "working-draft-2023-02" },
  decision: "referencable",
  ruleSet: "a".repeat(64),
  bundle: "b".repeat(64),
  reviews: null,
  issuedAt: "2026-03-01T10:00:00Z",
  validUntil: "2027-03-01T23:59:59Z",
  issuer: AGENCY,
};

export const LIST: RevocationList = {
  format: "segur-revocations/1",
  issuer: AGENCY,
  number: 7,
  thisUpdate: "2026-04-01T08:00:00Z",
  nextUpdate: "2026-04-08T23:59:59Z",
  entries: [{ id: "f".repeat(32), on: "2026-02-01T09:00:00Z", reason: "Un autre label" }],
};

export function sealed(kind: PayloadKind, payload: unknown, key: SigningKey): string {
  return signEnvelope(kind, Buffer.from(canonicalJson(payload)), key);
}

interface Written {
  payload: string;
  payloadType: string;
  signatures: { keyid?: string; sig: string }[];
}

/** The envelope with something changed in it, nothing signed again. */
function edited(text: string, edit: (envelope: Written) => void): string {
  const envelope = JSON.parse(text) as Written;
  edit(envelope);
  return JSON.stringify(envelope);
}

/** The signature of an envelope put into another form. */
function resigned(text: string, change: (der: Buffer) => Buffer): string {
  return edited(text, ({ signatures: [first] }) => {
    if (first) first.sig = change(Buffer.from(first.sig, "base64")).toString("base64");
  });
}

/** r and s of a DER signature, without leading zeros. */
function numbers(der: Buffer): readonly [bigint, bigint] {
  const length = der[3] ?? 0;
  const big = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex")}`);
  return [big(der.subarray(4, 4 + length)), big(der.subarray(6 + length))];
}

function derNumber(value: bigint, zeros = 0): Buffer {
  const digits = value.toString(16);
  const bytes = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  const padding = zeros + ((bytes[0] ?? 0) > 0x7f ? 1 : 0);
  return Buffer.concat([Buffer.from([2, bytes.length + padding]), Buffer.alloc(padding), bytes]);
}

function der(first: Buffer, second: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x30, first.length + second.length]), first, second]);
}

/** Order of the group of P-256 (FIPS 186-4, D.1.2.3). */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Of s and n - s, one has its highest bit set; both make good signatures when spelt well. */
function twins(s: bigint): { readonly low: bigint; readonly high: bigint } {
  return s >> 255n === 1n ? { low: N - s, high: s } : { low: s, high: N - s };
}

export function labelCases(): readonly LabelCase[] {
  const { first, second, other, stranger } = KEYS;
  const label = sealed("label", LABEL, first);
  const list = sealed("revocations", LIST, first);
  const base = { label, list, keys: TRUSTED, at: "2026-04-02" };
  const labelOf = (change: Readonly<Record<string, unknown>>, key = first): string =>
    sealed("label", { ...LABEL, ...change }, key);
  const listOf = (change: Readonly<Record<string, unknown>>, key = first): string =>
    sealed("revocations", { ...LIST, ...change }, key);
  const revocation = { id: LABEL.id, on: "2026-03-20T09:00:00Z", reason: "Version retirée par l'éditeur" };
  const revoking = { entries: [...LIST.entries, revocation] };
  const to64 = (text: string): string => Buffer.from(text).toString("base64");
  const one = (
    name: string,
    expected: LabelCase["expected"],
    change: Partial<Omit<LabelCase, "name" | "expected">> = {},
  ): LabelCase => ({ name, ...base, ...change, expected });
  return [
    one("genuine, list in force", "valid"),
    one("at the last second of the list", "valid", { at: "2026-04-08" }),
    one("at the last second of the label", "valid", {
      at: "2027-03-01",
      list: listOf({ thisUpdate: "2027-03-01T08:00:00Z", nextUpdate: "2027-03-02T08:00:00Z" }, second),
    }),
    one("asked about a day before the list, after the issue", "valid", { at: "2026-03-01" }),
    one("list signed by the key that followed", "valid", {
      at: "2026-07-02",
      list: listOf({ thisUpdate: "2026-07-01T08:00:00Z", nextUpdate: "2026-07-08T08:00:00Z" }, second),
    }),
    one("key id of the signature lies", "valid", {
      label: edited(label, ({ signatures: [signature] }) => {
        if (signature) signature.keyid = stranger.keyid;
      }),
    }),
    one("a second signature beside a worthless one", "valid", {
      label: edited(label, ({ signatures }) => signatures.unshift({ sig: to64("worthless") })),
    }),
    one("signed by both keys of the agency, one of them not yet trusted", "valid", {
      label: edited(label, ({ signatures }) => {
        signatures.unshift(...(JSON.parse(sealed("label", LABEL, second)) as Written).signatures);
      }),
      keys: [...TRUSTED].reverse(),
    }),
    one("base64 of the URL alphabet, without padding", "valid", {
      label: edited(label, (envelope) => {
        envelope.payload = Buffer.from(envelope.payload, "base64").toString("base64url");
      }),
    }),
    // The same numbers mean the same statement: an ECDSA signature has this twin, which says nothing new.
    one("s replaced by n - s", "valid", {
      label: resigned(label, (bytes) => {
        const [r, s] = numbers(bytes);
        return der(derNumber(r), derNumber(N - s));
      }),
    }),
    one("texts that try to command or hide", "valid", {
      label: labelOf({
        candidate: { vendor: "<img src=x onerror=alert(1)>", product: "a\u202Eb\u0000{at}\u200B", version: "&lt;1" },
      }),
    }),
    one("revoked", "revoked", { list: listOf(revoking) }),
    one("revoked, reason with markup and hidden characters", "revoked", {
      list: listOf({ entries: [{ ...revocation, reason: "</script><b>{reason}\u2066 \u001b[31m" }] }),
    }),
    one("revoked by a list that is stale", "revoked", { list: listOf(revoking), at: "2026-09-01" }),
    one("revoked and expired", "revoked", { list: listOf(revoking), at: "2028-01-01" }),
    one("revoked after the day asked about", "revoked", { list: listOf(revoking), at: "2026-03-02" }),
    one("expired", "expired", {
      at: "2027-03-02",
      list: listOf({ thisUpdate: "2027-03-02T08:00:00Z", nextUpdate: "2027-03-09T08:00:00Z" }, second),
    }),
    one("expired, without a list", "expired", { at: "2027-03-02", list: null }),
    one("expired, a forged list that would revoke it", "expired", {
      at: "2027-03-02",
      list: listOf(revoking, stranger),
    }),
    one("not yet valid", "not_yet_valid", { at: "2026-02-28" }),
    one("product changed after signing", "label_signature", {
      label: edited(label, (envelope) => {
        const payload = Buffer.from(envelope.payload, "base64")
          .toString()
          .replace("Logiciel d'essai", "Autre logiciel");
        envelope.payload = to64(payload);
      }),
    }),
    one("one space added to the payload", "label_signature", {
      label: edited(label, (envelope) => {
        envelope.payload = to64(`${Buffer.from(envelope.payload, "base64").toString()} `);
      }),
    }),
    one("signed by a key nobody trusts", "label_signature", { label: labelOf({}, stranger) }),
    one("signature of other bytes", "label_signature", {
      label: resigned(label, () => signBytes(pae(PAYLOAD_TYPES.label, Buffer.from("{}")), first)),
    }),
    one("signature of the bare payload, without its type", "label_signature", {
      label: resigned(label, () => signBytes(Buffer.from(canonicalJson(LABEL)), first)),
    }),
    one("signature empty", "label_signature", { label: resigned(label, () => Buffer.alloc(0)) }),
    one("signature all zero", "label_signature", { label: resigned(label, () => der(derNumber(0n), derNumber(0n))) }),
    one("signature as raw r || s", "label_signature", {
      label: resigned(label, (bytes) =>
        Buffer.from(
          numbers(bytes)
            .map((n) => n.toString(16).padStart(64, "0"))
            .join(""),
          "hex",
        ),
      ),
    }),
    one("signature with a needless zero", "label_signature", {
      label: resigned(label, (bytes) => {
        const [r, s] = numbers(bytes);
        return der(derNumber(r), derNumber(twins(s).low, 1));
      }),
    }),
    one("signature with its length in the long form", "label_signature", {
      label: resigned(label, (bytes) => Buffer.concat([Buffer.from([0x30, 0x81]), bytes.subarray(1)])),
    }),
    one("signature with bytes after it", "label_signature", {
      label: resigned(label, (bytes) => Buffer.concat([bytes, Buffer.from([0])])),
    }),
    one("signature with bytes after its second number", "label_signature", {
      label: resigned(label, (bytes) => {
        const [r, s] = numbers(bytes);
        // The shorter twin, so that the whole is no longer than a signature may be.
        return der(derNumber(r), Buffer.concat([derNumber(twins(s).low), Buffer.from([0])]));
      }),
    }),
    one("signature whose second number is negative for want of a zero", "label_signature", {
      label: resigned(label, (bytes) => {
        const [r, s] = numbers(bytes);
        return der(derNumber(r), derNumber(twins(s).high, -1));
      }),
    }),
    one("signature cut short", "label_signature", { label: resigned(label, (bytes) => bytes.subarray(0, 40)) }),
    one("a list whose type was changed to label", "label_signature", {
      label: edited(list, (envelope) => {
        envelope.payloadType = PAYLOAD_TYPES.label;
      }),
    }),
    one("an attestation in the place of a label", "label_type", { label: sealed("attestation", LABEL, first) }),
    one("a list in the place of a label", "label_type", { label: list }),
    one("no JSON", "label_unreadable", { label: "PK\u0003\u0004" }),
    one("empty file", "label_unreadable", { label: "" }),
    one("JSON of something else", "label_unreadable", { label: "[1,2,3]" }),
    one("the payload without its envelope", "label_unreadable", { label: canonicalJson(LABEL) }),
    one("no signature", "label_unreadable", {
      label: edited(label, (envelope) => {
        envelope.signatures = [];
      }),
    }),
    one("seventeen signatures", "label_unreadable", {
      label: edited(label, (envelope) => {
        envelope.signatures = Array.from({ length: 17 }, () => envelope.signatures[0] ?? { sig: "" });
      }),
    }),
    one("a payload that is no base64", "label_unreadable", {
      label: edited(label, (envelope) => {
        envelope.payload += "*";
      }),
    }),
    one("base64 with left-over bits", "label_unreadable", {
      label: edited(label, (envelope) => {
        envelope.payload = "QR==";
      }),
    }),
    one("signed before its key was trusted", "label_key_dates", { label: labelOf({}, second) }),
    one("signed after its key was trusted", "label_key_dates", {
      label: labelOf({ issuedAt: "2026-07-01T10:00:00Z" }),
    }),
    one("names another agency than the key's", "label_issuer", { label: labelOf({}, other) }),
    one("no key given", "no_key", { keys: [] }),
    one("genuine, of a format to come", "label_payload", { label: labelOf({ format: "segur-label/2" }) }),
    one("genuine, with a member more", "label_payload", { label: labelOf({ note: "…" }) }),
    one("genuine, another decision", "label_payload", { label: labelOf({ decision: "not_referencable" }) }),
    one("genuine, a day that no calendar has", "label_payload", {
      label: labelOf({ issuedAt: "2026-02-30T10:00:00Z" }),
    }),
    one("genuine, valid until before its issue", "label_payload", {
      label: labelOf({ validUntil: "2026-01-01T10:00:00Z" }),
    }),
    one("genuine, prototype as a member", "label_payload", {
      label: signEnvelope(
        "label",
        Buffer.from(canonicalJson(LABEL).replace('"decision"', '"__proto__":{},"decision"')),
        first,
      ),
    }),
    one("genuine, payload no JSON", "label_payload", { label: signEnvelope("label", Buffer.from("{"), first) }),
    one("no list", "list_missing", { list: null }),
    one("stale list", "list_stale", { at: "2026-04-09" }),
    one("list made before the label", "list_before_label", {
      list: listOf({ thisUpdate: "2026-02-28T08:00:00Z", nextUpdate: "2026-04-08T08:00:00Z" }),
    }),
    one("list altered: a revocation taken out", "list_signature", {
      list: edited(listOf(revoking), (envelope) => {
        envelope.payload = to64(canonicalJson(LIST));
      }),
    }),
    one("list signed by a key nobody trusts", "list_signature", { list: listOf({}, stranger) }),
    one("list of another agency", "list_issuer", { list: listOf({ issuer: "Une autre agence" }, other) }),
    one("list under the agency's name, by another agency", "list_issuer", { list: listOf({}, other) }),
    one("list signed before its key was trusted", "list_key_dates", { list: listOf({}, second) }),
    one("a label in the place of the list", "list_unreadable", { list: label }),
    one("list: no JSON", "list_unreadable", { list: "…" }),
    one("list: genuine, an entry twice", "list_unreadable", {
      list: listOf({ entries: [...LIST.entries, ...LIST.entries] }),
    }),
    one("list: genuine, a revocation of tomorrow", "list_unreadable", {
      list: listOf({ entries: [{ ...revocation, on: "2026-04-02T09:00:00Z" }] }),
    }),
    one("list: genuine, next before this", "list_unreadable", { list: listOf({ nextUpdate: "2026-03-01T08:00:00Z" }) }),
    one("list: genuine, number zero", "list_unreadable", { list: listOf({ number: 0 }) }),
  ];
}

/** Which state a reason belongs to. */
export function stateOf(expected: LabelCase["expected"]): LabelState {
  if (expected === "label_payload" || expected === "no_key" || expected.startsWith("list_")) return "cannot_tell";
  return expected.startsWith("label_") ? "forged" : (expected as LabelState);
}
