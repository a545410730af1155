/**
 * Proof of silence. "Nothing came" proves nothing unless the provocation reached the vendor, the same thing does come in
 * the control scenario, and somebody was watching afterwards (decision 6 of the architecture). Used by every slice.
 */
import type {
  EventRecord,
  Exchange,
  Pointer,
  Report,
  ScenarioRun,
  Seen,
  SilenceEvidence,
} from "../../core/model/index.js";

/** What provoked the vendor, and when it was fully in its hands (ISO time). */
export interface Trigger {
  readonly at: Pointer;
  readonly endedAt: string;
}

/**
 * Answer that a fault of this kind touched, delivered to the last byte; null when the fault never struck or the answer
 * was cut. `operation` narrows it to exchanges of that name, `last` takes the last strike instead of the first.
 */
export function faultTrigger(
  run: ScenarioRun,
  kind: string,
  options: { readonly operation?: string; readonly last?: boolean } = {},
): Trigger | null {
  const struck = struckExchanges(run, kind).filter(
    (e) => options.operation === undefined || e.operation === options.operation,
  );
  const exchange = options.last ? struck[struck.length - 1] : struck[0];
  return exchange ? deliveredTrigger(exchange) : null;
}

/** Exchanges of the run that a fault of this kind touched, in order of time. */
export function struckExchanges(run: ScenarioRun, kind: string): readonly Exchange[] {
  const ids = new Set(run.events.filter((event) => faultOf(event)?.kind === kind).map((event) => event.id));
  return run.exchanges.filter((exchange) => exchange.faults.some((id) => ids.has(id)));
}

function faultOf(event: EventRecord): { readonly kind?: unknown } | null {
  return event.kind === "fault.injected" ? (event.data.fault ?? null) : null;
}

/** The exchange as a trigger, when its answer was fully delivered. */
export function deliveredTrigger(exchange: Exchange): Trigger | null {
  if (!exchange.complete || exchange.endedAt === null) return null;
  return { at: { exchange: exchange.id, side: "response" }, endedAt: exchange.endedAt };
}

/** First driver step of the operation that ended (done or refused: the vendor was asked and answered). */
export function stepTrigger(run: ScenarioRun, operation: string): Trigger | null {
  const step = run.steps.find((s) => s.operation === operation && (s.status === "done" || s.status === "refused"));
  if (!step?.endEvent || step.endedAt === null) return null;
  return { at: { event: step.endEvent }, endedAt: step.endedAt };
}

/** The latest attempt of the run's control scenario, null when it was not played. */
export function controlOf(seen: Seen, run: ScenarioRun): ScenarioRun | null {
  return seen.runs.find((other) => other.facts.id === run.facts.control) ?? null;
}

/** A window of observation that opened once the trigger was delivered, in a run that went to its end. */
export function windowAfter(run: ScenarioRun, trigger: Trigger): Pointer | null {
  if (run.state !== "done") return null;
  const window = run.windows.find((w) => w.from >= trigger.endedAt && w.to > w.from);
  return window ? { event: window.event } : null;
}

/** Exchanges of the run that began once the trigger was delivered. */
export function after(run: ScenarioRun, trigger: Trigger): readonly Exchange[] {
  return run.exchanges.filter((exchange) => exchange.startedAt >= trigger.endedAt);
}

/** The three proofs of one run. `control`: where the thing did happen in the control scenario, null when it did not. */
export function silence(
  run: ScenarioRun,
  proof: { readonly trigger: Trigger | null; readonly control: Pointer | null },
): SilenceEvidence {
  return {
    trigger: proof.trigger?.at ?? null,
    control: proof.control,
    window: proof.trigger ? windowAfter(run, proof.trigger) : null,
  };
}

/**
 * Judges one run. `happened` looks for the thing that must not come: in the faulted run after the trigger (`trigger`
 * given), and in the whole control run (`trigger` null). Reports the proofs, calls `observed` when they are whole or when
 * the thing did come, and gives where it came, null when it did not.
 */
export function judgeSilence(
  seen: Seen,
  report: Report,
  subject: {
    readonly run: ScenarioRun;
    readonly trigger: Trigger | null;
    readonly happened: (run: ScenarioRun, trigger: Trigger | null) => Pointer | null;
  },
): Pointer | null {
  const { run, trigger, happened } = subject;
  const control = controlOf(seen, run);
  const evidence = silence(run, { trigger, control: control ? happened(control, null) : null });
  report.silence(evidence);
  const came = trigger ? happened(run, trigger) : null;
  if (trigger && (came || (evidence.control && evidence.window))) report.observed(trigger.at);
  return came;
}
