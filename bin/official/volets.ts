/**
 * Which volet (rules of one kind of document) a document is for. The schematrons say themselves which template they demand of a
 * document; the document says the version beside its template. Two documents of one template may follow two versions: nothing is
 * guessed silently, every choice says how it was made.
 */
import { byCodeUnit, type OfficialReason, type OfficialVolet } from "../../core/model/index.js";
import type { RuleFiles } from "../../protocols/schematron/index.js";
import { attr, children, descendants, parseXml, XmlError, type XmlNode } from "../../protocols/xml.js";

/** Document templates of the CI-SIS stand under this arc; the first of them is that of every document. */
const FRENCH_ARC = "1.2.250.1.213.1.1.1.";
const EVERY_DOCUMENT = "1.2.250.1.213.1.1.1.1";
/** IHE XDS-SD: any level 1 document (dmp.md §4.1). */
export const LEVEL_1 = "1.3.6.1.4.1.19376.1.2.20";

/** Templates that their schematrons do not demand, in the tree as published (dmp.md §4.3): volet without its version. */
const KNOWN: Readonly<Record<string, string>> = {
  "1.2.250.1.213.1.1.1.55": "BIO-CR-BIO",
  "1.2.250.1.213.1.1.1.18": "OPH-CR-RTN",
  "1.2.250.1.213.1.1.1.5.4": "CSE-MDE",
};

export interface Volet {
  /** Path of the schematron in the tree. */
  readonly entry: string;
  /** `BIO-CR-BIO` */
  readonly family: string;
  /** `2024.01` */
  readonly version: string;
  /** Templates it demands of the document; its files are read when first asked. */
  readonly templates: readonly string[];
  /** Codes it demands of the document. */
  readonly codes: readonly string[];
  /** False when it certainly does not demand this template: nothing of it is parsed to say so. */
  mayDemand(template: string): boolean;
}

export type Chosen =
  | { readonly volet: OfficialVolet }
  | { readonly reason: OfficialReason; readonly where: string | null; readonly applies: boolean };

const ENTRY = /^schematrons\/(?:CI-SIS_)?([^/]+?)_(\d{4}\.\d{2})\.sch$/;
const NS = "http://purl.oclc.org/dsdl/schematron";
/** Beyond so many templates of a document, reading all volets is less work than looking for each. */
const FEW = 30;
/** Files of one volet read for this: its entry and what it includes of its own. */
const MAX_INCLUDES = 300;

export function voletsOf(files: RuleFiles): readonly Volet[] {
  const lower = new Map([...files.paths()].map((name) => [name.toLowerCase(), name]));
  return [...files.paths()]
    .flatMap((entry) => {
      const [, name, version] = ENTRY.exec(entry) ?? [];
      // A version may stand inside the name too (`VSM_1.4_2022.01`): the volet is the same one.
      const family = name?.replace(/(?:_\d+(?:\.\d+)*)+$/, "");
      return family === undefined || version === undefined ? [] : [new TreeVolet(entry, family, version, files, lower)];
    })
    .sort((a, b) => byCodeUnit(a.entry, b.entry));
}

/** A document names one template or two, a tree has sixty volets: parsing them all would take longer than judging the document. */
class TreeVolet implements Volet {
  readonly entry: string;
  readonly family: string;
  readonly version: string;
  private readonly files: RuleFiles;
  private readonly lower: ReadonlyMap<string, string>;
  private demands: Demands | null = null;
  private parts: readonly Buffer[] | "unknown" | null = null;

  constructor(entry: string, family: string, version: string, files: RuleFiles, lower: ReadonlyMap<string, string>) {
    this.entry = entry;
    this.family = family;
    this.version = version;
    this.files = files;
    this.lower = lower;
  }

  get templates(): readonly string[] {
    return [...this.read().templates];
  }

  get codes(): readonly string[] {
    return [...this.read().codes];
  }

  mayDemand(template: string): boolean {
    this.parts ??= partsOf(this.entry, this.files, this.lower);
    return this.parts === "unknown" || this.parts.some((raw) => raw.includes(template));
  }

  private read(): Demands {
    this.demands ??= demandsOf(this.entry, this.files, this.lower);
    return this.demands;
  }
}

