/**
 * Listeners of the mock services. Every connection is recorded from its first byte: the raw ClientHello is peeked before
 * the socket goes to TLS, failed handshakes are kept with their alert, and decrypted bytes pass through a tap.
 */
import net from "node:net";
import { Duplex } from "node:stream";
import tls from "node:tls";
import type {
  AcceptedConnection,
  ConnectionRecorder,
  ServiceContext,
  ServiceName,
  TlsAlert,
} from "../../core/model/index.js";
import { SuiteError } from "../../core/model/index.js";

export interface OpenListener {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

export interface ListenerOptions {
  /** Name of the listener in recordings and in `ports` of the settings: `psc-auth`, `ins`, `mss-smtp`… */
  readonly name: string;
  readonly service: ServiceName;
  readonly context: ServiceContext;
  /** `optional`: asked for, never refused (the service decides). `required`: a missing or untrusted one ends the handshake. */
  readonly clientCertificate: "none" | "optional" | "required";
}

/** A connection that starts in clear (STARTTLS protocols). The stream carries remoteAddress and its likes. */
export interface PlainConnection {
  readonly stream: Duplex;
  readonly recorder: ConnectionRecorder;
  /** Call just before TLS takes the stream over: plain recording stops, the ClientHello is captured. */
  startTls(): void;
  /** Call with the secured socket: its decrypted bytes are recorded from here on. */
  secured(socket: tls.TLSSocket): void;
}

/** How long a silent client may take for its first bytes or its handshake, in ms. */
const HANDSHAKE_TIMEOUT = 20_000;
const MAX_HELLO = 16_384 + 5;

/** TLS 1.2 is the floor of every national service (psc.md §1, mssante.md §1.2, other-services.md §5). */
export function secureContextOptions(options: ListenerOptions): tls.TlsOptions {
  const { pki, settings } = options.context;
  const own = settings.tls ?? pki.roles.server;
  return {
    key: own.keyPem,
    cert: own.certPem,
    ca: [pki.caBundlePem, ...settings.trust],
    minVersion: "TLSv1.2",
    requestCert: options.clientCertificate !== "none",
    rejectUnauthorized: options.clientCertificate === "required",
    // Sessions are not resumed, so that every connection shows a full handshake in the recording.
    sessionTimeout: 1,
    secureOptions: 0x4000, // SSL_OP_NO_TICKET
  };
}

/** Opens a TLS listener. Refused handshakes are recorded and never reach `accept`. */
export function openTlsListener(
  options: ListenerOptions,
  accept: (connection: AcceptedConnection) => void,
): Promise<OpenListener> {
  const secureOptions = secureContextOptions(options);
  const secureContext = tls.createSecureContext(secureOptions);
  return listen(options, "https", (socket) => {
    const recorder = recordConnection(options, socket);
    peek(socket, (first) => {
      if (first[0] !== 0x16) {
        // Not TLS: keep what came, as evidence of what was tried.
        recorder.bytesIn(first, "plain");
        recorder.alert({ from: "server", code: "not_tls" });
        socket.destroy();
        return;
      }
      recorder.clientHello(first);
      secure(options, socket, recorder, { ...secureOptions, secureContext, isServer: true }, accept);
    });
  });
}

/**
 * Takes a peeked socket to TLS. Made by hand and not by tls.Server, which destroys a refused client before anybody can
 * record which certificate it showed.
 */
function secure(
  options: ListenerOptions,
  raw: net.Socket,
  recorder: ConnectionRecorder,
  secureOptions: tls.TLSSocketOptions,
  accept: (connection: AcceptedConnection) => void,
): void {
  const socket = new tls.TLSSocket(raw, secureOptions);
  const timer = setTimeout(() => socket.destroy(), HANDSHAKE_TIMEOUT);
  timer.unref();
  let secured = false;
  socket.on("close", () => clearTimeout(timer));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    // In TLS 1.3 the client's refusal of our certificate comes after our side of the handshake is over.
    if (!secured || error.code?.startsWith("ERR_SSL")) recorder.alert(alertOf(error));
    socket.destroy();
  });
  socket.on("secure", () => {
    clearTimeout(timer);
    secured = true;
    const peerCertificates = recordTls(socket, recorder);
    const authorized = peerCertificates.length > 0 && verifyError(socket) === null;
    if (peerCertificates.length > 0 && !authorized) {
      recorder.alert({ from: "server", code: "client_certificate_refused" });
    }
    if (options.clientCertificate === "required" && !authorized) {
      socket.destroy();
      return;
    }
    accept({ stream: tapped(socket, recorder, "tls"), recorder, peerCertificates, authorized });
  });
}

