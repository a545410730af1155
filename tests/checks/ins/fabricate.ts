/** Small recordings made by hand, to ask of a check what no reference vendor does: faithful variants, odd orders, silence. */
import { evaluate } from "../../../core/evaluate/evaluate.js";
import type {
  CheckDef,
  CheckResult,
  Connection,
  EventRecord,
  Exchange,
  FaultSpec,
  InsStatus,
  PatientFacts,
  RecordingView,
  ScenarioRun,
  Step,
} from "../../../core/model/index.js";
import { writeFault, writeResult } from "../../../services/ins/answers.js";
import { loadFaults } from "../../../services/ins/faults.js";
import { type Identity, identityOf } from "../../../services/ins/identities.js";
import { type TraitSearch, traitSearch } from "../../services/ins/client.js";

export const PATIENT: PatientFacts = {
  key: "adrtest",
  status: "PROV",
  birthName: "ADRTEST",
  firstName: "ANNE",
  birthFirstNames: "ANNE BEA CLEA",
  sex: "F",
  birthDate: "1980-01-02",
  birthPlace: "63999",
  ins: { matricule: "280016399901246", oid: "1.2.250.1.213.1.4.10" },
  localId: "IPP-T",
};

const STYLE = { prefix: "S", datesFirst: false, without: [] };
const FAULTS = loadFaults();
/** Milliseconds after the start of the recording, as an ISO time. */
export const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1, 10) + ms).toISOString();

export interface FakeCall {
  /** Traits besides birth name, sex and date, which are the patient's. */
  readonly traits?: TraitSearch;
  /** Whole envelope in place of a trait search. */
  readonly envelope?: string;
  readonly type?: string;
  /** `00`, `01`, `02`, a fault code of the table, or `cut`. */
  readonly answer: string;
  /** Traits of a `00` that are not the patient's. */
  readonly answered?: Partial<PatientFacts>;
  readonly ms: number;
  readonly operation?: string;
}

let counter = 0;

export function exchange(call: FakeCall): Exchange {
  counter += 1;
  const asked = { mode: "traits" as const, messageId: `uuid:${counter}` };
  const own: TraitSearch = { name: PATIENT.birthName, sex: PATIENT.sex, date: PATIENT.birthDate, ...call.traits };
  const unique = `uuid:00000000-0000-4000-8000-${String(counter).padStart(12, "0")}`;
  const body = call.envelope ?? traitSearch(own, unique);
  const fault = FAULTS.get(call.answer);
  const identity: Identity = identityOf({
    ...PATIENT,
    ...call.answered,
    insiOid: null,
    insiAnswer: "00",
    history: [],
    dmp: "none",
  });
  const answer = fault
    ? writeFault(asked, fault, STYLE)
    : writeResult(asked, call.answer, call.answer === "00" ? identity : null, STYLE);
  const cut = call.answer === "cut";
  const whole = http(`HTTP/1.1 ${fault ? "500 Error" : "200 OK"}`, "application/soap+xml", answer);
  return {
    id: `x${String(counter).padStart(4, "0")}`,
    connection: "c0001",
    direction: "in",
    service: "ins",
    operation: call.operation ?? "ins.search",
    scenario: "play#1",
    startedAt: at(call.ms),
    endedAt: at(call.ms + 1),
    request: { stream: "c0001.in", start: 0, end: 0 },
    response: null,
    complete: !cut,
    faults: [],
    requestBytes: http("POST /lps HTTP/1.1", call.type ?? "application/soap+xml", body),
    responseBytes: cut ? whole.subarray(0, 60) : whole,
    conn: null,
  };
}

export function http(start: string, type: string, body: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`${start}\r\nContent-Type: ${type}\r\nContent-Length: ${bytes.length}\r\n\r\n`),
    bytes,
  ]);
}

export interface FakeStep {
  readonly operation: string;
  readonly input?: unknown;
  readonly answer?: unknown;
  readonly status?: Step["status"];
  readonly from: number;
  readonly to: number;
}

export interface FakeRun {
  readonly id?: string;
  readonly status?: InsStatus;
  readonly steps?: readonly FakeStep[];
  readonly exchanges?: readonly Exchange[];
  readonly events?: readonly EventRecord[];
  readonly windows?: readonly (readonly [from: number, to: number])[];
  readonly control?: string;
  readonly faults?: readonly FaultSpec[];
}

export function run(fake: FakeRun): ScenarioRun {
  const id = fake.id ?? "play";
  const steps = (fake.steps ?? []).map((step, index): Step => ({
    index,
    operation: step.operation,
    input: step.input ?? null,
    status: step.status ?? "done",
    answer: step.answer ?? null,
    beganAt: at(step.from),
    endedAt: at(step.to),
    beginEvent: `e1${index}`,
    endEvent: `e2${index}`,
  }));
  return {
    key: `${id}#1`,
    facts: {
      id,
      attempt: 1,
      services: ["ins"],
      patient: { ...PATIENT, status: fake.status ?? "PROV" },
      professional: null,
      values: {},
      control: fake.control ?? null,
      faults: fake.faults ?? [],
      driverCan: [],
    },
    openedAt: at(0),
    closedAt: at(60_000),
    state: "done",
    steps,
    exchanges: (fake.exchanges ?? []).map((x) => ({ ...x, scenario: `${id}#1` })),
    events: fake.events ?? [],
    windows: (fake.windows ?? []).map(([from, to], i) => ({ from: at(from), to: at(to), event: `e3${i}` })),
  };
}

/** A run whose only step is a search that made these calls. */
export function searched(
  calls: readonly Omit<FakeCall, "ms">[],
  more: Partial<FakeRun> & { answer?: unknown; accept?: boolean } = {},
): ScenarioRun {
  const step = {
    operation: "ins.search",
    input: { mode: "traits", accept: more.accept ?? true },
    answer: more.answer ?? {},
    from: 0,
    to: 1000,
  };
  return run({ steps: [step], exchanges: calls.map((call, i) => exchange({ ...call, ms: 10 + i * 10 })), ...more });
}

/** Judges the runs given as if they were all the check asks for. */
export function judge(
  check: CheckDef,
  runs: readonly ScenarioRun[],
  connections: readonly Connection[] = [],
): CheckResult {
  const view: RecordingView = {
    meta: { format: "segur-recording/1", id: "made", startedAt: at(0) },
    connections,
    exchanges: runs.flatMap((one) => one.exchanges),
    events: runs.flatMap((one) => one.events),
    runs,
  };
  const [result] = evaluate(view, [{ check: { ...check, scenarios: runs.map((one) => one.facts.id) }, planned: true }]);
  if (!result || result.outcome === "error") throw new Error(`${check.id} threw`);
  return result;
}

/** Outcome and messages in one line: `met`, `breached: sex`, `met: time-far`. */
export function said(result: CheckResult): string {
  const messages = [...new Set(result.findings.map((finding) => finding.message))];
  return messages.length > 0 ? `${result.outcome}: ${messages.join(", ")}` : result.outcome;
}
