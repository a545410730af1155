/** What a hit of the privacy gate is worth, by where it stands: docs/privacy-gate.md gives the same as a table. */
import { nationalSuffix } from "../core/plan/national-hosts.js";
import { isNobodys } from "../protocols/ins-number.js";
import type { PrivateHit, Weight } from "../protocols/private-scan.js";
import { isPublishedExample } from "../protocols/published-examples.js";
import { type KnownFictitious, signedByOne } from "./privacy-known.js";

/** `proof`: a file that a person supplied. `recording`: bytes on the wire, and what we wrote of them. */
export type Area = "proof" | "recording";

/** Null = fictitious, or in its place. */
export function weigh(hit: PrivateHit, area: Area, known: KnownFictitious): Weight | null {
  switch (hit.kind) {
    case "ins":
      if (isNobodys(hit.value, known.ins)) return null;
      return isPublishedExample(hit.value) ? "told" : "blocks";
    case "rpps":
      return weighRpps(hit, known);
    case "key":
      // No protocol of ours carries a private key, in the clear or encrypted.
      return "blocks";
    case "token":
      // Even where an assertion stands by protocol, one signed with a real card or certificate does not.
      if (hit.form === "saml" && hit.signer === "production") return "blocks";
      return known.tokens.has(hit.value) ? null : weighToken(hit, area, known);
  }
}

type Rpps = PrivateHit & { readonly kind: "rpps" };
type Token = PrivateHit & { readonly kind: "token" };

/**
 * Every RPPS of the sources that belongs to somebody begins with 1, nearly all with 10; test cards have 997, the fixtures of
 * this suite 9990 (other-services.md, section 1.3). Nothing says what other beginnings are.
 */
function weighRpps({ value, form, named }: Rpps, known: KnownFictitious): Weight | null {
  if (known.rpps.has(value) || value.startsWith("99")) return null;
  if (isPublishedExample(value)) return "told";
  if (value.startsWith(named ? "1" : "10")) return "blocks";
  return named && form !== "bare" ? "told" : null;
}

function weighToken(hit: Token, area: Area, known: KnownFictitious): Weight | null {
  switch (hit.form) {
    case "jwt":
      if (signedByOne(hit.value, known.signers)) return null;
      if (hit.issuer !== null && nationalSuffix(hit.issuer) !== null) return "blocks";
      return area === "recording" || isOfTestHost(hit.issuer) ? "told" : "blocks";
    case "saml":
      if (hit.signer === "test") return null;
      return area === "recording" || hit.signer === null ? "told" : "blocks";
    case "api_key":
      return "blocks";
    case "basic":
    case "client_secret":
      // What the vendor sends to our mock to say who it is, and what we send to the vendor's agent.
      return area === "recording" ? null : "blocks";
    default:
      return area === "recording" ? "told" : "blocks";
  }
}

/** Names that no service in the world has (RFC 6761, RFC 2606), and this machine: what they issued is of a test set-up. */
function isOfTestHost(issuer: string | null): boolean {
  if (issuer === null || !URL.canParse(issuer)) return false;
  const host = new URL(issuer).hostname.toLowerCase().replace(/\.$/, "");
  return (
    /(?:^|\.)(?:localhost|test|example|invalid|example\.(?:com|org|net))$/.test(host) ||
    /^127(?:\.\d+){3}$/.test(host) ||
    host === "[::1]"
  );
}
