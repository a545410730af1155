/** Edits a copy of a recording on raw bytes, for the broken cases of checks. What was edited is parsed again afterwards. */
import type {
  ByteRange,
  ConnectionRecord,
  EventRecord,
  Exchange,
  ExchangeRecord,
  PkiMaterial,
  RecordingEditor,
  RecordingView,
  ScenarioRun,
} from "../../core/model/index.js";
import { type RecordingRecords, type StreamSource, viewOf } from "../../core/record/reader.js";
import { type HttpMessage, header, readHttpRequest, readHttpResponse } from "../../protocols/http.js";

export interface EditSession {
  readonly editor: RecordingEditor;
  /** The recording as edited so far. */
  view(): RecordingView;
}

/** `good`: the recording as it was, already read: what an edit leaves alone is not parsed again. */
export function editRecording(
  records: RecordingRecords,
  source: StreamSource,
  pki: PkiMaterial,
  good?: RecordingView,
): EditSession {
  let exchanges: ExchangeRecord[] = [...records.exchanges];
  let connections: ConnectionRecord[] = [...records.connections];
  let events: EventRecord[] = [...records.events];
  const added = new Map<string, Uint8Array>();
  let counter = 9000;
  let cached: RecordingView | null = null;
  const view = (): RecordingView => {
    cached ??= viewOf({ ...records, exchanges, connections, events }, (name) => added.get(name) ?? source(name), good);
    return cached;
  };
  const changed = (): void => {
    cached = null;
  };
  const put = (bytes: Uint8Array): ByteRange => {
    counter += 1;
    const stream = `c${counter}.in`;
    added.set(stream, bytes);
    return { stream, start: 0, end: bytes.length };
  };
  const patch = (id: string, change: Partial<ExchangeRecord>): void => {
    if (!exchanges.some((x) => x.id === id)) throw new Error(`no exchange ${id}`);
    exchanges = exchanges.map((x) => (x.id === id ? { ...x, ...change } : x));
    changed();
  };
  const list = (operation: string, scenario?: string): Exchange[] =>
    view().exchanges.filter(
      (x) =>
        x.operation === operation &&
        (scenario === undefined ? x.scenario !== null : x.scenario?.split("#")[0] === scenario),
    );
  const current = (exchange: Exchange): Exchange => {
    const found = view().exchanges.find((x) => x.id === exchange.id);
    if (!found) throw new Error(`no exchange ${exchange.id}`);
    return found;
  };
  const editor: RecordingEditor = {
    get view() {
      return view();
    },
    exchange(operation, scenario) {
      const [found] = list(operation, scenario);
      if (!found) throw new Error(`no exchange ${operation}${scenario ? ` in ${scenario}` : ""}`);
      return found;
    },
    exchanges: list,
    run(scenario): ScenarioRun {
      const found = view().runs.find((run) => run.facts.id === scenario);
      if (!found) throw new Error(`scenario ${scenario} was not played`);
      return found;
    },
    setRequest: (exchange, bytes) => patch(exchange.id, { request: put(bytes) }),
    setResponse: (exchange, bytes) => patch(exchange.id, { response: put(bytes) }),
    replaceInRequest(exchange, from, to) {
      patch(exchange.id, { request: put(replaced(current(exchange).requestBytes, from, to, "request")) });
    },
    replaceInResponse(exchange, from, to) {
      const bytes = current(exchange).responseBytes;
      if (!bytes) throw new Error(`${exchange.id} has no response`);
      patch(exchange.id, { response: put(replaced(bytes, from, to, "response")) });
    },
    remove(exchange) {
      exchanges = exchanges.filter((x) => x.id !== exchange.id);
      changed();
    },
    duplicate(exchange, change = {}) {
      counter += 1;
      const { requestBytes: _q, responseBytes: _p, conn: _c, ...record } = current(exchange);
      const copy: ExchangeRecord = {
        ...record,
        id: `x${counter}`,
        startedAt: change.at ?? record.startedAt,
        endedAt: change.at ?? record.endedAt,
        scenario: change.scenario === undefined ? record.scenario : change.scenario,
        operation: change.operation ?? record.operation,
      };
      exchanges = [...exchanges, copy];
      changed();
      return current(copy as Exchange);
    },
    patchExchange(exchange, change) {
      const { requestBytes, responseBytes, conn: _conn, ...facts } = change;
      patch(exchange.id, {
        ...facts,
        ...(requestBytes ? { request: put(requestBytes) } : {}),
        ...(responseBytes ? { response: put(responseBytes) } : {}),
      });
    },
    patchConnection(id, change) {
      if (!connections.some((c) => c.id === id)) throw new Error(`no connection ${id}`);
      const { clientHelloBytes, ...facts } = change;
      const hello = clientHelloBytes instanceof Uint8Array ? { clientHello: put(clientHelloBytes) } : {};
      connections = connections.map((c) => (c.id === id ? { ...c, ...facts, ...hello } : c));
      changed();
    },
    patchEvent(id, change) {
      if (!events.some((e) => e.id === id)) throw new Error(`no event ${id}`);
      events = events.map((e) => (e.id === id ? { ...e, ...change } : e));
      changed();
    },
    removeEvent(id) {
      events = events.filter((e) => e.id !== id);
      changed();
    },
    key(role) {
      const entry = pki.roles[role];
      return { key: entry.keyPem, cert: entry.certPem };
    },
  };
  return { editor, view };
}

/** Replaces text (latin1 view: binary parts survive; `to` is UTF-8). A mutation that changes nothing is a fault of its author. */
function replaced(bytes: Uint8Array, from: string | RegExp, to: string, side: "request" | "response"): Uint8Array {
  const text = Buffer.from(unchunked(bytes, side)).toString("latin1");
  const wanted = typeof from === "string" ? Buffer.from(from, "utf8").toString("latin1") : from;
  const after = text.replace(wanted as string, () => Buffer.from(to, "utf8").toString("latin1"));
  if (after === text) throw new Error(`${String(from)} does not occur, or the replacement is the same`);
  return withLength(Buffer.from(after, "latin1"), side);
}

function read(bytes: Uint8Array, side: "request" | "response"): HttpMessage | null {
  return side === "request" ? readHttpRequest(bytes) : readHttpResponse(bytes);
}

/** A chunked HTTP message written plainly, so that its body can be edited; anything else unchanged. */
function unchunked(bytes: Uint8Array, side: "request" | "response"): Uint8Array {
  const message = read(bytes, side);
  if (!message || !/chunked/i.test(header(message, "transfer-encoding") ?? "")) return bytes;
  return assemble(message, message.body);
}

/** Sets Content-Length to the body that is there. Not HTTP, or without a length: unchanged. */
function withLength(bytes: Buffer, side: "request" | "response"): Uint8Array {
  const message = read(bytes, side);
  if (!message || header(message, "content-length") === null) return bytes;
  return assemble(message, bytes.subarray(message.bodyStart));
}

function assemble(message: HttpMessage, body: Uint8Array): Uint8Array {
  const headers = message.rawHeaders.filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name));
  const head = [
    message.startLine,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}
