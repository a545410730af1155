/** The registry's own copy of submitted metadata: real ids for the symbolic ones, and what a registry adds (ITI TF-3 §4.2). */
import { randomUUID } from "node:crypto";
import { RIM_NS } from "../../protocols/xds.js";
import { attr, elements, escapeXml, parseXml, text, type XmlNode } from "../../protocols/xml.js";
import type { EntryStatus, StoredAssociation, StoredEntry } from "./store.js";

const STATUS_URN: Readonly<Record<EntryStatus, string>> = {
  Approved: "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved",
  Deprecated: "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated",
  // The two below belong to the French registry (dmp.md §1.1, TD3.3c and TD3.3d).
  Deleted: "urn:asip:ci-sis:2010:StatusType:Deleted",
  Archived: "urn:asip:ci-sis:2010:StatusType:Archived",
};
const ASSOCIATION_TYPE = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:Association";
const PACKAGE_TYPE = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:RegistryPackage";

/** URN of an availabilityStatus, as `@status` bears it. */
export function statusUrn(status: EntryStatus): string {
  return STATUS_URN[status];
}

/** Null for a URN that is none of the four. */
export function statusOf(urn: string): EntryStatus | null {
  const found = (Object.keys(STATUS_URN) as EntryStatus[]).find((status) => STATUS_URN[status] === urn);
  return found ?? null;
}

/** What the registry writes into an ExtrinsicObject, whatever the sender had put there. */
export type RegistryFacts = Pick<
  StoredEntry,
  "entryUuid" | "logicalId" | "version" | "status" | "repositoryUniqueId" | "hash" | "size"
>;

/** The `rim:ExtrinsicObject` to keep, from the submitted one (or from an earlier version of it). */
export function entryXml(node: XmlNode, facts: RegistryFacts): string {
  const slots = { repositoryUniqueId: facts.repositoryUniqueId, hash: facts.hash, size: String(facts.size) };
  return objectXml(node, facts.entryUuid, {
    attributes: {
      id: facts.entryUuid,
      lid: facts.logicalId,
      objectType: attr(node, "objectType") ?? "",
      status: STATUS_URN[facts.status],
      mimeType: attr(node, "mimeType"),
      isOpaque: "false",
    },
    slots,
    version: facts.version,
  });
}

/** The `rim:RegistryPackage` of a submission set to keep. A set whose mark stands outside the package gets it inside. */
export function setXml(node: XmlNode, entryUuid: string, setNode: string): string {
  const marked = elements(node).some((e) => e.name === "Classification" && attr(e, "classificationNode") === setNode);
  return objectXml(node, entryUuid, {
    attributes: { id: entryUuid, lid: entryUuid, objectType: PACKAGE_TYPE, status: STATUS_URN.Approved },
    slots: {},
    version: null,
    mark: marked ? null : setNode,
  });
}

/** An association with its XML. `slots`: SubmissionSetStatus, OriginalStatus… */
export function association(
  facts: Omit<StoredAssociation, "id" | "xml">,
  slots: Readonly<Record<string, string>> = {},
): StoredAssociation {
  const id = `urn:uuid:${randomUUID()}`;
  const content = Object.entries(slots).map(([name, value]) => slotXml(name, [value]));
  const xml = `<rim:Association xmlns:rim="${RIM_NS}" id="${id}" lid="${id}" objectType="${ASSOCIATION_TYPE}" status="${STATUS_URN.Approved}" associationType="${escapeXml(facts.type)}" sourceObject="${escapeXml(facts.source)}" targetObject="${escapeXml(facts.target)}">${content.join("")}</rim:Association>`;
  return { id, ...facts, xml };
}

/** The same version of an entry under another status. */
export function withStatus(entry: StoredEntry, status: EntryStatus): StoredEntry {
  return { ...entry, status, xml: entryXml(parseXml(entry.xml), { ...entry, status }) };
}

interface ObjectFacts {
  readonly attributes: Readonly<Record<string, string | null>>;
  /** Slots of the registry, in the place of those of the same name. */
  readonly slots: Readonly<Record<string, string>>;
  readonly version: number | null;
  /** Node of a classification to add. */
  readonly mark?: string | null;
}

/** Order of ebRIM 3.0: Slot, Name, Description, VersionInfo, Classification, ExternalIdentifier. */
function objectXml(node: XmlNode, id: string, facts: ObjectFacts): string {
  const inner = elements(node).filter((e) => e.ns === RIM_NS);
  const named = (name: string): string =>
    inner
      .filter((e) => e.name === name)
      .map((e) => rimXml(e, id))
      .join("");
  const attributes = Object.entries(facts.attributes).map(([name, value]) =>
    value === null ? "" : ` ${name}="${escapeXml(value)}"`,
  );
  const slots = [
    ...inner
      .filter((e) => e.name === "Slot" && !Object.hasOwn(facts.slots, attr(e, "name") ?? ""))
      .map((e) => rimXml(e, id)),
    ...Object.entries(facts.slots).map(([name, value]) => slotXml(name, [value])),
  ];
  const mark = facts.mark
    ? `<rim:Classification id="urn:uuid:${randomUUID()}" classifiedObject="${id}" classificationNode="${facts.mark}"/>`
    : "";
  const version = facts.version === null ? "" : `<rim:VersionInfo versionName="${facts.version}"/>`;
  const body = `${slots.join("")}${named("Name")}${named("Description")}${version}${named("Classification")}${mark}${named("ExternalIdentifier")}`;
  return `<rim:${node.name} xmlns:rim="${RIM_NS}"${attributes.join("")}>${body}</rim:${node.name}>`;
}

/** Serialises what stands inside a registry object; ids become the registry's, references lead to the object. */
function rimXml(node: XmlNode, owner: string): string {
  const identified = node.name === "Classification" || node.name === "ExternalIdentifier";
  const attributes = node.attributes
    .filter((a) => a.ns === "")
    .map(({ name, value }) => {
      const own =
        identified && name === "id"
          ? `urn:uuid:${randomUUID()}`
          : name === "classifiedObject" || name === "registryObject"
            ? owner
            : value;
      return ` ${name}="${escapeXml(own)}"`;
    });
  // The only foreign attribute of the metadata is xml:lang; the prefix needs no declaration.
  const lang = node.attributes.filter((a) => a.prefix === "xml").map((a) => ` xml:${a.name}="${escapeXml(a.value)}"`);
  const inner = elements(node).filter((e) => e.ns === RIM_NS);
  const content = inner.length > 0 ? inner.map((e) => rimXml(e, owner)).join("") : escapeXml(text(node) ?? "");
  return `<rim:${node.name}${attributes.join("")}${lang.join("")}>${content}</rim:${node.name}>`;
}

function slotXml(name: string, values: readonly string[]): string {
  const list = values.map((value) => `<rim:Value>${escapeXml(value)}</rim:Value>`);
  return `<rim:Slot name="${escapeXml(name)}"><rim:ValueList>${list.join("")}</rim:ValueList></rim:Slot>`;
}
