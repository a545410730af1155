/**
 * `--specs DIR`: a rule pack of an agency, read from its folder. It is foreign data: only plain YAML files of three folders and
 * the signed manifest are read, each once, and nothing that the manifest does not name by its SHA-256.
 */
import { type Dirent, lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { byCodeUnit, type RulePackFacts, SuiteError, type Text } from "../core/model/index.js";
import type { OverlayFiles, Schemas } from "../core/plan/index.js";
import { refuse } from "../core/plan/problems.js";
import { readYaml } from "../core/plan/yaml.js";
import { Refusal } from "../core/seal/refusal.js";
import {
  isRulesFile,
  MAX_RULES_FILES,
  openRulePack,
  RULES_CARD,
  RULES_ENVELOPE,
  RULES_FOLDERS,
  rulePackDifferences,
  rulePackDigest,
  rulePackSigner,
  type SignedRulePack,
} from "../core/seal/rule-pack.js";
import type { Trust } from "../core/seal/trust.js";
import type { Lang } from "./output.js";
import type { RuleSet } from "./rule-set.js";
import { RULES_WORDS } from "./words/rules.js";

/** Largest file and largest pack, in bytes. Our own specs have half a million in all. */
const MAX_FILE = 1_000_000;
const MAX_PACK = 20_000_000;

/** `rules.yaml`. */
export interface RulePackCard {
  readonly format: "segur-rules/1";
  readonly name: string;
  readonly version: string;
  readonly basisNote: Text;
  /** Digest of the rule set it is made for. */
  readonly extends?: string;
}

/** A pack that is whole: card and files are as its manifest says. Who signed it is another question. */
export interface RulePack {
  readonly folder: string;
  readonly card: RulePackCard;
  readonly facts: RulePackFacts;
  readonly signed: SignedRulePack;
  readonly overlay: OverlayFiles;
}

/** The files of a pack folder but its envelope, by name. Throws SuiteError ERR_RULES for anything that does not belong there. */
export function readRulesFolder(folder: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let size = 0;
  for (const name of namesIn(folder)) {
    if (name === RULES_ENVELOPE) continue;
    const bytes = readPlainFile(folder, name);
    size += bytes.length;
    if (files.size >= MAX_RULES_FILES || size > MAX_PACK) throw tooLarge(folder);
    files.set(name, bytes);
  }
  if (!files.has(RULES_CARD)) {
    throw new SuiteError("ERR_RULES", `this is not a rule pack: ${RULES_CARD} is missing`, {
      where: folder,
      mend: "give the folder of a rule pack; docs/rule-packs.md says what it holds",
    });
  }
  return files;
}

/** `rules.yaml`, validated. Throws MistakesError ERR_RULES. */
export function readCard(folder: string, files: ReadonlyMap<string, Uint8Array>, schemas: Schemas): RulePackCard {
  const yaml = readYaml(textOf(files, RULES_CARD, folder), path.join(folder, RULES_CARD));
  refuse("ERR_RULES", schemas.problems("rules", yaml));
  return yaml.value as RulePackCard;
}

/** Reads a signed pack. Throws SuiteError ERR_RULES with what is wrong, where, and what to do. */
export function loadRulePack(folder: string, schemas: Schemas): RulePack {
  const files = readRulesFolder(folder);
  const signed = readEnvelope(folder);
  const [first] = rulePackDifferences(signed.manifest, files);
  if (first) {
    throw new SuiteError("ERR_RULES", DIFFERENCES[first.kind], {
      where: path.join(folder, first.file),
      mend: "get the pack again from the agency; its author signs it again with `segur rules sign`",
    });
  }
  const card = readCard(folder, files, schemas);
  const { name, version } = signed.manifest;
  if (card.name !== name || card.version !== version) {
    throw new SuiteError("ERR_RULES", "the signed manifest names another pack or version than rules.yaml", {
      where: path.join(folder, RULES_CARD),
      mend: "get the pack again from the agency; its author signs it again with `segur rules sign`",
    });
  }
  return {
    folder,
    card,
    facts: { name, version, digest: rulePackDigest(signed.manifest) },
    signed,
    overlay: overlayOf(folder, files),
  };
}

/** The YAML of a pack as core/plan lays it over ours. Throws SuiteError ERR_RULES for what is no text. */
export function overlayOf(folder: string, files: ReadonlyMap<string, Uint8Array>): OverlayFiles {
  return { folder, files: new Map([...files.keys()].map((file) => [file, textOf(files, file, folder)])) };
}

/** Throws SuiteError ERR_RULE_SET when the pack says that it is made for another rule set than `own`. */
export function demandRuleSet(folder: string, card: RulePackCard, own: RuleSet): void {
  if (card.extends === undefined || card.extends === own.digest) return;
  throw new SuiteError("ERR_RULE_SET", "the rule pack is made for another rule set", {
    where: path.join(folder, RULES_CARD),
    mend: `use the version of segur that has the rule set ${card.extends}; this one has ${own.digest}`,
  });
}

const DIFFERENCES = {
  missing: "a file that the signed manifest names is missing",
  altered: "a file is not the one that was signed",
  unlisted: "a file is not named in the signed manifest",
} as const;

function readEnvelope(folder: string): SignedRulePack {
  const facts = lstatSync(path.join(folder, RULES_ENVELOPE), { throwIfNoEntry: false });
  if (!facts) {
    throw new SuiteError("ERR_RULES", "the rule pack is not signed", {
      where: path.join(folder, RULES_ENVELOPE),
      mend: "its author signs it with `segur rules sign`",
    });
  }
  try {
    return openRulePack(readPlainFile(folder, RULES_ENVELOPE), RULES_ENVELOPE);
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw new SuiteError("ERR_RULES", "this is not the signed manifest of a rule pack", {
      where: path.join(folder, RULES_ENVELOPE),
      mend: "get the pack again from the agency; its author signs it again with `segur rules sign`",
      cause,
    });
  }
}

/** Names with `/` of all that stands in the folder, sorted. Throws for what no pack has. */
function namesIn(folder: string): string[] {
  const names = entriesOf(folder, folder).flatMap((entry) => {
    const isFolder = RULES_FOLDERS.some((known) => known === entry.name);
    if (!isFolder) return [entry.name];
    if (!entry.isDirectory()) throw foreign(folder, entry.name);
    return entriesOf(path.join(folder, entry.name), folder).map((inside) => `${entry.name}/${inside.name}`);
  });
  const odd = names.find((name) => name !== RULES_ENVELOPE && !isRulesFile(name));
  if (odd !== undefined) throw foreign(folder, odd);
  return names.sort(byCodeUnit);
}

function entriesOf(folder: string, pack: string): Dirent[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    throw new SuiteError("ERR_RULES", "the folder of the rule pack cannot be read", {
      where: folder,
      mend: "correct the path, and check who may read it",
      cause,
    });
  }
  if (entries.length > MAX_RULES_FILES) throw tooLarge(pack);
  return entries;
}

