/**
 * XML signature verification (W3C XMLDSig 1.1), for one enveloped signature over one element named by its ID. The
 * canonical form comes from libxml2, the arithmetic from node:crypto; only a closed list of algorithms is judged. What
 * was signed is handed back as the canonical bytes, so that a caller never reads what the signature does not cover.
 */
import { createHash, type KeyObject, verify, X509Certificate } from "node:crypto";
import {
  type XmlNode as LibNode,
  ParseOption,
  type SubtreeC14NOptions,
  XmlC14NMode,
  XmlDocument,
  XmlElement,
  XmlLibError,
} from "libxml2-wasm";
import { attr, child, children, parseXml, trimmed, XmlError, type XmlNode } from "./xml.js";

export const DS_NS = "http://www.w3.org/2000/09/xmldsig#";
const EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

/**
 * Why a signature is not accepted. `not_xml` `dtd` `no_signature` `several_signatures` `malformed`: nothing to verify;
 * `algorithm` `transform` `reference_kind` `no_certificate`: outside what is judged here, so neither good nor bad;
 * `several_references` `duplicate_id` `not_found` `not_covering`: the signature does not say what it covers, or covers
 * something else; `digest_mismatch` `signature_mismatch`: verified and wrong.
 */
export type SignatureReason =
  | "not_xml"
  | "dtd"
  | "no_signature"
  | "several_signatures"
  | "malformed"
  | "algorithm"
  | "transform"
  | "reference_kind"
  | "no_certificate"
  | "several_references"
  | "duplicate_id"
  | "not_found"
  | "not_covering"
  | "digest_mismatch"
  | "signature_mismatch";

/** Reasons that say the verifier cannot judge, not that the signature is bad. */
export const UNJUDGED_REASONS: readonly SignatureReason[] = [
  "algorithm",
  "transform",
  "reference_kind",
  "no_certificate",
];

export interface SignatureOptions {
  /** ID of the element that must hold the signature and be covered by it; without it, the only Signature of the document. */
  readonly id?: string;
  /** Verifies with this key instead of the certificate of KeyInfo. */
  readonly key?: KeyObject;
}

export interface SignatureResult {
  readonly valid: boolean;
  /** Null when valid. */
  readonly reason: SignatureReason | null;
  /** Canonical bytes that were signed, the enveloped signature taken out; null unless valid. */
  readonly signedBytes: Uint8Array | null;
  /** Certificate of KeyInfo whose key verifies, else the first readable one, else null. */
  readonly certificate: X509Certificate | null;
  /** Algorithm URIs as written; null when they could not be read. */
  readonly algorithms: {
    readonly canonicalization: string;
    readonly signature: string;
    readonly digest: string;
    readonly transforms: readonly string[];
  } | null;
}

export const CANONICAL: ReadonlyMap<string, Pick<SubtreeC14NOptions, "mode" | "withComments">> = new Map<
  string,
  Pick<SubtreeC14NOptions, "mode" | "withComments">
>([
  ["http://www.w3.org/TR/2001/REC-xml-c14n-20010315", { mode: XmlC14NMode.XML_C14N_1_0 }],
  [
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    {
      mode: XmlC14NMode.XML_C14N_1_0,
      withComments: true,
    },
  ],
  ["http://www.w3.org/2006/12/xml-c14n11", { mode: XmlC14NMode.XML_C14N_1_1 }],
  ["http://www.w3.org/2006/12/xml-c14n11#WithComments", { mode: XmlC14NMode.XML_C14N_1_1, withComments: true }],
  [EXC_C14N, { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0 }],
  [`${EXC_C14N}WithComments`, { mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, withComments: true }],
]);

export const DIGESTS: ReadonlyMap<string, string> = new Map([
  ["http://www.w3.org/2000/09/xmldsig#sha1", "sha1"],
  ["http://www.w3.org/2001/04/xmlenc#sha256", "sha256"],
  ["http://www.w3.org/2001/04/xmldsig-more#sha384", "sha384"],
  ["http://www.w3.org/2001/04/xmlenc#sha512", "sha512"],
]);

export const SIGNATURES: ReadonlyMap<string, { readonly hash: string; readonly key: "rsa" | "ec" }> = new Map<
  string,
  { readonly hash: string; readonly key: "rsa" | "ec" }
>([
  ["http://www.w3.org/2000/09/xmldsig#rsa-sha1", { hash: "sha1", key: "rsa" }],
  ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", { hash: "sha256", key: "rsa" }],
  ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", { hash: "sha384", key: "rsa" }],
  ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", { hash: "sha512", key: "rsa" }],
  ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", { hash: "sha256", key: "ec" }],
  ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", { hash: "sha384", key: "ec" }],
  ["http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", { hash: "sha512", key: "ec" }],
]);

/** Attributes taken for identifiers when looking for a reference's target and for duplicates of it. */
const ID_ATTRIBUTES = ["ID", "Id", "id", "AssertionID"];

/**
 * Opens foreign bytes with libxml2, hands the document to `use` and frees it whatever happens. Entities are never
 * replaced, nothing is fetched. Throws XmlLibError of the library for what is no XML.
 */
