/** A recorded call of the DMP, read once: request, envelope and VIHF; and what the DMP answered. */
import { derive, type Exchange, type Pointer, type Report, type Seen } from "../../../core/model/index.js";
import { CDA_NS } from "../../../protocols/cda.js";
import { type HttpRequest, header, readHttpRequest, readHttpResponse } from "../../../protocols/http.js";
import { readVihf, securityAssertions, type Vihf } from "../../../protocols/saml.js";
import { readSoapEnvelope, type SoapEnvelope, SoapError, type SoapFault } from "../../../protocols/soap.js";
import { type RegistryResponse, readRegistryResponse } from "../../../protocols/xds.js";
import { attr, children, descendants, type XmlNode } from "../../../protocols/xml.js";

/** Calls whose request is judged: the existence test and the upload. */
export const DMP_CALLS = ["dmp.exists", "dmp.submit"] as const;

/** Calls that carry a VIHF: all of them. A software that makes some of them only is judged on these. */
export const VIHF_CALLS = [
  "dmp.exists",
  "dmp.authorise",
  "dmp.submit",
  "dmp.search",
  "dmp.retrieve",
  "dmp.update",
] as const;

export interface DmpCall {
  readonly request: HttpRequest;
  readonly contentType: string | null;
  readonly envelope: SoapEnvelope;
  /** Assertions directly inside `wsse:Security`. */
  readonly assertions: readonly XmlNode[];
  /** The first of them, read; null when there is none. */
  readonly vihf: Vihf | null;
}

/** The call as SOAP; null when the request is not whole or is no SOAP message. */
export function callOf(exchange: Exchange): DmpCall | null {
  return derive(exchange, readCall);
}

function readCall(exchange: Exchange): DmpCall | null {
  const request = readHttpRequest(exchange.requestBytes);
  if (!request?.complete) return null;
  const contentType = header(request, "content-type");
  const envelope = soapOf(request.body, contentType);
  if (!envelope) return null;
  const assertions = securityAssertions(envelope);
  return { request, contentType, envelope, assertions, vihf: assertions[0] ? readVihf(assertions[0]) : null };
}

function soapOf(body: Uint8Array, contentType: string | null): SoapEnvelope | null {
  try {
    return readSoapEnvelope(body, contentType);
  } catch (error) {
    if (error instanceof SoapError) return null;
    throw error;
  }
}

/** Calls `judge` for every readable DMP call; the rest is for the check of the envelope. */
export function forEachCall(
  seen: Seen,
  judge: (call: DmpCall, exchange: Exchange, at: (where: string) => Pointer) => void,
): void {
  for (const exchange of seen.exchanges) {
    const call = callOf(exchange);
    if (call) judge(call, exchange, (where) => ({ exchange: exchange.id, side: "request", where }));
  }
}

/** Calls `judge` for every call that carries exactly one VIHF, and reports it as observed; the others have their own check. */
export function forEachVihf(
  seen: Seen,
  report: Report,
  judge: (vihf: Vihf, at: (where: string) => Pointer, call: DmpCall, exchange: Exchange) => void,
): void {
  forEachCall(seen, (call, exchange, at) => {
    if (!call.vihf || call.assertions.length !== 1) return;
    const inside = (where: string): Pointer => at(`wsse:Security/Assertion${where === "" ? "" : `/${where}`}`);
    report.observed(inside(""));
    judge(call.vihf, inside, call, exchange);
  });
}

/** Identifiers a TD0.2 request asks for; none when the body is no such request of HL7 V3. */
export function identifiersAsked(call: DmpCall): { oid: string | null; matricule: string | null; node: XmlNode }[] {
  const { payload } = call.envelope;
  if (payload?.name !== "PRPA_IN201307UV02" || payload.ns !== CDA_NS) return [];
  return descendants(payload, "patientIdentifier", CDA_NS)
    .flatMap((parameter) => children(parameter, "value", CDA_NS))
    .map((node) => ({ oid: attr(node, "root"), matricule: attr(node, "extension"), node }));
}

export interface DmpAnswer {
  readonly status: number;
  /** Null when the body is no SOAP message. */
  readonly envelope: SoapEnvelope | null;
  readonly fault: SoapFault | null;
  /** TD0.2: `absent`, `active`, `closed`; null when the answer says none of them. */
  readonly dmp: "absent" | "active" | "closed" | null;
  /** TD2.1. */
  readonly registry: RegistryResponse | null;
}

/** What the DMP answered; null when no whole answer was delivered. */
export function answerOf(exchange: Exchange): DmpAnswer | null {
  return derive(exchange, readAnswer);
}

function readAnswer(exchange: Exchange): DmpAnswer | null {
  const response = exchange.complete && exchange.responseBytes ? readHttpResponse(exchange.responseBytes) : null;
  if (!response) return null;
  const envelope = soapOf(response.body, header(response, "content-type"));
  const code = attr(descendants(envelope?.body, "queryResponseCode")[0], "code");
  const terminated = descendants(envelope?.body, "patient").some((patient) =>
    children(patient, "statusCode").some((status) => attr(status, "code") === "terminated"),
  );
  return {
    status: response.status,
    envelope,
    fault: envelope?.fault ?? null,
    dmp: code === "NF" ? "absent" : code === "OK" ? (terminated ? "closed" : "active") : null,
    registry: readRegistryResponse(envelope?.body ?? null),
  };
}
