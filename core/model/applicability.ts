/** Does a row apply to the candidate, and which proofs does it demand? One answer, shared by the plan and the score. */
import type { SegurConfig } from "./config.js";
import type { Couloir, Requirement } from "./spec.js";

/** The profile every candidate has. */
export const GENERAL_PROFILE = "Général";

/** What the candidate declared about itself. */
export type Answers = Pick<SegurConfig, "subProfiles" | "conditions" | "alternatives">;

export type Applicability =
  | { readonly applies: true }
  /** `reason`: `profile` or `condition:<name>`. */
  | { readonly applies: false; readonly reason: string; readonly justification: string };

/**
 * A row applies unless the candidate said otherwise: its profiles are all undeclared sub-profiles, or its condition was
 * answered "no". A row without a known profile, and a condition nobody answered, apply.
 */
export function applicability(row: Requirement, answers: Answers): Applicability {
  const known = row.profiles.filter((profile) => profile !== "unknown");
  const declared = (profile: string) => profile === GENERAL_PROFILE || answers.subProfiles.includes(profile);
  if (known.length > 0 && !known.some(declared)) {
    return { applies: false, reason: "profile", justification: `subProfiles: [${answers.subProfiles.join(", ")}]` };
  }
  const answer = row.condition === undefined ? undefined : answers.conditions[row.condition];
  if (answer && !answer.applies) {
    return { applies: false, reason: `condition:${row.condition}`, justification: answer.justification ?? "" };
  }
  return { applies: true };
}

/**
 * Names of the proofs a row demands: its official proof ids; those of the chosen scenario only, where the official
 * scenarios are alternatives; the row's own id when the source wants a proof and gives it no id.
 */
export function demandedProofs(row: Requirement, answers: Answers): readonly string[] {
  const { ids, kinds } = row.proofs;
  const chosen = row.oneOfScenarios ? answers.alternatives?.[row.id] : undefined;
  const kept = chosen === undefined ? ids : ids.filter((id) => id.startsWith(`${chosen}.`));
  if (kept.length > 0) return kept;
  return kinds.length > 0 ? [row.id] : [];
}

/**
 * The row as a couloir states it. Where the id carries another statement there (`variants`), the title is that one, and the
 * checks, which follow the main statement, as `how` and `messages` do, give no verdict: they only bear on it in part.
 */
export function statedIn(row: Requirement, couloir: Couloir): Requirement {
  const title = row.variants?.[couloir];
  if (title === undefined) return row;
  const { how: _how, messages: _messages, ...rest } = row;
  return { ...rest, title, checks: [], supports: [...row.checks, ...row.supports] };
}

/** Verification kinds that a machine can establish. */
export function machineProvable(row: Pick<Requirement, "verification">): boolean {
  return row.verification === "observed" || row.verification === "artifact" || row.verification === "answered";
}

/** Levels that count for the decision. `unknown` counts as mandatory until a published REM says otherwise. */
export function decides(row: Pick<Requirement, "level">): boolean {
  return row.level !== "optional";
}
