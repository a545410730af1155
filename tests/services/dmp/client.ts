/** A plain DMP client for tests: messages from templates of its own, signed by xml-crypto, sent by node:https. */
import { createHash, randomUUID } from "node:crypto";
import https from "node:https";
import { SignedXml } from "xml-crypto";
import type { PatientFixture, PkiEntry, PkiMaterial } from "../../../core/model/index.js";
import { escapeXml } from "../../../protocols/xml.js";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** POST with a client certificate. Rejects when the connection is refused or cut. */
export function post(
  url: string,
  ca: string,
  client: PkiEntry | null,
  contentType: string,
  body: string | Uint8Array,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = https.request(
      url,
      {
        method: "POST",
        ca,
        agent: false,
        ...(client ? { key: client.keyPem, cert: client.certPem } : {}),
        headers: { "content-type": contentType, "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}

export function patientIdOf(patient: PatientFixture): string {
  return `${patient.ins?.matricule}^^^&${patient.ins?.oid}&ISO^NH`;
}

export interface VihfOptions {
  readonly resourceId: string;
  readonly id?: string;
  readonly issuer?: string;
  readonly roles?: string;
}

const ISSUER = "CN=SEGUR-TEST-SIGN,OU=499900000011001,O=CABINET DE DEMONSTRATION,ST=Paris (75),C=FR";
const ROLES =
  '<saml2:AttributeValue><Role xmlns="urn:hl7-org:v3" code="10" codeSystem="1.2.250.1.71.1.2.7" displayName="Médecin" xsi:type="CE"/></saml2:AttributeValue><saml2:AttributeValue><Role xmlns="urn:hl7-org:v3" code="SM26" codeSystem="1.2.250.1.71.4.2.5" displayName="Médecine générale" xsi:type="CE"/></saml2:AttributeValue>';

/** An unsigned VIHF. */
export function vihf(options: VihfOptions): string {
  const now = new Date().toISOString();
  const attribute = (name: string, value: string): string =>
    `<saml2:Attribute Name="${name}"><saml2:AttributeValue>${escapeXml(value)}</saml2:AttributeValue></saml2:Attribute>`;
  return `<saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID="${options.id ?? `_${randomUUID()}`}" IssueInstant="${now}" Version="2.0"><saml2:Issuer Format="urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName">${escapeXml(options.issuer ?? ISSUER)}</saml2:Issuer><saml2:Subject><saml2:NameID>899900000011</saml2:NameID></saml2:Subject><saml2:AuthnStatement AuthnInstant="${now}"><saml2:AuthnContext><saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorUnregistered</saml2:AuthnContextClassRef><saml2:AuthnContextDecl>APP_BROWSER_AUTH</saml2:AuthnContextDecl></saml2:AuthnContext></saml2:AuthnStatement><saml2:AttributeStatement>${attribute("VIHF_Version", "3.0")}${attribute("Authentification_Mode", "INDIRECTE_RENFORCEE")}${attribute("Identifiant_Structure", "499900000011001")}${attribute("Secteur_Activite", "SA07^1.2.250.1.71.4.2.4")}${attribute("urn:oasis:names:tc:xspa:1.0:subject:subject-id", "CAMILLE EXEMPLE")}<saml2:Attribute Name="urn:oasis:names:tc:xacml:2.0:subject:role">${options.roles ?? ROLES}</saml2:Attribute>${attribute("urn:oasis:names:tc:xacml:2.0:resource:resource-id", options.resourceId)}${attribute("Ressource_URN", "urn:dmp")}<saml2:Attribute Name="urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"><saml2:AttributeValue><PurposeOfUse xmlns="urn:hl7-org:v3" code="normal" codeSystem="1.2.250.1.213.1.1.4.248" codeSystemName="mode acces VIHF 2.0" displayName="Accès normal" xsi:type="CE"/></saml2:AttributeValue></saml2:Attribute>${attribute("LPS_Nom", "Logiciel de démonstration")}${attribute("LPS_Version", "1")}${attribute("LPS_ID_HOMOLOGATION_DMP", "AUCUN")}</saml2:AttributeStatement></saml2:Assertion>`;
}

export interface SigningOptions {
  readonly signature?: string;
  readonly digest?: string;
  readonly canonicalization?: string;
  readonly prefixes?: readonly string[];
}

/** Signs the element that bears the `ID`, the signature put right after its Issuer. */
export function sign(xml: string, signer: PkiEntry, options: SigningOptions = {}): string {
  const id = /\bID="([^"]+)"/.exec(xml)?.[1] ?? "";
  const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
  const signed = new SignedXml({
    privateKey: signer.keyPem,
    publicCert: signer.certPem,
    signatureAlgorithm: options.signature ?? "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: options.canonicalization ?? exclusive,
    idAttribute: "ID",
    getKeyInfoContent: () => `<X509Data><X509Certificate>${pemBody(signer.certPem)}</X509Certificate></X509Data>`,
  });
  signed.addReference({
    xpath: `//*[@ID='${id}']`,
    transforms: ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", options.canonicalization ?? exclusive],
    digestAlgorithm: options.digest ?? "http://www.w3.org/2001/04/xmlenc#sha256",
    ...(options.prefixes ? { inclusiveNamespacesPrefixList: [...options.prefixes] } : {}),
  });
  signed.computeSignature(xml, { location: { reference: "//*[local-name()='Issuer']", action: "after" } });
  return signed.getSignedXml();
}

/** Base64 of the first certificate of a PEM chain. */
function pemBody(pem: string): string {
  return (/-----BEGIN CERTIFICATE-----([^-]+)-----/.exec(pem)?.[1] ?? "").replace(/\s/g, "");
}

const SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

export function envelope(action: string, assertion: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing"><soap:Header><wsa:Action soap:mustUnderstand="1">${action}</wsa:Action><wsa:MessageID>urn:uuid:${randomUUID()}</wsa:MessageID><wsa:ReplyTo><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo><wsse:Security xmlns:wsse="${SECURITY}">${assertion}</wsse:Security></soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`;
}

/** TD0.2 request. `assertion` "" leaves the VIHF out. */
export function existsRequest(oid: string, matricule: string, assertion: string): string {
  const body = `<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3" ITSVersion="XML_1.0"><id root="1.2.3.4.1" extension="question-1"/><creationTime value="20260101120000"/><interactionId root="2.16.840.1.113883.1.6" extension="PRPA_IN201307UV02"/><processingCode code="D"/><processingModeCode code="T"/><acceptAckCode code="AL"/><receiver typeCode="RCV"><device classCode="DEV" determinerCode="INSTANCE"><id root="1.2.250.1.213.4.1.1.1"/><softwareName>DMP</softwareName></device></receiver><sender typeCode="SND"><device classCode="DEV" determinerCode="INSTANCE"><id root="1.2.3.4"/><softwareName>Démo &amp; fils</softwareName></device></sender><controlActProcess classCode="CACT" moodCode="EVN"><reasonCode code="TEST_EXST" codeSystem="1.2.250.1.213.1.1.4.11"/><queryByParameter><queryId root="1.2.3.4.2" extension="query-1"/><statusCode code="new"/><parameterList><patientIdentifier><value root="${oid}" extension="${matricule}"/><semanticsText>Patient.id</semanticsText></patientIdentifier></parameterList></queryByParameter></controlActProcess></PRPA_IN201307UV02>`;
  return envelope("urn:hl7-org:v3:PRPA_IN201307UV02", assertion, body);
}

export const SOAP_TYPE = "application/soap+xml; charset=UTF-8";
export const SUBMIT_ACTION = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b";

export interface TestDocument {
  readonly id: string;
  readonly uniqueId?: string;
  readonly content?: Uint8Array;
  readonly patientId?: string;
  /** confidentialityCodes after `N`. */
  readonly visibility?: readonly string[];
  /** XCN.1 of the author. */
  readonly author?: string;
}

export interface TestLink {
  readonly type: string;
  readonly source: string;
  readonly target: string;
  readonly status?: string;
}

export interface SubmissionOptions {
  readonly patientId: string;
  readonly assertion?: string;
  readonly documentPatientId?: string;
  readonly uniqueId?: string;
  readonly setId?: string;
  readonly hash?: string;
  readonly size?: string;
  readonly documentId?: string;
  readonly content?: Uint8Array;
  readonly author?: string;
  readonly visibility?: readonly string[];
  /** The documents in base64 inside the XML, no multipart. */
  readonly inline?: boolean;
  readonly action?: string;
  /** Documents beside the first one, each linked to the set. */
  readonly more?: readonly TestDocument[];
  /** Associations beside HasMember. */
  readonly links?: readonly TestLink[];
  /** Last change of the body's XML. */
  readonly edit?: (xml: string) => string;
}

let counter = 0;

/** An OID nobody has used in this process. */
export function freshOid(): string {
  counter += 1;
  return `1.2.3.4.${process.pid}.${counter}`;
}

export const REPLACES = "urn:ihe:iti:2007:AssociationType:RPLC";
export const SIGNS = "urn:ihe:iti:2007:AssociationType:signs";
const HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember";

function slot(name: string, value: string): string {
  return `<rim:Slot name="${name}"><rim:ValueList><rim:Value>${escapeXml(value)}</rim:Value></rim:ValueList></rim:Slot>`;
}

function external(scheme: string, owner: string, value: string): string {
  return `<rim:ExternalIdentifier id="e-${randomUUID()}" registryObject="${owner}" identificationScheme="urn:uuid:${scheme}" value="${escapeXml(value)}"/>`;
}

function classification(scheme: string, owner: string, code: string, system: string): string {
  return `<rim:Classification id="c-${randomUUID()}" classifiedObject="${owner}" classificationScheme="urn:uuid:${scheme}" nodeRepresentation="${code}">${slot("codingScheme", system)}</rim:Classification>`;
}

function author(scheme: string, owner: string, slots: string): string {
  return `<rim:Classification id="c-${randomUUID()}" classifiedObject="${owner}" classificationScheme="urn:uuid:${scheme}" nodeRepresentation="">${slots}</rim:Classification>`;
}

/** How a code travels for each mandatory coded attribute of a document. */
const CODES: readonly (readonly [string, string, string])[] = [
  ["41a5887f-8865-4c09-adf7-e362475b143a", "10", "1.2.250.1.213.1.1.4.1"],
  ["f0306f51-975f-434e-a61c-c59651d33983", "11488-4", "2.16.840.1.113883.6.1"],
  ["f4f85eac-e6cb-4883-b524-f2705394840f", "N", "2.16.840.1.113883.5.25"],
  ["a09d5840-386c-46f2-b5ad-9c3699a4309d", "urn:ihe:iti:xds-sd:pdf:2008", "1.3.6.1.4.1.19376.1.2.3"],
  ["f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", "SA07", "1.2.250.1.71.4.2.4"],
  ["cccf5598-8b07-4b77-a05e-ae952c785ead", "AMBULATOIRE", "1.2.250.1.213.1.1.4.9"],
];
const CONFIDENTIALITY = "f4f85eac-e6cb-4883-b524-f2705394840f";

function entryXml(
  document: TestDocument & { readonly uniqueId: string; readonly patientId: string },
  hash: string,
  size: string,
): string {
  const { id } = document;
  const person = `${document.author ?? "899900000011"}^EXEMPLE^CAMILLE^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS`;
  const visibility = (document.visibility ?? []).map((code) =>
    classification(CONFIDENTIALITY, id, code, "1.2.250.1.213.1.1.4.13"),
  );
  return `<rim:ExtrinsicObject id="${id}" mimeType="text/xml" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">${slot("creationTime", "20260101110000")}${slot("hash", hash)}${slot("languageCode", "fr-FR")}${slot("serviceStartTime", "20260101103000")}${slot("size", size)}${slot("sourcePatientId", "IPP-1^^^&1.2.3.4.5&ISO^PI")}<rim:Name><rim:LocalizedString value="Compte rendu"/></rim:Name>${author("93606bcf-9494-43ec-9b4e-a7748d1a838d", id, slot("authorPerson", person))}${CODES.map(([scheme, code, system]) => classification(scheme, id, code, system)).join("")}${visibility.join("")}${external("58a6f841-87b3-4a3e-92fd-a8ffeff98427", id, document.patientId)}${external("2e82c1f6-a085-4c72-9da3-8640a32e42ab", id, document.uniqueId)}</rim:ExtrinsicObject>`;
}

function linkXml({ type, source, target, status }: TestLink): string {
  return `<rim:Association id="a-${randomUUID()}" associationType="${type}" sourceObject="${source}" targetObject="${target}">${status === undefined ? "" : slot("SubmissionSetStatus", status)}</rim:Association>`;
}

const CONTENT = Buffer.from("<ClinicalDocument xmlns='urn:hl7-org:v3'/>");

/** TD2.1 request: a set `Set01` and a document `Document01`, and what the options add. */
export function submitRequest(options: SubmissionOptions): { contentType: string; body: Buffer; uniqueId: string } {
  const { patientId } = options;
  const uniqueId = options.uniqueId ?? freshOid();
  const first: TestDocument = {
    id: "Document01",
    uniqueId,
    content: options.content ?? CONTENT,
    patientId: options.documentPatientId ?? patientId,
    ...(options.author === undefined ? {} : { author: options.author }),
    ...(options.visibility === undefined ? {} : { visibility: options.visibility }),
  };
  const documents = [first, ...(options.more ?? [])].map((document) => ({
    ...document,
    uniqueId: document.uniqueId ?? freshOid(),
    patientId: document.patientId ?? patientId,
    content: document.content ?? CONTENT,
  }));
  const entries = documents.map((document, index) => {
    const hash = createHash("sha1").update(document.content).digest("hex");
    const size = String(document.content.length);
    return entryXml(document, index === 0 ? (options.hash ?? hash) : hash, index === 0 ? (options.size ?? size) : size);
  });
  const partId = (index: number): string => `document0${index + 1}@test`;
  const contents = documents.map(({ id, content }, index) => {
    const inside = options.inline
      ? Buffer.from(content).toString("base64")
      : `<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:${partId(index).replace("@", "%40")}"/>`;
    return `<xdsb:Document id="${index === 0 ? (options.documentId ?? id) : id}">${inside}</xdsb:Document>`;
  });
  const members = documents.map(({ id }) => ({ type: HAS_MEMBER, source: "Set01", target: id, status: "Original" }));
  const institution = slot("authorInstitution", "CABINET^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499900000011001");
  const set = `<rim:RegistryPackage id="Set01">${slot("submissionTime", "20260101120000")}${author("a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", "Set01", institution)}${classification("aa543740-bdda-424e-8c96-df4873be8500", "Set01", "07", "1.2.250.1.213.2.2")}<rim:Classification id="c2" classifiedObject="Set01" classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>${external("6b5aea1a-874d-4603-a4bc-96a0a7b38446", "Set01", patientId)}${external("554ac39e-e3fe-47fe-b233-965d2a147832", "Set01", "1.2.3.4")}${external("96fdda7c-d067-4183-912e-bf5ee74998a8", "Set01", options.setId ?? freshOid())}</rim:RegistryPackage>`;
  const objects = `${set}${entries.join("")}${[...members, ...(options.links ?? [])].map(linkXml).join("")}`;
  const body = `<xdsb:ProvideAndRegisterDocumentSetRequest xmlns:xdsb="urn:ihe:iti:xds-b:2007"><lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"><rim:RegistryObjectList xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">${objects}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>${contents.join("")}</xdsb:ProvideAndRegisterDocumentSetRequest>`;
  const soap = envelope(options.action ?? SUBMIT_ACTION, options.assertion ?? "", options.edit?.(body) ?? body);
  if (options.inline) return { contentType: SOAP_TYPE, body: Buffer.from(soap), uniqueId };
  const boundary = `uuid:${randomUUID()}`;
  const head = (type: string, id: string): string =>
    `--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>\r\n\r\n`;
  const parts = documents.flatMap(({ content }, index) => [
    Buffer.from(`\r\n${head("text/xml", partId(index))}`),
    content,
  ]);
  return {
    contentType: `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<root@test>"; start-info="application/soap+xml"; action="${options.action ?? SUBMIT_ACTION}"`,
    body: Buffer.concat([
      Buffer.from(head('application/xop+xml; charset=UTF-8; type="application/soap+xml"', "root@test")),
      Buffer.from(soap),
      ...parts,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
    uniqueId,
  };
}

/** A VIHF for the patient signed with the role's key. */
export function signedVihf(pki: PkiMaterial, patient: PatientFixture, role: "sign" | "auth" = "sign"): string {
  return sign(vihf({ resourceId: patientIdOf(patient) }), pki.roles[role]);
}