/** What OpenSSL says of the client's chain; null when it is sound. Node keeps it on the handle only. */
function verifyError(socket: tls.TLSSocket): unknown {
  const handle = (socket as unknown as { _handle?: { verifyError?: () => unknown } })._handle;
  return handle?.verifyError ? (handle.verifyError() ?? null) : new Error("no handle");
}

/** Opens a listener that starts in clear. */
export function openPlainListener(
  options: ListenerOptions,
  accept: (connection: PlainConnection) => void,
): Promise<OpenListener> {
  return listen(options, "smtp", (socket) => {
    const recorder = recordConnection(options, socket);
    let phase: "plain" | "hello" | "tls" = "plain";
    let hello: Buffer[] = [];
    const stream = relay(socket, {
      onIn: (chunk) => {
        if (phase === "plain") recorder.bytesIn(chunk, "plain");
        else if (phase === "hello") {
          hello.push(chunk);
          const all = Buffer.concat(hello);
          if (helloComplete(all)) {
            recorder.clientHello(all.subarray(0, MAX_HELLO));
            hello = [];
            phase = "tls";
          }
        }
      },
      onOut: (chunk) => {
        if (phase === "plain") recorder.bytesOut(chunk, "plain");
      },
    });
    socket.on("close", () => {
      if (phase === "hello" && hello.length > 0) recorder.clientHello(Buffer.concat(hello).subarray(0, MAX_HELLO));
    });
    accept({
      stream,
      recorder,
      startTls() {
        phase = "hello";
      },
      secured(secure) {
        recordTls(secure, recorder);
        record(secure, recorder, "tls");
      },
    });
  });
}

/** Our code for what ended a handshake, from node's error code. The alert's sender matters: our refusal or theirs. */
export function alertOf(error: NodeJS.ErrnoException): TlsAlert {
  const code = error.code ?? "";
  const told = /ALERT_(.+)$/.exec(code)?.[1];
  if (told) {
    const known: Record<string, string> = {
      UNKNOWN_CA: "unknown_ca",
      BAD_CERTIFICATE: "bad_certificate",
      CERTIFICATE_EXPIRED: "certificate_expired",
      CERTIFICATE_UNKNOWN: "certificate_unknown",
      HANDSHAKE_FAILURE: "handshake_failure",
      PROTOCOL_VERSION: "protocol_version",
    };
    return { from: "client", code: known[told] ?? "other" };
  }
  if (/PEER_DID_NOT_RETURN_A_CERTIFICATE/.test(code)) return { from: "server", code: "no_client_certificate" };
  if (/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|WRONG_VERSION_NUMBER/.test(code)) {
    return { from: "server", code: "protocol_version" };
  }
  if (/NO_SHARED_CIPHER|NO_SUITABLE/.test(code)) return { from: "server", code: "no_shared_cipher" };
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code)) return { from: "server", code: "client_certificate_refused" };
  if (code === "ECONNRESET" || code === "EPIPE") return { from: "client", code: "connection_reset" };
  return { from: "unknown", code: "other" };
}

function recordConnection(options: ListenerOptions, socket: net.Socket): ConnectionRecorder {
  const recorder = options.context.recorder.openConnection({
    listener: options.name,
    service: options.service,
    direction: "in",
    remote: { address: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 },
    local: { address: socket.localAddress ?? "", port: socket.localPort ?? 0 },
  });
  socket.on("error", () => undefined); // a reset is not our error; `close` follows
  socket.on("close", () => recorder.close());
  return recorder;
}

/** Writes the TLS facts and the peer's chain; returns the chain, leaf first. */
function recordTls(socket: tls.TLSSocket, recorder: ConnectionRecorder): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let certificate: tls.DetailedPeerCertificate | null = socket.getPeerCertificate(true);
  const seen = new Set<string>();
  while (certificate?.raw && chain.length < 10 && !seen.has(certificate.fingerprint256)) {
    seen.add(certificate.fingerprint256);
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate ?? null;
  }
  const name = (socket as unknown as { servername?: string | false }).servername;
  recorder.tls(
    {
      protocol: socket.getProtocol() ?? "",
      cipher: socket.getCipher().standardName,
      serverName: name || null,
      alpn: socket.alpnProtocol || null,
    },
    chain,
  );
  return chain;
}

