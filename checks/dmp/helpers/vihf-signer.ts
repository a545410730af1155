/** The signature of the VIHF of a call, and who made it. */
import type { X509Certificate } from "node:crypto";
import { derive, type Exchange } from "../../../core/model/index.js";
import { type SignatureResult, verifyXmlSignature } from "../../../protocols/xmldsig.js";
import { callOf } from "./call.js";

/** Null without a VIHF that has an identifier. A memo: the verification is the dearest reading of a call. */
export function vihfSignature(exchange: Exchange): SignatureResult | null {
  return derive(exchange, verify);
}

function verify(exchange: Exchange): SignatureResult | null {
  const call = callOf(exchange);
  const id = call?.vihf?.id;
  return call && id ? verifyXmlSignature(call.envelope.bytes, { id }) : null;
}

/**
 * The certificate with which the VIHF was signed: KeyInfo may show others too, and what it shows first proves nothing. Of a signature
 * that does not hold, the one that KeyInfo gives for it. Null when there is none.
 */
export function vihfSigner(exchange: Exchange): X509Certificate | null {
  const signature = vihfSignature(exchange);
  return (signature?.valid ? signature.certificate : null) ?? callOf(exchange)?.vihf?.signerCertificate ?? null;
}
