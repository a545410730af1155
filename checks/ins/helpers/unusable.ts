/** Answers 00 that may not be taken over: a strict trait is there and empty, or the birth month or day is 00. */
import type { Pointer, ScenarioRun, Seen, Step } from "../../../core/model/index.js";
import type { InsAnsweredTraits } from "../../../protocols/ins.js";
import { answerAt, member, nextFile, type SearchStep, searchSteps, textOf } from "./steps.js";

/** Names, first names and sex; the list of birth first names is the strict trait. */
export const NAMED = ["birthName", "birthFirstNames", "sex"] as const;
export type Named = (typeof NAMED)[number];

/** Members of the file that an answer could move, besides the INS. */
const FILE = ["status", "birthName", "firstName", "birthFirstNames", "sex", "birthDate", "birthPlace"] as const;

/** First trait that is present and empty; null when there is none. An element left out of the answer is not an empty one. */
export function emptyTrait(traits: InsAnsweredTraits | null | undefined): Named | null {
  return NAMED.find((trait) => traits?.[trait] === "") ?? null;
}

/** Birth date whose month or day is 00; null otherwise. */
export function unknownDate(traits: InsAnsweredTraits | null | undefined): string | null {
  const date = traits?.birthDate ?? "";
  return date.includes("-00") ? date : null;
}

export function unusable(traits: InsAnsweredTraits | null | undefined): boolean {
  return emptyTrait(traits) !== null || unknownDate(traits) !== null;
}

export interface Judged<T> {
  readonly subject: T;
  /** Where the file is shown afterwards. */
  readonly at: Pointer;
  /** Members of the file that moved; empty when it is as it was. */
  readonly changed: readonly string[];
}

/**
 * Files read before and after an unusable answer was fully delivered to a search that the operator accepted. Nothing is
 * given for a run whose control shows no file filled from a good answer: software that takes nothing over would be left
 * untouched too.
 */
export function filesAfter<T>(
  seen: Seen,
  subject: (traits: InsAnsweredTraits | null | undefined) => T | null,
): Judged<T>[] {
  return seen.runs.flatMap((run) => {
    const control = seen.runs.find((other) => other.facts.id === run.facts.control);
    if (!control || !searchSteps(control).some(tookOver)) return [];
    return [...searchSteps(run), ...searchSteps(run, "refused")].flatMap((step) => {
      const found = step.last?.outcome === "00" && step.accept ? subject(step.last.answer?.traits) : null;
      const before = fileBefore(run, step.step);
      const after = nextFile(run, step.step);
      if (found === null || before === null || !after) return [];
      return [{ subject: found, at: answerAt(after.step, "patient"), changed: changes(before, after.patient) }];
    });
  });
}

/** The file the adapter showed in the step just before. */
function fileBefore(run: ScenarioRun, step: Step): unknown {
  const earlier = run.steps.findLast((other) => other.index < step.index);
  return earlier?.operation === "patient.get" && earlier.status === "done"
    ? (member(earlier.answer, "patient") ?? null)
    : null;
}

/** Names of what is not the same in two files; `ins` stands for the matricule and its OID. */
function changes(before: unknown, after: unknown): string[] {
  const changed: string[] = FILE.filter((name) => textOf(member(before, name)) !== textOf(member(after, name)));
  return JSON.stringify(insOf(before)) === JSON.stringify(insOf(after)) ? changed : [...changed, "ins"];
}

/** A good answer made the file retrieved. */
function tookOver({ last, accept, after }: SearchStep): boolean {
  return last?.outcome === "00" && accept && !unusable(last.answer?.traits) && (after === "RECUP" || after === "QUAL");
}

function insOf(patient: unknown): readonly (string | null)[] {
  const ins = member(patient, "ins");
  return [textOf(member(ins, "matricule")), textOf(member(ins, "oid"))];
}
