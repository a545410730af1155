/** Answers 00 that may not be taken over: a strict trait is there and empty, or the birth day or month is 00. */
import type { Finding, InsStatus, Report, ScenarioRun } from "../../../core/model/index.js";
import type { InsAnsweredTraits } from "../../../protocols/ins.js";
import { type InsCall } from "./calls.js";
import { answerAt, member, nextFile, searchSteps, type SearchStep, textOf } from "./steps.js";

/** Traits of the file an answer could replace. */
const FILE = ["birthName", "firstName", "birthFirstNames", "sex", "birthDate", "birthPlace"] as const;
const NAMED = ["birthName", "birthFirstNames", "sex"] as const;

/** First trait that is present and empty; null when there is none. An element left out of the answer is not an empty one. */
export function emptyTrait(traits: InsAnsweredTraits | null | undefined): (typeof NAMED)[number] | null {
  return NAMED.find((trait) => traits?.[trait] === "") ?? null;
}

/** Birth date whose month or day is 00; null otherwise. */
export function unknownDate(traits: InsAnsweredTraits | null | undefined): string | null {
  return /-00/.test(traits?.birthDate ?? "") ? (traits?.birthDate ?? null) : null;
}

export function unusable(traits: InsAnsweredTraits | null | undefined): boolean {
  return emptyTrait(traits) !== null || unknownDate(traits) !== null;
}
