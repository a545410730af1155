/** SOAP 1.1 and 1.2 envelopes with WS-Addressing 1.0, alone or as the root part of a multipart/related message. */
import { type Multipart, MultipartError, parseContentType, partContent, readMultipart } from "./mtom.js";
import { child, children, elements, parseXml, text, trimmed, XmlError, type XmlLimits, type XmlNode } from "./xml.js";

export const SOAP11_NS = "http://schemas.xmlsoap.org/soap/envelope/";
export const SOAP12_NS = "http://www.w3.org/2003/05/soap-envelope";
export const WSA_NS = "http://www.w3.org/2005/08/addressing";
export const WSSE_NS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

/** `xml`: the root part is not XML we accept; `multipart`: it could not be cut; the others are about the envelope. */
export type SoapErrorCode = "xml" | "multipart" | "not_envelope" | "no_body";

export class SoapError extends Error {
  readonly code: SoapErrorCode;
  /** Code of the reader underneath (`dtd`, `no_boundary`…), null when the envelope itself is wrong. */
  readonly detail: string | null;
  constructor(code: SoapErrorCode, detail: string | null, message: string) {
    super(message);
    this.name = "SoapError";
    this.code = code;
    this.detail = detail;
  }
}

/** WS-Addressing headers, trimmed; null when absent. */
export interface SoapAddressing {
  readonly action: string | null;
  readonly messageId: string | null;
  readonly to: string | null;
  /** `ReplyTo/Address`. */
  readonly replyTo: string | null;
  readonly relatesTo: string | null;
}

export interface SoapFault {
  /** Local name of the code (`Sender`, `Receiver`; 1.1: `Client`, `Server`). */
  readonly code: string | null;
  /** Local names of the nested subcodes, outermost first. */
  readonly subcodes: readonly string[];
  readonly reason: string | null;
  readonly detail: XmlNode | null;
  readonly node: XmlNode;
}

export interface SoapEnvelope {
  readonly version: "1.1" | "1.2";
  readonly root: XmlNode;
  readonly header: XmlNode | null;
  readonly body: XmlNode;
  /** First element of the body; null when the body is empty. */
  readonly payload: XmlNode | null;
  readonly fault: SoapFault | null;
  readonly addressing: SoapAddressing;
  /**
   * Bytes of the envelope itself: the whole message, or the content of its root part. In UTF-8 and without its declaration
   * of an encoding where a charset parameter alone told the encoding.
   */
  readonly bytes: Uint8Array;
  /** Null when the message is no multipart. */
  readonly multipart: Multipart | null;
}

/**
 * Reads a SOAP message. With a multipart Content-Type, the root part is the envelope.
 * Throws SoapError, and nothing else, on whatever bytes.
 */
export function readSoapEnvelope(bytes: Uint8Array, contentType?: string | null, limits: XmlLimits = {}): SoapEnvelope {
  let multipart: Multipart | null = null;
  let own = bytes;
  let type = parseContentType(contentType);
  if (contentType && /^\s*multipart\//i.test(contentType)) {
    try {
      multipart = readMultipart(bytes, contentType);
    } catch (error) {
      if (error instanceof MultipartError) throw new SoapError("multipart", error.code, error.message);
      throw error;
    }
    own = partContent(multipart.root);
    type = multipart.root.contentType;
  }
  let root: XmlNode;
  try {
    own = inUtf8(own, type?.parameters.charset ?? null);
    root = parseXml(own, limits);
  } catch (error) {
    if (error instanceof XmlError) throw new SoapError("xml", error.code, error.message);
    throw error;
  }
  const version = root.ns === SOAP12_NS ? "1.2" : root.ns === SOAP11_NS ? "1.1" : null;
  if (root.name !== "Envelope" || version === null) {
    throw new SoapError("not_envelope", null, `the root is {${root.ns}}${root.name}, not a SOAP envelope`);
  }
  const body = child(root, "Body", root.ns);
  if (!body) throw new SoapError("no_body", null, "the envelope has no Body");
  const header = child(root, "Header", root.ns);
  const payload = elements(body)[0] ?? null;
  const fault = payload && payload.name === "Fault" && payload.ns === root.ns ? readFault(payload, version) : null;
  return { version, root, header, body, payload, fault, addressing: readAddressing(header), bytes: own, multipart };
}

/** XML declaration up to and with its encoding. */
const DECLARED = /^(\ufeff?<\?xml[^>]{0,100}?)\sencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9._-]+)["']/;

/**
 * RFC 7303 §3: a byte order mark tells the encoding, else the charset parameter, else the XML itself. Bytes that say by
 * themselves what the parameter says are given back as they are. Throws XmlError `bad_encoding`.
 */
function inUtf8(bytes: Uint8Array, charset: string | null): Uint8Array {
  const [a, b] = bytes;
  const marked = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) || (a === 0xef && b === 0xbb);
  const label =
    charset
      ?.replace(/^'(.*)'$/, "$1")
      .trim()
      .toLowerCase() ?? "";
  // RFC 3023 gave us-ascii as the default of text/xml: senders that write it say nothing of the encoding.
  if (marked || label === "" || label === "us-ascii") return bytes;
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 200)).toString("latin1");
  const declared = (DECLARED.exec(head)?.[2] ?? "utf-8").toLowerCase();
  if (declared === label) return bytes;
  let decoded: string;
  try {
    decoded = new TextDecoder(label === "utf-16" && a === 0 ? "utf-16be" : label, { fatal: true }).decode(bytes);
  } catch {
    throw new XmlError("bad_encoding", 1, 1, `the bytes are not ${label}`);
  }
  return Buffer.from(decoded.replace(DECLARED, "$1"));
}

function readAddressing(header: XmlNode | null): SoapAddressing {
  const value = (name: string): string | null => trimmed(child(header, name, WSA_NS));
  return {
    action: value("Action"),
    messageId: value("MessageID"),
    to: value("To"),
    replyTo: trimmed(child(child(header, "ReplyTo", WSA_NS), "Address", WSA_NS)),
    relatesTo: value("RelatesTo"),
  };
}

function readFault(node: XmlNode, version: "1.1" | "1.2"): SoapFault {
  const local = (value: string | null): string | null => value?.trim().split(":").pop() ?? null;
  if (version === "1.1") {
    return {
      code: local(text(child(node, "faultcode"))),
      subcodes: [],
      reason: trimmed(child(node, "faultstring")),
      detail: child(node, "detail"),
      node,
    };
  }
  const subcodes: string[] = [];
  let code = child(node, "Code", node.ns);
  const main = local(text(child(code, "Value", node.ns)));
  for (code = child(code, "Subcode", node.ns); code; code = child(code, "Subcode", node.ns)) {
    subcodes.push(local(text(child(code, "Value", node.ns))) ?? "");
  }
  const reason = trimmed(child(child(node, "Reason", node.ns), "Text", node.ns));
  return { code: main, subcodes, reason, detail: child(node, "Detail", node.ns), node };
}

/** Header blocks of that name, whoever they are addressed to. */
export function headerBlocks(envelope: SoapEnvelope, name: string, ns: string): XmlNode[] {
  return children(envelope.header, name, ns);
}