export function withXml<T>(bytes: Uint8Array, use: (document: XmlDocument) => T): T {
  let option = ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET;
  // One text over 10 MB (a document inlined in base64) is refused without HUGE; callers bound the size beforehand.
  if (bytes.length > 9_000_000) option |= ParseOption.XML_PARSE_HUGE;
  const document = XmlDocument.fromBuffer(bytes, { option });
  try {
    return use(document);
  } finally {
    document.dispose();
  }
}

/** Verifies a signature. Never throws on foreign bytes. */
export function verifyXmlSignature(bytes: Uint8Array, options: SignatureOptions = {}): SignatureResult {
  try {
    // The strict reader first: it refuses a DOCTYPE, depth and numbers that libxml2 would work through.
    parseXml(bytes);
  } catch (error) {
    if (error instanceof XmlError) return refused(error.code === "dtd" ? "dtd" : "not_xml");
    throw error;
  }
  try {
    return withXml(bytes, (document) => verifyIn(document, options));
  } catch (error) {
    if (error instanceof Refusal) return error.result;
    if (error instanceof XmlLibError) return refused("not_xml");
    if (error instanceof XmlError) return refused("malformed");
    throw error;
  }
}

function refused(reason: SignatureReason, known: Partial<SignatureResult> = {}): SignatureResult {
  return { valid: false, reason, signedBytes: null, certificate: null, algorithms: null, ...known };
}

export class Refusal extends Error {
  readonly result: SignatureResult;
  constructor(reason: SignatureReason, known: Partial<SignatureResult> = {}) {
    super(reason);
    this.result = refused(reason, known);
  }
}

interface SignedInfo {
  readonly algorithms: NonNullable<SignatureResult["algorithms"]>;
  readonly referenceUri: string;
  readonly digest: Buffer;
  /** Canonicalization of the referenced element. */
  readonly canonical: SubtreeC14NOptions;
}

function verifyIn(document: XmlDocument, options: SignatureOptions): SignatureResult {
  if (document.dtd) throw new Refusal("dtd");
  const signature = locate(document, options.id);
  const holder = signature.parent;
  const infoNode = one(signature, "ds:SignedInfo");
  const method = one(infoNode, "ds:CanonicalizationMethod");
  const methodUri = method.attr("Algorithm")?.value ?? "";
  const certificates = certificatesOf(signature);
  const first = certificates[0] ?? null;
  const infoBytes = canonical(infoNode, canonicalOptions(methodUri, prefixesOf(method), first));
  // From here on SignedInfo is read from the bytes that the signature covers, not from the document.
  const info = readSignedInfo(parseXml(infoBytes), first);
  const target = referenced(document, info.referenceUri, first, info.algorithms);
  if (!holder || !target.isSameNode(holder)) {
    throw new Refusal("not_covering", { certificate: first, algorithms: info.algorithms });
  }
  const value = base64(one(signature, "ds:SignatureValue").content);
  const keyed = findKey(certificates, options.key, info.algorithms.signature, infoBytes, value);
  signature.remove();
  const signed = canonical(target, info.canonical);
  const known = { certificate: keyed.certificate, algorithms: info.algorithms };
  const hash = DIGESTS.get(info.algorithms.digest) ?? "";
  if (!createHash(hash).update(signed).digest().equals(info.digest)) return refused("digest_mismatch", known);
  if (!keyed.verified) return refused(keyed.tried ? "signature_mismatch" : "no_certificate", known);
  return { valid: true, reason: null, signedBytes: signed, ...known };
}

/** The Signature that is a child of the element of that ID; without ID, the only one of the document. */
function locate(document: XmlDocument, id: string | undefined): XmlElement {
  const found = document.find("//ds:Signature", { ds: DS_NS }).filter((n): n is XmlElement => n instanceof XmlElement);
  const wanted =
    id === undefined ? found : found.filter((s) => ID_ATTRIBUTES.some((name) => s.parent?.attr(name)?.value === id));
  if (wanted.length > 1) throw new Refusal("several_signatures");
  const signature = wanted[0];
  if (!signature) throw new Refusal("no_signature");
  return signature;
}

/** The one child element of that name; anything else is malformed. */
export function one(node: XmlElement, path: string): XmlElement {
  const found = node.find(path, { ds: DS_NS });
  const element = found[0];
  if (found.length !== 1 || !(element instanceof XmlElement)) throw new Refusal("malformed");
  return element;
}

export function prefixesOf(method: XmlElement): string[] | null {
  const list = method.get("exc:InclusiveNamespaces/@PrefixList", { exc: EXC_C14N });
  return list ? list.content.split(/\s+/).filter((p) => p !== "") : null;
}

export function canonicalOptions(
  uri: string,
  prefixes: string[] | null,
  certificate: X509Certificate | null,
): SubtreeC14NOptions {
  const options = CANONICAL.get(uri);
  if (!options) throw new Refusal("algorithm", { certificate });
  const exclusive = options.mode === XmlC14NMode.XML_C14N_EXCLUSIVE_1_0;
  return exclusive && prefixes ? { ...options, inclusiveNamespacePrefixes: prefixes } : options;
}

