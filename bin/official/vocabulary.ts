/**
 * Vocabularies of the header rules that the tree does not hold, rebuilt from the value sets of the same tree. The public tree lacks
 * the one of document types (JDV_J07): its own engine then stops at every document.
 */
import type { RuleFiles } from "../../protocols/schematron/index.js";
import { attr, child, children, escapeXml, parseXml, XmlError, type XmlNode } from "../../protocols/xml.js";

/** As the header rules name a vocabulary: its OID between these words. */
const ASKED = /(?:include\/)?voc-(\d+(?:\.\d+)+)-DYNAMIC\.xml/g;
const SVS = "urn:ihe:iti:svs:2008";
const HL7 = "urn:hl7-org:v3";

export interface RebuiltFiles {
  readonly files: RuleFiles;
  /** Short names, such as JDV_J07. */
  readonly rebuilt: readonly string[];
}

/** `entry`: the header schematron; its vocabularies stand in `include/` beside it. */
export function withRebuiltVocabularies(files: RuleFiles, entry: string): RebuiltFiles {
  const folder = entry.slice(0, entry.lastIndexOf("/") + 1);
  const missing = missingVocabularies(files, folder);
  const made = new Map<string, Uint8Array>();
  const rebuilt: string[] = [];
  if (missing.length > 0) {
    const sets = valueSets(files, missing);
    for (const oid of missing) {
      const set = sets.get(oid);
      if (!set) continue;
      made.set(`${folder}include/voc-${oid}-DYNAMIC.xml`, Buffer.from(vocabularyText(set)));
      rebuilt.push(set.name);
    }
  }
  if (made.size === 0) return { files, rebuilt: [] };
  return {
    files: {
      read: (path) => files.read(path) ?? made.get(path) ?? null,
      paths: () => [...files.paths(), ...made.keys()],
    },
    rebuilt,
  };
}

/** OIDs that the schematrons under a folder ask for and that no file answers, in the order of the tree. */
function missingVocabularies(files: RuleFiles, folder: string): readonly string[] {
  const asked = new Set<string>();
  for (const name of files.paths()) {
    if (!name.startsWith(folder) || !name.endsWith(".sch")) continue;
    const text = Buffer.from(files.read(name) ?? []).toString("latin1");
    for (const [, oid] of text.matchAll(ASKED)) if (oid !== undefined) asked.add(oid);
  }
  return [...asked].filter((oid) => files.read(`${folder}include/voc-${oid}-DYNAMIC.xml`) === null);
}

interface ValueSet {
  readonly name: string;
  readonly oid: string;
  readonly concepts: readonly XmlNode[];
}

/** Value sets of the tree (IHE SVS answers) by OID; the last file of a name wins nothing: the first one stays. */
function valueSets(files: RuleFiles, wanted: readonly string[]): ReadonlyMap<string, ValueSet> {
  const found = new Map<string, ValueSet>();
  for (const name of files.paths()) {
    if (!/^jeuxDeValeurs\/[^/]+\.xml$/.test(name)) continue;
    const bytes = files.read(name);
    if (!bytes || !mayName(bytes, wanted)) continue;
    const set = readValueSet(bytes, name);
    if (set && !found.has(set.oid)) found.set(set.oid, set);
  }
  return found;
}

/**
 * Whether one of the OIDs can be the id of this value set: a tree has five hundred, and reading them all takes longer than judging a
 * document. An OID may also be written with character references, or in an encoding where a letter is more than a byte.
 */
function mayName(bytes: Uint8Array, oids: readonly string[]): boolean {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return oids.some((oid) => raw.includes(oid)) || raw.includes("&#") || raw.includes(0);
}

function readValueSet(bytes: Uint8Array, file: string): ValueSet | null {
  let root: XmlNode;
  try {
    root = parseXml(bytes);
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
  const set = child(root, "ValueSet", SVS);
  const oid = attr(set, "id");
  if (!set || oid === null) return null;
  const base = file.slice(file.lastIndexOf("/") + 1).replace(/\.xml$/, "");
  return {
    name: /^(?:JDV|ASS|TRE)_[A-Z]\d+/.exec(base)?.[0] ?? base,
    oid,
    concepts: children(child(set, "ConceptList", SVS), "Concept", SVS),
  };
}

/**
 * In the shape the header rules read: below the root everything is in no namespace. With one, no path of theirs would find anything
 * and every document would fail on its code, with a message that looks right.
 */
function vocabularyText({ oid, name, concepts }: ValueSet): string {
  const of = (concept: XmlNode, key: string): string => `${key}="${escapeXml(attr(concept, key) ?? "")}"`;
  const rows = concepts.map(
    (concept) => `<concept ${of(concept, "code")} ${of(concept, "codeSystem")} ${of(concept, "displayName")}/>`,
  );
  return `<valueSets xmlns="${HL7}"><valueSet xmlns="" id="${escapeXml(oid)}" name="${escapeXml(name)}"><conceptList>${rows.join("")}</conceptList></valueSet></valueSets>`;
}
