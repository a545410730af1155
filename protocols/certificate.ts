/**
 * Facts of an X.509 certificate, read from its DER bytes: names in order, dates, usages, policies and the private
 * extension of IGC-Santé. RFC 5280 section 4.1. Signatures are not verified here: node:crypto does that.
 */

export type CertificateErrorCode = "not_der" | "not_certificate";

/** Bytes that are not a certificate we can read. `code` is ours and stable. */
export class CertificateError extends Error {
  readonly code: CertificateErrorCode;
  constructor(code: CertificateErrorCode, detail: string) {
    super(detail);
    this.name = "CertificateError";
    this.code = code;
  }
}

/** One attribute of a distinguished name. `type`: short name (`CN`, `OU`…) or the OID when it has none here. */
export interface NameAttribute {
  readonly type: string;
  readonly value: string;
}

export interface CertificateFacts {
  /** Hexadecimal, lower case, no leading zero octet. */
  readonly serialNumber: string;
  readonly subject: readonly NameAttribute[];
  readonly issuer: readonly NameAttribute[];
  /** ISO UTC, to the second. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** OIDs; null when the extension is absent (which is not the same as empty). */
  readonly extendedKeyUsage: readonly string[] | null;
  /** `digitalSignature`, `nonRepudiation`…; null when the extension is absent. */
  readonly keyUsage: readonly string[] | null;
  readonly policies: readonly string[];
  /** `dNSName` and `iPAddress` entries as text. */
  readonly names: readonly string[];
  readonly authority: boolean;
  /** Last octet of 1.2.250.1.71.1.2.5: 0x03 production, 0x83 test (other-services.md section 5); null when absent. */
  readonly cardType: number | null;
}

export const EKU = {
  serverAuth: "1.3.6.1.5.5.7.3.1",
  clientAuth: "1.3.6.1.5.5.7.3.2",
  emailProtection: "1.3.6.1.5.5.7.3.4",
} as const;

const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.42": "GN",
};
const KEY_USAGES = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly",
] as const;
const EXTENSION = {
  keyUsage: "2.5.29.15",
  names: "2.5.29.17",
  constraints: "2.5.29.19",
  policies: "2.5.29.32",
  extendedKeyUsage: "2.5.29.37",
  cardType: "1.2.250.1.71.1.2.5",
} as const;
const MAX_CERTIFICATE = 64 * 1024;
const MAX_CHILDREN = 500;

/** Reads a DER certificate. Throws CertificateError, and nothing else, on whatever bytes. */
export function readCertificate(der: Uint8Array): CertificateFacts {
  if (der.length > MAX_CERTIFICATE) throw new CertificateError("not_der", `more than ${MAX_CERTIFICATE} bytes`);
  const whole = readOne(der, 0);
  const fields = children(expect(children(whole)[0], 0x30));
  // version is explicit [0] and may be missing (v1)
  const first = fields[0]?.tag === 0xa0 ? 1 : 0;
  const serial = expect(fields[first], 0x02);
  const validity = children(expect(fields[first + 3], 0x30));
  const extensions = readExtensions(fields.slice(first + 6).find((field) => field.tag === 0xa3));
  const extension = (oid: string): Der | null => {
    const value = extensions.get(oid);
    return value ? readOne(value, 0) : null;
  };
  const card = extensions.get(EXTENSION.cardType);
  const constraints = extension(EXTENSION.constraints);
  return {
    serialNumber: hex(serial.content).replace(/^(?:00)+(?=..)/, ""),
    issuer: readName(expect(fields[first + 2], 0x30)),
    notBefore: readTime(validity[0]),
    notAfter: readTime(validity[1]),
    subject: readName(expect(fields[first + 4], 0x30)),
    extendedKeyUsage: list(extension(EXTENSION.extendedKeyUsage), (item) => readOid(expect(item, 0x06))),
    keyUsage: readKeyUsage(extension(EXTENSION.keyUsage)),
    policies: list(extension(EXTENSION.policies), (item) => readOid(expect(children(item)[0], 0x06))) ?? [],
    names: (list(extension(EXTENSION.names), readGeneralName) ?? []).filter((name) => name !== ""),
    authority:
      constraints !== null && children(constraints)[0]?.tag === 0x01 && children(constraints)[0]?.content[0] === 0xff,
    cardType: card && card.length > 0 ? (card[card.length - 1] ?? null) : null,
  };
}

/** Values of one attribute type, in the order of the name: `valuesOf(subject, "OU")`. */
export function valuesOf(name: readonly NameAttribute[], type: string): string[] {
  return name.filter((attribute) => attribute.type === type).map((attribute) => attribute.value);
}

