/** What nearly every command needs: the package root, the registry of checks, the specs, all validated. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { allChecks } from "../checks/index.js";
import { validateRegistry } from "../core/evaluate/evaluate.js";
import { type CheckDef, packageRoot } from "../core/model/index.js";
import { type LoadedConfig, loadConfig, loadSpecs, openSchemas, type Specs } from "../core/plan/index.js";
import { french } from "./errors-fr.js";
import type { Lang, Progress } from "./output.js";

export interface Suite {
  readonly root: string;
  readonly checks: readonly CheckDef[];
  readonly specs: Specs;
}

/** Throws SuiteError ERR_SPEC when the suite's own files have a fault. */
export function openSuite(): Suite {
  const root = packageRoot(import.meta.url);
  validateRegistry(allChecks, decisions(root));
  return { root, checks: allChecks, specs: loadSpecs(root, { checks: allChecks }) };
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

/** The user's configuration; warnings are told. */
export function openConfig(file: string, suite: Suite, progress: Progress, lang: Lang): LoadedConfig {
  const loaded = loadConfig(file, {
    schemas: openSchemas(path.join(suite.root, "specs", "schemas")),
    specs: suite.specs,
  });
  const say = (text: string): string => (lang === "fr" ? (french(text) ?? text) : text);
  for (const { where, what, mend } of loaded.warnings)
    progress.line(`! ${where ? `${where}: ` : ""}${say(what)}. ${say(mend)}`);
  return loaded;
}
