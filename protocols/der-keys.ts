/**
 * Private keys in binary form, found anywhere in bytes: PKCS#8 plain and encrypted (RFC 5958), PKCS#1 (RFC 8017 A.1.2), SEC 1
 * (RFC 5915), PKCS#12 (RFC 7292), Java key stores, and the packet of an OpenPGP secret key (RFC 4880 §5.5.3).
 */
import { createPrivateKey } from "node:crypto";

export type KeyForm = "pkcs8" | "encrypted-pkcs8" | "pkcs1" | "sec1" | "pkcs12" | "jks" | "openssh" | "pgp";

export interface BinaryKey {
  readonly at: number;
  readonly end: number;
  readonly form: KeyForm;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTETS = 0x04;

const JKS_HEAD = Buffer.from([0xfe, 0xed, 0xfe, 0xed, 0, 0, 0]);
/** With keys of the Sun provider in the other format (JCEKS). */
const JCEKS_HEAD = Buffer.from([0xce, 0xce, 0xce, 0xce, 0, 0, 0]);
const OPENSSH_HEAD = Buffer.from("openssh-key-v1\0");
/** The three versions with which a private key, or a PKCS#12, begins: INTEGER of one octet. */
const VERSIONS = [0, 1, 3] as const;
/** Ways to encrypt a PKCS#8: PBES2 and those of PKCS#5 v1.5 (1.2.840.113549.1.5.x), those of PKCS#12 (….1.12.1.x). */
const PASSWORD_SCHEMES = [
  Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05]),
  Buffer.from([0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01]),
];
/** `data` and `signedData` of CMS: what the content of a PKCS#12 is wrapped in. */
const CMS_CONTENT = Buffer.from([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07]);

/** Larger is no private key; a PKCS#12 with many certificates may be. */
const LARGEST_KEY = 64 * 1024;
const LARGEST_STORE = 16 * 1024 * 1024;

/** Whether bytes begin as a private key or a key store does: they hold no text, and are to be looked at all the same. */
export function isKeyContainer(bytes: Buffer): boolean {
  if (bytes.indexOf(JKS_HEAD) === 0 || bytes.indexOf(JCEKS_HEAD) === 0) return true;
  const whole = derAt(bytes, 0);
  if (whole?.tag !== SEQUENCE || whole.end < bytes.length - 4) return false;
  const first = derAt(bytes, whole.content);
  if (first?.tag === INTEGER) return first.length === 1 && VERSIONS.some((one) => one === bytes[first.content]);
  return first?.tag === SEQUENCE && PASSWORD_SCHEMES.some((oid) => bytes.indexOf(oid, first.content) === first.content);
}

/** Every private key or store in the bytes, outermost only. */
export function* binaryKeysIn(bytes: Buffer): Generator<BinaryKey> {
  // A text has neither, and every form has one of them.
  if (!bytes.includes(INTEGER) && !bytes.includes(0)) return;
  let taken = 0;
  const found = [...storesIn(bytes), ...derKeysIn(bytes), ...encryptedKeysIn(bytes), ...pgpAtStart(bytes)];
  for (const key of found.sort((a, b) => a.at - b.at || b.end - a.end)) {
    // What lies inside a PKCS#12 is a part of it.
    if (key.at < taken) continue;
    taken = key.end;
    yield key;
  }
}

// ---- stores ------------------------------------------------------------------------------------------------------------

function* storesIn(bytes: Buffer): Generator<BinaryKey> {
  let tried = 0;
  for (const head of [JKS_HEAD, JCEKS_HEAD]) {
    for (const at of places(bytes, head)) {
      tried += 1;
      if (tried >= MOST_TRIED) return;
      const version = bytes[at + 7];
      if ((version === 1 || version === 2) && mayHoldKey(bytes, at)) yield { at, end: at + 12, form: "jks" };
    }
  }
  for (const at of places(bytes, OPENSSH_HEAD)) yield { at, end: at + OPENSSH_HEAD.length, form: "openssh" };
}

/** Most entries of a store looked at. */
const MOST_ENTRIES = 1000;

/** False only when every entry was read and none is a key: a store of trusted certificates. */
function mayHoldKey(bytes: Buffer, start: number): boolean {
  const [KEY, CERTIFICATE] = [1, 2];
  let at = start + 12;
  const skip = (width: 2 | 4): boolean => {
    if (at + width > bytes.length) return false;
    at += width + (width === 2 ? bytes.readUInt16BE(at) : bytes.readUInt32BE(at));
    return at <= bytes.length;
  };
  const count = start + 12 <= bytes.length ? bytes.readUInt32BE(start + 8) : MOST_ENTRIES;
  for (let entry = 0; entry < count; entry += 1) {
    const tag = at + 4 <= bytes.length ? bytes.readUInt32BE(at) : KEY;
    at += 4;
    if (entry >= MOST_ENTRIES || tag !== CERTIFICATE || !skip(2)) return true;
    at += 8; // when it was made
    if (!skip(2) || !skip(4)) return true;
  }
  return false;
}

// ---- DER ---------------------------------------------------------------------------------------------------------------

/** Structures tried that turn out to be no key, per layer. */
const MOST_TRIED = 1000;

