/**
 * Scripted misbehaviours of PSC (psc.md §14): each takes the answer the provider really made and changes it, so that the
 * recording holds what the vendor was given. README.md lists points and kinds.
 */
import { createHmac, randomBytes } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from "jose";
import type { FaultSpec } from "../../core/model/index.js";
import { SuiteError } from "../../core/model/index.js";
import { type BridgeAnswer, htmlAnswer, jsonAnswer } from "./bridge.js";
import { generateSigningKey, publicKey, type SigningKey, signer } from "./keys.js";
import { errorPage } from "./pages.js";

const OTHER_ISSUER = "https://auth.other-issuer.example/auth/realms/esante-wallet";

/** A kind the service does not know is a mistake of the scenario, never of the vendor. */
function unknown(fault: FaultSpec): never {
  throw new SuiteError("ERR_SPEC", `Pro Santé Connect knows no fault ${fault.kind} at ${fault.at}`, {
    where: "specs/scenarios",
    mend: "see services/psc/README.md for points and kinds",
  });
}

/** Outages, at any point asked before the provider: the answer to give instead, or null to go on after the delay. */
export async function outage(fault: FaultSpec): Promise<BridgeAnswer | null> {
  switch (fault.kind) {
    case "psc-503":
      return htmlAnswer(503, errorPage("temporarily_unavailable", ""));
    case "token-500":
      return jsonAnswer(500, { error: "unknown_error" });
    case "invalid-grant":
      return jsonAnswer(400, { error: "invalid_grant", error_description: "Code not valid" });
    case "token-slow":
    case "jwks-slow":
    case "userinfo-slow": {
      const seconds = typeof fault.args?.seconds === "number" ? fault.args.seconds : 10;
      await new Promise<void>((resolve) => {
        setTimeout(resolve, Math.min(seconds, 60) * 1000).unref();
      });
      return null;
    }
    default:
      return unknown(fault);
  }
}

/** Kinds of the point `userinfo` that change the answer rather than prevent it. */
const USERINFO: Readonly<Record<string, (claims: Record<string, unknown>) => Record<string, unknown>>> = {
  "userinfo-sub-mismatch": (claims) => ({ ...claims, sub: `${String(claims.sub).slice(0, -12)}899900000999` }),
  "userinfo-no-refpro": ({ SubjectRefPro: _left, ...claims }) => claims,
  "exercice-none": (claims) => ({ ...claims, SubjectRefPro: { ...Object(claims.SubjectRefPro), exercices: [] } }),
};

export function changesUserinfo(fault: FaultSpec): boolean {
  return fault.kind in USERINFO;
}

export function faultyUserinfo(fault: FaultSpec, claims: Record<string, unknown>): Record<string, unknown> {
  return (USERINFO[fault.kind] ?? unknown(fault))(claims);
}

/** Changes the address of the callback (a success answer with `code` and `state`). */
export function faultyCallback(fault: FaultSpec, location: string): string {
  const url = new URL(location);
  const error = (name: string): void => {
    for (const member of ["code", "session_state"]) url.searchParams.delete(member);
    url.searchParams.set("error", name);
  };
  switch (fault.kind) {
    case "state-wrong":
      url.searchParams.set("state", randomBytes(32).toString("base64url"));
      break;
    case "state-missing":
      url.searchParams.delete("state");
      break;
    case "iss-mixup":
      url.searchParams.set("iss", OTHER_ISSUER);
      break;
    case "user-cancel":
      error("access_denied");
      break;
    case "login-required":
      error("login_required");
      break;
    default:
      return unknown(fault);
  }
  return url.href;
}

type Claims = Record<string, unknown>;

/** Faults that are a change of claims, signed again with the right key. */
const CLAIM_CHANGES: Readonly<Record<string, (claims: Claims) => Claims>> = {
  "nonce-wrong": (claims) => ({ ...claims, nonce: randomBytes(32).toString("hex") }),
  "nonce-missing": ({ nonce: _left, ...claims }) => claims,
  "aud-wrong": (claims) => ({ ...claims, aud: "another-client", azp: "another-client" }),
  "azp-wrong": (claims) => ({ ...claims, aud: [claims.aud, "another-client"], azp: "another-client" }),
  "iss-wrong": (claims) => ({ ...claims, iss: OTHER_ISSUER }),
  "sub-missing": ({ sub: _left, ...claims }) => claims,
  "iat-missing": ({ iat: _left, ...claims }) => claims,
  "exp-past": (claims) => ({ ...claims, ...shifted(claims, -86_400) }),
  "iat-future": (claims) => ({ ...claims, ...shifted(claims, 86_400) }),
  "acr-eidas2": (claims) => ({ ...claims, acr: "eidas2" }),
  "acr-missing": ({ acr: _left, ...claims }) => claims,
};

function shifted(claims: Claims, seconds: number): Claims {
  return { iat: Number(claims.iat) + seconds, exp: Number(claims.exp) + seconds };
}

/** A forged ID token made from a good one. `kid-rotated` needs no forging: the service rotates before it signs. */
export async function faultyIdToken(fault: FaultSpec, idToken: string, current: SigningKey): Promise<string> {
  const claims: Claims = decodeJwt(idToken);
  const header = { ...decodeProtectedHeader(idToken), alg: "RS256" };
  const sign = async (payload: Claims, key: SigningKey, kid: string): Promise<string> =>
    new SignJWT(payload).setProtectedHeader({ ...header, kid }).sign(await signer(key));
  const change = CLAIM_CHANGES[fault.kind];
  if (change) return sign(change(claims), current, current.kid);
  switch (fault.kind) {
    case "bad-signature":
      // Another key under the published kid: the form is right, the proof is not.
      return sign(claims, await generateSigningKey(), current.kid);
    case "kid-unknown": {
      const stranger = await generateSigningKey();
      return sign(claims, stranger, stranger.kid);
    }
    case "alg-none":
      return new UnsecuredJWT(claims).encode();
    case "hs256-pubkey":
      return hmacWithPublicKey(claims, current);
    default:
      return unknown(fault);
  }
}

/** The classic confusion: the public key, which everybody has, taken as an HMAC secret. */
function hmacWithPublicKey(claims: Claims, key: SigningKey): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "HS256", typ: "JWT", kid: key.kid })}.${part(claims)}`;
  const secret = publicKey(key).export({ type: "spki", format: "pem" });
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
