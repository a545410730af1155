/**
 * CDA R2 header facts, as the CI-SIS header uses them, read tolerantly: what is absent is null or an empty list, never an
 * error. Every fact keeps its element, so that a finding can say where (`pathOf(fact.node)`).
 * Source of the shapes: dmp.md §4.1 (header) and §4.2 (body), ins.md §5.2 (patient).
 */
import { INS_OIDS } from "./ins.js";
import {
  at,
  attr,
  child,
  children,
  descendants,
  parseXml,
  select,
  text,
  trimmed,
  type XmlLimits,
  type XmlNode,
} from "./xml.js";

export const CDA_NS = "urn:hl7-org:v3";
const XSL_NS = "http://www.w3.org/1999/XSL/Transform";

/** True for the OIDs the official header rules take as an INS: NIR, NIA, NIR of tests, NIR of demonstrations (dmp.md §2.3). */
export function isInsOid(oid: string | null | undefined): boolean {
  return oid !== null && oid !== undefined && (Object.values(INS_OIDS) as string[]).includes(oid);
}

/** The bytes are XML but hold no ClinicalDocument. */
export class CdaError extends Error {
  readonly code = "not_cda";
  constructor(detail: string) {
    super(detail);
    this.name = "CdaError";
  }
}

/** HL7 II. */
export interface CdaId {
  readonly root: string | null;
  readonly extension: string | null;
  readonly nullFlavor: string | null;
  readonly node: XmlNode;
}

/** HL7 CD, CE, CV, CS. */
export interface CdaCode {
  readonly code: string | null;
  readonly codeSystem: string | null;
  readonly displayName: string | null;
  readonly nullFlavor: string | null;
  readonly node: XmlNode;
}

/** HL7 TS or INT: the raw text of `@value`. */
export interface CdaValue {
  readonly value: string | null;
  readonly nullFlavor: string | null;
  readonly node: XmlNode;
}

/** Text of an element (title, name parts), white space trimmed at both ends. */
export interface CdaText {
  readonly value: string;
  readonly nullFlavor: string | null;
  readonly node: XmlNode;
}

/** IVL_TS. `value` is there when the interval is written as a single point. */
export interface CdaInterval {
  readonly low: CdaValue | null;
  readonly high: CdaValue | null;
  readonly value: string | null;
  readonly nullFlavor: string | null;
  readonly node: XmlNode;
}

/** A name part with its qualifiers as a list (`qualifier="BR CL"` has two). */
export interface CdaNamePart extends CdaText {
  readonly qualifiers: readonly string[];
}

export interface CdaPerson {
  readonly family: CdaNamePart | null;
  readonly given: CdaNamePart | null;
  readonly prefix: CdaText | null;
  readonly suffix: CdaText | null;
  readonly node: XmlNode;
}

export interface CdaOrganization {
  readonly ids: readonly CdaId[];
  readonly name: CdaText | null;
  readonly node: XmlNode;
}

/** Author, legalAuthenticator, performer: the same shape, whatever the element names between. */
export interface CdaActor {
  readonly time: CdaValue | null;
  readonly signatureCode: CdaCode | null;
  readonly functionCode: CdaCode | null;
  readonly ids: readonly CdaId[];
  /** Profession and specialty (TRE_A02). */
  readonly code: CdaCode | null;
  readonly person: CdaPerson | null;
  readonly device: { readonly model: CdaText | null; readonly software: CdaText | null; readonly node: XmlNode } | null;
  readonly organization: CdaOrganization | null;
  readonly node: XmlNode;
}

export interface CdaPatient {
  readonly ids: readonly CdaId[];
  readonly names: readonly XmlNode[];
  /** All parts of all names, in order. */
  readonly families: readonly CdaNamePart[];
  readonly givens: readonly CdaNamePart[];
  /** `family[@qualifier='BR']`. */
  readonly birthName: CdaNamePart | null;
  /** `family[@qualifier='CL']`, else `SP`. */
  readonly usedName: CdaNamePart | null;
  /** `given[@qualifier='BR']`: first birth first name. */
  readonly firstBirthGiven: CdaNamePart | null;
  /** First `given` without qualifier: all birth first names. */
  readonly birthGivens: CdaNamePart | null;
  /** `given[@qualifier='CL']`. */
  readonly usedGiven: CdaNamePart | null;
  readonly sex: CdaCode | null;
  readonly birthTime: CdaValue | null;
  /** `birthplace/place/addr/county`. */
  readonly birthPlaceCog: CdaText | null;
  readonly node: XmlNode;
}

