/** The objects of a submission name each other by ids that lead somewhere: symbolic inside the message, UUIDs outside it. */
import { defineCheck, type Pointer, type Report } from "../../../core/model/index.js";
import {
  DOCUMENT_RELATIONS,
  HAS_MEMBER,
  RIM_NS,
  XDS_UUID,
  type XdsAssociation,
  type XdsSubmission,
} from "../../../protocols/xds.js";
import { attr, elements, pathOf, type XmlNode } from "../../../protocols/xml.js";
import { SOURCE, WITNESS } from "../helpers/sources.js";
import { submissionOf } from "../helpers/submission.js";

const EBRIM = "OASIS ebRIM 3.0 §2.4.1 and IHE ITI TF-3 §4.2.1, ids of registry objects (dmp.md §2.2, §2.5)";
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** What an upload to the DMP is made of (dmp.md §2.5): new documents, replacements, a signature. Additions and transformations are IHE's only. */
const TYPES: readonly string[] = [HAS_MEMBER, DOCUMENT_RELATIONS.replaces, DOCUMENT_RELATIONS.signs];

export default defineCheck({
  id: "dmp/registry-objects",
  title: {
    fr: "Les objets de la soumission ont chacun leur identifiant, et se désignent les uns les autres sans faute",
    en: "The objects of the submission have an id each, and name each other rightly",
  },
  reads: ["dmp.submit"],
  messages: {
    no_id: {
      weight: "breach",
      source: EBRIM,
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "Un {object} du message n'a pas d'attribut id.",
      en: "A {object} of the message has no id attribute.",
    },
    id_repeated: {
      weight: "breach",
      source: EBRIM,
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "L'id « {id} » est porté par {count} objets du message ; il doit être unique.",
      en: "The id “{id}” is borne by {count} objects of the message; it must be unique.",
    },
    uuid_form: {
      weight: "breach",
      source: `${EBRIM}; RFC 4122 §3`,
      mark: "standard",
      witness: WITNESS.nist,
      fr: "L'id « {id} » commence par urn:uuid: sans être un UUID.",
      en: "The id “{id}” begins with urn:uuid: and is no UUID.",
    },
    owner: {
      weight: "breach",
      source:
        "OASIS ebRIM 3.0 §4.3, §2.9: classifiedObject and registryObject name the object they belong to (dmp.md §2.2)",
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "{object}/@{attribute} attendu « {expected} », l'objet qui le contient ; observé « {observed} ».",
      en: "{object}/@{attribute} expected “{expected}”, the object that holds it; observed “{observed}”.",
    },
    owner_absent: {
      weight: "remark",
      source: "IHE ITI TF-3 §4.2.3.1.2: classifiedObject, registryObject; an example of the editor kit leaves one out",
      mark: "kit",
      witness: "none: optional in the schema of ebRIM 3.0",
      fr: "{object} : l'attribut {attribute} est absent ; « {expected} » est attendu.",
      en: "{object}: the attribute {attribute} is absent; “{expected}” is expected.",
    },
    object_type: {
      weight: "breach",
      source: "IHE ITI TF-3 §4.2.5.2: objectType of a stable document (dmp.md §2.2)",
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "ExtrinsicObject/@objectType attendu {expected} ; observé « {observed} ».",
      en: "ExtrinsicObject/@objectType expected {expected}; observed “{observed}”.",
    },
    dangling: {
      weight: "breach",
      source:
        "IHE ITI TF-3 §4.2.2: an association links objects of the message, or entries of the registry by their UUID (dmp.md §2.5)",
      mark: "standard",
      witness: `${WITNESS.nist}; ${WITNESS.kitMessages}`,
      fr: "Association {type} : {end} « {observed} » n'est ni un objet du message ni un UUID.",
      en: "Association {type}: {end} “{observed}” is neither an object of the message nor a UUID.",
    },
    relation_source: {
      weight: "breach",
      source: "IHE ITI TF-3 §4.2.2.2: the source of a relation is a document of the submission (dmp.md §2.5)",
      mark: "standard",
      witness: WITNESS.nist,
      fr: "Association {type} : la source doit être un document de la soumission ; observé « {observed} ».",
      en: "Association {type}: the source must be a document of the submission; observed “{observed}”.",
    },
    replaced_target: {
      weight: "breach",
      source: `${SOURCE.metadata}; RPLC targets the entryUUID of the replaced document (dmp.md §2.5, §5, S1)`,
      mark: "verified",
      witness: "IHE ITI TF-3 §4.2.2.2.3",
      fr: "Association {type} : la cible doit être l'entryUUID (urn:uuid:…) du document remplacé ; observé « {observed} ».",
      en: "Association {type}: the target must be the entryUUID (urn:uuid:…) of the replaced document; observed “{observed}”.",
    },
    type_unknown: {
      weight: "remark",
      source: "IHE ITI TF-3 §4.2.2, types of associations (dmp.md §2.5)",
      mark: "verified",
      witness: "none",
      fr: "Type d'association inattendu dans un dépôt : « {observed} ».",
      en: "Type of association unexpected in an upload: “{observed}”.",
    },
  },
  evaluate(seen, report) {
    for (const exchange of seen.exchanges) {
      const xds = submissionOf(exchange)?.xds;
      if (!xds) continue;
      const at = (where: string): Pointer => ({ exchange: exchange.id, side: "request", where });
      report.observed(at(pathOf(xds.node)));
      judgeIds(xds, report, at);
      for (const node of objectsOf(xds)) judgeParts(node, report, at);
      for (const { objectType, node } of xds.documents) {
        if (objectType !== XDS_UUID.stableDocument) {
          report.finding("object_type", at(pathOf(node)), { expected: XDS_UUID.stableDocument, observed: objectType });
        }
      }
      for (const association of xds.associations) judgeAssociation(association, xds, report, at);
    }
  },
});

