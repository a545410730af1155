/**
 * Writes recording format v1: append-only JSON Lines beside append-only byte streams. Bytes reach the disk before anybody
 * parses them, so that a crash, a kill or Ctrl-C leaves a recording that can be judged.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import type {
  CandidateFacts,
  ConnectionRecord,
  ConnectionRecorder,
  EventRecord,
  ExchangeRecord,
  ExchangeRecorder,
  FaultSpec,
  OpenRecording,
  Recorder,
  RecordingMeta,
  ScenarioFacts,
  Segment,
  ServiceName,
  SessionMode,
  TlsAlert,
} from "../model/index.js";
import { RECORDING_FORMAT, SuiteError } from "../model/index.js";

export interface RecordingOptions {
  readonly id: string;
  readonly clock?: () => Date;
  /** What the candidate declares of itself (product reference…), kept in the `recording.open` event: checks compare with it. */
  readonly candidate?: CandidateFacts;
  /** What the session is worth, and the id of the challenge it was drawn from; kept in the same event. */
  readonly mode?: SessionMode;
  readonly challenge?: string;
  /** Called once when the disk refuses a write; the run must end (exit 2). What was written stays. */
  readonly onFailure?: (error: SuiteError) => void;
}

/** Creates `folder` (with parents) and opens a recording in it. Throws SuiteError ERR_DISK or ERR_RUN_FOLDER. */
export function createRecording(folder: string, options: RecordingOptions): OpenRecording {
  return new RecordingWriter(folder, options, false);
}

/** Opens an existing recording to add further scenario attempts (`--continue`). */
export function continueRecording(folder: string, options: RecordingOptions, counts: RecordCounts): OpenRecording {
  return new RecordingWriter(folder, options, true, counts);
}

/** Numbers already used, so that ids stay unique when a recording goes on. */
export interface RecordCounts {
  readonly connections: number;
  readonly exchanges: number;
  readonly events: number;
}

const JOURNALS = ["connections", "exchanges", "segments", "events"] as const;
type Journal = (typeof JOURNALS)[number];

/** A writer that was killed may have left half a line: what is added after it would be lost with it. */
function dropTornLine(file: string): void {
  if (!existsSync(file)) return;
  const bytes = readFileSync(file);
  const whole = bytes.lastIndexOf(0x0a) + 1;
  if (whole < bytes.length) truncateSync(file, whole);
}

class RecordingWriter implements OpenRecording, Recorder {
  readonly folder: string;
  readonly recorder: Recorder = this;
  private readonly clock: () => Date;
  private readonly journals = new Map<Journal, number>();
  private readonly open = new Map<string, ScenarioFacts>();
  private readonly onFailure: (error: SuiteError) => void;
  private failed = false;
  private closed = false;
  private readonly active = new Map<string, number>();
  private next: { connections: number; exchanges: number; events: number };

  constructor(folder: string, options: RecordingOptions, existing: boolean, counts?: RecordCounts) {
    this.folder = folder;
    this.clock = options.clock ?? (() => new Date());
    this.onFailure = options.onFailure ?? (() => undefined);
    this.next = { ...(counts ?? { connections: 0, exchanges: 0, events: 0 }) };
    try {
      mkdirSync(path.join(folder, "streams"), { recursive: true });
      if (!existing) {
        const meta: RecordingMeta = { format: RECORDING_FORMAT, id: options.id, startedAt: this.now() };
        writeFileSync(path.join(folder, "recording.json"), `${JSON.stringify(meta, null, 2)}\n`, { flag: "wx" });
      }
      for (const name of JOURNALS) {
        const file = path.join(folder, `${name}.jsonl`);
        if (existing) dropTornLine(file);
        this.journals.set(name, openSync(file, "a"));
      }
    } catch (error) {
      throw new SuiteError("ERR_RUN_FOLDER", "the recording folder cannot be written", {
        where: folder,
        mend: "check that the folder is writable, has room, and does not hold another recording",
        cause: error,
      });
    }
    this.event("recording.open", {
      continued: existing,
      ...(options.candidate ? { candidate: options.candidate } : {}),
      ...(options.mode ? { mode: options.mode } : {}),
      ...(options.challenge === undefined ? {} : { challenge: options.challenge }),
    });
  }

  now(): string {
    return this.clock().toISOString();
  }

  /** Runs a disk write; the first failure is told once, later ones are silent (the run is ending). */
  guard<T>(write: () => T, otherwise: T): T {
    if (this.failed) return otherwise;
    try {
      return write();
    } catch (error) {
      this.failed = true;
      this.onFailure(
        new SuiteError("ERR_DISK", "the recording can no longer be written", {
          where: this.folder,
          mend: "free some room on that disk; what was recorded so far is kept and can be judged",
          cause: error,
        }),
      );
      return otherwise;
    }
  }