export interface CdaServiceEvent {
  readonly code: CdaCode | null;
  readonly effectiveTime: CdaInterval | null;
  readonly performers: readonly CdaActor[];
  /** `representedOrganization/standardIndustryClassCode` of the first performer that has one. */
  readonly practiceSettingCode: CdaCode | null;
  readonly node: XmlNode;
}

export interface CdaEncounter {
  readonly ids: readonly CdaId[];
  readonly code: CdaCode | null;
  readonly effectiveTime: CdaInterval | null;
  /** `location/healthCareFacility/code`. */
  readonly facilityCode: CdaCode | null;
  readonly node: XmlNode;
}

export interface CdaBody {
  readonly kind: "nonXML" | "structured";
  /** nonXMLBody/text only; null for a structured body. */
  readonly mediaType: string | null;
  readonly representation: string | null;
  /** The text of nonXMLBody/text as written. */
  readonly base64: string | null;
  /** What it decodes to; null when it is not base64 (or not declared `B64`). */
  readonly bytes: Uint8Array | null;
  readonly node: XmlNode;
}

export interface Cda {
  /** The ClinicalDocument element. */
  readonly root: XmlNode;
  /** True when the ClinicalDocument was wrapped in an XSLT style sheet ("auto-présentable"). */
  readonly autoPresentable: boolean;
  readonly realmCode: CdaCode | null;
  readonly typeId: CdaId | null;
  readonly templateIds: readonly CdaId[];
  readonly id: CdaId | null;
  readonly code: CdaCode | null;
  readonly title: CdaText | null;
  readonly effectiveTime: CdaValue | null;
  readonly confidentialityCode: CdaCode | null;
  readonly languageCode: CdaCode | null;
  readonly setId: CdaId | null;
  readonly versionNumber: CdaValue | null;
  readonly patient: CdaPatient | null;
  /** First patient id under an INS OID that has an extension. */
  readonly ins: { readonly root: string; readonly extension: string; readonly node: XmlNode } | null;
  readonly authors: readonly CdaActor[];
  readonly legalAuthenticator: CdaActor | null;
  readonly custodian: CdaOrganization | null;
  readonly documentationOf: readonly CdaServiceEvent[];
  /** The main act ("acte principal"): the serviceEvent of the first documentationOf. */
  readonly mainAct: CdaServiceEvent | null;
  readonly encompassingEncounter: CdaEncounter | null;
  /** Of the main act. */
  readonly practiceSettingCode: CdaCode | null;
  readonly relatedDocument: {
    readonly typeCode: string | null;
    readonly id: CdaId | null;
    readonly setId: CdaId | null;
    readonly node: XmlNode;
  } | null;
  readonly body: CdaBody | null;
}

