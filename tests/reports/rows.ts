/** Rows and perimeters of a result, as few words as a test needs; the decision is worked out as the score does. */
import type { PerimeterResult, RowResult, Score } from "../../core/model/index.js";
import { decide } from "../../core/score/index.js";

const NO_SCORE: Score = {
  mandatory: { conform: 0, total: 0 },
  machine: { proved: 0, provable: 0 },
  proofs: { accepted: 0, demanded: 0 },
  optional: { conform: 0, total: 0 },
};

/** Mandatory, conform, witnessed, nothing demanded, unless said otherwise. */
export function row(id: string, more: Partial<RowResult> = {}): RowResult {
  return {
    id,
    level: "mandatory",
    verdict: "conform",
    reason: null,
    strength: "witnessed",
    dossier: "none_demanded",
    proofs: { accepted: [], toReview: [], owed: [] },
    checks: [],
    cause: null,
    justification: null,
    ...more,
  };
}

export function perimeterOf(
  id: string,
  about: {
    readonly rows: readonly RowResult[];
    readonly wave?: "1" | "2";
    readonly couloir?: PerimeterResult["couloir"];
  },
): PerimeterResult {
  return {
    id,
    couloir: about.couloir ?? "MDV/LGC",
    wave: about.wave ?? "1",
    basis: "test",
    ...decide(about.rows),
    groups: [{ id: "all", rows: about.rows }],
    score: { all: NO_SCORE, byDomain: {} },
  };
}
