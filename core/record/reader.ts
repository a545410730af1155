/** Reads recording format v1 back into a RecordingView. Offline, without any service; foreign files are refused, not trusted. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type {
  ByteRange,
  Connection,
  ConnectionRecord,
  EventRecord,
  Exchange,
  ExchangeRecord,
  RecordingMeta,
  RecordingView,
  ScenarioFacts,
  ScenarioRun,
  Segment,
  Step,
} from "../model/index.js";
import { byCodeUnit, canonicalJson, RECORDING_FORMAT, SuiteError } from "../model/index.js";

const EMPTY = new Uint8Array(0);

/** Where bytes come from: `c0001.in` → bytes. Unknown streams give null. */
export type StreamSource = (stream: string) => Uint8Array | null;

export interface RecordingRecords {
  readonly meta: RecordingMeta;
  readonly connections: readonly ConnectionRecord[];
  readonly exchanges: readonly ExchangeRecord[];
  readonly segments: readonly Segment[];
  readonly events: readonly EventRecord[];
}

/** Names of the files that make a recording. Anything else in its folder is no part of it. */
const PART_OF_RECORDING =
  /^(recording\.json|(connections|exchanges|segments|events)\.jsonl|streams\/c\d{4,9}\.(in|out|hello))$/;

export function isPartOfRecording(name: string): boolean {
  return PART_OF_RECORDING.test(name);
}

/** The files of a recording, wherever they are: a folder, or a bundle held in memory. */
export interface RecordingFiles {
  /** For messages. */
  readonly where: string;
  /** Relative names with `/`: `recording.json`, `events.jsonl`, `streams/c0001.in`… Only plain files. */
  names(): readonly string[];
  /** Bytes of one of them; null when there is no such plain file. */
  read(name: string): Uint8Array | null;
}