/** Waits for the first TLS record (whole, or as much as a hello may hold) and puts the bytes back. */
function peek(socket: net.Socket, then: (first: Buffer) => void): void {
  let held: Buffer = Buffer.alloc(0);
  const timer = setTimeout(() => socket.destroy(), HANDSHAKE_TIMEOUT);
  timer.unref();
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (!chunk) return;
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (!helloComplete(held)) return;
    socket.removeListener("readable", onReadable);
    clearTimeout(timer);
    socket.unshift(held);
    then(held);
  };
  socket.on("readable", onReadable);
  socket.once("close", () => clearTimeout(timer));
}

/** True when the first TLS record is all there, or the bytes are not a TLS handshake at all. */
function helloComplete(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  if (bytes[0] !== 0x16) return true;
  if (bytes.length < 5) return false;
  return bytes.length >= Math.min(bytes.readUInt16BE(3) + 5, MAX_HELLO);
}

/** Adds recording to a socket that somebody else reads and writes. `_write` and `_writev` see `end(chunk)` too. */
function record(socket: Duplex, recorder: ConnectionRecorder, phase: "plain" | "tls"): void {
  const note = (chunk: string | Uint8Array, encoding: BufferEncoding): void => {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    if (bytes.length > 0) recorder.bytesOut(bytes, phase);
  };
  const push = socket.push.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk instanceof Uint8Array && chunk.length > 0) recorder.bytesIn(chunk, phase);
    return push(chunk, encoding);
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

/** The socket as a Duplex whose bytes are recorded before they are read by anybody. */
function tapped(socket: tls.TLSSocket, recorder: ConnectionRecorder, phase: "plain" | "tls"): Duplex {
  return relay(socket, {
    onIn: (chunk) => recorder.bytesIn(chunk, phase),
    onOut: (chunk) => recorder.bytesOut(chunk, phase),
  });
}

interface Tap {
  onIn(chunk: Buffer): void;
  onOut(chunk: Buffer): void;
}

/** A Duplex in front of a socket, with back-pressure, and the address members that servers look at. */
function relay(socket: net.Socket, tap: Tap): Duplex {
  const stream = new Duplex({
    allowHalfOpen: true,
    read() {
      socket.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      tap.onOut(chunk);
      if (socket.destroyed) done();
      else socket.write(chunk, () => done());
    },
    final(done) {
      socket.end(() => done());
    },
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (chunk: Buffer) => {
    tap.onIn(chunk);
    if (!stream.push(chunk)) socket.pause();
  });
  socket.on("end", () => stream.push(null));
  socket.on("error", () => stream.destroy());
  socket.on("close", () => {
    if (!stream.readableEnded) stream.push(null);
    stream.destroy();
  });
  const facade = {
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    remoteFamily: socket.remoteFamily,
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    encrypted: socket instanceof tls.TLSSocket,
    setTimeout: (ms: number, listener?: () => void) => {
      socket.setTimeout(ms, listener);
      return stream;
    },
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  };
  return Object.assign(stream, facade);
}

async function listen(
  options: ListenerOptions,
  scheme: "https" | "smtp",
  onSocket: (socket: net.Socket) => void,
): Promise<OpenListener> {
  const { settings } = options.context;
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    // Small TLS records would wait for the peer's delayed acknowledgement, 40 ms at a time.
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    onSocket(socket);
  });
  const wanted = settings.ports?.[options.name] ?? settings.port;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new SuiteError(
          "ERR_PORT",
          `the listener ${options.name} cannot open ${settings.bind}:${wanted} (${error.code})`,
          {
            where: `services.${options.service}`,
            mend:
              error.code === "EADDRINUSE"
                ? "another program has this port: end it, or set another `port` (0 = any free one)"
                : "check `bind` and `port` of this service",
            cause: error,
          },
        ),
      );
    });
    server.listen(wanted, settings.bind, resolve);
  });
  const address = server.address() as net.AddressInfo;
  const host =
    settings.names[0] ?? (settings.bind === "127.0.0.1" || settings.bind === "::1" ? "localhost" : settings.bind);
  return {
    name: options.name,
    address: address.address,
    port: address.port,
    url: settings.publicUrl ?? `${scheme}://${host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
