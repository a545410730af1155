/**
 * The detached signature of a submission set (IHE ITI TF-3 §5.5 DSG over W3C XMLDSig and XAdES; dmp.md §2.6): a
 * ds:Signature whose SignedInfo covers a Manifest, which in turn names the set and its documents with their digests.
 * What the signature covers is handed back as read from the canonical bytes, never from the document around them.
 */
import { createHash, type X509Certificate } from "node:crypto";
import { type SubtreeC14NOptions, type XmlDocument, XmlElement, XmlLibError } from "libxml2-wasm";
import { attr, child, children, descendants, parseXml, trimmed, XmlError, type XmlNode } from "./xml.js";
import {
  base64,
  CANONICAL,
  canonical,
  canonicalOptions,
  certificatesOf,
  DIGESTS,
  DS_NS,
  findKey,
  one,
  prefixesOf,
  Refusal,
  referenced,
  type SignatureReason,
  SIGNATURES,
  withXml,
} from "./xmldsig.js";

const MANIFEST = "http://www.w3.org/2000/09/xmldsig#Manifest";
const EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#";
const C14N_10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
/** References of one list: a submission holds some tens of documents. */
const MAX_REFERENCES = 1000;

/** A ds:Reference. `digest` is null when its value is no base64. */
export interface SignedReference {
  readonly uri: string | null;
  readonly type: string | null;
  readonly transforms: readonly string[];
  /** InclusiveNamespaces of the first transform (exclusive canonicalization); null when it has none. */
  readonly prefixes: readonly string[] | null;
  readonly digestMethod: string | null;
  readonly digest: Uint8Array | null;
}

export interface DetachedSignature {
  /** `reason` as for the other signatures; null when SignedInfo, all it refers to and the value hold. */
  readonly reason: SignatureReason | null;
  /** Algorithm URIs as written, of the value and of every digest, each once. */
  readonly algorithms: readonly string[];
  /** References of the Manifest that SignedInfo covers; null when it covers none. Trustworthy only without a `reason`. */
  readonly manifest: readonly SignedReference[] | null;
  /** Purposes of the signature: `SignatureProperty Id="purposeOfSignature"` and XAdES commitment types. */
  readonly purposes: readonly string[];
  /** Certificate of KeyInfo whose key verifies, else the first readable one, else null. */
  readonly certificate: X509Certificate | null;
}

