import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type CheckDef,
  packageRoot,
  type Requirement,
  type Scenario,
  type SegurConfig,
} from "../../../core/model/index.js";
import { defaultServices, MistakesError, type Problem, type Specs } from "../../../core/plan/index.js";

/** A package root of its own: the real schemas and identities, and the files given (by relative path). */
export function fakeRoot(files: Readonly<Record<string, string>>): { root: string; dispose(): void } {
  const root = mkdtempSync(path.join(tmpdir(), "segur-specs-"));
  for (const shared of ["specs/schemas", "fixtures/identities"]) {
    cpSync(path.join(packageRoot(), shared), path.join(root, shared), { recursive: true });
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return { root, dispose: () => rmSync(root, { recursive: true, force: true }) };
}

/** The mistakes told by a call that must refuse. */
export function mistakes(call: () => unknown): readonly Problem[] {
  try {
    call();
  } catch (error) {
    if (error instanceof MistakesError) return error.problems;
    throw error;
  }
  throw new Error("nothing was refused");
}

const text = { fr: "f", en: "e" };

export function row(id: string, facts: Partial<Requirement> = {}): Requirement {
  return {
    id,
    aliases: [`SC.${id}`],
    wave: "2",
    domain: "INS",
    couloirs: ["MDV/LGC"],
    obsoleteFor: [],
    profiles: ["Général"],
    level: "mandatory",
    title: text,
    verification: "observed",
    services: ["insi"],
    scenarios: [],
    proofs: { ids: [], kinds: [] },
    checks: [],
    supports: [],
    source: "https://example.org",
    confidence: "verified",
    ...facts,
  };
}

export function scenario(id: string, facts: Partial<Scenario> = {}): Scenario {
  return {
    id,
    title: text,
    instruction: text,
    services: ["ins"],
    produces: ["ins.search"],
    steps: [{ operation: "ins.search" }],
    ...facts,
  };
}

export function check(id: string, reads: readonly string[], scenarios?: readonly string[]): CheckDef {
  return { id, title: text, reads, ...(scenarios ? { scenarios } : {}), messages: {}, evaluate: () => undefined };
}

export function specsOf(rows: readonly Requirement[], scenarios: readonly Scenario[]): Specs {
  const perimeter = {
    id: "p",
    couloir: "MDV/LGC",
    wave: "2",
    title: text,
    frozen: "2026-01-01",
    basis: "b",
    basisNote: text,
    knownGap: text,
    subProfiles: ["Sub"],
    groups: [{ id: "g", title: text, rows: rows.filter((one) => one.wave === "2").map((one) => one.id) }],
  } as const;
  return { requirements: rows, unidentified: [], conditions: [], perimeters: [perimeter], scenarios };
}

export function config(facts: Partial<SegurConfig> = {}): SegurConfig {
  return {
    file: "segur.yaml",
    candidate: { vendor: "V", product: "P", version: "1" },
    perimeters: ["p"],
    subProfiles: [],
    conditions: {},
    services: defaultServices(),
    psc: { clients: [] },
    lifetimes: { accessToken: 120, refreshToken: 1800, session: 14400, code: 60 },
    drivers: { kind: "manual", can: null, timeout: 30 },
    proofs: {},
    stateFolder: "/s",
    runsFolder: "/r",
    ...facts,
  };
}