  line(journal: Journal, record: object): void {
    const file = this.journals.get(journal);
    if (file === undefined || this.closed) return;
    this.guard(() => {
      const bytes = Buffer.from(`${JSON.stringify(record)}\n`);
      if (writeSync(file, bytes) !== bytes.length) throw new Error("short write");
    }, undefined);
  }

  touch(service: string): void {
    this.active.set(service, this.clock().getTime());
  }

  lastActivity(services: readonly ServiceName[]): number {
    return Math.max(0, ...services.map((service) => this.active.get(service) ?? 0));
  }

  event(
    kind: EventRecord["kind"],
    data: Record<string, unknown>,
    options: { scenario?: string | null; exchange?: string | null } = {},
  ): EventRecord {
    this.next.events += 1;
    const record: EventRecord = {
      id: `e${String(this.next.events).padStart(4, "0")}`,
      at: this.now(),
      kind,
      scenario: options.scenario === undefined ? this.scenarioOf(data.service) : options.scenario,
      exchange: options.exchange ?? null,
      data,
    };
    this.line("events", record);
    return record;
  }

  /** Where an event without a scenario belongs: to the one open for its service, or to the only one open. */
  private scenarioOf(service: unknown): string | null {
    if (typeof service === "string") return this.currentScenario(service as ServiceName);
    return this.open.size === 1 ? ([...this.open.keys()][0] ?? null) : null;
  }

  currentScenario(service: ServiceName | "vendor"): string | null {
    for (const [key, facts] of this.open) {
      if (service === "vendor" || facts.services.includes(service)) return key;
    }
    return null;
  }

  openScenario(facts: ScenarioFacts): string {
    const key = `${facts.id}#${facts.attempt}`;
    this.open.set(key, facts);
    this.event("scenario.open", { facts }, { scenario: key });
    return key;
  }

  closeScenario(key: string, state: "done" | "failed" | "interrupted", reason: string | null): void {
    this.event("scenario.close", { state, reason }, { scenario: key });
    this.open.delete(key);
  }

  openConnection(facts: Parameters<Recorder["openConnection"]>[0]): ConnectionRecorder {
    this.next.connections += 1;
    return new ConnectionWriter(this, `c${String(this.next.connections).padStart(4, "0")}`, facts);
  }

  nextExchange(): string {
    this.next.exchanges += 1;
    return `x${String(this.next.exchanges).padStart(4, "0")}`;
  }

  close(): void {
    if (this.closed) return;
    for (const key of [...this.open.keys()]) this.closeScenario(key, "interrupted", "recording closed");
    this.event("recording.close", {});
    this.closed = true;
    for (const file of this.journals.values()) closeSync(file);
    this.journals.clear();
  }
}

/** One append-only byte stream that can be read back (framing needs it). */
class StreamFile {
  readonly file: string;
  length = 0;
  private descriptor: number | null = null;
  private readonly owner: RecordingWriter;

  constructor(owner: RecordingWriter, file: string) {
    this.owner = owner;
    this.file = file;
  }

  append(bytes: Uint8Array): number {
    const start = this.length;
    this.owner.guard(() => {
      this.descriptor ??= openSync(this.file, "a+");
      let written = 0;
      while (written < bytes.length) written += writeSync(this.descriptor, bytes, written);
    }, undefined);
    this.length += bytes.length;
    return start;
  }

  read(start: number, end: number): Uint8Array {
    if (this.descriptor === null || end <= start) return new Uint8Array(0);
    const size = Math.min(end, fstatSync(this.descriptor).size) - start;
    if (size <= 0) return new Uint8Array(0);
    const bytes = Buffer.allocUnsafe(size);
    const got = readSync(this.descriptor, bytes, 0, size, start);
    return bytes.subarray(0, got);
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }
}

class ConnectionWriter implements ConnectionRecorder {
  readonly id: string;
  private readonly owner: RecordingWriter;
  private readonly streamIn: StreamFile;
  private readonly streamOut: StreamFile;
  private record: ConnectionRecord;
  private openExchanges = 0;
  private done = false;

  private readonly scenario: string | null | undefined;

