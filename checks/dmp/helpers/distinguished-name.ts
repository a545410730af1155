/** Distinguished names as text (RFC 2253, RFC 4514), for comparing a SAML Issuer with the subject of a certificate. */
import type { NameAttribute } from "../../../protocols/certificate.js";

export interface WrittenName {
  /** In the order written. `type` as written (`CN`, `2.5.4.4`…). */
  readonly attributes: readonly NameAttribute[];
}

/** Short names and numbers of the attribute types met in IGC-Santé names; what differs from RFC 2253 usage is in ALIASES. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.4", "SN"],
  ["2.5.4.5", "SERIALNUMBER"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.12", "TITLE"],
  ["2.5.4.42", "GN"],
]);
/** Spellings of some libraries that the DMP's guide names as wrong (dmp.md §3), and long names that mean the same. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["S", "ST"],
  ["G", "GN"],
  ["T", "TITLE"],
  ["SURNAME", "SN"],
  ["GIVENNAME", "GN"],
]);

/** Reads `CN=x,OU=y+SN=z`; null when the text is no name. */
export function readName(text: string): WrittenName | null {
  const attributes: NameAttribute[] = [];
  for (const piece of pieces(text)) {
    const equals = piece.indexOf("=");
    const type = piece.slice(0, Math.max(equals, 0)).trim();
    if (!/^([A-Za-z][A-Za-z0-9-]*|(OID\.)?\d+(\.\d+)+)$/.test(type)) return null;
    attributes.push({ type: type.replace(/^OID\./, ""), value: readValue(piece.slice(equals + 1).trim()) });
  }
  return attributes.length === 0 ? null : { attributes };
}

/** Cuts at commas, semicolons and plus signs that are neither escaped nor quoted. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let current = "";
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charAt(i);
    if (c === "\\") {
      current += c + text.charAt(i + 1);
      i += 1;
    } else if (c === '"') {
      quoted = !quoted;
      current += c;
    } else if (!quoted && (c === "," || c === ";" || c === "+")) {
      found.push(current);
      current = "";
    } else current += c;
  }
  found.push(current);
  return found;
}

/** Undoes quotes, backslash escapes and the `#hex` form of a DER string. */
function readValue(text: string): string {
  const hex = /^#((?:[0-9a-fA-F]{2})+)$/.exec(text)?.[1];
  if (hex) {
    const der = Buffer.from(hex, "hex");
    return der.subarray(2, 2 + (der[1] ?? 0)).toString("utf8");
  }
  const bare = /^"(.*)"$/s.exec(text)?.[1] ?? text;
  const bytes: Buffer[] = [];
  const pattern = /\\([0-9a-fA-F]{2})|\\(.)|([^\\]+)/gsu;
  for (const [, pair, escaped, plain] of bare.matchAll(pattern)) {
    bytes.push(pair ? Buffer.from(pair, "hex") : Buffer.from(escaped ?? plain ?? ""));
  }
  return Buffer.concat(bytes).toString("utf8");
}

/** Canonical attribute type: upper-case short name, or the OID when it has none here. */
function typeOf(type: string): string {
  const upper = type.toUpperCase();
  return TYPES.get(type) ?? ALIASES.get(upper) ?? upper;
}

/** `type=value` per attribute, case and repeated spaces aside (X.520 caseIgnoreMatch), sorted: order does not count. */
export function nameKey(attributes: readonly NameAttribute[]): string {
  return attributes
    .map(({ type, value }) => `${typeOf(type)}=${value.trim().replace(/\s+/g, " ").toLowerCase()}`)
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .join("\n");
}

/** Attribute types written in the forms the guide names as wrong: `S` for `ST`, `G` for `GN`. */
export function discouragedTypes(name: WrittenName): string[] {
  return name.attributes.map((a) => a.type).filter((type) => type === "S" || type === "G");
}
