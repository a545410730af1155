/**
 * What each part of the CDA header holds, as the official header rules count it (volet Structuration minimale, schematron
 * ASIP-STRUCT-MIN; dmp.md §4.1). The presence of the participants themselves, and of what makes each of them one, is
 * `cda/actors`; identifiers and dates of the document are `cda/identification`; the patient's traits are `cda/patient-identity`.
 */
import { attr, children, elements, type XmlNode } from "../../../protocols/xml.js";

export interface Part {
  /**
   * Path from ClinicalDocument, by local names. `name!` leaves out elements with a nullFlavor; `name[child]`, those without
   * that child; `name[@a=v]`, those whose attribute has another value.
   */
  readonly path: string;
  /** Children expected exactly once, at least once, at most once: same notation. */
  readonly one?: readonly string[];
  readonly some?: readonly string[];
  readonly most?: readonly string[];
  /** Exactly one of these children, or (`?` in front) at most one. */
  readonly either?: readonly string[];
  readonly eitherOrNone?: readonly string[];
  /** Attributes that must be there, not empty. */
  readonly attributes?: readonly string[];
}

const PS = "id[@root=1.2.250.1.71.4.2.1]";
const STRUCTURE = "id[@root=1.2.250.1.71.4.2.2]";
const NAME_PARTS = ["given", "prefix", "suffix"] as const;
const CODED = ["code", "codeSystem", "displayName"] as const;

/** A person: at most one name, and in it one family name. `path` is that of the person. */
function person(path: string): Part[] {
  return [
    { path, one: ["name[family]"] },
    { path: `${path}/name[family]`, one: ["family"], most: NAME_PARTS },
  ];
}

/** An assignedEntity known by the identifier of a professional. */
function professional(path: string): Part[] {
  return [
    { path, one: [`assignedEntity[${PS}]`] },
    { path: `${path}/assignedEntity[${PS}]`, one: [PS], most: ["code", "assignedPerson", "representedOrganization"] },
    { path: `${path}/assignedEntity[${PS}]/${PS}`, attributes: ["extension"] },
    ...person(`${path}/assignedEntity[${PS}]/assignedPerson`),
    ...organization(`${path}/assignedEntity[${PS}]/representedOrganization`),
  ];
}

function organization(path: string): Part[] {
  return [
    { path, most: ["name"] },
    { path: `${path}/${STRUCTURE}`, attributes: ["extension"] },
  ];
}

const PATIENT = "recordTarget!/patientRole[patient]";
const AUTHOR = "author[assignedAuthor]";
const ASSIGNED_AUTHOR = `${AUTHOR}/assignedAuthor!`;
const CUSTODIAN = "custodian![assignedCustodian]/assignedCustodian/representedCustodianOrganization";
const SIGNER = "legalAuthenticator[signatureCode]";
const EVENT = "documentationOf![serviceEvent]/serviceEvent!";
const PERFORMER = `${EVENT}/performer[@typeCode=PRF][assignedEntity]`;
const PARTICIPANT = "participant[associatedEntity]";
const ENCOUNTER = "componentOf![encompassingEncounter]/encompassingEncounter![location]";
const FACILITY = `${ENCOUNTER}/location[healthCareFacility]/healthCareFacility!`;

