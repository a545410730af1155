/**
 * A copy of an official tree that Saxon can run on any disk: includes and value sets that differ from the name of their file by letter
 * case only are mended (the tree was written on a disk that ignores case), and the one vocabulary that the header rules ask for and
 * the tree lacks (JDV_J07) is rebuilt. The copy stands in a cache named by the digest of what was copied; the tree itself is never
 * written to. This is done apart from the product's own reader of such trees, which the oracle is the witness of.
 */
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseXml } from "../../protocols/xml.js";

/** Raised when the preparation changes what the copy holds. */
const COPY_VERSION = "2";

export interface Layer {
  /** `header`, `ihe`, `models`, `ans-models`, `terminologies`, or `volet:` and the name of the entry without `CI-SIS_` and `.sch`. */
  readonly id: string;
  /** From the root of the tree. */
  readonly entry: string;
}

export interface UnusableLayer extends Layer {
  /** Includes that lead nowhere, as written. */
  readonly missing: readonly string[];
}

export interface PreparedTree {
  readonly folder: string;
  /** SHA-256 of everything copied: rules, engine style sheets, value sets. */
  readonly digest: string;
  readonly layers: readonly Layer[];
  readonly unusable: readonly UnusableLayer[];
}

const PROFILES: readonly Layer[] = [
  { id: "header", entry: "schematrons/profils/structurationMinimale/ASIP-STRUCT-MIN-StrucMin.sch" },
  { id: "ihe", entry: "schematrons/profils/IHE.sch" },
  { id: "models", entry: "schematrons/profils/CI-SIS_ModelesDeContenusCDA.sch" },
  { id: "ans-models", entry: "schematrons/profils/CI-SIS_Modeles_ANS.sch" },
  { id: "terminologies", entry: "schematrons/profils/terminologies/schematron/terminologie.sch" },
];

const ENGINE = [
  "iso_dsdl_include.xsl",
  "iso_abstract_expand.xsl",
  "iso_svrl_for_xslt2.xsl",
  "iso_schematron_skeleton_for_saxon.xsl",
].map((file) => `schematrons/moteur/${file}`);

/** Why a folder is no official tree, or null. */
export function notOfficial(dir: string): string | null {
  const lacking = [...ENGINE, ...PROFILES.map((layer) => layer.entry), "jeuxDeValeurs", "ExemplesCDA"].filter(
    (file) => !existsSync(path.join(dir, file)),
  );
  return lacking.length === 0 ? null : `${lacking[0]} is not there`;
}

/** Rules, engine and value sets: what a verdict may depend on. POSIX paths, in a fixed order. */
function wantedFiles(dir: string): string[] {
  const all = ["schematrons", "jeuxDeValeurs"].flatMap((top) =>
    readdirSync(path.join(dir, top), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join("/")),
  );
  const engine = new Set(ENGINE);
  return all
    .filter((file) => !/^schematrons\/(moteur|rapports)\//.test(file) || engine.has(file))
    .filter((file) => /\.(sch|xml|rdf|xsl)$/i.test(file))
    .sort();
}

/** Copies the tree into `cache` unless that was done before. */
export function prepareTree(dir: string, cache: string): PreparedTree {
  const files = wantedFiles(dir);
  const hash = createHash("sha256").update(`${COPY_VERSION}\n`);
  for (const file of files) {
    hash.update(
      `${file}\n${createHash("sha256")
        .update(readFileSync(path.join(dir, file)))
        .digest("hex")}\n`,
    );
  }
  const digest = hash.digest("hex");
  const folder = path.join(cache, digest.slice(0, 16), "tree");
  if (!existsSync(folder)) {
    const making = `${folder}.${process.pid}`;
    for (const file of files) {
      const target = path.join(making, file);
      mkdirSync(path.dirname(target), { recursive: true });
      cpSync(path.join(dir, file), target);
    }
    rebuildTypeCodes(making);
    for (const { entry } of allLayers(making)) mend(making, entry);
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
  }
  const layers: Layer[] = [];
  const unusable: UnusableLayer[] = [];
  for (const layer of allLayers(folder)) {
    const missing = mend(folder, layer.entry);
    if (missing.length === 0) layers.push(layer);
    else unusable.push({ ...layer, missing });
  }
  return { folder, digest, layers, unusable };
}

function allLayers(folder: string): Layer[] {
  const volets = readdirSync(path.join(folder, "schematrons"))
    .filter((name) => /^CI-SIS_.*\.sch$/.test(name))
    .sort()
    .map((name) => ({ id: `volet:${name.slice("CI-SIS_".length, -".sch".length)}`, entry: `schematrons/${name}` }));
  return [...PROFILES, ...volets];
}

/**
 * Puts a copy under the name that is asked for where only the case differs, for the includes of an entry (each from the folder of the
 * file that includes) and for the value sets it names (from the folder of the entry, where the compiled style sheet will stand).
 * Returns the includes that lead nowhere.
 */
function mend(folder: string, entry: string): string[] {
  const missing: string[] = [];
  const seen = new Set<string>();
  const walk = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(path.join(folder, file), "utf8").replace(/<!--[\s\S]*?-->/g, "");
    for (const [, href = ""] of text.matchAll(/<(?:\w+:)?include\s[^>]*?href\s*=\s*"([^"]*)"/g)) {
      const target = path.posix.join(path.posix.dirname(file), href);
      if (underItsName(folder, target)) walk(target);
      else missing.push(href);
    }
    for (const [, literal = ""] of text.matchAll(/'([^'\s]+\.xml)'/g)) {
      underItsName(folder, path.posix.join(path.posix.dirname(entry), literal));
    }
  };
  walk(entry);
  return missing;
}

