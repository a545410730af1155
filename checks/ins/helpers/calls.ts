/** INSi calls of a recording, read once and shared by the checks of the slice. Nothing here throws on foreign bytes. */
import { derive, type Exchange, type Pointer, type ScenarioRun, type Seen } from "../../../core/model/index.js";
import {
  type HttpRequest,
  type HttpResponse,
  header,
  readHttpRequest,
  readHttpResponse,
} from "../../../protocols/http.js";
import { type InsAnswer, type InsRequest, readInsAnswer, readInsRequest } from "../../../protocols/ins.js";
import { SoapError } from "../../../protocols/soap.js";

export interface InsCall {
  readonly exchange: Exchange;
  readonly request: HttpRequest | null;
  /** Null when the body is not a SOAP envelope. */
  readonly asked: InsRequest | null;
  readonly response: HttpResponse | null;
  /** Null when no whole SOAP answer was delivered. */
  readonly answer: InsAnswer | null;
  /** `00`, `01` or `02` of a fully delivered HTTP 200; `failure` for everything else (fault, other code, cut, no SOAP). */
  readonly outcome: "00" | "01" | "02" | "failure";
}

export function readCall(exchange: Exchange): InsCall {
  return derive(exchange, read);
}

function read(exchange: Exchange): InsCall {
  const request = readHttpRequest(exchange.requestBytes);
  const response = exchange.responseBytes ? readHttpResponse(exchange.responseBytes) : null;
  const whole = exchange.complete && response?.complete ? response : null;
  const answer = whole ? orNull(() => readInsAnswer(whole.body, header(whole, "content-type"))) : null;
  const code = whole?.status === 200 ? answer?.code : null;
  return {
    exchange,
    request,
    asked: request ? orNull(() => readInsRequest(request.body, header(request, "content-type"))) : null,
    response,
    answer,
    outcome: code === "00" || code === "01" || code === "02" ? code : "failure",
  };
}

function orNull<T>(reader: () => T): T | null {
  try {
    return reader();
  } catch (error) {
    if (error instanceof SoapError) return null;
    throw error;
  }
}

/** Calls the check was given, in order of time. */
export function callsOf(seen: Seen | ScenarioRun): InsCall[] {
  return seen.exchanges.filter((x) => x.operation === "ins.search").map(readCall);
}

/** Place in the request of a call. */
export function requestAt(call: InsCall, where: string): Pointer {
  return { exchange: call.exchange.id, side: "request", where };
}

export function responseAt(call: InsCall, where: string): Pointer {
  return { exchange: call.exchange.id, side: "response", where };
}