/** Reads a CDA, bare or auto-presentable. Throws XmlError (not XML we accept) or CdaError (no ClinicalDocument), nothing else. */
export function readCda(bytes: Uint8Array, limits: XmlLimits = {}): Cda {
  const document = parseXml(bytes, limits);
  const root = clinicalDocument(document);
  // A recordTarget with a nullFlavor names nobody: the patient is the one of the next.
  const targets = children(root, "recordTarget");
  const target = targets.find((node) => attr(node, "nullFlavor") === null) ?? targets[0] ?? null;
  const patient = readPatient(child(target, "patientRole"));
  const ins = patient?.ids.find((id) => isInsOid(id.root) && id.extension !== null);
  const documentationOf = select(root, "documentationOf/serviceEvent").map(readServiceEvent);
  const mainAct = documentationOf[0] ?? null;
  const related = child(root, "relatedDocument");
  return {
    root,
    autoPresentable: root !== document,
    realmCode: readCode(child(root, "realmCode")),
    typeId: readId(child(root, "typeId")),
    templateIds: readIds(root, "templateId"),
    id: readId(child(root, "id")),
    code: readCode(child(root, "code")),
    title: readText(child(root, "title")),
    effectiveTime: readValue(child(root, "effectiveTime")),
    confidentialityCode: readCode(child(root, "confidentialityCode")),
    languageCode: readCode(child(root, "languageCode")),
    setId: readId(child(root, "setId")),
    versionNumber: readValue(child(root, "versionNumber")),
    patient,
    ins:
      ins && ins.root !== null && ins.extension !== null
        ? { root: ins.root, extension: ins.extension, node: ins.node }
        : null,
    authors: children(root, "author").map((node) => readActor(node, "assignedAuthor")),
    legalAuthenticator: only(child(root, "legalAuthenticator"), (node) => readActor(node, "assignedEntity")),
    custodian: only(at(root, "custodian/assignedCustodian/representedCustodianOrganization"), readOrganization),
    documentationOf,
    mainAct,
    encompassingEncounter: only(at(root, "componentOf/encompassingEncounter"), (node) => ({
      ids: readIds(node, "id"),
      code: readCode(child(node, "code")),
      effectiveTime: readInterval(child(node, "effectiveTime")),
      facilityCode: readCode(at(node, "location/healthCareFacility/code")),
      node,
    })),
    practiceSettingCode: mainAct?.practiceSettingCode ?? null,
    relatedDocument: only(related, (node) => ({
      typeCode: attr(node, "typeCode"),
      id: readId(at(node, "parentDocument/id")),
      setId: readId(at(node, "parentDocument/setId")),
      node,
    })),
    body: readBody(root),
  };
}

function clinicalDocument(document: XmlNode): XmlNode {
  if (document.name === "ClinicalDocument" && document.ns === CDA_NS) return document;
  if (document.ns === XSL_NS && (document.name === "stylesheet" || document.name === "transform")) {
    const inside = descendants(document, "ClinicalDocument", CDA_NS)[0];
    if (inside) return inside;
  }
  throw new CdaError(`the root element is {${document.ns}}${document.name}, not a ClinicalDocument of ${CDA_NS}`);
}

function only<T>(node: XmlNode | null, read: (node: XmlNode) => T): T | null {
  return node === null ? null : read(node);
}

function readId(node: XmlNode | null): CdaId | null {
  return only(node, (n) => ({
    root: attr(n, "root"),
    extension: attr(n, "extension"),
    nullFlavor: attr(n, "nullFlavor"),
    node: n,
  }));
}

function readIds(parent: XmlNode | null, name: string): CdaId[] {
  return children(parent, name).flatMap((node) => readId(node) ?? []);
}

function readCode(node: XmlNode | null): CdaCode | null {
  return only(node, (n) => ({
    code: attr(n, "code"),
    codeSystem: attr(n, "codeSystem"),
    displayName: attr(n, "displayName"),
    nullFlavor: attr(n, "nullFlavor"),
    node: n,
  }));
}

function readValue(node: XmlNode | null): CdaValue | null {
  return only(node, (n) => ({ value: attr(n, "value"), nullFlavor: attr(n, "nullFlavor"), node: n }));
}

function readText(node: XmlNode | null): CdaText | null {
  return only(node, (n) => ({ value: trimmed(n) ?? "", nullFlavor: attr(n, "nullFlavor"), node: n }));
}

function readInterval(node: XmlNode | null): CdaInterval | null {
  return only(node, (n) => ({
    low: readValue(child(n, "low")),
    high: readValue(child(n, "high")),
    value: attr(n, "value"),
    nullFlavor: attr(n, "nullFlavor"),
    node: n,
  }));
}

function readNamePart(node: XmlNode): CdaNamePart {
  return {
    value: trimmed(node) ?? "",
    nullFlavor: attr(node, "nullFlavor"),
    node,
    qualifiers: (attr(node, "qualifier") ?? "").split(/\s+/).filter((q) => q !== ""),
  };
}

function readPerson(node: XmlNode): CdaPerson {
  const name = child(node, "name") ?? node;
  return {
    family: only(child(name, "family"), readNamePart),
    given: only(child(name, "given"), readNamePart),
    prefix: readText(child(name, "prefix")),
    suffix: readText(child(name, "suffix")),
    node,
  };
}