export function canonical(node: LibNode, options: SubtreeC14NOptions): Buffer {
  return Buffer.from(node.canonicalizeToString(options), "utf8");
}

function readSignedInfo(node: XmlNode, certificate: X509Certificate | null): SignedInfo {
  const references = children(node, "Reference", DS_NS);
  if (references.length > 1) throw new Refusal("several_references", { certificate });
  const reference = references[0];
  const digest = trimmed(child(reference, "DigestValue", DS_NS));
  if (!reference || digest === null) throw new Refusal("malformed", { certificate });
  const transformNodes = children(child(reference, "Transforms", DS_NS), "Transform", DS_NS);
  const algorithms = {
    canonicalization: attr(child(node, "CanonicalizationMethod", DS_NS), "Algorithm") ?? "",
    signature: attr(child(node, "SignatureMethod", DS_NS), "Algorithm") ?? "",
    digest: attr(child(reference, "DigestMethod", DS_NS), "Algorithm") ?? "",
    transforms: transformNodes.map((t) => attr(t, "Algorithm") ?? ""),
  };
  if (!SIGNATURES.has(algorithms.signature) || !DIGESTS.has(algorithms.digest)) {
    throw new Refusal("algorithm", { certificate, algorithms });
  }
  // Enveloped first, then at most one canonicalization; XMLDSig §4.4.3.2: inclusive 1.0 when none is named.
  const [enveloped, then, ...more] = transformNodes;
  if (attr(enveloped, "Algorithm") !== ENVELOPED || more.length > 0) {
    throw new Refusal("transform", { certificate, algorithms });
  }
  const uri = then ? (attr(then, "Algorithm") ?? "") : "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
  if (!CANONICAL.has(uri)) throw new Refusal("transform", { certificate, algorithms });
  const list = attr(child(then, "InclusiveNamespaces", EXC_C14N), "PrefixList");
  const prefixes = list === null ? null : list.split(/\s+/).filter((p) => p !== "");
  return {
    algorithms,
    referenceUri: attr(reference, "URI") ?? "",
    digest: base64(digest),
    canonical: canonicalOptions(uri, prefixes, certificate),
  };
}

/** The one element whose identifier the `#ID` names. Two bearers of one identifier are refused: signature wrapping. */
export function referenced(
  document: XmlDocument,
  uri: string,
  certificate: X509Certificate | null,
  algorithms: SignatureResult["algorithms"],
): XmlElement {
  const known = { certificate, algorithms };
  const id = /^#([^'"()]+)$/.exec(uri)?.[1];
  if (id === undefined) throw new Refusal("reference_kind", known);
  const test = [...ID_ATTRIBUTES.map((name) => `@${name}='${id}'`), `@xml:id='${id}'`, `@wsu:Id='${id}'`].join(" or ");
  const wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
  const found = document.find(`//*[${test}]`, { wsu });
  if (found.length > 1) throw new Refusal("duplicate_id", known);
  const element = found[0];
  if (!(element instanceof XmlElement)) throw new Refusal("not_found", known);
  return element;
}

export function base64(text: string): Buffer {
  const packed = text.replace(/\s+/g, "");
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) throw new Refusal("malformed");
  return Buffer.from(packed, "base64");
}

export function certificatesOf(signature: XmlElement): X509Certificate[] {
  const certificates: X509Certificate[] = [];
  for (const node of signature.find("ds:KeyInfo/ds:X509Data/ds:X509Certificate", { ds: DS_NS }).slice(0, 10)) {
    try {
      certificates.push(new X509Certificate(Buffer.from(node.content.replace(/\s+/g, ""), "base64")));
    } catch {
      // Not a certificate: the others are tried, and none at all is told as `no_certificate`.
    }
  }
  return certificates;
}

/** The key that verifies. KeyInfo may hold a chain in any order, hence the loop. */
export function findKey(
  certificates: readonly X509Certificate[],
  key: KeyObject | undefined,
  algorithm: string,
  data: Buffer,
  value: Buffer,
): { verified: boolean; tried: boolean; certificate: X509Certificate | null } {
  const first = certificates[0] ?? null;
  if (key) return { verified: verifyWith(key, algorithm, data, value), tried: true, certificate: first };
  for (const certificate of certificates) {
    if (verifyWith(publicKey(certificate), algorithm, data, value)) return { verified: true, tried: true, certificate };
  }
  return { verified: false, tried: certificates.length > 0, certificate: first };
}

function publicKey(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey;
  } catch {
    return null;
  }
}

function verifyWith(key: KeyObject | null, algorithm: string, data: Buffer, value: Buffer): boolean {
  const method = SIGNATURES.get(algorithm);
  if (!key || !method || key.asymmetricKeyType !== method.key) return false;
  try {
    // XMLDSig writes ECDSA values as r and s side by side, not as DER.
    return verify(method.hash, data, method.key === "ec" ? { key, dsaEncoding: "ieee-p1363" } : key, value);
  } catch {
    return false;
  }
}
