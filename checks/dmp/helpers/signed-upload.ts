/**
 * For broken cases and tests: a detached signature of a submission set (IHE DSG, as the editor kit makes it, with SHA-256),
 * written in canonical form so that what is signed is what stands there. No code is shared with the reader of signatures.
 */
import { createHash, sign as signBytes } from "node:crypto";
import type { Exchange, RecordingEditor } from "../../../core/model/index.js";
import { submissionOf } from "./submission.js";

const DS = ' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';
const C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";

export interface ManifestLine {
  readonly uri: string;
  /** Base64. */
  readonly digest: string;
  readonly transform?: string;
}

export interface SignatureOptions {
  readonly purpose?: string;
  readonly digestMethod?: string;
  /** Changes the XML after it was signed. */
  readonly afterwards?: (xml: string) => string;
  /** Signs another element than the manifest. */
  readonly covers?: "properties";
}

/** The signature document. `pem`: key and certificate of the signer. */
export function signatureXml(
  lines: readonly ManifestLine[],
  pem: { readonly key: string; readonly cert: string },
  options: SignatureOptions = {},
): string {
  const method = options.digestMethod ?? SHA256;
  const manifest = (ns: string): string =>
    `<ds:Manifest${ns} Id="IHEManifest">${lines.map((line) => referenceXml(line, method)).join("")}</ds:Manifest>`;
  const properties = (ns: string): string =>
    `<ds:SignatureProperties${ns} Id="Properties"><ds:SignatureProperty Id="purposeOfSignature" Target="#Signature">${options.purpose ?? "1.2.840.10065.1.12.1.14"}</ds:SignatureProperty></ds:SignatureProperties>`;
  const [uri, covered] =
    options.covers === "properties" ? ["#Properties", properties(DS)] : ["#IHEManifest", manifest(DS)];
  const digest = createHash("sha256").update(covered).digest("base64");
  const info = (ns: string): string =>
    `<ds:SignedInfo${ns}><ds:CanonicalizationMethod Algorithm="${C14N}"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>${referenceXml({ uri, digest, transform: C14N }, SHA256)}</ds:SignedInfo>`;
  const value = signBytes("sha256", Buffer.from(info(DS)), pem.key).toString("base64");
  const certificate = (/-----BEGIN CERTIFICATE-----([^-]+)-----/.exec(pem.cert)?.[1] ?? "").replace(/\s/g, "");
  const xml = `<ds:Signature${DS} Id="Signature">${info("")}<ds:SignatureValue>${value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>${manifest("")}</ds:Object><ds:Object>${properties("")}</ds:Object></ds:Signature>`;
  return options.afterwards ? options.afterwards(xml) : xml;
}

function referenceXml({ uri, digest, transform }: ManifestLine, method: string): string {
  const transforms =
    transform === undefined
      ? ""
      : `<ds:Transforms><ds:Transform Algorithm="${transform}"></ds:Transform></ds:Transforms>`;
  return `<ds:Reference URI="${uri}">${transforms}<ds:DigestMethod Algorithm="${method}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`;
}

/** The manifest of an upload: the set with the constant zero, each document with the SHA-256 of its bytes. */
export function manifestOf(exchange: Exchange): ManifestLine[] {
  const submission = submissionOf(exchange);
  if (!submission) throw new Error("no submission");
  const documents = submission.documents.map(({ entry, bytes }) => ({
    uri: `urn:oid:${entry.uniqueId ?? ""}`,
    digest: createHash("sha256")
      .update(bytes ?? "")
      .digest("base64"),
  }));
  return [{ uri: `urn:oid:${submission.xds.submissionSet?.uniqueId ?? ""}`, digest: "AA==" }, ...documents];
}

const OBJECT = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject";
const RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0";

/** Entry of the signature document, its membership and its `signs` association, in the vocabulary of the kit. */
export function signatureEntry(patientId: string, uniqueId: string): string {
  const slot = (name: string, value: string): string =>
    `<r:Slot name="${name}"><r:ValueList><r:Value>${value}</r:Value></r:ValueList></r:Slot>`;
  const code = (scheme: string, value: string, system: string): string =>
    `<r:Classification id="s-${scheme.slice(0, 8)}-${value.length}" classificationScheme="urn:uuid:${scheme}" classifiedObject="Signature01" nodeRepresentation="${value}">${slot("codingScheme", system)}<r:Name><r:LocalizedString value="${value}"/></r:Name></r:Classification>`;
  const identifier = (scheme: string, value: string): string =>
    `<r:ExternalIdentifier id="s-${scheme.slice(0, 8)}" identificationScheme="urn:uuid:${scheme}" registryObject="Signature01" value="${value}"/>`;
  const link = (id: string, type: string, source: string, target: string): string =>
    `<r:Association xmlns:r="${RIM}" id="${id}" objectType="${OBJECT}:Association" associationType="${type}" sourceObject="${source}" targetObject="${target}">${slot("SubmissionSetStatus", "Original")}</r:Association>`;
  return `<r:ExtrinsicObject xmlns:r="${RIM}" id="Signature01" mimeType="text/xml" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">${slot("languageCode", "art")}${code("41a5887f-8865-4c09-adf7-e362475b143a", "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN")}${code("f0306f51-975f-434e-a61c-c59651d33983", "E1762", "ASTM")}${code("a09d5840-386c-46f2-b5ad-9c3699a4309d", "http://www.w3.org/2000/09/xmldsig#", "URN")}${code("f4f85eac-e6cb-4883-b524-f2705394840f", "N", "2.16.840.1.113883.5.25")}${code("f4f85eac-e6cb-4883-b524-f2705394840f", "MASQUE_PS", "1.2.250.1.213.1.1.4.13")}${code("f4f85eac-e6cb-4883-b524-f2705394840f", "INVISIBLE_PATIENT", "1.2.250.1.213.1.1.4.13")}${code("2c6b8cb7-8b2a-4051-b291-b1ae6a575ef4", "1.2.840.10065.1.12.1.14", "1.2.840.10065.1.12")}${identifier("58a6f841-87b3-4a3e-92fd-a8ffeff98427", patientId)}${identifier("2e82c1f6-a085-4c72-9da3-8640a32e42ab", uniqueId)}</r:ExtrinsicObject>${link("s-member", "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember", "SubmissionSet01", "Signature01")}${link("s-signs", "urn:ihe:iti:2007:AssociationType:signs", "Signature01", "SubmissionSet01")}`;
}

/** Adds the signature to the upload of the ordinary scenario. `content`: the signature document. */
export function addSignature(
  r: RecordingEditor,
  content: string,
  change: (entry: string) => string = (entry) => entry,
): void {
  const upload = r.exchange("dmp.submit", "dmp-submit");
  const patientId = submissionOf(upload)?.xds.submissionSet?.patientId ?? "";
  const entry = change(signatureEntry(patientId.replace(/&/g, "&amp;"), "1.2.250.1.999.77.1"));
  r.replaceInRequest(upload, /(?=<\/[a-z0-9]+:RegistryObjectList>)/, entry);
  const document = `<d:Document xmlns:d="urn:ihe:iti:xds-b:2007" id="Signature01">${Buffer.from(content).toString("base64")}</d:Document>`;
  r.replaceInRequest(upload, /(?=<\/[a-z0-9]+:ProvideAndRegisterDocumentSetRequest>)/, document);
}
