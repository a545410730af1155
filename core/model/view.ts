/** The recording as a check sees it: records joined with their bytes, scenario attempts resolved. */
import type {
  ConnectionRecord,
  EventRecord,
  ExchangeRecord,
  RecordingMeta,
  ScenarioFacts,
  Segment,
} from "./recording.js";

export interface Connection extends ConnectionRecord {
  readonly clientHelloBytes: Uint8Array | null;
  readonly segments: readonly Segment[];
}

export interface Exchange extends ExchangeRecord {
  readonly requestBytes: Uint8Array;
  readonly responseBytes: Uint8Array | null;
  readonly conn: Connection | null;
}

/** One driver step of a scenario, from its `step.begin` and `step.end` events. */
export interface Step {
  readonly index: number;
  readonly operation: string;
  readonly input: unknown;
  /** `done`: the vendor says it did; `refused`: it says it declines (and why); `failed`: error, garbage, timeout; null: never ended. */
  readonly status: "done" | "refused" | "failed" | null;
  readonly answer: unknown;
  readonly beganAt: string;
  readonly endedAt: string | null;
  readonly beginEvent: string;
  readonly endEvent: string | null;
}

/** The latest attempt of one scenario, with only the exchanges the check declared. */
export interface ScenarioRun {
  readonly key: string;
  readonly facts: ScenarioFacts;
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** `done` only when every step ended; a silence check needs it. */
  readonly state: "done" | "failed" | "interrupted";
  readonly steps: readonly Step[];
  readonly exchanges: readonly Exchange[];
  readonly events: readonly EventRecord[];
  /** Observation windows recorded after the last provoking step. */
  readonly windows: readonly { readonly from: string; readonly to: string; readonly event: string }[];
}

/** A recording, loaded and indexed. Streams are lazily readable bytes. */
export interface RecordingView {
  readonly meta: RecordingMeta;
  readonly connections: readonly Connection[];
  readonly exchanges: readonly Exchange[];
  readonly events: readonly EventRecord[];
  /** Latest attempts, in the order of their scenario id. */
  readonly runs: readonly ScenarioRun[];
}

const memos = new WeakMap<object, Map<unknown, unknown>>();

/**
 * Runs a pure reader once per exchange (or any record) and remembers the result, so that twenty checks that read the
 * same submission parse it once. A reader that throws throws again for every caller.
 */
export function derive<K extends object, T>(record: K, reader: (record: K) => T): T {
  let known = memos.get(record);
  if (!known) {
    known = new Map();
    memos.set(record, known);
  }
  const hit = known.get(reader) as { value?: T; error?: unknown } | undefined;
  if (hit) {
    if ("error" in hit) throw hit.error;
    return hit.value as T;
  }
  try {
    const value = reader(record);
    known.set(reader, { value });
    return value;
  } catch (error) {
    known.set(reader, { error });
    throw error;
  }
}
