/** HTTPS on a recorded listener: each call is one exchange, whatever becomes of it. */
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { AcceptedConnection, ExchangeRecorder } from "../../core/model/index.js";
import { type HttpMessage, headerValues, readHttpRequest, readHttpResponse } from "../../protocols/http.js";
import { type ListenerOptions, type OpenListener, openTlsListener } from "./listener.js";

export interface HttpCall {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly exchange: ExchangeRecorder;
  /** DER, leaf first; empty without a client certificate. */
  readonly peerCertificates: readonly Uint8Array[];
  readonly authorized: boolean;
  /** Whole body; rejects with RangeError past the limit (default 64 MB). */
  body(limitBytes?: number): Promise<Buffer>;
  /** Destroys the connection now: the caller sees it cut. */
  cut(): void;
}

export interface HttpListenerOptions extends ListenerOptions {
  /** First name of the operation, from method and path; the service renames it when the body says more. */
  operation(req: IncomingMessage): string;
  /** A throw answers 500 and is logged; it is our fault, never the vendor's. */
  handle(call: HttpCall): Promise<void> | void;
}

/** Where the next request and response start in the streams of a connection. */
interface Cursor {
  in: number;
  out: number;
}

export async function openHttpListener(options: HttpListenerOptions): Promise<OpenListener> {
  const connections = new WeakMap<Duplex, { accepted: AcceptedConnection; cursor: Cursor }>();
  const server = http.createServer({ keepAliveTimeout: 5_000 });
  server.on("request", (req, res) => {
    const known = connections.get(req.socket);
    if (!known) {
      res.destroy();
      return;
    }
    const { accepted, cursor } = known;
    const { recorder } = accepted;
    const started: Cursor = { ...cursor };
    const exchange = recorder.openExchange(options.operation(req), started.in, started.out);
    const finish = (complete: boolean): void => {
      const asked = frameOf(recorder.lengthIn - started.in, (bytes) =>
        readHttpRequest(recorder.readIn(started.in, started.in + bytes)),
      );
      const answered = frameOf(recorder.lengthOut - started.out, (bytes) =>
        readHttpResponse(recorder.readOut(started.out, started.out + bytes), 0, req.method === "HEAD"),
      );
      cursor.in = asked ? started.in + asked.end : recorder.lengthIn;
      cursor.out = answered ? started.out + answered.end : recorder.lengthOut;
      exchange.close({
        requestEnd: cursor.in,
        responseEnd: cursor.out > started.out ? cursor.out : null,
        complete: complete && (answered?.complete ?? false),
      });
    };
    let over = false;
    res.on("finish", () => {
      over = true;
      finish(true);
    });
    res.on("close", () => {
      if (!over) finish(false);
    });
    const call: HttpCall = {
      req,
      res,
      exchange,
      peerCertificates: accepted.peerCertificates,
      authorized: accepted.authorized,
      body: (limit) => readBody(req, limit),
      cut: () => accepted.stream.destroy(),
    };
    void (async () => {
      try {
        await options.handle(call);
      } catch (error) {
        // A caller that left in the middle of its request, or sent too much, is not a fault of ours.
        if (req.destroyed && !req.complete) return;
        if (error instanceof RangeError && !res.headersSent) {
          res.writeHead(413, { connection: "close" }).end();
          return;
        }
        options.context.log(
          `${options.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
        options.context.recorder.event(
          "suite.error",
          { listener: options.name, code: error instanceof Error ? error.name : "unknown" },
          { scenario: exchange.scenario, exchange: exchange.id },
        );
        if (!res.headersSent) res.writeHead(500, { "content-type": "text/plain" });
        if (!res.writableEnded) res.end("mock error");
      }
    })();
  });
  server.on("clientError", (_error, socket) => {
    const known = connections.get(socket);
    if (known) {
      const { recorder } = known.accepted;
      const exchange = recorder.openExchange(`${options.service}.malformed`, known.cursor.in, known.cursor.out);
      const answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
      if (socket.writable) socket.end(answer);
      exchange.close({ requestEnd: recorder.lengthIn, responseEnd: recorder.lengthOut, complete: false });
    } else socket.destroy();
  });
  return openTlsListener(options, (accepted) => {
    connections.set(accepted.stream, { accepted, cursor: { in: 0, out: 0 } });
    server.emit("connection", accepted.stream);
  });
}

/** Of a longer message only the beginning is read back when its head says how long it is. */
const FRAME_BYTES = 256 * 1024;

/** Where a recorded message of `length` bytes at most ends; `read` parses its first bytes. Null when it is no message. */
function frameOf(
  length: number,
  read: (bytes: number) => HttpMessage | null,
): { readonly end: number; readonly complete: boolean } | null {
  if (length <= FRAME_BYTES) return read(length);
  const begun = read(FRAME_BYTES);
  if (!begun) return null;
  const [declared, another] = headerValues(begun, "content-length");
  const framedOtherwise = another !== undefined || headerValues(begun, "transfer-encoding").length > 0;
  if (framedOtherwise || declared === undefined || !/^\d{1,15}$/.test(declared)) return read(length);
  const end = begun.bodyStart + Number(declared);
  return { end: Math.min(end, length), complete: end <= length };
}

/** Answers and resolves once the bytes were handed to the connection. */
export function send(
  call: HttpCall,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
): Promise<void> {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  return new Promise((resolve) => {
    call.res.on("close", () => resolve());
    call.res.writeHead(status, { ...headers, "content-length": String(bytes.length) });
    call.res.end(bytes, () => resolve());
  });
}

async function readBody(req: IncomingMessage, limit = 64 * 1024 * 1024): Promise<Buffer> {
  const tooLarge = (): RangeError => new RangeError(`the body has more than ${limit} bytes`);
  const declared = Number(req.headers["content-length"] ?? Number.NaN);
  if (declared > limit) throw tooLarge();
  // One block when the length is told: pieces that are joined at the end take twice the memory.
  const whole = Number.isInteger(declared) && declared >= 0 ? Buffer.allocUnsafe(declared) : null;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    if (size + chunk.length > limit) throw tooLarge();
    if (whole) chunk.copy(whole, size);
    else chunks.push(chunk);
    size += chunk.length;
  }
  return whole ? whole.subarray(0, size) : Buffer.concat(chunks);
}
