/** Identity of the rule set: a digest over everything that can change a verdict, computed at build and shipped. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { byCodeUnit, canonicalJson } from "../core/model/index.js";

/** Folders and files that decide a verdict (architecture, decision 1). */
const PARTS = [
  "checks",
  "protocols",
  "specs",
  "core/evaluate",
  "core/score",
  "core/plan",
  "core/model",
  "package-lock.json",
];

export interface RuleSet {
  readonly format: "segur-rule-set/1";
  readonly digest: string;
  readonly files: number;
}

/** Digest over the sources in a clone. Broken cases, tests and prose of checks cannot change a verdict and are left out. */
export function computeRuleSet(root: string): RuleSet {
  const digests: Record<string, string> = {};
  const walk = (relative: string): void => {
    const full = path.join(root, relative);
    if (!existsSync(full)) return;
    for (const entry of readdirSync(full, { withFileTypes: true })) {
      const child = `${relative}/${entry.name}`;
      if (entry.isDirectory()) walk(child);
      else if (entry.isFile() && !/(\.broken\.ts|\.md)$/.test(entry.name)) add(child);
    }
  };
  const add = (relative: string): void => {
    // Line ends are folded so that a checkout on another system has the same rule set.
    const text = readFileSync(path.join(root, relative), "utf8").replaceAll("\r\n", "\n");
    digests[relative] = createHash("sha256").update(text).digest("hex");
  };
  for (const part of PARTS) {
    if (/\.json$/.test(part)) {
      if (existsSync(path.join(root, part))) add(part);
    } else walk(part);
  }
  const names = Object.keys(digests).sort(byCodeUnit);
  const digest = createHash("sha256").update(canonicalJson(digests)).digest("hex");
  return { format: "segur-rule-set/1", digest, files: names.length };
}

/** The digest shipped with the build; computed from the sources when the build has none (development). */
export function ruleSetDigest(root: string): string {
  const file = path.join(root, "dist", "rule-set.json");
  if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as RuleSet).digest;
  return computeRuleSet(root).digest;
}