/** A recording on disk. A link, a pipe or a device in it is nothing that we wrote: reading one throws ERR_RECORDING. */
export function recordingFolder(folder: string): RecordingFiles {
  const listed = (relative: string): string[] => {
    const full = path.join(folder, relative);
    if (!existsSync(full)) return [];
    return readdirSync(full, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${relative}${entry.name}`)
      .filter(isPartOfRecording);
  };
  return {
    where: folder,
    names: () => [...listed(""), ...listed("streams/")],
    read(name) {
      const file = path.join(folder, name);
      const facts = lstatSync(file, { throwIfNoEntry: false });
      if (!facts) return null;
      if (!facts.isFile() || facts.size > MAX_FILE) throw notOfARecording(file);
      return readFileSync(file);
    },
  };
}

/** A recording given as name -> bytes. */
export function recordingInMemory(files: ReadonlyMap<string, Uint8Array>, where: string): RecordingFiles {
  return { where, names: () => [...files.keys()].filter(isPartOfRecording), read: (name) => files.get(name) ?? null };
}

/** `from`: its files, or the path of its folder. Throws SuiteError ERR_RECORDING that names the file and line. */
export function loadRecording(from: RecordingFiles | string): RecordingView {
  const files = filesOf(from);
  return viewOf(readRecords(files), streamsOf(files));
}

function filesOf(from: RecordingFiles | string): RecordingFiles {
  return typeof from === "string" ? recordingFolder(from) : from;
}

export function readRecords(from: RecordingFiles | string): RecordingRecords {
  const files = filesOf(from);
  const file = path.join(files.where, "recording.json");
  const text = readText(files, "recording.json");
  if (text === null) {
    throw new SuiteError("ERR_RECORDING", "there is no recording here", {
      where: files.where,
      mend: "give the folder of a run (it holds recording/recording.json)",
    });
  }
  const meta = parseLine(text, file, 1) as RecordingMeta;
  if (!isObject(meta) || typeof meta.id !== "string") throw foreign(file, 1);
  if (meta.format !== RECORDING_FORMAT) {
    throw new SuiteError("ERR_RECORDING", `the recording has format ${JSON.stringify(meta.format)}`, {
      where: file,
      mend: `this version reads ${RECORDING_FORMAT} only`,
    });
  }
  return {
    meta,
    connections: latest(journal<ConnectionRecord>(files, "connections", isConnection)),
    exchanges: latest(journal<ExchangeRecord>(files, "exchanges", isExchange)),
    segments: journal<Segment>(files, "segments", (record) => areTexts(record, "connection")),
    events: journal<EventRecord>(files, "events", isEvent),
  };
}

export function streamsOf(from: RecordingFiles | string): StreamSource {
  const files = filesOf(from);
  const known = new Map<string, Uint8Array | null>();
  return (stream) => {
    let bytes = known.get(stream);
    if (bytes === undefined) {
      bytes = /^c\d{4,}\.(in|out|hello)$/.test(stream) ? files.read(`streams/${stream}`) : null;
      known.set(stream, bytes);
    }
    return bytes;
  };
}

/** Lines of one journal. A last line cut by a crash is dropped; any other broken line is an error. */
function journal<T>(
  files: RecordingFiles,
  name: string,
  fits: (record: Readonly<Record<string, unknown>>) => boolean,
): T[] {
  const file = path.join(files.where, `${name}.jsonl`);
  const text = readText(files, `${name}.jsonl`);
  if (text === null) return [];
  const lines = text.split("\n");
  const tail = lines.pop();
  const records = lines.map((line, index) => parseLine(line, file, index + 1));
  if (tail) {
    try {
      records.push(JSON.parse(tail));
    } catch {
      // The writer died inside this line: what stands before it is whole.
    }
  }
  const odd = records.findIndex((record) => !isObject(record) || !fits(record));
  if (odd >= 0) throw foreign(file, odd + 1);
  return records as T[];
}

/** Longest journal read: what fits in one text of the runtime, with room to spare. */
const MAX_JOURNAL = 256 * 1024 * 1024;

/** Largest file read at all. */
const MAX_FILE = 1024 * 1024 * 1024;

/** Text of a file of the recording, null when it is not there. */
function readText(files: RecordingFiles, name: string): string | null {
  const bytes = files.read(name);
  if (bytes === null) return null;
  if (bytes.length > MAX_JOURNAL) throw notOfARecording(path.join(files.where, name));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");
}

function notOfARecording(file: string): SuiteError {
  return new SuiteError("ERR_RECORDING", "this is not a file of a recording, or it is too large", {
    where: file,
    mend: "give the folder of a run made by this tool",
  });
}

function foreign(file: string, number: number): SuiteError {
  return new SuiteError("ERR_RECORDING", "a record is not as this tool writes it", {
    where: `${file}:${number}`,
    mend: "the recording was edited or damaged: run again",
  });
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areTexts(record: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => typeof record[name] === "string");
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function isRange(value: unknown): boolean {
  return (
    isObject(value) && areTexts(value, "stream") && Number.isSafeInteger(value.start) && Number.isSafeInteger(value.end)
  );
}

function isConnection(record: Fields): boolean {
  const { clientHello, tls, peerCertificates } = record;
  return (
    areTexts(record, "id", "service", "listener", "openedAt") &&
    (clientHello === null || isRange(clientHello)) &&
    (tls === null || isObject(tls)) &&
    Array.isArray(peerCertificates) &&
    peerCertificates.every((der) => typeof der === "string")
  );
}

function isExchange(record: Fields): boolean {
  const { scenario, endedAt, request, response, faults } = record;
  return (
    areTexts(record, "id", "connection", "service", "operation", "startedAt") &&
    isTextOrNull(scenario) &&
    isTextOrNull(endedAt) &&
    isRange(request) &&
    (response === null || isRange(response)) &&
    Array.isArray(faults)
  );
}

function isEvent(record: Fields): boolean {
  const { kind, scenario, data } = record;
  if (!areTexts(record, "id", "kind", "at") || !isTextOrNull(scenario) || !isObject(data)) return false;
  if (kind === "recording.open") return isShallow(data);
  if (kind === "step.begin") return Number.isFinite(data.step) && areTexts(data, "operation");
  if (kind === "window") return areTexts(data, "from", "to");
  if (kind !== "scenario.open") return true;
  return isShallow(data) && isObject(data.facts) && areTexts(data.facts, "id") && Number.isFinite(data.facts.attempt);
}

/** What we write ourselves is never nested deep; whoever compares it recurses. A vendor's answers may be, and are left alone. */
const MAX_DEPTH = 32;

function isShallow(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return false;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return true;
}

function parseLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new SuiteError("ERR_RECORDING", "a record is not JSON", {
      where: `${file}:${number}`,
      mend: "the recording was edited or damaged: run again",
      cause: error,
    });
  }
}

/** The last line of an id counts; order of first appearance is kept. */
function latest<T extends { readonly id: string }>(records: readonly T[]): T[] {
  const known = new Map<string, T>();
  for (const record of records) known.set(record.id, record);
  return [...known.values()];
}

/** The record that an exchange or a connection of a view was made from. */
const madeOf = new WeakMap<object, object>();

function made<T extends object>(record: object, joined: T): T {
  madeOf.set(joined, record);
  return joined;
}

/**
 * Joins records and bytes. Ranges outside their stream are an error: evidence must exist. `before`: an earlier view of the same streams
 * and segments; what stands in both with the very same record is taken from it, with all that was read out of it.
 */
export function viewOf(records: RecordingRecords, source: StreamSource, before?: RecordingView): RecordingView {
  const earlier = [...(before?.connections ?? []), ...(before?.exchanges ?? [])];
  const known = new Map<unknown, object>(earlier.map((one) => [madeOf.get(one), one]));
  const bytesOf = (range: ByteRange | null, owner: string): Uint8Array | null => {
    if (!range) return null;
    const stream = source(range.stream);
    if (!stream) {
      if (range.start === range.end) return EMPTY;
      throw new SuiteError("ERR_RECORDING", `${owner} points at the missing stream ${range.stream}`, {
        where: range.stream,
        mend: "the recording is not whole: run again",
      });
    }
    if (range.start < 0 || range.end < range.start || range.end > stream.length) {
      throw new SuiteError("ERR_RECORDING", `${owner} points outside ${range.stream}`, {
        where: `${range.stream} ${range.start}-${range.end} of ${stream.length}`,
        mend: "the recording is not whole: run again",
      });
    }
    return stream.subarray(range.start, range.end);
  };
  const segments = new Map<string, Segment[]>();
  for (const segment of records.segments) {
    const list = segments.get(segment.connection);
    if (list) list.push(segment);
    else segments.set(segment.connection, [segment]);
  }
  const connections = records.connections.map((record): Connection => {
    const same = known.get(record) as Connection | undefined;
    if (same) return same;
    const own = segments.get(record.id) ?? [];
    return made(record, { ...record, clientHelloBytes: bytesOf(record.clientHello, record.id), segments: own });
  });
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const exchanges = records.exchanges
    .map((record): Exchange => {
      const conn = byId.get(record.connection) ?? null;
      const same = known.get(record) as Exchange | undefined;
      if (same?.conn === conn) return same;
      return made(record, {
        ...record,
        requestBytes: bytesOf(record.request, record.id) ?? EMPTY,
        responseBytes: bytesOf(record.response, record.id),
        conn,
      });
    })
    .sort(byTime);
  return {
    meta: records.meta,
    connections,
    exchanges,
    events: records.events,
    runs: runsOf(records.events, exchanges),
  };
}

function byTime(a: ExchangeRecord, b: ExchangeRecord): number {
  return byCodeUnit(a.startedAt, b.startedAt) || a.id.length - b.id.length || byCodeUnit(a.id, b.id);
}

/** Latest attempt of each scenario, in the order of scenario ids. */
export function runsOf(events: readonly EventRecord[], exchanges: readonly Exchange[]): ScenarioRun[] {
  const opened = new Map<string, { event: EventRecord; facts: ScenarioFacts; key: string }>();
  for (const event of events) {
    if (event.kind !== "scenario.open") continue;
    const facts = event.data.facts as ScenarioFacts;
    const known = opened.get(facts.id);
    if (!known || known.facts.attempt < facts.attempt) {
      opened.set(facts.id, { event, facts, key: event.scenario ?? `${facts.id}#${facts.attempt}` });
    }
  }
  const eventsOf = byScenario(events);
  const exchangesOf = byScenario(exchanges);
  return [...opened.values()]
    .sort((a, b) => byCodeUnit(a.facts.id, b.facts.id))
    .map(({ event, facts, key }): ScenarioRun => {
      const own = eventsOf.get(key) ?? [];
      const close = own.find((e) => e.kind === "scenario.close");
      const state = close?.data.state;
      return {
        key,
        facts,
        openedAt: event.at,
        closedAt: close?.at ?? null,
        state: state === "done" || state === "failed" ? state : "interrupted",
        steps: stepsOf(own),
        exchanges: exchangesOf.get(key) ?? [],
        events: own,
        windows: own
          .filter((e) => e.kind === "window")
          .map((e) => ({ from: e.data.from as string, to: e.data.to as string, event: e.id })),
      };
    });
}