export const PARTS: readonly Part[] = [
  { path: "", most: ["dataEnterer"] },
  { path: "component", eitherOrNone: ["nonXMLBody", "structuredBody"] },
  { path: "component/nonXMLBody", most: ["text"] },
  { path: "templateId", attributes: ["root"] },
  { path: "recordTarget!", most: ["patientRole[patient]"] },
  { path: PATIENT, one: ["patient!"] },
  { path: `${PATIENT}/id!`, attributes: ["root", "extension"] },
  { path: `${PATIENT}/patient!`, one: ["name!"], most: ["administrativeGenderCode", "birthTime", "birthplace[place]"] },
  { path: `${PATIENT}/patient!/name!`, most: ["prefix", "suffix"] },
  { path: `${PATIENT}/patient!/birthplace[place]`, one: ["place"] },
  { path: `${PATIENT}/patient!/birthplace[place]/place`, most: ["addr", "name"] },
  { path: `${PATIENT}/patient!/guardian`, either: ["guardianPerson", "guardianOrganization"] },
  { path: `${PATIENT}/patient!/guardian/guardianPerson`, one: ["name[family]"] },
  { path: `${PATIENT}/patient!/guardian/guardianPerson/name[family]`, most: ["prefix"] },
  { path: `${PATIENT}/patient!/guardian/guardianOrganization`, most: ["name", STRUCTURE] },
  { path: `${PATIENT}/patient!/guardian/guardianOrganization/${STRUCTURE}`, attributes: ["extension"] },

  { path: AUTHOR, one: ["assignedAuthor!"], most: ["time", "functionCode"] },
  { path: `${AUTHOR}/time`, attributes: ["value"] },
  { path: `${AUTHOR}/functionCode`, attributes: ["code", "codeSystem"] },
  {
    path: ASSIGNED_AUTHOR,
    most: ["code", "representedOrganization"],
    eitherOrNone: ["assignedPerson", "assignedAuthoringDevice"],
  },
  { path: `${ASSIGNED_AUTHOR}/id`, attributes: ["root", "extension"] },
  { path: `${ASSIGNED_AUTHOR}/code`, attributes: CODED },
  ...person(`${ASSIGNED_AUTHOR}/assignedPerson`),
  { path: `${ASSIGNED_AUTHOR}/assignedAuthoringDevice`, one: ["manufacturerModelName", "softwareName"] },
  { path: `${ASSIGNED_AUTHOR}/representedOrganization`, most: [STRUCTURE] },
  ...organization(`${ASSIGNED_AUTHOR}/representedOrganization`),

  { path: "dataEnterer", most: ["time"] },
  { path: "informant", either: ["assignedEntity", "relatedEntity"] },
  { path: "informant/assignedEntity", one: ["id"], most: ["code", "assignedPerson", "representedOrganization"] },
  ...person("informant/assignedEntity/assignedPerson"),
  ...organization("informant/assignedEntity/representedOrganization"),
  { path: "informant/relatedEntity", one: ["relatedPerson"], most: ["code"], attributes: ["classCode"] },
  { path: "informant/relatedEntity/code", attributes: CODED },
  { path: "informant/relatedEntity/relatedPerson", one: ["name[family]"] },
  {
    path: "informant/relatedEntity/relatedPerson/name[family]",
    one: ["family"],
    most: ["given", "prefix"],
  },

  { path: "custodian!", most: ["assignedCustodian[representedCustodianOrganization]"] },
  { path: "custodian!/assignedCustodian", most: ["representedCustodianOrganization"] },
  { path: CUSTODIAN, one: ["id!"], most: ["name", "telecom", "addr"] },

  {
    path: "informationRecipient[intendedRecipient]",
    one: ["intendedRecipient"],
  },
  {
    path: "informationRecipient[intendedRecipient]/intendedRecipient",
    most: ["informationRecipient", "receivedOrganization"],
  },
  { path: `informationRecipient/intendedRecipient/${PS}`, attributes: ["extension"] },
  {
    path: "informationRecipient/intendedRecipient/informationRecipient/name[family]",
    one: ["family"],
    most: NAME_PARTS,
  },
  { path: `informationRecipient/intendedRecipient/receivedOrganization/${STRUCTURE}`, attributes: ["extension"] },

  { path: SIGNER, one: ["assignedEntity"], most: ["time", "signatureCode"] },
  { path: `${SIGNER}/time`, attributes: ["value"] },
  { path: `${SIGNER}/assignedEntity`, one: ["id!"], most: ["code", "assignedPerson", "representedOrganization"] },
  { path: `${SIGNER}/assignedEntity/id!`, attributes: ["root", "extension"] },
  { path: `${SIGNER}/assignedEntity/assignedPerson`, one: ["name![family]"] },
  { path: `${SIGNER}/assignedEntity/assignedPerson/name![family]`, one: ["family"], most: NAME_PARTS },
  ...organization(`${SIGNER}/assignedEntity/representedOrganization`),
  { path: `${SIGNER}/assignedEntity/representedOrganization`, most: ["standardIndustryClassCode"] },

  { path: "authenticator[signatureCode]", one: ["time"] },
  { path: "authenticator[signatureCode]/time", attributes: ["value"] },
  ...professional("authenticator[signatureCode]"),

  {
    path: PARTICIPANT,
    one: ["time", "associatedEntity"],
    most: ["functionCode", "templateId"],
    attributes: ["typeCode"],
  },
  { path: `${PARTICIPANT}/time`, most: ["low", "high"] },
  { path: `${PARTICIPANT}/time/low`, attributes: ["value"] },
  { path: `${PARTICIPANT}/time/high`, attributes: ["value"] },
  {
    path: `${PARTICIPANT}/associatedEntity`,
    most: ["id", "code", "associatedPerson[name]", "scopingOrganization"],
    attributes: ["classCode"],
  },
  { path: `${PARTICIPANT}/associatedEntity/id`, attributes: ["root", "extension"] },
  { path: `${PARTICIPANT}/associatedEntity/code`, attributes: CODED },
  ...person(`${PARTICIPANT}/associatedEntity/associatedPerson[name]`),
  { path: `${PARTICIPANT}/associatedEntity/scopingOrganization`, most: ["id", "name"] },

  { path: "inFulfillmentOf[order]", one: ["order"] },
  { path: "inFulfillmentOf[order]/order", one: ["id"], most: ["code"] },

  { path: "documentationOf![serviceEvent]", one: ["serviceEvent!"] },
  { path: EVENT, most: ["code", "effectiveTime", "performer[@typeCode=PRF][assignedEntity]"] },
  { path: `${EVENT}/effectiveTime`, one: ["low"], most: ["high"] },
  { path: `${EVENT}/effectiveTime/low`, attributes: ["value"] },
  { path: PERFORMER, one: ["assignedEntity[representedOrganization]"], most: ["functionCode", "time"] },
  {
    path: `${PERFORMER}/assignedEntity[representedOrganization]`,
    one: ["id", "representedOrganization"],
    most: ["code", "assignedPerson"],
  },
  {
    path: `${PERFORMER}/assignedEntity[representedOrganization]/assignedPerson/name[family]`,
    one: ["family"],
    most: NAME_PARTS,
  },
  {
    path: `${PERFORMER}/assignedEntity[representedOrganization]/representedOrganization`,
    one: ["standardIndustryClassCode!"],
    most: ["name"],
  },
  {
    path: `${PERFORMER}/assignedEntity[representedOrganization]/representedOrganization/standardIndustryClassCode!`,
    attributes: CODED,
  },
  {
    path: `${PERFORMER}/assignedEntity[representedOrganization]/representedOrganization/${STRUCTURE}`,
    attributes: ["extension"],
  },

  { path: "relatedDocument[@typeCode=RPLC][parentDocument]", one: ["parentDocument!"] },
  { path: "authorization[consent]", one: ["consent[statusCode]"] },
  { path: "authorization[consent]/consent[statusCode]", one: ["code", "statusCode"] },

  { path: "componentOf![encompassingEncounter]", one: ["encompassingEncounter![location]"] },
  {
    path: ENCOUNTER,
    one: ["location[healthCareFacility]"],
    most: ["code", "effectiveTime", "dischargeDispositionCode", "responsibleParty[assignedEntity]"],
  },
  { path: `${ENCOUNTER}/code`, attributes: CODED },
  { path: `${ENCOUNTER}/id`, attributes: ["root"] },
  { path: `${ENCOUNTER}/effectiveTime`, most: ["low", "high"] },
  { path: `${ENCOUNTER}/location[healthCareFacility]`, one: ["healthCareFacility!"] },
  { path: FACILITY, one: ["code!"], most: ["location"] },
  { path: `${FACILITY}/code!`, attributes: CODED },
  { path: `${FACILITY}/location`, most: ["name", "addr"] },
  ...professional(`${ENCOUNTER}/responsibleParty[assignedEntity]`),
  { path: `${ENCOUNTER}/encounterParticipant[assignedEntity]`, most: ["time"], attributes: ["typeCode"] },
  ...professional(`${ENCOUNTER}/encounterParticipant[assignedEntity]`),
];