  constructor(owner: RecordingWriter, id: string, { scenario, ...facts }: Parameters<Recorder["openConnection"]>[0]) {
    this.owner = owner;
    this.scenario = scenario;
    this.id = id;
    this.streamIn = new StreamFile(owner, path.join(owner.folder, "streams", `${id}.in`));
    this.streamOut = new StreamFile(owner, path.join(owner.folder, "streams", `${id}.out`));
    this.record = {
      id,
      ...facts,
      scenario: scenario === undefined ? owner.currentScenario(facts.service) : scenario,
      openedAt: owner.now(),
      closedAt: null,
      clientHello: null,
      tls: null,
      peerCertificates: [],
      alert: null,
    };
    this.write({});
  }

  private write(change: Partial<ConnectionRecord>): void {
    this.record = { ...this.record, ...change };
    this.owner.line("connections", this.record);
  }

  get lengthIn(): number {
    return this.streamIn.length;
  }

  get lengthOut(): number {
    return this.streamOut.length;
  }

  private segment(stream: StreamFile, direction: "in" | "out", chunk: Uint8Array, phase: "plain" | "tls"): number {
    this.owner.touch(this.record.service);
    const start = stream.append(chunk);
    const segment: Segment = {
      connection: this.id,
      at: this.owner.now(),
      direction,
      phase,
      start,
      end: start + chunk.length,
    };
    this.owner.line("segments", segment);
    return start;
  }

  bytesIn(chunk: Uint8Array, phase: "plain" | "tls"): number {
    return this.segment(this.streamIn, "in", chunk, phase);
  }

  bytesOut(chunk: Uint8Array, phase: "plain" | "tls"): number {
    return this.segment(this.streamOut, "out", chunk, phase);
  }

  readIn(start: number, end = this.streamIn.length): Uint8Array {
    return this.streamIn.read(start, end);
  }

  readOut(start: number, end = this.streamOut.length): Uint8Array {
    return this.streamOut.read(start, end);
  }

  clientHello(bytes: Uint8Array): void {
    const hello = new StreamFile(this.owner, path.join(this.owner.folder, "streams", `${this.id}.hello`));
    hello.append(bytes);
    hello.close();
    this.write({ clientHello: { stream: `${this.id}.hello`, start: 0, end: bytes.length } });
  }

  tls(facts: Parameters<ConnectionRecorder["tls"]>[0], peerCertificates: readonly Uint8Array[]): void {
    this.write({
      tls: { startedAt: this.owner.now(), ...facts },
      peerCertificates: peerCertificates.map((der) => Buffer.from(der).toString("base64")),
    });
  }

  alert(alert: TlsAlert): void {
    this.write({ alert });
  }

  openExchange(operation: string, requestStart: number, responseStart: number): ExchangeRecorder {
    this.openExchanges += 1;
    const owner = this.owner;
    const connection = this.id;
    const facts = this.record;
    const faults: string[] = [];
    const id = owner.nextExchange();
    const scenario = this.scenario === undefined ? owner.currentScenario(facts.service) : this.scenario;
    let name = operation;
    let closed = false;
    const base = {
      id,
      connection,
      direction: facts.direction,
      service: facts.service,
      scenario,
      startedAt: owner.now(),
    };
    const write = (end: Pick<ExchangeRecord, "endedAt" | "request" | "response" | "complete">): void => {
      const record: ExchangeRecord = { ...base, operation: name, ...end, faults };
      owner.line("exchanges", record);
    };
    // Out calls are ours: we send on the stream called `out` and hear on `in`.
    const asked = facts.direction === "in" ? "in" : "out";
    const answered = facts.direction === "in" ? "out" : "in";
    const range = (side: string, start: number, end: number) => ({ stream: `${connection}.${side}`, start, end });
    write({
      endedAt: null,
      request: range(asked, requestStart, requestStart),
      response: null,
      complete: false,
    });
    return {
      id,
      scenario,
      operation(next: string) {
        name = next;
      },
      fault(fault: FaultSpec) {
        faults.push(owner.event("fault.injected", { fault }, { scenario, exchange: id }).id);
      },
      close: ({ requestEnd, responseEnd, complete }) => {
        if (closed) return;
        closed = true;
        write({
          endedAt: owner.now(),
          request: range(asked, requestStart, requestEnd),
          response: responseEnd === null ? null : range(answered, responseStart, responseEnd),
          complete,
        });
        this.openExchanges -= 1;
        if (this.done && this.openExchanges === 0) this.release();
      },
    };
  }

  close(): void {
    if (this.done) return;
    this.done = true;
    this.write({ closedAt: this.owner.now() });
    if (this.openExchanges === 0) this.release();
  }

  private release(): void {
    this.streamIn.close();
    this.streamOut.close();
  }
}
