/** What the software was asked to do, step by step, and the calls it made of it. */
import type { Exchange, Pointer, ScenarioRun, Step } from "../../../core/model/index.js";
import { DOCUMENT_RELATIONS, type XdsAssociation } from "../../../protocols/xds.js";
import { submissionOf, type SubmittedDocument, healthDocuments } from "./submission.js";

/** A step with its calls. */
export interface Asked {
  readonly run: ScenarioRun;
  readonly step: Step;
  /**
   * Exchanges from the beginning of the step to the beginning of the next one: a software may work on behind its answer.
   * Only of the operations the check reads.
   */
  readonly calls: readonly Exchange[];
}

/** Steps of the operation in the run, in order. */
export function asked(run: ScenarioRun, operation: string): Asked[] {
  return run.steps
    .filter((step) => step.operation === operation)
    .map((step) => ({ run, step, calls: callsOf(run, step) }));
}

/** Steps of several operations over all runs. */
export function askedIn(runs: readonly ScenarioRun[], operations: readonly string[]): Asked[] {
  return runs.flatMap((run) => operations.flatMap((operation) => asked(run, operation)));
}

function callsOf(run: ScenarioRun, step: Step): readonly Exchange[] {
  const next = run.steps.find((other) => other.index > step.index);
  return run.exchanges.filter((x) => x.startedAt >= step.beganAt && (!next || x.startedAt < next.beganAt));
}

/** Where the adapter's answer stands. */
export function answerAt(step: Step, where: string): Pointer {
  return { event: step.endEvent ?? step.beginEvent, where };
}

/** Member of a JSON object of foreign origin; undefined when there is none. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Elements of a JSON array of foreign origin; empty when it is none. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A health document of an upload, with the exchange that carried it. */
export interface Uploaded {
  readonly exchange: Exchange;
  readonly document: SubmittedDocument;
}

/** Health documents of the TD2.1 calls among the exchanges, in order. */
export function uploadsIn(exchanges: readonly Exchange[]): readonly Uploaded[] {
  return exchanges.flatMap((exchange) => {
    const submission = exchange.operation === "dmp.submit" ? submissionOf(exchange) : null;
    return submission ? healthDocuments(submission).map((document) => ({ exchange, document })) : [];
  });
}

const REPLACING: readonly (string | null)[] = [DOCUMENT_RELATIONS.replaces, DOCUMENT_RELATIONS.transformsAndReplaces];

/** Associations of the submission by which the document replaces another one. */
export function replacementsFrom({ exchange, document }: Uploaded): readonly XdsAssociation[] {
  const associations = submissionOf(exchange)?.xds.associations ?? [];
  return associations.filter(({ type, source }) => REPLACING.includes(type) && source === document.entry.id);
}

/**
 * The document that was to replace another: of the last upload, for a first attempt may have failed, the one with a replacement, for a
 * lot may hold others beside it; else its last document.
 */
export function replacingUpload(calls: readonly Exchange[]): Uploaded | undefined {
  const uploads = uploadsIn(calls);
  const last = uploads[uploads.length - 1];
  const together = uploads.filter(({ exchange }) => exchange === last?.exchange);
  return together.find((upload) => replacementsFrom(upload).length > 0) ?? last;
}

/** Documents uploaded in a step: those its answer names, where it names some that came; else all of them. */
export function uploadsOf(step: Step, calls: readonly Exchange[]): readonly Uploaded[] {
  const uploads = uploadsIn(calls);
  const named = [member(step.answer, "uniqueId"), ...listOf(member(step.answer, "uniqueIds"))];
  // A queue may empty itself at the same time: its documents are not those the user was asked about.
  const own = uploads.filter(
    ({ document }) => document.entry.uniqueId !== null && named.includes(document.entry.uniqueId),
  );
  return own.length > 0 ? own : uploads;
}