/**
 * The files `demandsOf` may read, and perhaps more: whatever looks like an include is followed, in comments too. "unknown" when a text
 * may be written otherwise than it reads: by references, or with letters of more than a byte.
 */
function partsOf(entry: string, files: RuleFiles, lower: ReadonlyMap<string, string>): readonly Buffer[] | "unknown" {
  const names = new Set([entry]);
  const parts: Buffer[] = [];
  // A set hands out what is added to it on the way.
  for (const file of names) {
    const bytes = files.read(file);
    if (!bytes) continue;
    const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (raw.includes("&#") || raw.includes(0)) return "unknown";
    parts.push(raw);
    for (const [, quoted = ""] of raw.toString("utf8").matchAll(/href\s*=\s*("[^"]*"|'[^']*')/g)) {
      const href = quoted.slice(1, -1);
      if (href.includes("&")) return "unknown";
      const target = includedPart(file, href, lower);
      if (target !== null) names.add(target);
    }
  }
  return parts;
}

interface Demands {
  readonly templates: Set<string>;
  readonly codes: Set<string>;
}

function demandsOf(entry: string, files: RuleFiles, lower: ReadonlyMap<string, string>): Demands {
  const demands: Demands = { templates: new Set(), codes: new Set() };
  const seen = new Set<string>();
  const queue = [entry];
  for (let file = queue.shift(); file !== undefined && seen.size < MAX_INCLUDES; file = queue.shift()) {
    const bytes = seen.has(file) ? null : files.read(file);
    seen.add(file);
    const root = bytes && readXml(bytes);
    if (!root) continue;
    for (const rule of descendants(root, "rule", NS)) gather(rule, demands);
    for (const include of descendants(root, "include", NS)) {
      const target = includedPart(file, attr(include, "href") ?? "", lower);
      if (target !== null) queue.push(target);
    }
  }
  return demands;
}

/** Shared sections and entries speak of parts of a document, and of other documents: null for them. */
function includedPart(file: string, href: string, lower: ReadonlyMap<string, string>): string | null {
  const target = resolve(file, href);
  return target.includes("/specificationsVolets/") ? (lower.get(target.toLowerCase()) ?? target) : null;
}

function readXml(bytes: Uint8Array): XmlNode | null {
  try {
    return parseXml(bytes, { maxBytes: 8 * 1024 * 1024 });
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
}

function resolve(from: string, href: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const step of href.split("/")) {
    if (step === "..") parts.pop();
    else if (step !== "." && step !== "") parts.push(step);
  }
  return parts.join("/").normalize("NFC");
}

const OF_DOCUMENT = /^\s*\/{0,2}(?:\w+:)?ClinicalDocument\s*$/;
const BY_TEMPLATE = /^\s*\*\[\s*(?:\w+:)?templateId\/@root\s*=\s*["']([\d.]+)["']\s*\]\s*$/;
const TEMPLATE = /^\s*\(?\s*(?:count\(\s*)?(?:\.\/)?(?:\w+:)?templateId\[\s*@root\s*=\s*["']([\d.]+)["']/;
const CODE = /^\s*\(?\s*(?:count\(\s*)?(?:\.\/)?(?:\w+:)?code\[\s*@code\s*=\s*["']([^"']+)["']/;

/** What a rule over the whole document demands of its templates and of its code. */
function gather(rule: XmlNode, { templates, codes }: Demands): void {
  const context = attr(rule, "context") ?? "";
  const own = BY_TEMPLATE.exec(context)?.[1];
  if (own !== undefined) templates.add(own);
  else if (!OF_DOCUMENT.test(context)) return;
  for (const assertion of children(rule, "assert", NS)) {
    const test = attr(assertion, "test") ?? "";
    const template = TEMPLATE.exec(test)?.[1];
    const code = CODE.exec(test)?.[1];
    if (own === undefined && template !== undefined) templates.add(template);
    if (code !== undefined) codes.add(code);
  }
}

/** What a document says of itself. */
export interface DocumentFacts {
  readonly templates: readonly { readonly root: string; readonly extension: string | null }[];
  readonly code: string | null;
}

export function factsOfDocument(root: XmlNode): DocumentFacts {
  const templates = children(root, "templateId").flatMap((node) => {
    const oid = attr(node, "root");
    return oid === null ? [] : [{ root: oid, extension: attr(node, "extension") }];
  });
  const [code] = children(root, "code");
  return { templates, code: attr(code, "code") };
}

export function chooseVolet(document: DocumentFacts, volets: readonly Volet[]): Chosen {
  const level1 = document.templates.some(({ root }) => root === LEVEL_1);
  const named = namedFamilies(document, volets);
  const [only, ...more] = named;
  if (only && more.length > 0) {
    const where = named.map(({ family }) => family).join(", ");
    return { reason: "volet_ambiguous", where, applies: true };
  }
  if (only) return { volet: versionOf(only, volets) };
  const byCode = level1
    ? volets.filter((v) => v.mayDemand(LEVEL_1) && v.templates.includes(LEVEL_1) && isCode(v, document.code))
    : [];
  const newest = byCode.at(-1);
  if (newest) {
    const others = byCode.slice(0, -1).map(({ entry }) => entry);
    return { volet: { entry: newest.entry, choice: "code", template: null, asked: null, others, passes: [] } };
  }
  const own = document.templates.find(({ root }) => root.startsWith(FRENCH_ARC) && root !== EVERY_DOCUMENT);
  if (own) return { reason: "volet_unknown", where: own.root, applies: true };
  return level1
    ? { reason: "no_volet", where: null, applies: false }
    : { reason: "volet_unknown", where: null, applies: true };
}

function isCode(volet: Volet, code: string | null): boolean {
  return code !== null && volet.codes.includes(code);
}

interface Named {
  readonly family: string;
  readonly template: string;
  readonly extension: string | null;
}

/** Volets that a template of the document names alone: one that several volets demand names none of them. */
function namedFamilies(document: DocumentFacts, volets: readonly Volet[]): readonly Named[] {
  const families = new Map<string, Set<string>>();
  const add = (template: string, family: string): void => {
    families.set(template, (families.get(template) ?? new Set()).add(family));
  };
  const own = document.templates.map(({ root }) => root).filter((root) => root !== EVERY_DOCUMENT && root !== LEVEL_1);
  for (const volet of volets) {
    if (own.length <= FEW && !own.some((template) => volet.mayDemand(template))) continue;
    for (const template of volet.templates) add(template, volet.family);
  }
  for (const [template, family] of Object.entries(KNOWN)) {
    if (volets.some((volet) => volet.family === family)) add(template, family);
  }
  const named = new Map<string, Named>();
  for (const { root, extension } of document.templates) {
    const [family, ...others] = families.get(root) ?? [];
    if (family === undefined || others.length > 0 || root === EVERY_DOCUMENT || root === LEVEL_1) continue;
    const before = named.get(family);
    // The French template of a volet says more than the international one it rests on.
    if (!before || (root.startsWith(FRENCH_ARC) && !before.template.startsWith(FRENCH_ARC))) {
      named.set(family, { family, template: root, extension });
    }
  }
  const french = [...named.values()].filter(({ template }) => template.startsWith(FRENCH_ARC));
  return french.length > 0 ? french : [...named.values()];
}

function versionOf({ family, template, extension }: Named, volets: readonly Volet[]): OfficialVolet {
  const versions = volets
    .filter((volet) => volet.family === family)
    .sort((a, b) => byCodeUnit(a.version, b.version) || byCodeUnit(a.entry, b.entry));
  const exact = versions.find(({ version }) => version === extension);
  const volet = exact ?? versions.at(-1);
  return {
    entry: volet?.entry ?? "",
    choice: exact ? "version" : "newest",
    template,
    asked: extension,
    others: versions.filter((one) => one !== volet).map(({ entry }) => entry),
    passes: [],
  };
}

/** The volet a user names: path in the tree, file name, or file name without its end. Null when the tree has none. */
export function voletNamed(name: string, volets: readonly Volet[]): Volet | null {
  const plain = name
    .replaceAll("\\", "/")
    .split("/")
    .at(-1)
    ?.replace(/\.sch$/i, "")
    .toLowerCase();
  const base = (entry: string): string => entry.slice(entry.lastIndexOf("/") + 1, -4).toLowerCase();
  return volets.find(({ entry }) => base(entry) === plain || base(entry) === `ci-sis_${plain}`) ?? null;
}
