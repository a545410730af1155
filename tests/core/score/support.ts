import type { CheckResult, Outcome, Perimeter, Requirement, Strength } from "../../../core/model/index.js";

const text = { fr: "f", en: "e" };

export function row(id: string, facts: Partial<Requirement> = {}): Requirement {
  return {
    id,
    aliases: [],
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

/** A result of a check; only what scoring reads varies. */
export function result(id: string, outcome: Outcome, facts: Partial<CheckResult> = {}): CheckResult {
  const seen = outcome === "met" || outcome === "breached";
  return {
    id,
    planned: true,
    outcome,
    strength: seen ? "witnessed" : null,
    observed: { count: seen ? 1 : 0, at: [] },
    findings: [],
    cause: outcome === "breached" ? "software" : null,
    reason: null,
    ...facts,
  };
}

export function met(id: string, strength: Strength): CheckResult {
  return result(id, "met", { strength });
}

export function perimeterOf(rows: readonly Requirement[], id = "p"): Perimeter {
  return {
    id,
    couloir: "MDV/LGC",
    wave: "2",
    title: text,
    frozen: "2026-01-01",
    basis: "working-draft",
    basisNote: text,
    knownGap: text,
    subProfiles: [],
    groups: [{ id: "g", title: text, rows: rows.map((one) => one.id) }],
  };
}

/** A proof as segur.yaml supplies it. */
export function proof(state?: "accepted" | "refused") {
  return { files: ["f"], ...(state ? { review: { state, by: "a person", on: "2026-11-21" } } : {}) };
}