/** Whether the file is there under exactly this name; one whose name differs by case only is copied to it. */
function underItsName(folder: string, file: string): boolean {
  if (file.startsWith("..")) return false;
  const wanted = path.join(folder, file);
  if (existsSync(wanted)) return true;
  const found = nearly(folder, file.split("/"));
  if (found === null) return false;
  mkdirSync(path.dirname(wanted), { recursive: true });
  cpSync(found, wanted);
  return true;
}

/** The file whose path differs by case only; more than one folder may fit a step, since mending makes some. */
function nearly(folder: string, [step, ...rest]: readonly string[]): string | null {
  if (step === undefined) return folder;
  if (step === "." || step === "..") return nearly(path.join(folder, step), rest);
  const key = step.normalize("NFC").toLowerCase();
  const names = existsSync(folder) ? readdirSync(folder).filter((n) => n.normalize("NFC").toLowerCase() === key) : [];
  for (const name of names.sort()) {
    const found = nearly(path.join(folder, name), rest);
    if (found !== null) return found;
  }
  return null;
}

const TYPE_CODES = "jeuxDeValeurs/JDV_J07_XdsTypeCode_CISIS.xml";
const TYPE_CODES_ASKED = "schematrons/profils/structurationMinimale/include/voc-1.2.250.1.213.1.1.5.471-DYNAMIC.xml";

/** The value set of type codes in the shape of its neighbours: below the root, which is in HL7's namespace, all is in none. */
function rebuildTypeCodes(folder: string): void {
  if (existsSync(path.join(folder, TYPE_CODES_ASKED))) return;
  const concepts: string[] = [];
  const walk = (node: ReturnType<typeof parseXml>): void => {
    if (node.name === "Concept") {
      const attributes = ["code", "codeSystem", "displayName"].map((name) => {
        const value = node.attributes.find((attribute) => attribute.name === name)?.value ?? "";
        return `${name}="${value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")}"`;
      });
      concepts.push(`<concept ${attributes.join(" ")}/>`);
    }
    for (const child of node.children) if (typeof child !== "string") walk(child);
  };
  walk(parseXml(readFileSync(path.join(folder, TYPE_CODES))));
  writeFileSync(
    path.join(folder, TYPE_CODES_ASKED),
    `<valueSets xmlns="urn:hl7-org:v3"><valueSet xmlns="" id="1.2.250.1.213.1.1.5.471"><conceptList>\n${concepts.join("\n")}\n</conceptList></valueSet></valueSets>\n`,
  );
}
