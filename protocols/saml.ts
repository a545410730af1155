/** The VIHF: a SAML 2.0 assertion in the WS-Security header (CI-SIS Transport synchrone client lourd; dmp.md §3). */
import { X509Certificate } from "node:crypto";
import { headerBlocks, type SoapEnvelope, WSSE_NS } from "./soap.js";
import { attr, child, children, descendants, elements, parseXml, trimmed, type XmlNode } from "./xml.js";
import { DS_NS } from "./xmldsig.js";

export const SAML_NS = "urn:oasis:names:tc:SAML:2.0:assertion";
const MOST_CERTIFICATES = 10;

/** A coded value (`Role`, `PurposeOfUse`) inside an AttributeValue; members are null when absent. */
export interface CodedValue {
  readonly code: string | null;
  readonly codeSystem: string | null;
  readonly codeSystemName: string | null;
  readonly displayName: string | null;
}

export interface Vihf {
  readonly id: string | null;
  readonly version: string | null;
  readonly issueInstant: string | null;
  readonly issuer: string | null;
  readonly issuerFormat: string | null;
  readonly nameId: string | null;
  /** Number of AuthnStatement elements. */
  readonly authnStatements: number;
  readonly authnInstant: string | null;
  readonly authnContextClassRef: string | null;
  readonly authnContextDecl: string | null;
  readonly notBefore: string | null;
  readonly notOnOrAfter: string | null;
  /** True when `Conditions/AudienceRestriction` is there. */
  readonly audienceRestriction: boolean;
  /** Attribute name -> text of each AttributeValue, trimmed, in order. A name with no value maps to []. */
  readonly attributes: ReadonlyMap<string, readonly string[]>;
  readonly roles: readonly CodedValue[];
  readonly purposeOfUse: CodedValue | null;
  readonly resourceId: string | null;
  /** Of the X509Certificates of the signature's KeyInfo, the one that issued none of the others; null when none is readable. */
  readonly signerCertificate: X509Certificate | null;
  readonly signed: boolean;
  readonly node: XmlNode;
}

export const VIHF_ATTRIBUTE = {
  version: "VIHF_Version",
  mode: "Authentification_Mode",
  structure: "Identifiant_Structure",
  sector: "Secteur_Activite",
  subject: "urn:oasis:names:tc:xspa:1.0:subject:subject-id",
  role: "urn:oasis:names:tc:xacml:2.0:subject:role",
  resource: "urn:oasis:names:tc:xacml:2.0:resource:resource-id",
  resourceUrn: "Ressource_URN",
  purpose: "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse",
  accessReason: "Mode_Acces_Raison",
  softwareName: "LPS_Nom",
  softwareVersion: "LPS_Version",
  homologation: "LPS_ID_HOMOLOGATION_DMP",
} as const;

/** SAML assertions directly inside the `wsse:Security` blocks of the header. */
export function securityAssertions(envelope: SoapEnvelope): XmlNode[] {
  return headerBlocks(envelope, "Security", WSSE_NS).flatMap((block) => children(block, "Assertion", SAML_NS));
}

/**
 * Reads an assertion: the node itself, or the first one in the bytes (an envelope, an assertion alone).
 * Null when there is none. Throws XmlError for bytes that are no XML.
 */
export function readVihf(source: Uint8Array | XmlNode): Vihf | null {
  const root = source instanceof Uint8Array ? parseXml(source) : source;
  const node = descendants(root, "Assertion", SAML_NS)[0];
  if (!node) return null;
  const issuer = child(node, "Issuer", SAML_NS);
  const statement = child(node, "AuthnStatement", SAML_NS);
  const context = child(statement, "AuthnContext", SAML_NS);
  const conditions = child(node, "Conditions", SAML_NS);
  const signature = child(node, "Signature", DS_NS);
  const attributes = new Map<string, readonly string[]>();
  for (const attribute of attributeNodes(node)) {
    const name = attr(attribute, "Name") ?? "";
    const values = children(attribute, "AttributeValue", SAML_NS).map((v) => trimmed(v) ?? "");
    attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
  }
  return {
    id: attr(node, "ID"),
    version: attr(node, "Version"),
    issueInstant: attr(node, "IssueInstant"),
    issuer: trimmed(issuer),
    issuerFormat: attr(issuer, "Format"),
    nameId: trimmed(child(child(node, "Subject", SAML_NS), "NameID", SAML_NS)),
    authnStatements: children(node, "AuthnStatement", SAML_NS).length,
    authnInstant: attr(statement, "AuthnInstant"),
    authnContextClassRef: trimmed(child(context, "AuthnContextClassRef", SAML_NS)),
    authnContextDecl: trimmed(child(context, "AuthnContextDecl", SAML_NS)),
    notBefore: attr(conditions, "NotBefore"),
    notOnOrAfter: attr(conditions, "NotOnOrAfter"),
    audienceRestriction: child(conditions, "AudienceRestriction", SAML_NS) !== null,
    attributes,
    roles: coded(node, VIHF_ATTRIBUTE.role, "Role"),
    purposeOfUse: coded(node, VIHF_ATTRIBUTE.purpose, "PurposeOfUse")[0] ?? null,
    resourceId: attributes.get(VIHF_ATTRIBUTE.resource)?.[0] ?? null,
    signerCertificate: signature ? certificateOf(signature) : null,
    signed: signature !== null,
    node,
  };
}

/** Names of attributes that stand in several Attribute elements, each once. */
export function repeatedAttributeNames(vihf: Vihf): string[] {
  const names = attributeNodes(vihf.node).map((attribute) => attr(attribute, "Name") ?? "");
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function attributeNodes(assertion: XmlNode): XmlNode[] {
  return children(assertion, "AttributeStatement", SAML_NS).flatMap((s) => children(s, "Attribute", SAML_NS));
}

/** Elements of that local name inside the values of the attribute; every element of the value when `name` is "*". */
function coded(assertion: XmlNode, attribute: string, name: string): CodedValue[] {
  return attributeNodes(assertion)
    .filter((a) => attr(a, "Name") === attribute)
    .flatMap((a) => children(a, "AttributeValue", SAML_NS))
    .flatMap((v) => elements(v).filter((e) => e.name === name))
    .map((e) => ({
      code: attr(e, "code"),
      codeSystem: attr(e, "codeSystem"),
      codeSystemName: attr(e, "codeSystemName"),
      displayName: attr(e, "displayName"),
    }));
}

/** XMLDSig §4.5.4 gives the certificates of a chain no order: the signer's is the one that issued none of the others. */
function certificateOf(signature: XmlNode): X509Certificate | null {
  const certificates = descendants(child(signature, "KeyInfo", DS_NS), "X509Certificate", DS_NS)
    .slice(0, MOST_CERTIFICATES)
    .flatMap((node) => {
      try {
        return [new X509Certificate(Buffer.from((trimmed(node) ?? "").replace(/\s+/g, ""), "base64"))];
      } catch {
        return [];
      }
    });
  const issuers = new Set(certificates.filter((c) => c.issuer !== c.subject).map((c) => c.issuer));
  return certificates.find((c) => !issuers.has(c.subject)) ?? null;
}
