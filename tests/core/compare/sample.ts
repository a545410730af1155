/** A small whole result, and edits of one place of it. */
import type { CheckResult, RowResult, RunResult, Score } from "../../../core/model/index.js";

export interface Leaf {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export function check(id: string, change: Partial<CheckResult> = {}): CheckResult {
  return {
    id,
    planned: true,
    outcome: "met",
    strength: "witnessed",
    observed: { count: 1, at: [{ exchange: "x0001" }] },
    findings: [],
    cause: null,
    reason: null,
    ...change,
  };
}

export function breached(id: string, ...messages: readonly string[]): CheckResult {
  return check(id, {
    outcome: "breached",
    cause: "software",
    findings: messages.map((message) => ({
      check: id,
      message,
      weight: "breach",
      slots: { seen: "b", expected: 1, none: null },
      at: { exchange: "x0001", side: "request", where: "Authorization" },
    })),
  });
}

export function row(id: string, change: Partial<RowResult> = {}): RowResult {
  return {
    id,
    level: "mandatory",
    verdict: "conform",
    reason: null,
    strength: "witnessed",
    dossier: "complete",
    proofs: { accepted: [`${id}.1`], toReview: [], owed: [] },
    checks: ["psc/a"],
    cause: null,
    justification: null,
    ...change,
  };
}

const score: Score = {
  mandatory: { conform: 1, total: 2 },
  machine: { proved: 1, provable: 2 },
  proofs: { accepted: 2, demanded: 2 },
  optional: { conform: 0, total: 0 },
};

export function sampleResult(change: Partial<RunResult> = {}): RunResult {
  return {
    format: "segur-result/1",
    recording: { id: "r1", sha256: "0".repeat(64) },
    ruleSet: "1".repeat(64),
    configHash: "2".repeat(64),
    mode: "sandbox",
    candidate: { vendor: "V", product: "P", version: "1" },
    checks: [
      check("psc/a"),
      breached("psc/b", "wrong", "twice"),
      check("psc/c", {
        planned: false,
        outcome: "unobserved",
        strength: null,
        observed: { count: 0, at: [] },
        reason: "no_exchange",
        cause: "software",
      }),
    ],
    perimeters: [
      {
        id: "one",
        couloir: "MDV/LGC",
        wave: "1",
        basis: "draft",
        decision: "not_referencable",
        reason: "breach",
        deciding: { notConform: ["PSC/2"], undetermined: [], notTested: [], toReview: [], dossierOwed: [] },
        groups: [
          {
            id: "psc",
            rows: [row("PSC/1"), row("PSC/2", { verdict: "not_conform", reason: "psc/b", checks: ["psc/b"] })],
          },
        ],
        score: { all: score, byDomain: { psc: score } },
      },
    ],
    scenarios: [{ key: "psc-login#1", state: "done", reason: null }],
    unattributed: [{ exchange: "x0009", operation: "psc.jwks" }],
    unexpected: [{ exchange: "x0008", operation: "psc.unexpected" }],
    gate: { checks: "breach", counts: { met: 1, breached: 1, unobserved: 0, inapplicable: 0, error: 0 }, unplanned: 1 },
    ...change,
  };
}

/** Every number, text, constant and empty list or block, with its path; also the blocks themselves when asked. */
export function leavesOf(value: unknown, blocks?: "blocks too", path: Leaf["path"] = []): Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value }];
  const inside = Object.entries(value).flatMap(([name, entry]) =>
    leavesOf(entry, blocks, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return blocks && path.length > 0 ? [{ path, value }, ...inside] : inside;
}

/** A copy with one place changed; `undefined` takes it away. */
export function setAt<T>(base: T, path: Leaf["path"], value: unknown): T {
  const copy = structuredClone(base);
  const last = path.at(-1);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, part) => (at as Record<string | number, unknown>)[part], copy) as Record<
    string | number,
    unknown
  >;
  if (last === undefined) return value as T;
  if (value !== undefined) parent[last] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}