function* derKeysIn(bytes: Buffer): Generator<BinaryKey> {
  let tried = 0;
  for (const version of VERSIONS) {
    for (const at of places(bytes, Buffer.from([INTEGER, 1, version]))) {
      const start = sequenceAround(bytes, at);
      const whole = start === null ? null : derAt(bytes, start);
      const next = whole && derAt(bytes, at + 3);
      if (start === null || !whole || !next || next.end > whole.end) continue;
      const form = formOf(bytes, bytes.subarray(start, whole.end), version, next);
      tried += form ? 0 : 1;
      if (tried >= MOST_TRIED) return;
      if (form) yield { at: start, end: whole.end, form };
    }
  }
}

function formOf(bytes: Buffer, der: Buffer, version: number, next: Der): KeyForm | null {
  if (version === 3) {
    const isStore = next.tag === SEQUENCE && bytes.indexOf(CMS_CONTENT, next.content) === next.content;
    return isStore && der.length <= LARGEST_STORE ? "pkcs12" : null;
  }
  if (der.length > LARGEST_KEY) return null;
  const form = next.tag === SEQUENCE ? "pkcs8" : next.tag === INTEGER ? "pkcs1" : next.tag === OCTETS ? "sec1" : null;
  // The structure alone stands in many a file: what the library takes for a key is one.
  return form && isKey(der, form) ? form : null;
}

function isKey(der: Buffer, type: "pkcs8" | "pkcs1" | "sec1"): boolean {
  try {
    createPrivateKey({ key: der, format: "der", type });
    return true;
  } catch {
    return false;
  }
}

/** `SEQUENCE { SEQUENCE { scheme, parameters }, OCTET STRING }`, and nothing else in it. */
function* encryptedKeysIn(bytes: Buffer): Generator<BinaryKey> {
  for (const oid of PASSWORD_SCHEMES) {
    for (const at of places(bytes, oid)) {
      const inner = sequenceAround(bytes, at);
      const start = inner === null ? null : sequenceAround(bytes, inner);
      const whole = start === null ? null : derAt(bytes, start);
      const algorithm = inner === null ? null : derAt(bytes, inner);
      const secret = algorithm && derAt(bytes, algorithm.end);
      if (start === null || !whole || secret?.tag !== OCTETS || secret.end !== whole.end) continue;
      if (whole.end - start <= LARGEST_KEY) yield { at: start, end: whole.end, form: "encrypted-pkcs8" };
    }
  }
}

interface Der {
  readonly tag: number;
  /** Where the content begins, its length, and where the element ends. */
  readonly content: number;
  readonly length: number;
  readonly end: number;
}

/** The element at a place; null when it is none that lies whole in the bytes. */
function derAt(bytes: Buffer, at: number): Der | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return null;
  const octets = first < 0x80 ? 0 : first - 0x80;
  if (octets > 4 || first === 0x80 || at + 2 + octets > bytes.length) return null;
  const content = at + 2 + octets;
  const length = octets === 0 ? first : bytes.readUIntBE(at + 2, octets);
  return content + length <= bytes.length ? { tag, content, length, end: content + length } : null;
}

/** Where the SEQUENCE begins whose content begins at `at`. */
function sequenceAround(bytes: Buffer, at: number): number | null {
  for (const head of [2, 3, 4, 5]) {
    const start = at - head;
    if (start < 0 || bytes[start] !== SEQUENCE) continue;
    const der = derAt(bytes, start);
    if (der?.content === at && der.end > at) return start;
  }
  return null;
}

// ---- OpenPGP -----------------------------------------------------------------------------------------------------------

/** Public-key algorithms of RFC 4880 §9.1 and of its successors. */
const PGP_ALGORITHMS = new Set([1, 2, 3, 16, 17, 18, 19, 22, 25, 26, 27, 28]);

/** A file that begins with a secret-key packet of version 4; inside other bytes such a head is chance. */
function* pgpAtStart(bytes: Buffer): Generator<BinaryKey> {
  const first = bytes[0] ?? 0;
  const heads: Readonly<Record<number, number>> = { 0x94: 2, 0x95: 3, 0x96: 5, 0xc5: pgpLengthOctets(bytes) };
  const body = heads[first];
  if (body === undefined || bytes[body] !== 4 || !PGP_ALGORITHMS.has(bytes[body + 5] ?? 0)) return;
  const length =
    first === 0xc5
      ? newPgpLength(bytes)
      : bytes.length < body
        ? Number.POSITIVE_INFINITY
        : bytes.readUIntBE(1, body - 1);
  if (length > 32 && body + length <= bytes.length) yield { at: 0, end: body + length, form: "pgp" };
}

function pgpLengthOctets(bytes: Buffer): number {
  const first = bytes[1] ?? 0;
  return first < 192 ? 2 : first < 224 ? 3 : 6;
}

function newPgpLength(bytes: Buffer): number {
  const [first, second] = [bytes[1] ?? 0, bytes[2] ?? 0];
  if (first < 192) return first;
  if (first < 224) return (first - 192) * 256 + second + 192;
  return first === 255 && bytes.length >= 6 ? bytes.readUInt32BE(2) : Number.POSITIVE_INFINITY;
}

function* places(bytes: Buffer, needle: Buffer): Generator<number> {
  for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) yield at;
}
