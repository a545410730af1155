/**
 * The specs as read and verified once, at build: reading some 100 YAML files again at each command takes most of a second.
 * What was prepared serves only while every byte it was made from is the same.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { byCodeUnit, type CheckDef, canonicalJson } from "../model/index.js";
import type { Specs } from "./specs.js";

const FORMAT = "segur-prepared-specs/1";
/** What `loadSpecs` reads, and what it verifies with. */
const READ = ["specs", "fixtures/identities"];

/** SHA-256 of all that the specs and their verification depend on, the ids of the checks included. */
export function keyOfSpecs(root: string, checks: readonly CheckDef[]): string {
  const names = READ.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(yaml|json)$/.test(name))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
  ).sort(byCodeUnit);
  const hash = createHash("sha256");
  for (const name of names) {
    hash.update(`${name}\0`).update(
      createHash("sha256")
        .update(readFileSync(path.join(root, name)))
        .digest(),
    );
  }
  hash.update(canonicalJson(checks.map(({ id, scenarios }) => ({ id, scenarios: scenarios ?? [] }))));
  return hash.digest("hex");
}

/** Text of the file that `readPrepared` reads. `specs` come from `loadSpecs` without a rule pack. */
export function writePrepared(key: string, specs: Specs): string {
  return JSON.stringify({ format: FORMAT, key, specs });
}

/** Null when the file is absent, of another key or of another format: the specs are then read anew. */
export function readPrepared(file: string, key: string): Specs | null {
  try {
    const prepared = JSON.parse(readFileSync(file, "utf8")) as { format?: unknown; key?: unknown; specs: Specs };
    return prepared.format === FORMAT && prepared.key === key ? prepared.specs : null;
  } catch {
    return null;
  }
}
