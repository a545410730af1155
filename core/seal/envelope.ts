/**
 * DSSE envelopes (secure-systems-lab/dsse, protocol and envelope 1.0): one signature over a typed payload, whose bytes are
 * never canonicalized again. The type is part of what is signed, so that a label cannot pass for an attestation.
 */
import { Refusal } from "./refusal.js";
import { type PublicKey, type SigningKey, signBytes, verifyBytes } from "./keys.js";

export const PAYLOAD_TYPES = {
  attestation: "application/vnd.in-toto+json",
  challenge: "application/vnd.segur.challenge+json",
  review: "application/vnd.segur.review+json",
  label: "application/vnd.segur.label+json",
  revocations: "application/vnd.segur.revocations+json",
  rules: "application/vnd.segur.rules+json",
  countersignature: "application/vnd.segur.countersignature+json",
} as const;

export type PayloadKind = keyof typeof PAYLOAD_TYPES;

export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly keyid: string; readonly sig: Uint8Array }[];
}

/** Largest envelope read, in bytes. The largest of ours, an attestation naming every check, has some 20 kB. */
export const MAX_ENVELOPE = 8 * 1024 * 1024;
const MAX_SIGNATURES = 16;

/** Pre-authentication encoding: what is signed. */
export function pae(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, "utf8");
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    Buffer.from(payload.buffer, payload.byteOffset, payload.length),
  ]);
}

/** The envelope as text: JSON with sorted keys and a final line feed. */
export function signEnvelope(kind: PayloadKind, payload: Uint8Array, key: SigningKey): string {
  const payloadType = PAYLOAD_TYPES[kind];
  const signature = signBytes(pae(payloadType, payload), key);
  const envelope = {
    payload: Buffer.from(payload).toString("base64"),
    payloadType,
    signatures: [{ keyid: key.keyid, sig: signature.toString("base64") }],
  };
  return `${JSON.stringify(envelope)}\n`;
}

/** Reads an envelope of one kind. Throws Refusal `envelope_unreadable` or `envelope_type`. */
export function parseEnvelope(bytes: Uint8Array, kind: PayloadKind, where: string): Envelope {
  const unreadable = (): Refusal => new Refusal("envelope_unreadable", where);
  if (bytes.length > MAX_ENVELOPE) throw unreadable();
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw unreadable();
  }
  if (typeof value !== "object" || value === null) throw unreadable();
  const { payload, payloadType, signatures } = value as Record<string, unknown>;
  if (typeof payload !== "string" || typeof payloadType !== "string" || !Array.isArray(signatures)) throw unreadable();
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
    throw new Refusal("envelope_signatures", where, { count: signatures.length });
  }
  if (payloadType !== PAYLOAD_TYPES[kind]) {
    throw new Refusal("envelope_type", where, { type: payloadType, expected: PAYLOAD_TYPES[kind] });
  }
  return {
    payloadType,
    payload: fromBase64(payload) ?? refuse(unreadable()),
    signatures: signatures.map((one: unknown) => {
      if (typeof one !== "object" || one === null) throw unreadable();
      const { keyid, sig } = one as Record<string, unknown>;
      if (typeof sig !== "string" || (keyid !== undefined && typeof keyid !== "string")) throw unreadable();
      return { keyid: keyid ?? "", sig: fromBase64(sig) ?? refuse(unreadable()) };
    }),
  };
}

function refuse(refusal: Refusal): never {
  throw refusal;
}

/**
 * Standard or URL-safe alphabet, as the protocol demands of verifiers, with or without padding; null when it is neither. Left-over
 * bits are refused: the same bytes would have several spellings, and decoders disagree on them.
 */
function fromBase64(text: string): Buffer | null {
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(text)) return null;
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Buffer.from(standard, "base64");
  return unpadded(bytes.toString("base64")) === unpadded(standard) ? bytes : null;
}

function unpadded(base64: string): string {
  return base64.replace(/=+$/, "");
}

/**
 * The first of `keys` that one of the signatures verifies under, or null. The key id of a signature is an unauthenticated
 * hint and decides nothing.
 */
export function signedBy<T extends PublicKey>(envelope: Envelope, keys: readonly T[]): T | null {
  const signed = pae(envelope.payloadType, envelope.payload);
  return keys.find((key) => envelope.signatures.some(({ sig }) => verifyBytes(signed, sig, key))) ?? null;
}

/** The payload as JSON of unknown shape. Throws Refusal `envelope_payload`. */
export function payloadJson(envelope: Envelope, where: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(envelope.payload));
  } catch {
    throw new Refusal("envelope_payload", where);
  }
}
