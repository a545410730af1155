/** Plays one scenario: arms its faults, makes the driver act step by step, waits for quiet, and records all of it. */
import { setTimeout as pause } from "node:timers/promises";
import type {
  Driver,
  OpenRecording,
  PatientFacts,
  PatientFixture,
  ProfessionalFacts,
  ProfessionalFixture,
  Scenario,
  ScenarioFacts,
  ScriptedFaults,
  ServiceName,
  VendorOperation,
} from "../model/index.js";
import { SuiteError } from "../model/index.js";

/** Longest wait for quiet after the last step, in ms. */
const QUIET_LIMIT = 5_000;
/** Without a word in the scenario or in segur.yaml. Software with timers of its own wants more. */
const DEFAULT_QUIET = 150;

export interface PlayContext {
  readonly recording: OpenRecording;
  readonly faults: ScriptedFaults;
  readonly driver: Driver;
  readonly driverCan: readonly VendorOperation[];
  readonly patients: readonly PatientFixture[];
  readonly professionals: readonly ProfessionalFixture[];
  readonly control: (service: ServiceName, command: string, args: Record<string, unknown>) => Promise<unknown>;
  readonly signal: AbortSignal;
  readonly clock: () => Date;
  /** Quiet time of segur.yaml, in ms. */
  readonly quiet?: number;
  /** Called as steps begin and end, for live progress. */
  readonly progress: (line: PlayProgress) => void;
}

export interface PlayProgress {
  readonly scenario: string;
  readonly step: number;
  readonly steps: number;
  /** `patient.put`, `control psc expire-access-token`, `observe 800 ms`, `quiet`. */
  readonly doing: string;
}

export interface Played {
  readonly key: string;
  readonly state: "done" | "failed" | "interrupted";
  readonly reason: string | null;
}

export async function playScenario(scenario: Scenario, attempt: number, context: PlayContext): Promise<Played> {
  const facts = factsOf(scenario, attempt, context);
  const key = context.recording.openScenario(facts);
  context.faults.arm(key, scenario.faults ?? []);
  let state: Played["state"] = "done";
  let reason: string | null = null;
  const answers: unknown[] = [];
  try {
    for (const [index, step] of scenario.steps.entries()) {
      if (context.signal.aborted) throw new DOMException("interrupted", "AbortError");
      const doing = (text: string) =>
        context.progress({ scenario: scenario.id, step: index + 1, steps: scenario.steps.length, doing: text });
      if ("observe" in step) {
        doing(`observe ${step.observe} ms`);
        const from = context.clock().toISOString();
        await pause(step.observe, undefined, { signal: context.signal });
        context.recording.recorder.event("window", { from, to: context.clock().toISOString() }, { scenario: key });
        answers.push(null);
        continue;
      }
      if ("control" in step) {
        const { service, command, args } = step.control;
        doing(`control ${service} ${command}`);
        const answer = await context.control(service, command, {
          ...(resolveValue(args ?? {}, facts, answers) as object),
        });
        context.recording.recorder.event("control", { service, command, answer: answer ?? null }, { scenario: key });
        answers.push(answer);
        continue;
      }
      doing(step.operation);
      const outcome = await operate(step.operation, step.input ?? {}, index, key, scenario, facts, answers, context);
      answers.push(outcome.answer);
      if (outcome.status === "failed") {
        state = "failed";
        reason ??= outcome.reason;
        if (outcome.fatal) break;
      }
    }
    context.progress({
      scenario: scenario.id,
      step: scenario.steps.length,
      steps: scenario.steps.length,
      doing: "quiet",
    });
    await quiet(scenario.quiet ?? context.quiet ?? DEFAULT_QUIET, scenario.services, context);
  } catch (error) {
    if (context.signal.aborted) {
      state = "interrupted";
      reason = "interrupted";
    } else if (error instanceof SuiteError) {
      context.recording.closeScenario(key, "failed", error.code);
      context.faults.disarm(key);
      throw error;
    } else {
      state = "failed";
      reason = "suite_error";
      context.recording.recorder.event(
        "suite.error",
        { code: error instanceof Error ? error.name : "unknown", detail: error instanceof Error ? error.message : "" },
        { scenario: key },
      );
    }
  }
  const left = context.faults.disarm(key);
  if (left > 0 && state === "done") reason = "fault_not_struck";
  context.recording.closeScenario(key, state, reason);
  return { key, state, reason };
}

