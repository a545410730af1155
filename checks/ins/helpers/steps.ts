/** What the vendor's adapter answered, step by step, with the INSi calls each search made. */
import type { InsStatus, Pointer, ScenarioRun, Step } from "../../../core/model/index.js";
import type { InsAnswer } from "../../../protocols/ins.js";
import { callsOf, type InsCall } from "./calls.js";

/** An `ins.search` step, with what INSi saw of it. */
export interface SearchStep {
  readonly step: Step;
  readonly calls: readonly InsCall[];
  /** Last call of the search; null when none was made. */
  readonly last: InsCall | null;
  /** The operator's reply to the comparison. */
  readonly accept: boolean;
  readonly before: InsStatus | null;
  readonly after: InsStatus | null;
}

/** Searches of the run the adapter says it carried out (`done`), declined (`refused`) or broke on (`failed`), in order. */
export function searchSteps(run: ScenarioRun, status: "done" | "failed" | "refused" = "done"): SearchStep[] {
  return run.steps
    .filter((step) => step.operation === "ins.search" && step.status === status)
    .map((step) => {
      const calls = callsOf(run).filter((call) => within(step, call.exchange.startedAt));
      return {
        step,
        calls,
        last: calls[calls.length - 1] ?? null,
        accept: member(step.input, "accept") === true,
        before: statusBefore(run, step),
        after: statusIn(step),
      };
    });
}

/** Status of the patient's file just before a step: what the adapter last said, else what the scenario put there. */
export function statusBefore(run: ScenarioRun, step: Step): InsStatus | null {
  let status = run.facts.patient?.status ?? null;
  for (const earlier of run.steps) {
    if (earlier.index >= step.index) break;
    status = statusIn(earlier) ?? status;
  }
  return status;
}

/** `insStatus` of a step's answer, or the status of the file it shows. */
export function statusIn(step: Step): InsStatus | null {
  const told = member(step.answer, "insStatus") ?? member(member(step.answer, "patient"), "status");
  return told === "PROV" || told === "RECUP" || told === "VALI" || told === "QUAL" ? told : null;
}

/** The step after this one that shows the file, when nothing happened to the file in between. */
export function nextFile(run: ScenarioRun, step: Step): { readonly step: Step; readonly patient: unknown } | null {
  const next = run.steps.find((other) => other.index > step.index);
  if (next?.operation !== "patient.get" || next.status !== "done") return null;
  return { step: next, patient: member(next.answer, "patient") };
}

/**
 * Accepted answers 00 that gave a file its first INS, with the file read just after. A file that already had an INS may
 * keep it until somebody looks: only first retrievals are given.
 */
export function firstRetrievals(
  run: ScenarioRun,
): { readonly answer: InsAnswer; readonly file: NonNullable<ReturnType<typeof nextFile>> }[] {
  return searchSteps(run).flatMap(({ step, last, accept, before, after }) => {
    const answer = last?.outcome === "00" && accept ? last.answer : null;
    const first = (before === "PROV" || before === "VALI") && (after === "RECUP" || after === "QUAL");
    const file = answer && first ? nextFile(run, step) : null;
    return answer && file ? [{ answer, file }] : [];
  });
}

/** Where the adapter's answer stands. */
export function answerAt(step: Step, where: string): Pointer {
  return { event: step.endEvent ?? step.beginEvent, where };
}

/** Member of a JSON object of foreign origin; undefined when there is none. */
export function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Whether a moment (ISO time) falls within a step. */
export function within(step: Step, at: string): boolean {
  return at >= step.beganAt && (step.endedAt === null || at <= step.endedAt);
}
