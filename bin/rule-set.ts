/** Identity of the rule set: a digest over everything that can change a verdict, computed at build and shipped. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { canonicalJson } from "../core/model/index.js";

/**
 * What turns a recording into verdicts and a decision (architecture, decision 1), and what a verifier plays again to know whether
 * the recording was made as asked: fixtures, their drawing, the facts of a scenario. Not in it, because no answer about a bundle
 * depends on them: the services and drivers themselves (they make the recording), core/seal (one format, whatever the rules),
 * reports, the prose and broken cases of checks.
 */
const ENGINE = [
  "bin/agency-decision.ts",
  "bin/challenge-traces.ts",
  "bin/judgement.ts",
  "bin/lanes.ts",
  "bin/played.ts",
  "bin/rule-pack.ts",
  "bin/suite.ts",
  "checks",
  "core/drive/play.ts",
  "core/evaluate",
  "core/model",
  "core/plan",
  "core/record",
  "core/score",
  "fixtures/identities",
  "package-lock.json",
  "protocols",
  "services/shared/draw-scenarios.ts",
  "services/shared/draw.ts",
  "services/shared/identities.ts",
  "services/shared/seeded.ts",
];
/** What is asked: the part over which a rule pack lays its own. */
const SPECS = ["specs"];

export interface RuleSet {
  readonly format: "segur-rule-set/1";
  /** Of the rule set without a rule pack. */
  readonly digest: string;
  readonly engine: string;
  readonly specs: string;
  /** How many files it covers. */
  readonly files: number;
}

/** Digests over the sources in a clone. Broken cases, tests and prose of checks cannot change a verdict and are left out. */
export function computeRuleSet(root: string): RuleSet {
  const engine = digestsOf(root, ENGINE);
  const specs = digestsOf(root, SPECS);
  const parts = { engine: digestOf(engine), specs: digestOf(specs) };
  return {
    format: "segur-rule-set/1",
    digest: digestOf(parts),
    ...parts,
    files: Object.keys(engine).length + Object.keys(specs).length,
  };
}

/** What a recording is judged by when a rule pack stands over the specs; `pack` is its digest, null = none. */
export function effectiveDigest({ digest, engine, specs }: RuleSet, pack: string | null): string {
  return pack === null ? digest : digestOf({ engine, specs, pack });
}

/** The rule set shipped with the build; computed from the sources when the build has none (development). */
export function loadRuleSet(root: string): RuleSet {
  const file = path.join(root, "dist", "rule-set.json");
  if (!existsSync(file)) return computeRuleSet(root);
  const written = JSON.parse(readFileSync(file, "utf8")) as RuleSet;
  // A build of before the digest had two parts.
  return typeof written.engine === "string" ? written : computeRuleSet(root);
}

/** SHA-256 by name, of the files of these folders and files. */
function digestsOf(root: string, parts: readonly string[]): Readonly<Record<string, string>> {
  const digests: Record<string, string> = {};
  const add = (relative: string): void => {
    const full = path.join(root, relative);
    const facts = lstatSync(full, { throwIfNoEntry: false });
    if (facts?.isDirectory()) for (const name of readdirSync(full)) add(`${relative}/${name}`);
    if (!facts?.isFile() || /(\.broken\.ts|\.md)$/.test(relative)) return;
    // Line ends are folded so that a checkout on another system has the same rule set.
    const text = readFileSync(full, "utf8").replaceAll("\r\n", "\n");
    digests[relative] = createHash("sha256").update(text).digest("hex");
  };
  for (const part of parts) add(part);
  return digests;
}

/** Canonical JSON sorts the names: the order of a disk counts for nothing. */
function digestOf(value: Readonly<Record<string, string>>): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