/** Sets and documents: what bears classifications and identifiers. */
function objectsOf(xds: XdsSubmission): XmlNode[] {
  return [...xds.submissionSets, ...xds.documents].map(({ node }) => node);
}

function judgeIds(xds: XdsSubmission, report: Report, at: (where: string) => Pointer): void {
  const bearers = elements(xds.node).filter((e) => e.ns === RIM_NS && e.name !== "Classification");
  const counts = new Map<string, number>();
  for (const node of bearers) {
    const id = attr(node, "id");
    if (!id) report.finding("no_id", at(pathOf(node)), { object: node.name });
    else {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      if (/^urn:uuid:/i.test(id) && !UUID.test(id)) report.finding("uuid_form", at(pathOf(node)), { id });
    }
  }
  for (const [id, count] of counts) {
    if (count > 1) report.finding("id_repeated", at(pathOf(xds.node)), { id, count });
  }
}

function judgeParts(owner: XmlNode, report: Report, at: (where: string) => Pointer): void {
  const expected = attr(owner, "id");
  if (!expected) return;
  for (const part of elements(owner)) {
    const attribute =
      part.name === "Classification"
        ? "classifiedObject"
        : part.name === "ExternalIdentifier"
          ? "registryObject"
          : null;
    if (attribute === null || part.ns !== RIM_NS) continue;
    const observed = attr(part, attribute);
    if (observed === null) {
      report.finding("owner_absent", at(pathOf(part)), { object: part.name, attribute, expected });
    } else if (observed !== expected) {
      report.finding("owner", at(pathOf(part)), { object: part.name, attribute, expected, observed });
    }
  }
}

function judgeAssociation(
  association: XdsAssociation,
  xds: XdsSubmission,
  report: Report,
  at: (where: string) => Pointer,
): void {
  const where = at(pathOf(association.node));
  const type = association.type?.split(":").pop() ?? "?";
  if (!TYPES.includes(association.type ?? "")) report.finding("type_unknown", where, { observed: association.type });
  const documents = new Set(xds.documents.map(({ id }) => id));
  const known = new Set([...documents, ...xds.submissionSets.map(({ id }) => id)]);
  const ends = [
    ["sourceObject", association.source],
    ["targetObject", association.target],
  ] as const;
  for (const [end, observed] of ends) {
    // Associations may be the target of others; what is not of this message is named by its UUID.
    const inMessage = known.has(observed) || xds.associations.some(({ id }) => id !== null && id === observed);
    if (!observed || !(inMessage || UUID.test(observed))) report.finding("dangling", where, { type, end, observed });
  }
  const replaces =
    association.type === DOCUMENT_RELATIONS.replaces || association.type === DOCUMENT_RELATIONS.transformsAndReplaces;
  if (replaces && association.source && !documents.has(association.source)) {
    report.finding("relation_source", where, { type, observed: association.source });
  }
  if (replaces && association.target && known.has(association.target)) {
    report.finding("replaced_target", where, { type, observed: association.target });
  }
}
