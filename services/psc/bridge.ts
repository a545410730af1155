/**
 * Runs one request through a provider without a socket and gives its answer as data, so that the service can shape the
 * request before (where PSC is laxer than the library) and the answer after (faults, PSC's own members).
 */
import { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { readHttpResponse } from "../../protocols/http.js";

export interface BridgeRequest {
  readonly method: string;
  /** Path and query as the provider's routes know them, below `mount`. */
  readonly url: string;
  /** Path prefix that the caller sees before `url`; the provider puts it in front of the addresses it writes. */
  readonly mount: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Client certificate (DER) and whether its chain was accepted. */
  readonly certificate: Uint8Array | null;
  readonly authorized: boolean;
}

export interface BridgeAnswer {
  readonly status: number;
  /** Order kept, several of one name allowed; transport headers left out. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** What the provider's hooks read back from the request. */
export interface BridgedMessage extends IncomingMessage {
  originalUrl: string;
  peerCertificate: Uint8Array | null;
  peerAuthorized: boolean;
}

export type RequestListener = (req: IncomingMessage, res: ServerResponse) => unknown;

const TRANSPORT = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "date"]);

/** A request and a response that live in memory; `answer` resolves when the response has ended. */
export function bridge(request: BridgeRequest): {
  readonly req: BridgedMessage;
  readonly res: ServerResponse;
  readonly answer: Promise<BridgeAnswer>;
} {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  Object.assign(socket, { encrypted: true, remoteAddress: "127.0.0.1", setTimeout: () => socket });
  const req = new IncomingMessage(socket as unknown as Socket) as BridgedMessage;
  req.method = request.method;
  req.url = request.url;
  req.originalUrl = request.mount + request.url;
  req.complete = true; // else the end of the body counts as an abort and takes the socket with it
  req.httpVersion = "1.1";
  req.httpVersionMajor = 1;
  req.httpVersionMinor = 1;
  req.headers = { ...request.headers, "content-length": String(request.body.length) };
  req.peerCertificate = request.certificate;
  req.peerAuthorized = request.authorized;
  if (request.body.length > 0) req.push(request.body);
  req.push(null);
  const res = new ServerResponse(req);
  res.assignSocket(socket as unknown as Socket);
  const answer = new Promise<BridgeAnswer>((resolve, reject) => {
    res.on("finish", () => {
      const message = readHttpResponse(Buffer.concat(written), 0, request.method === "HEAD");
      if (!message) {
        reject(new Error("the provider gave no answer"));
        return;
      }
      resolve({
        status: message.status,
        headers: message.rawHeaders.filter(([name]) => !TRANSPORT.has(name.toLowerCase())),
        body: Buffer.from(message.body),
      });
    });
  });
  return { req, res, answer };
}

/** One whole round through a listener. */
export async function ask(listener: RequestListener, request: BridgeRequest): Promise<BridgeAnswer> {
  const { req, res, answer } = bridge(request);
  await listener(req, res);
  return answer;
}

export function answerHeader(answer: BridgeAnswer, name: string): string | null {
  return answer.headers.find(([known]) => known.toLowerCase() === name)?.[1] ?? null;
}

/** The answer with one header set anew. */
export function withHeader(answer: BridgeAnswer, name: string, value: string): BridgeAnswer {
  const others = answer.headers.filter(([known]) => known.toLowerCase() !== name);
  return { ...answer, headers: [...others, [name, value]] };
}

/** JSON object of the body, null when it is none. */
export function answerJson(answer: BridgeAnswer): Record<string, unknown> | null {
  if (!/json/.test(answerHeader(answer, "content-type") ?? "")) return null;
  try {
    const value: unknown = JSON.parse(answer.body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

export function withJson(answer: BridgeAnswer, value: unknown): BridgeAnswer {
  return { ...answer, body: Buffer.from(JSON.stringify(value)) };
}

export function htmlAnswer(status: number, html: string): BridgeAnswer {
  return {
    status,
    headers: [
      ["content-type", "text/html; charset=utf-8"],
      ["cache-control", "no-store"],
    ],
    body: Buffer.from(html),
  };
}

export function jsonAnswer(status: number, value: unknown): BridgeAnswer {
  return {
    status,
    headers: [
      ["content-type", "application/json"],
      ["cache-control", "no-store"],
    ],
    body: Buffer.from(JSON.stringify(value)),
  };
}

export function redirectAnswer(status: 302 | 303, location: string): BridgeAnswer {
  return {
    status,
    headers: [
      ["location", location],
      ["cache-control", "no-store"],
    ],
    body: Buffer.alloc(0),
  };
}
