/** The faults scenarios script, at the points README.md lists. */
import { setTimeout as wait } from "node:timers/promises";
import { type FaultSpec, type ServiceContext, SuiteError } from "../../core/model/index.js";
import type { SoapEnvelope } from "../../protocols/soap.js";
import { REGISTRY_FAILURE, REGISTRY_PARTIAL, REGISTRY_SUCCESS } from "../../protocols/xds.js";
import { type HttpCall, send } from "../shared/http-listener.js";
import { type RegistryError, registryResponse, type SoapAnswer, soapFault } from "./answers.js";
import type { DmpRoom } from "./room.js";

/** The fault scripted at a point, marked on the exchange; null when there is none. */
export function takeFault(room: DmpRoom, call: HttpCall, point: string): FaultSpec | null {
  const fault = room.context.faults.next("dmp", point);
  if (fault) call.exchange.fault(fault);
  return fault;
}

/** A text argument of a fault; the default when it is absent or no text. */
export function textArg(fault: FaultSpec, name: string, byDefault: string): string {
  const value = fault.args?.[name];
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : byDefault;
}

/** Kind `soap-fault`: args `code` (Sender, Receiver), `subcode`, `text`. Null for another kind. */
export function scriptedSoapFault(envelope: SoapEnvelope, fault: FaultSpec | null): SoapAnswer | null {
  if (fault?.kind !== "soap-fault") return null;
  const code = textArg(fault, "code", "Sender") === "Receiver" ? "Receiver" : "Sender";
  const subcode = textArg(fault, "subcode", "DMPInvalidCertificate");
  return soapFault(
    envelope,
    code,
    subcode === "" ? null : subcode,
    textArg(fault, "text", "Le certificat présenté n'est pas valide."),
  );
}

export interface RegistryVerdict {
  /** `instead`: answer this and process nothing. `after`: process, and when all went well answer this. */
  readonly when: "instead" | "after";
  readonly status: string;
  readonly errors: readonly RegistryError[];
  /** The RegistryResponse of the two above. */
  readonly payload: string;
}

/**
 * Kinds `registry-error` (args `code`, `context`, `severity`, `location`) and `partial-success` (same args) of any
 * transaction that answers a RegistryResponse. An error of severity Error refuses the whole; a Warning is told after a
 * success (ITI TF-3 §4.2.4.2). `payload` is the RegistryResponse. Null for another kind.
 */
export function scriptedRegistryError(fault: FaultSpec | null): RegistryVerdict | null {
  if (fault?.kind !== "registry-error" && fault?.kind !== "partial-success") return null;
  const partial = fault.kind === "partial-success";
  const warning = textArg(fault, "severity", "Error") === "Warning";
  const location = fault.args?.location;
  const error: RegistryError = {
    code: textArg(fault, "code", partial ? "XDSRepositoryError" : "XDSRegistryError"),
    context: textArg(fault, "context", partial ? "traitement incomplet" : "erreur interne du registre"),
    severity: warning ? "Warning" : "Error",
    ...(typeof location === "string" ? { location } : {}),
  };
  const when = partial || warning ? "after" : "instead";
  const status = partial ? REGISTRY_PARTIAL : warning ? REGISTRY_SUCCESS : REGISTRY_FAILURE;
  return { when, status, errors: [error], payload: registryResponse(status, [error]) };
}

export function unknownFault(fault: FaultSpec): SuiteError {
  return new SuiteError("ERR_SPEC", `the DMP mock has no fault ${fault.kind} at ${fault.at}`);
}

/** Faults of the point `connection`. True when the call is over. */
export async function breakConnection(context: ServiceContext, call: HttpCall, signal: AbortSignal): Promise<boolean> {
  const fault = context.faults.next("dmp", "connection");
  if (!fault) return false;
  call.exchange.fault(fault);
  if (fault.kind === "slow") {
    // Three seconds: the throttled network of the official wave 2 scenario (dmp.md §5).
    await wait(Number(fault.args?.milliseconds ?? 3000), undefined, { signal, ref: false }).catch(() => undefined);
    return false;
  }
  if (fault.kind === "cut") call.cut();
  else if (fault.kind === "http-503") {
    const headers = { "content-type": "text/plain; charset=UTF-8", "retry-after": "120" };
    await send(call, 503, headers, "service unavailable\n");
  } else throw unknownFault(fault);
  return true;
}