async function operate(
  operation: VendorOperation,
  template: Readonly<Record<string, unknown>>,
  index: number,
  key: string,
  scenario: Scenario,
  facts: ScenarioFacts,
  answers: readonly unknown[],
  context: PlayContext,
): Promise<{ status: "done" | "refused" | "failed"; answer: unknown; reason: string | null; fatal: boolean }> {
  const { recorder } = context.recording;
  let input: Record<string, unknown>;
  try {
    input = resolveValue(template, facts, answers) as Record<string, unknown>;
  } catch (error) {
    // An earlier answer lacks what this step needs: the vendor's adapter left it out.
    const detail = error instanceof Error ? error.message : String(error);
    recorder.event("step.begin", { step: index, operation, input: null }, { scenario: key });
    recorder.event(
      "step.end",
      { step: index, status: "failed", answer: { error: "missing_answer", detail } },
      { scenario: key },
    );
    return { status: "failed", answer: null, reason: "missing_answer", fatal: true };
  }
  recorder.event("step.begin", { step: index, operation, input }, { scenario: key });
  if (!context.driverCan.includes(operation)) {
    recorder.event(
      "step.end",
      { step: index, status: "failed", answer: { error: "driver_cannot" } },
      { scenario: key },
    );
    return { status: "failed", answer: null, reason: "driver_cannot", fatal: true };
  }
  const { status, answer } = await context.driver.perform(operation, input, {
    scenario: scenario.id,
    key,
    title: scenario.title,
    instruction: scenario.instruction,
    signal: context.signal,
  });
  const ended = recorder.event("step.end", { step: index, status, answer }, { scenario: key });
  const error = status === "failed" ? errorOf(ended.data.answer) : null;
  return { status, answer, reason: error, fatal: error === "vendor_gone" };
}

function errorOf(answer: unknown): string {
  const error = (answer as { error?: unknown } | null)?.error;
  return typeof error === "string" ? error : "failed";
}

/** Waits until no byte moved for `ms`, so that late traffic still belongs to the scenario that caused it. */
async function quiet(ms: number, services: readonly ServiceName[], context: PlayContext): Promise<void> {
  const deadline = context.clock().getTime() + QUIET_LIMIT;
  for (;;) {
    const now = context.clock().getTime();
    const calm = now - context.recording.lastActivity(services);
    if (calm >= ms || now >= deadline) return;
    await pause(Math.min(ms - calm, 50), undefined, { signal: context.signal });
  }
}

/** What the scenario is played with. Throws SuiteError ERR_SPEC when an identity is unknown. */
export function factsOf(
  scenario: Scenario,
  attempt: number,
  context: Pick<PlayContext, "patients" | "professionals" | "driverCan">,
): ScenarioFacts {
  return {
    id: scenario.id,
    attempt,
    services: scenario.services,
    patient: scenario.patient ? patientFacts(scenario.patient.key, scenario.patient.status, context.patients) : null,
    professional: scenario.professional ? professionalFacts(scenario.professional, context.professionals) : null,
    values: scenario.values ?? {},
    control: scenario.control ?? null,
    faults: scenario.faults ?? [],
    driverCan: context.driverCan,
  };
}

function patientFacts(key: string, status: PatientFacts["status"], known: readonly PatientFixture[]): PatientFacts {
  const fixture = known.find((patient) => patient.key === key);
  if (!fixture)
    throw new SuiteError("ERR_SPEC", `no fictitious patient ${key}`, { where: "fixtures/identities/patients.yaml" });
  // Only what PatientFacts says: how the services answer for this person is not for the vendor, nor for the checks.
  return {
    key: fixture.key,
    status,
    birthName: fixture.birthName,
    ...(fixture.usedName === undefined ? {} : { usedName: fixture.usedName }),
    firstName: fixture.firstName,
    birthFirstNames: fixture.birthFirstNames,
    sex: fixture.sex,
    birthDate: fixture.birthDate,
    birthPlace: fixture.birthPlace,
    ins: fixture.ins,
    localId: fixture.localId,
  };
}

function professionalFacts(key: string, known: readonly ProfessionalFixture[]): ProfessionalFacts {
  const fixture = known.find((professional) => professional.key === key);
  if (!fixture) {
    throw new SuiteError("ERR_SPEC", `no fictitious professional ${key}`, {
      where: "fixtures/identities/professionals.yaml",
    });
  }
  const { nationalId, familyName, givenName } = fixture;
  return { key, nationalId, familyName, givenName };
}

/** The patient as the vendor's file is to hold it: the INS only once it was retrieved (RECUP) or qualified (QUAL). */
export function patientAsSeeded(patient: PatientFacts): PatientFacts {
  return patient.status === "RECUP" || patient.status === "QUAL" ? patient : { ...patient, ins: null };
}

/**
 * Replaces `$patient`, `$professional`, `$values.x` and `$step.N.path` in an input. `$patient.member` also works.
 * Throws when a name leads nowhere.
 */
export function resolveValue(value: unknown, facts: ScenarioFacts, answers: readonly unknown[]): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveValue(item, facts, answers));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, resolveValue(member, facts, answers)]),
    );
  }
  if (typeof value !== "string" || !value.startsWith("$")) return value;
  const [root, ...path] = value.slice(1).split(".");
  const roots: Record<string, unknown> = {
    patient: facts.patient ? patientAsSeeded(facts.patient) : null,
    professional: path.length === 0 ? (facts.professional?.key ?? null) : facts.professional,
    values: facts.values,
    step: answers,
  };
  if (root === undefined || !(root in roots)) throw new Error(`${value} names nothing`);
  let found: unknown = roots[root];
  for (const part of path) {
    found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[part] : undefined;
    if (found === undefined) throw new Error(`${value} is not there`);
  }
  return found;
}
