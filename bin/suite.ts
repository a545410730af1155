/** What nearly every command needs: the package root, the registry of checks, the specs, all validated. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { allChecks } from "../checks/index.js";
import { validateRegistry } from "../core/evaluate/evaluate.js";
import { type CheckDef, packageRoot, type RulePackFacts, type SessionMode } from "../core/model/index.js";
import {
  keyOfSpecs,
  type LoadedConfig,
  loadConfig,
  loadSpecs,
  openSchemas,
  readPrepared,
  type Specs,
} from "../core/plan/index.js";
import { withDossier } from "./dossier/merge.js";
import { french } from "./errors-fr.js";
import type { Lang, Progress } from "./output.js";
import { demandRuleSet, demandTrustedPack, loadRulePack, type RulePack, rulePackLine } from "./rule-pack.js";
import { effectiveDigest, loadRuleSet } from "./rule-set.js";
import { loadTrust } from "./trust.js";

export interface Suite {
  readonly root: string;
  readonly checks: readonly CheckDef[];
  readonly specs: Specs;
  /** Digest of the rule set in force, the rule pack included. */
  readonly ruleSet: string;
  /** The rule pack of an agency that stands over our specs, if any: the facts a run writes down, and the pack itself. */
  readonly rules: RulePackFacts | null;
  readonly pack: RulePack | null;
}

export interface SuiteOptions {
  /** Folder of a rule pack. */
  readonly specs?: string | undefined;
}

/** Throws SuiteError ERR_SPEC when the suite's own files have a fault, ERR_RULES or ERR_RULE_SET for those of a rule pack. */
export function openSuite({ specs: folder }: SuiteOptions = {}): Suite {
  const root = packageRoot(import.meta.url);
  validateRegistry(allChecks, decisions(root));
  const pack = folder === undefined ? null : loadRulePack(folder, openSchemas(path.join(root, "specs", "schemas")));
  const own = loadRuleSet(root);
  if (pack) demandRuleSet(pack.folder, pack.card, own);
  return {
    root,
    checks: allChecks,
    specs: pack ? loadSpecs(root, { checks: allChecks, overlay: pack.overlay }) : ownSpecs(root),
    ruleSet: effectiveDigest(own, pack?.facts.digest ?? null),
    rules: pack?.facts ?? null,
    pack,
  };
}

/** Read and verified at build when nothing changed since; by ourselves otherwise. Kept for the life of the process. */
function ownSpecs(root: string): Specs {
  const key = keyOfSpecs(root, allChecks);
  if (kept?.key !== key) {
    kept = { key, specs: readPrepared(preparedSpecsFile(root), key) ?? loadSpecs(root, { checks: allChecks }) };
  }
  return kept.specs;
}

let kept: { readonly key: string; readonly specs: Specs } | null = null;

/** Written by the build step. */
export function preparedSpecsFile(root: string): string {
  return path.join(root, "dist", "specs.json");
}

export interface PackOptions extends SuiteOptions {
  /** File of trusted keys, to name the signer of the pack. */
  readonly trust?: string | undefined;
  /** `homologation`: the pack must be a trusted agency's. */
  readonly mode?: SessionMode;
  readonly lang: Lang;
}

/** As `openSuite`, and tells on stderr which rule pack stands there and who signed it. */
export function openToldSuite({ specs, trust: trustFile, mode, lang }: PackOptions): Suite {
  const suite = openSuite({ specs });
  if (!suite.pack) return suite;
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const trust = trustFile === undefined ? null : loadTrust(trustFile, schemas);
  const now = new Date().toISOString();
  if (mode === "homologation") demandTrustedPack(suite.pack, trust, now);
  process.stderr.write(`${rulePackLine(suite.pack, trust, now, lang)}\n`);
  return suite;
}

/** Names of the decisions that may make a non-blocking mark a breach: files of docs/decisions without their ending. */
function decisions(root: string): string[] {
  try {
    return readdirSync(path.join(root, "docs", "decisions"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => name.replace(/\.md$/, ""));
  } catch {
    return [];
  }
}

/** `YYYY-MM-DD`, by universal time. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** The user's configuration, with the proofs of its dossier; warnings are told. */
export function openConfig(file: string, suite: Suite, progress: Progress, lang: Lang): LoadedConfig {
  const loaded = loadConfig(file, {
    schemas: openSchemas(path.join(suite.root, "specs", "schemas")),
    specs: suite.specs,
  });
  const say = (text: string): string => (lang === "fr" ? (french(text) ?? text) : text);
  for (const { where, what, mend } of loaded.warnings)
    progress.line(`! ${where ? `${where}: ` : ""}${say(what)}. ${say(mend)}`);
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  return { ...loaded, config: withDossier(loaded.config, suite.specs, schemas, today()).config };
}