/** Reads and verifies a detached signature. Null when the bytes hold no ds:Signature as root. Never throws on foreign bytes. */
export function readDetachedSignature(bytes: Uint8Array): DetachedSignature | null {
  let root: XmlNode;
  try {
    root = parseXml(bytes);
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
  if (root.name !== "Signature" || root.ns !== DS_NS) return null;
  const said = { algorithms: algorithmsOf(root), purposes: purposesOf(root) };
  try {
    return { ...said, ...withXml(bytes, verifyIn) };
  } catch (error) {
    if (error instanceof Refusal) {
      return { ...said, reason: error.result.reason, manifest: null, certificate: error.result.certificate };
    }
    if (error instanceof XmlLibError || error instanceof XmlError) {
      return { ...said, reason: "malformed", manifest: null, certificate: null };
    }
    throw error;
  }
}

/**
 * Whether a reference of the Manifest holds for these bytes: its canonicalization applied when it names one, else the bytes
 * as they are, else (a usage seen) their canonical form all the same. `unjudged`: an algorithm outside the closed lists.
 */
export function digestHolds(reference: SignedReference, bytes: Uint8Array): "holds" | "differs" | "unjudged" {
  const hash = DIGESTS.get(reference.digestMethod ?? "");
  const [transform, ...more] = reference.transforms;
  if (!hash || more.length > 0 || (transform !== undefined && !CANONICAL.has(transform))) return "unjudged";
  const digest = reference.digest;
  if (!digest) return "differs";
  const same = (data: Uint8Array | null): boolean =>
    data !== null && createHash(hash).update(data).digest().equals(Buffer.from(digest));
  if (transform !== undefined)
    return same(canonicalDocument(bytes, transform, reference.prefixes)) ? "holds" : "differs";
  const forms = [C14N_10, `${C14N_10}#WithComments`];
  return same(bytes) || forms.some((form) => same(canonicalDocument(bytes, form))) ? "holds" : "differs";
}

/** Canonical form of a whole document; null when the bytes are no XML we accept. */
function canonicalDocument(
  bytes: Uint8Array,
  uri: string,
  prefixes: readonly string[] | null = null,
): Uint8Array | null {
  try {
    parseXml(bytes);
    return withXml(bytes, (document) =>
      Buffer.from(
        document.canonicalizeToString(canonicalOptions(uri, prefixes === null ? null : [...prefixes], null)),
        "utf8",
      ),
    );
  } catch (error) {
    if (error instanceof XmlError || error instanceof XmlLibError) return null;
    throw error;
  }
}

function verifyIn(document: XmlDocument): Pick<DetachedSignature, "reason" | "manifest" | "certificate"> {
  const signature = document.root;
  const infoNode = one(signature, "ds:SignedInfo");
  const method = one(infoNode, "ds:CanonicalizationMethod");
  const certificates = certificatesOf(signature);
  const first = certificates[0] ?? null;
  const options = canonicalOptions(method.attr("Algorithm")?.value ?? "", prefixesOf(method), first);
  const infoBytes = canonical(infoNode, options);
  const info = parseXml(infoBytes);
  const algorithm = attr(child(info, "SignatureMethod", DS_NS), "Algorithm") ?? "";
  if (!SIGNATURES.has(algorithm)) throw new Refusal("algorithm", { certificate: first });
  const references = referencesOf(info);
  if (references.length === 0) throw new Refusal("malformed", { certificate: first });
  let manifest: readonly SignedReference[] | null = null;
  let holds = true;
  for (const reference of references) {
    const covered = coveredBy(document, reference, first);
    holds &&= covered.holds;
    const node = parseXml(covered.bytes);
    const isManifest = node.name === "Manifest" && node.ns === DS_NS;
    if (isManifest && (reference.type === null || reference.type === MANIFEST)) {
      manifest = [...(manifest ?? []), ...referencesOf(node)];
    }
  }
  const value = base64(one(signature, "ds:SignatureValue").content);
  const key = findKey(certificates, undefined, algorithm, infoBytes, value);
  const mismatch = key.tried ? "signature_mismatch" : "no_certificate";
  const reason = !holds ? "digest_mismatch" : key.verified ? null : mismatch;
  return { reason, manifest, certificate: key.certificate };
}

/** What a reference of SignedInfo covers: one element of this document, in canonical form. */
function coveredBy(
  document: XmlDocument,
  reference: SignedReference,
  certificate: X509Certificate | null,
): { readonly bytes: Uint8Array; readonly holds: boolean } {
  const hash = DIGESTS.get(reference.digestMethod ?? "");
  if (!hash) throw new Refusal("algorithm", { certificate });
  const [transform = C14N_10, ...more] = reference.transforms;
  if (more.length > 0 || !CANONICAL.has(transform)) throw new Refusal("transform", { certificate });
  const target = referenced(document, reference.uri ?? "", certificate, null);
  if (!(target instanceof XmlElement)) throw new Refusal("not_found", { certificate });
  const options: SubtreeC14NOptions = canonicalOptions(
    transform,
    reference.prefixes === null ? null : [...reference.prefixes],
    certificate,
  );
  const bytes = canonical(target, options);
  const expected = reference.digest;
  return { bytes, holds: expected !== null && createHash(hash).update(bytes).digest().equals(Buffer.from(expected)) };
}

function referencesOf(node: XmlNode): SignedReference[] {
  return children(node, "Reference", DS_NS)
    .slice(0, MAX_REFERENCES)
    .map((reference) => ({
      uri: attr(reference, "URI"),
      type: attr(reference, "Type"),
      prefixes: prefixList(child(child(reference, "Transforms", DS_NS), "Transform", DS_NS)),
      transforms: children(child(reference, "Transforms", DS_NS), "Transform", DS_NS).map(
        (transform) => attr(transform, "Algorithm") ?? "",
      ),
      digestMethod: attr(child(reference, "DigestMethod", DS_NS), "Algorithm"),
      digest: digestOf(trimmed(child(reference, "DigestValue", DS_NS))),
    }));
}

function prefixList(transform: XmlNode | null): string[] | null {
  const list = attr(child(transform, "InclusiveNamespaces", EXC_C14N), "PrefixList");
  return list === null ? null : list.split(/\s+/).filter((prefix) => prefix !== "");
}

function digestOf(text: string | null): Uint8Array | null {
  const packed = (text ?? "").replace(/\s+/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(packed) ? Buffer.from(packed, "base64") : null;
}

function algorithmsOf(root: XmlNode): string[] {
  const methods = [
    ...descendants(root, "SignatureMethod", DS_NS),
    ...descendants(child(root, "SignedInfo", DS_NS), "DigestMethod", DS_NS),
    ...descendants(root, "Manifest", DS_NS).flatMap((manifest) => descendants(manifest, "DigestMethod", DS_NS)),
  ];
  return [...new Set(methods.map((method) => attr(method, "Algorithm") ?? ""))];
}

/** The kit writes SignatureProperty in no namespace: the local name decides. */
function purposesOf(root: XmlNode): string[] {
  const properties = descendants(root, "SignatureProperty").filter((p) => attr(p, "Id") === "purposeOfSignature");
  const commitments = descendants(root, "CommitmentTypeId").flatMap((c) => descendants(c, "Identifier"));
  return [...properties, ...commitments].map((node) => (trimmed(node) ?? "").replace(/^urn:oid:/, ""));
}
