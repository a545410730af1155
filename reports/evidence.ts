/** Excerpts of a recording around what a pointer names. Bytes become text here; renderers make that text safe and mask it. */
import type { Connection, EventRecord, Exchange, Pointer, RecordingView } from "../core/model/index.js";
import type { EvidenceExcerpt } from "./model.js";

/** Bytes shown before and after the place a pointer names. */
const BEFORE = 240;
const AFTER = 720;
/** How far into a message the place is looked for, and by how much of the words that name it. */
const SEARCHED = 2 * 1024 * 1024;
const WHERE_MAX = 500;
const WORDS_MAX = 6;

/** Reader of excerpts over a loaded recording; null when the pointer names nothing in it. */
export function evidenceOf(view: RecordingView): (pointer: Pointer) => EvidenceExcerpt | null {
  const exchanges = new Map(view.exchanges.map((exchange) => [exchange.id, exchange]));
  const connections = new Map(view.connections.map((connection) => [connection.id, connection]));
  const events = new Map(view.events.map((event) => [event.id, event]));
  return (pointer) => {
    const exchange = pointer.exchange === undefined ? undefined : exchanges.get(pointer.exchange);
    if (exchange) return fromExchange(exchange, pointer);
    const connection = pointer.connection === undefined ? undefined : connections.get(pointer.connection);
    if (connection)
      return fromText(`${connection.service} ${connection.listener}`, connection.openedAt, facts(connection));
    const event = pointer.event === undefined ? undefined : events.get(pointer.event);
    if (event) return fromText(event.kind, event.at, eventText(event));
    return null;
  };
}

function fromExchange(exchange: Exchange, pointer: Pointer): EvidenceExcerpt | null {
  const bytes = pointer.side === "response" ? exchange.responseBytes : exchange.requestBytes;
  if (!bytes) return null;
  const at = pointer.side === "response" ? (exchange.endedAt ?? exchange.startedAt) : exchange.startedAt;
  const middle = pointer.where === undefined ? null : locate(bytes, pointer.where);
  return { operation: exchange.operation, at, ...window(bytes, middle) };
}

function fromText(operation: string, at: string, text: string): EvidenceExcerpt {
  return { operation, at, ...window(Buffer.from(text, "utf8"), null) };
}

/** Without a place: the beginning. With one: from the line it stands in when that begins near, else a little before. */
function window(bytes: Uint8Array, middle: number | null): Pick<EvidenceExcerpt, "text" | "bytes"> {
  let start = 0;
  if (middle !== null && middle > BEFORE) {
    const lineStart = bytes.lastIndexOf(0x0a, middle) + 1;
    start = Math.max(lineStart, middle - BEFORE);
  }
  const end = Math.min(bytes.length, start + BEFORE + AFTER);
  return { text: readable(bytes.subarray(start, end)), bytes: { start, end, total: bytes.length } };
}

/**
 * Offset of what `where` speaks of: the whole phrase if it occurs, else its last name (`…/recordTarget/patientRole/id[2]`
 * looks for `id`, as an element, a header or a member before any other place). Null when nothing is found.
 */
export function locate(bytes: Uint8Array, where: string): number | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SEARCHED)).toString("latin1");
  const lower = text.toLowerCase();
  const asked = where.slice(-WHERE_MAX);
  const phrase = lower.indexOf(Buffer.from(asked, "utf8").toString("latin1").toLowerCase());
  if (phrase >= 0 && asked.length > 2) return phrase;
  const words = asked.match(/[A-Za-z_][A-Za-z0-9_.-]*/g) ?? [];
  for (const word of words.slice(-WORDS_MAX).reverse()) {
    const found = place(lower, word.toLowerCase());
    if (found !== null) return found;
  }
  return null;
}

function place(lower: string, word: string): number | null {
  const name = word.replace(/[.-]/g, "\\$&");
  for (const shape of [`<(?:[a-z0-9_-]+:)?${name}[\\s>/]`, `^${name}:`, `"${name}"\\s*:`, `[?&\\s]${name}=`]) {
    const found = new RegExp(shape, "m").exec(lower);
    if (found) return found.index;
  }
  const anywhere = word.length > 3 ? lower.indexOf(word) : -1;
  return anywhere < 0 ? null : anywhere;
}

/** UTF-8 where it is UTF-8; any other byte, and every control but line ends and tabs, is a middle dot. */
export function readable(bytes: Uint8Array): string {
  let text = "";
  let index = 0;
  while (index < bytes.length) {
    const byte = bytes[index] ?? 0;
    if (byte < 0x80) {
      text +=
        byte === 0x0a || byte === 0x0d || byte === 0x09 || (byte >= 0x20 && byte < 0x7f)
          ? String.fromCharCode(byte)
          : "·";
      index += 1;
      continue;
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    const sequence = Buffer.from(bytes.subarray(index, index + length)).toString("utf8");
    const whole = sequence.length === (length === 4 ? 2 : 1) && !sequence.includes("\ufffd");
    text += whole ? sequence : "·";
    index += whole ? length : 1;
  }
  return text;
}

function facts(connection: Connection): string {
  const { listener, direction, remote, local, tls, alert, peerCertificates, openedAt, closedAt } = connection;
  return JSON.stringify(
    { listener, direction, remote, local, openedAt, closedAt, tls, alert, peerCertificates: peerCertificates.length },
    null,
    2,
  );
}

function eventText(event: EventRecord): string {
  return JSON.stringify(
    { kind: event.kind, scenario: event.scenario, exchange: event.exchange, data: event.data },
    null,
    2,
  );
}
