/**
 * One HTTP call of ours to the vendor's software, recorded as raw bytes on the wire. One connection per call, so that the
 * exchange is the whole of its streams.
 */
import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import type { ConnectionRecorder, ExchangeRecorder, Recorder } from "../core/model/index.js";

export interface RecordedCall {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
  /** Ends the exchange once the caller has its answer (or its error). Null when no connection was ever opened. */
  done(complete: boolean): string | null;
}

export interface RecordedCallOptions {
  /** `driver` (calls of operations) or `agent` (the browser). */
  readonly listener: "driver" | "agent";
  /** `vendor.operation` or `vendor.agent`. */
  readonly operation: string;
  /** Key of the scenario the call is made for; null for a call outside any. */
  readonly scenario?: string | null;
  /** PEM certificates to trust. */
  readonly ca: readonly string[];
  /** Explicit HTTP proxy of segur.yaml; loopback never goes through it. */
  readonly proxy?: URL;
}

export function recordedCall(recorder: Recorder, options: RecordedCallOptions): RecordedCall {
  let connection: ConnectionRecorder | null = null;
  let exchange: ExchangeRecorder | null = null;

  const begin = (socket: net.Socket, address: string, port: number): void => {
    connection = recorder.openConnection({
      listener: options.listener,
      service: "vendor",
      direction: "out",
      ...(options.scenario === undefined ? {} : { scenario: options.scenario }),
      remote: { address, port },
      local: { address: "", port: 0 },
    });
    exchange = connection.openExchange(options.operation, 0, 0);
    const owned = connection;
    socket.on("close", () => owned.close());
    socket.on("error", () => undefined);
  };

  const plain = (host: string, port: number): net.Socket => {
    const socket = net.connect({ host, port, noDelay: true });
    begin(socket, host, port);
    if (connection) tap(socket, connection, "plain");
    return socket;
  };

  const secure = (host: string, port: number): tls.TLSSocket => {
    const socket = tls.connect({
      host,
      port,
      ca: [...options.ca],
      ...(net.isIP(host) ? {} : { servername: host }),
    });
    socket.setNoDelay(true);
    begin(socket, host, port);
    const owned = connection;
    if (owned) {
      tap(socket, owned, "tls");
      socket.on("secureConnect", () => {
        const certificate = socket.getPeerCertificate();
        owned.tls(
          {
            protocol: socket.getProtocol() ?? "",
            cipher: socket.getCipher().standardName,
            serverName: net.isIP(host) ? null : host,
            alpn: socket.alpnProtocol || null,
          },
          certificate.raw ? [certificate.raw] : [],
        );
      });
    }
    return socket;
  };

  const httpAgent = new http.Agent({ keepAlive: false });
  const httpsAgent = new https.Agent({ keepAlive: false });
  const hostOf = (o: http.ClientRequestArgs, port: number) =>
    [o.hostname ?? o.host ?? "localhost", Number(o.port ?? port)] as const;
  httpAgent.createConnection = (o: http.ClientRequestArgs) => plain(...hostOf(o, 80));
  httpsAgent.createConnection = (o: http.ClientRequestArgs) => secure(...hostOf(o, 443));

  return {
    httpAgent,
    httpsAgent,
    done(complete) {
      httpAgent.destroy();
      httpsAgent.destroy();
      if (!connection || !exchange) return null;
      exchange.close({
        requestEnd: connection.lengthOut,
        responseEnd: connection.lengthIn > 0 ? connection.lengthIn : null,
        complete,
      });
      return exchange.id;
    },
  };
}

/** Records what passes through a socket that node's HTTP client reads and writes. */
function tap(socket: Duplex, recorder: ConnectionRecorder, phase: "plain" | "tls"): void {
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk instanceof Uint8Array && chunk.length > 0) recorder.bytesIn(chunk, phase);
    return push(chunk, encoding);
  };
  const note = (chunk: string | Uint8Array, encoding: BufferEncoding): void => {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    if (bytes.length > 0) recorder.bytesOut(bytes, phase);
  };
  const write = socket._write.bind(socket);
  socket._write = (chunk, encoding, done) => {
    note(chunk, encoding);
    write(chunk, encoding, done);
  };
  const writev = socket._writev?.bind(socket);
  if (writev) {
    socket._writev = (chunks, done) => {
      for (const { chunk, encoding } of chunks) note(chunk, encoding);
      writev(chunks, done);
    };
  }
}