function readOrganization(node: XmlNode): CdaOrganization {
  return { ids: readIds(node, "id"), name: readText(child(node, "name")), node };
}

function readActor(node: XmlNode, role: string): CdaActor {
  const entity = child(node, role);
  const device = child(entity, "assignedAuthoringDevice");
  return {
    time: readValue(child(node, "time")),
    signatureCode: readCode(child(node, "signatureCode")),
    functionCode: readCode(child(node, "functionCode")),
    ids: readIds(entity, "id"),
    code: readCode(child(entity, "code")),
    person: only(child(entity, "assignedPerson"), readPerson),
    device: only(device, (n) => ({
      model: readText(child(n, "manufacturerModelName")),
      software: readText(child(n, "softwareName")),
      node: n,
    })),
    organization: only(child(entity, "representedOrganization"), readOrganization),
    node,
  };
}

function readServiceEvent(node: XmlNode): CdaServiceEvent {
  const settings = select(node, "performer/assignedEntity/representedOrganization/standardIndustryClassCode");
  return {
    code: readCode(child(node, "code")),
    effectiveTime: readInterval(child(node, "effectiveTime")),
    performers: children(node, "performer").map((performer) => readActor(performer, "assignedEntity")),
    practiceSettingCode: readCode(settings[0] ?? null),
    node,
  };
}

function readPatient(role: XmlNode | null): CdaPatient | null {
  if (!role) return null;
  const node = child(role, "patient");
  const names = children(node, "name");
  const families = names.flatMap((name) => children(name, "family").map(readNamePart));
  const givens = names.flatMap((name) => children(name, "given").map(readNamePart));
  const qualified = (parts: readonly CdaNamePart[], qualifier: string): CdaNamePart | null =>
    parts.find((part) => part.qualifiers.includes(qualifier)) ?? null;
  return {
    ids: readIds(role, "id"),
    names,
    families,
    givens,
    birthName: qualified(families, "BR"),
    usedName: qualified(families, "CL") ?? qualified(families, "SP"),
    firstBirthGiven: qualified(givens, "BR"),
    birthGivens: givens.find((part) => part.qualifiers.length === 0) ?? null,
    usedGiven: qualified(givens, "CL"),
    sex: readCode(child(node, "administrativeGenderCode")),
    birthTime: readValue(child(node, "birthTime")),
    birthPlaceCog: readText(at(node, "birthplace/place/addr/county")),
    node: role,
  };
}

function readBody(root: XmlNode): CdaBody | null {
  const structured = at(root, "component/structuredBody");
  const nonXml = at(root, "component/nonXMLBody");
  if (nonXml) {
    const content = child(nonXml, "text");
    const representation = attr(content, "representation");
    const base64 = text(content);
    return {
      kind: "nonXML",
      mediaType: attr(content, "mediaType"),
      representation,
      base64,
      bytes: base64 !== null && representation === "B64" ? decodeBase64(base64) : null,
      node: content ?? nonXml,
    };
  }
  if (!structured) return null;
  return { kind: "structured", mediaType: null, representation: null, base64: null, bytes: null, node: structured };
}

/** Characters decoded at a time: copies of a text of many megabytes would cost several times its size. */
const SLICE = 1024 * 1024;

/** Strict base64 (RFC 4648 §4) with white space allowed between characters; null when it is anything else. Empty text decodes to no bytes. */
export function decodeBase64(value: string): Uint8Array | null {
  const out = Buffer.allocUnsafe(Math.ceil(value.length / 4) * 3);
  let length = 0;
  let rest = "";
  let padded = false;
  for (let at = 0; at < value.length; at += SLICE) {
    const clean = rest + value.slice(at, at + SLICE).replace(/[ \t\r\n]+/g, "");
    if (padded && clean !== "") return null;
    const quads = clean.slice(0, clean.length & ~3);
    rest = clean.slice(quads.length);
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(quads)) return null;
    padded = quads.endsWith("=");
    length += out.write(quads, length, "base64");
  }
  return rest === "" ? new Uint8Array(out.buffer, out.byteOffset, length) : null;
}