/** `C=FR, O=…, CN=…` in the order of the certificate, for reports; not an RFC 4514 string. */
export function nameText(name: readonly NameAttribute[]): string {
  return name.map((attribute) => `${attribute.type}=${attribute.value}`).join(", ");
}

/** An element of DER: tag octet and content. */
interface Der {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly end: number;
}

function readOne(bytes: Uint8Array, start: number): Der {
  const tag = bytes[start];
  let length = bytes[start + 1];
  if (tag === undefined || length === undefined || (tag & 0x1f) === 0x1f) {
    throw new CertificateError("not_der", "an element is cut or has a long tag");
  }
  let from = start + 2;
  if (length >= 0x80) {
    const octets = length & 0x7f;
    if (octets === 0 || octets > 3) throw new CertificateError("not_der", "an indefinite or huge length");
    length = 0;
    for (let i = 0; i < octets; i += 1) length = length * 256 + (bytes[from + i] ?? 0);
    from += octets;
  }
  const end = from + length;
  if (end > bytes.length) throw new CertificateError("not_der", "an element is longer than its container");
  return { tag, content: bytes.subarray(from, end), end };
}

function children(element: Der): Der[] {
  const found: Der[] = [];
  let position = 0;
  while (position < element.content.length) {
    const next = readOne(element.content, position);
    found.push(next);
    position = next.end;
    if (found.length > MAX_CHILDREN) throw new CertificateError("not_der", `more than ${MAX_CHILDREN} elements`);
  }
  return found;
}

function expect(element: Der | undefined, tag: number): Der {
  if (!element || element.tag !== tag)
    throw new CertificateError("not_certificate", "a field is missing or of another type");
  return element;
}

function list<T>(element: Der | null, read: (item: Der) => T): T[] | null {
  return element ? children(expect(element, 0x30)).map(read) : null;
}

function readExtensions(field: Der | undefined): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  if (!field) return found;
  for (const item of children(expect(children(field)[0], 0x30))) {
    const parts = children(item);
    found.set(readOid(expect(parts[0], 0x06)), expect(parts[parts.length - 1], 0x04).content);
  }
  return found;
}

function readName(element: Der): NameAttribute[] {
  return children(element).flatMap((rdn) =>
    children(rdn).map((pair): NameAttribute => {
      const [type, value] = children(pair);
      const oid = readOid(expect(type, 0x06));
      if (!value) throw new CertificateError("not_certificate", "a name attribute has no value");
      return { type: ATTRIBUTE_NAMES[oid] ?? oid, value: readText(value) };
    }),
  );
}

/** Text of the string types a name may hold (RFC 5280: UTF8String, PrintableString, BMPString and older ones). */
function readText(element: Der): string {
  const bytes = Buffer.from(element.content);
  if (element.tag === 0x0c) return bytes.toString("utf8");
  if (element.tag === 0x1e)
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString("utf16le");
  return bytes.toString("latin1");
}

/** UTCTime and GeneralizedTime, to the second, UTC only (RFC 5280 section 4.1.2.5). */
function readTime(element: Der | undefined): string {
  const text = element ? Buffer.from(element.content).toString("latin1") : "";
  const match =
    element?.tag === 0x17
      ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)
      : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!match) throw new CertificateError("not_certificate", "a date cannot be read");
  const [, year = "", month, day, hour, minute, second] = match;
  const century = year.length === 4 ? "" : Number(year) >= 50 ? "19" : "20";
  return `${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

function readOid(element: Der): string {
  const numbers: number[] = [];
  let value = 0;
  for (const octet of element.content) {
    value = value * 128 + (octet & 0x7f);
    if (value > Number.MAX_SAFE_INTEGER / 128) throw new CertificateError("not_der", "an OID arc is too large");
    if (octet < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  const [head = 0, ...rest] = numbers;
  const root = Math.min(Math.floor(head / 40), 2);
  return [root, head - root * 40, ...rest].join(".");
}

function readKeyUsage(element: Der | null): string[] | null {
  if (!element) return null;
  const [unused, ...octets] = expect(element, 0x03).content;
  if (unused === undefined) return [];
  return KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

function readGeneralName(element: Der): string {
  if (element.tag === 0x82) return Buffer.from(element.content).toString("latin1");
  if (element.tag !== 0x87) return "";
  if (element.content.length === 4) return [...element.content].join(".");
  return (hex(element.content).match(/.{4}/g) ?? []).join(":");
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