/** A link may lead anywhere, a pipe never ends: neither is read. */
function readPlainFile(folder: string, name: string): Uint8Array {
  const file = path.join(folder, name);
  const facts = lstatSync(file, { throwIfNoEntry: false });
  if (!facts?.isFile()) throw foreign(folder, name);
  if (facts.size > MAX_FILE) throw tooLarge(file);
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new SuiteError("ERR_RULES", "a file of the rule pack cannot be read", {
      where: file,
      mend: "check who may read it",
      cause,
    });
  }
}

function textOf(files: ReadonlyMap<string, Uint8Array>, name: string, folder: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(files.get(name));
  } catch (cause) {
    throw new SuiteError("ERR_RULES", "a file of the rule pack is not UTF-8 text", {
      where: path.join(folder, name),
      mend: "save it as UTF-8",
      cause,
    });
  }
}

function foreign(folder: string, name: string): SuiteError {
  return new SuiteError("ERR_RULES", "this does not belong in a rule pack", {
    where: path.join(folder, name),
    mend: "keep only rules.yaml, rules.dsse.json and plain .yaml files in requirements, perimeters and scenarios",
  });
}

function tooLarge(where: string): SuiteError {
  return new SuiteError("ERR_RULES", "the rule pack is too large", {
    where,
    mend: "keep it under 1,000 files, 1 MB a file and 20 MB in all",
  });
}

/** Names the pack and its signer, for people; one line. `instant`: when the pack is used. */
export function rulePackLine(pack: RulePack, trust: Trust | null, instant: string, lang: Lang): string {
  const { name, version } = pack.facts;
  return RULES_WORDS[lang].used(name, version, trust ? rulePackSigner(pack.signed, trust, instant) : null);
}

/**
 * For a homologation and for labels: the rules must be an agency's. `instant`: when the run ended, or now for one that begins.
 * Throws SuiteError ERR_RULES when a pack stands there and no trusted key signed it.
 */
export function demandTrustedPack(pack: RulePack | null, trust: Trust | null, instant: string): void {
  if (!pack || (trust && rulePackSigner(pack.signed, trust, instant) !== null)) return;
  throw new SuiteError("ERR_RULES", "no trusted agency signed this rule pack", {
    where: pack.folder,
    mend: "give --trust with a keys.yaml in which the agency's key has the role `rules`",
  });
}