interface Step {
  readonly name: string;
  readonly accepts: (node: XmlNode) => boolean;
}

const steps = new Map<string, Step>();

/** Reads `name`, `name!`, `name[child]`, `name[@a=v]`, in any number. `/` may stand within brackets. */
function stepOf(text: string): Step {
  let step = steps.get(text);
  if (!step) {
    const name = /^[A-Za-z]+/.exec(text)?.[0] ?? "";
    const tests: ((node: XmlNode) => boolean)[] = [];
    if (text.includes("!")) tests.push((node) => attr(node, "nullFlavor") === null);
    for (const inner of brackets(text)) {
      const [, attribute, value] = /^@(\w+)=(.*)$/.exec(inner) ?? [];
      if (attribute !== undefined) tests.push((node) => attr(node, attribute) === value);
      else tests.push((node) => childrenAs(node, inner).length > 0);
    }
    step = { name, accepts: (node) => tests.every((test) => test(node)) };
    steps.set(text, step);
  }
  return step;
}

/** Contents of the outer brackets. */
function brackets(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "[" && depth++ === 0) start = at + 1;
    else if (text[at] === "]" && --depth === 0) found.push(text.slice(start, at));
  }
  return found;
}

/** Children that a step of the notation names. */
export function childrenAs(node: XmlNode, text: string): XmlNode[] {
  const { name, accepts } = stepOf(text);
  return children(node, name).filter(accepts);
}

/** Elements that a path of the notation leads to. */
export function partsAt(root: XmlNode, path: string): XmlNode[] {
  let found = [root];
  for (const step of path === "" ? [] : splitPath(path)) found = found.flatMap((node) => childrenAs(node, step));
  return found;
}

function splitPath(path: string): string[] {
  return path.match(/(?:[^/[\]]|\[[^\]]*(?:\[[^\]]*\])*[^\]]*\])+/g) ?? [];
}

/** A path or a step as a reader expects it, without what the notation adds. */
export function plain(text: string): string {
  let out = "";
  let depth = 0;
  for (const char of text) {
    if (char === "[") depth += 1;
    else if (char === "]") depth -= 1;
    else if (depth === 0 && char !== "!") out += char;
  }
  return out;
}

/** Made once per document: header elements by local name. */
const indexes = new WeakMap<XmlNode, ReadonlyMap<string, readonly XmlNode[]>>();

/** Header elements of a name, wherever they stand: under ClinicalDocument but not in the body; in document order. */
export function headerElements(root: XmlNode, name: string): readonly XmlNode[] {
  let index = indexes.get(root);
  if (!index) {
    const found = new Map<string, XmlNode[]>();
    const walk = (node: XmlNode): void => {
      const same = found.get(node.name);
      if (same) same.push(node);
      else found.set(node.name, [node]);
      for (const next of elements(node)) walk(next);
    };
    for (const part of elements(root)) if (part.name !== "component") walk(part);
    indexes.set(root, found);
    index = found;
  }
  return index.get(name) ?? [];
}