/** Records by their scenario, in their order: one pass, however many scenarios a foreign recording says it has. */
function byScenario<T extends { readonly scenario: string | null }>(records: readonly T[]): Map<string | null, T[]> {
  const known = new Map<string | null, T[]>();
  for (const record of records) {
    const own = known.get(record.scenario);
    if (own) own.push(record);
    else known.set(record.scenario, [record]);
  }
  return known;
}

function stepsOf(events: readonly EventRecord[]): Step[] {
  const ends = new Map<unknown, EventRecord>();
  for (const event of events) {
    if (event.kind === "step.end" && !ends.has(event.data.step)) ends.set(event.data.step, event);
  }
  return events
    .filter((e) => e.kind === "step.begin")
    .map((begin): Step => {
      const end = ends.get(begin.data.step);
      const status = end?.data.status;
      return {
        index: Number(begin.data.step),
        operation: begin.data.operation as string,
        input: begin.data.input,
        status: status === "done" || status === "refused" || status === "failed" ? status : null,
        answer: end?.data.answer ?? null,
        beganAt: begin.at,
        endedAt: end?.at ?? null,
        beginEvent: begin.id,
        endEvent: end?.id ?? null,
      };
    });
}

/** SHA-256 over every file of the recording (names and digests, sorted): the identity of what was judged. */
export function recordingDigest(from: RecordingFiles | string): string {
  const files = filesOf(from);
  const digests = files.names().map((name): [string, string] => {
    const bytes = files.read(name) ?? EMPTY;
    return [name, createHash("sha256").update(bytes).digest("hex")];
  });
  return createHash("sha256")
    .update(canonicalJson(Object.fromEntries(digests)))
    .digest("hex");
}

/** How many ids are used, for a recording that goes on. */
export function countRecords(records: RecordingRecords): { connections: number; exchanges: number; events: number } {
  const highest = (list: readonly { readonly id: string }[]): number =>
    list.reduce((max, { id }) => Math.max(max, Number(id.slice(1)) || 0), 0);
  return {
    connections: highest(records.connections),
    exchanges: highest(records.exchanges),
    events: highest(records.events),
  };
}
