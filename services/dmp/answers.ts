/** What the DMP mock writes: SOAP envelopes, faults, RegistryResponse, alone or as the root part of an MTOM message. */
import { randomUUID } from "node:crypto";
import { SOAP11_NS, SOAP12_NS, type SoapEnvelope, WSA_NS } from "../../protocols/soap.js";
import { REGISTRY_FAILURE, RS_NS } from "../../protocols/xds.js";
import { escapeXml } from "../../protocols/xml.js";
import type { HttpCall } from "../shared/http-listener.js";

export interface SoapAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** A scripted loss: `before` sends nothing, `middle` half of the body; then the connection is destroyed. */
  readonly cut?: "before" | "middle";
}

/** One line of a RegistryErrorList. */
export interface RegistryError {
  readonly code: string;
  /** Free text for a person; the real registry writes some French or English sentence here. */
  readonly context: string;
  readonly severity?: "Error" | "Warning";
  readonly location?: string;
}

/** Contexts and faults repeat foreign text: no more characters of it than this. */
const MAX_ECHO = 500;
const ANONYMOUS = "http://www.w3.org/2005/08/addressing/anonymous";

/** A successful SOAP exchange: `payload` is the XML of the body's element. Speaks the version it was spoken to. */
export function soapAnswer(asked: SoapEnvelope, action: string, payload: string): SoapAnswer {
  const envelope = envelopeXml(asked, action, payload);
  return asked.multipart
    ? mtom(asked.version, action, envelope)
    : { status: 200, headers: { "content-type": soapType(asked.version, action) }, body: Buffer.from(envelope) };
}

/**
 * A SOAP fault. `subcode`: a DMP code such as `DMPInvalidCertificate`, or null. HTTP status by SOAP 1.2 part 2 §7.5.2.2
 * (400 for the sender's fault, 500 for ours); SOAP 1.1 always 500.
 */
export function soapFault(
  asked: SoapEnvelope | null,
  code: "Sender" | "Receiver",
  subcode: string | null,
  text: string,
): SoapAnswer {
  const version = asked?.version ?? "1.2";
  const action = `${WSA_NS}/soap/fault`;
  const reason = escapeXml(text);
  const fault =
    version === "1.1"
      ? `<soap:Fault><faultcode>soap:${code === "Sender" ? "Client" : "Server"}</faultcode><faultstring>${reason}</faultstring></soap:Fault>`
      : `<soap:Fault><soap:Code><soap:Value>soap:${code}</soap:Value>${
          subcode === null ? "" : `<soap:Subcode><soap:Value>soap:${escapeXml(subcode)}</soap:Value></soap:Subcode>`
        }</soap:Code><soap:Reason><soap:Text xml:lang="fr">${reason}</soap:Text></soap:Reason></soap:Fault>`;
  return {
    status: version === "1.2" && code === "Sender" ? 400 : 500,
    headers: { "content-type": soapType(version, action) },
    body: Buffer.from(envelopeXml(asked, action, fault)),
  };
}

/** Answer to a message this mock does not serve (another transaction at the same address). */
export function notServed(call: HttpCall, envelope: SoapEnvelope): SoapAnswer {
  call.exchange.operation("dmp.unexpected");
  const name = (envelope.payload?.name ?? "").slice(0, MAX_ECHO);
  return soapFault(envelope, "Sender", null, `Transaction non prise en charge par ce simulateur : ${name}.`);
}

/** The body of an ITI-41 answer, and of every other transaction that ends in a RegistryResponse. */
export function registryResponse(status: string, errors: readonly RegistryError[]): string {
  return `<rs:RegistryResponse xmlns:rs="${RS_NS}" status="${status}">${registryErrorList(errors)}</rs:RegistryResponse>`;
}

/** The `rs:RegistryErrorList`, its prefix declared by the caller; "" without errors. */
export function registryErrorList(errors: readonly RegistryError[]): string {
  const list = errors.map((error) => {
    const severity = `urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:${error.severity ?? "Error"}`;
    const location = error.location === undefined ? "" : ` location="${escapeXml(error.location)}"`;
    return `<rs:RegistryError errorCode="${escapeXml(error.code)}" codeContext="${escapeXml(error.context.slice(0, MAX_ECHO))}" severity="${severity}"${location}/>`;
  });
  return list.length === 0 ? "" : `<rs:RegistryErrorList>${list.join("")}</rs:RegistryErrorList>`;
}

export function registryFailure(...errors: readonly RegistryError[]): string {
  return registryResponse(REGISTRY_FAILURE, errors);
}

function soapType(version: SoapEnvelope["version"], action: string): string {
  return version === "1.1" ? "text/xml; charset=UTF-8" : `application/soap+xml; charset=UTF-8; action="${action}"`;
}

function envelopeXml(asked: SoapEnvelope | null, action: string, payload: string): string {
  const messageId = asked?.addressing.messageId ?? null;
  const relates = messageId === null ? "" : `<wsa:RelatesTo>${escapeXml(messageId)}</wsa:RelatesTo>`;
  const ns = asked?.version === "1.1" ? SOAP11_NS : SOAP12_NS;
  return `<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="${ns}" xmlns:wsa="${WSA_NS}"><soap:Header><wsa:Action>${escapeXml(action)}</wsa:Action><wsa:MessageID>urn:uuid:${randomUUID()}</wsa:MessageID><wsa:To>${ANONYMOUS}</wsa:To>${relates}</soap:Header><soap:Body>${payload}</soap:Body></soap:Envelope>`;
}

/** The envelope as the only part of an XOP package: an answer to MTOM comes back as MTOM (ITI TF-2 Appendix V.3.6). */
function mtom(version: SoapEnvelope["version"], action: string, envelope: string): SoapAnswer {
  const boundary = `uuid:${randomUUID()}`;
  const root = "root.message@dmp.mock";
  const inner = version === "1.1" ? "text/xml" : "application/soap+xml";
  const body = [
    `--${boundary}`,
    `Content-Type: application/xop+xml; charset=UTF-8; type="${inner}"`,
    "Content-Transfer-Encoding: binary",
    `Content-ID: <${root}>`,
    "",
    envelope,
    `--${boundary}--`,
    "",
  ].join("\r\n");
  const type = `multipart/related; type="application/xop+xml"; boundary="${boundary}"; start="<${root}>"; start-info="${inner}"; action="${action}"`;
  return { status: 200, headers: { "content-type": type, "mime-version": "1.0" }, body: Buffer.from(body) };
}
