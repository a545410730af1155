/**
 * What the privacy gate knows to be fictitious: the identities of the fixtures and of a challenge, and what our mock of Pro
 * Santé Connect issued in a recording, or was handed there as the protocol demands (docs/privacy-gate.md).
 */
import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { ChallengeFacts, Exchange, RecordingView } from "../core/model/index.js";
import { header, readHttpRequest, readHttpResponse } from "../protocols/http.js";
import { secretTokensIn } from "../protocols/secret-tokens.js";
import { drawIdentities } from "../services/shared/draw.js";
import type { Identities } from "../services/shared/identities.js";

export interface KnownFictitious {
  /** INS of 15 characters. */
  readonly ins: ReadonlySet<string>;
  /** RPPS of 11 digits. */
  readonly rpps: ReadonlySet<string>;
  /** Tokens, credentials, ids of assertions, as `secret-tokens.ts` gives their values. */
  readonly tokens: ReadonlySet<string>;
  /** Keys with which our mock signs; what they signed is no token of a national service. */
  readonly signers: readonly KeyObject[];
}

/** Without a recording: for proofs looked at before they are sealed with one. */
export function knownIdentities(identities: Identities, challenge: ChallengeFacts | null): KnownFictitious {
  const drawn = challenge ? [drawIdentities(identities, Buffer.from(challenge.seed, "hex"))] : [];
  const all = [identities, ...drawn];
  return {
    ins: new Set(
      all.flatMap(({ patients }) =>
        patients.flatMap(({ ins, history }) => [ins, ...history].flatMap((one) => one?.matricule ?? [])),
      ),
    ),
    rpps: new Set(all.flatMap(({ professionals }) => professionals.map(({ nationalId }) => nationalId.slice(1)))),
    tokens: new Set(),
    signers: [],
  };
}

/** The same, and what the recording shows to have come from our mock or to have been made for it. */
export function knownOf(
  view: RecordingView,
  identities: Identities,
  challenge: ChallengeFacts | null,
): KnownFictitious {
  const tokens = new Set<string>();
  for (const exchange of view.exchanges) {
    for (const value of ofExchange(exchange)) tokens.add(value);
  }
  const signers = view.exchanges.filter(({ operation }) => operation === "psc.jwks").flatMap(publishedKeys);
  return { ...knownIdentities(identities, challenge), tokens, signers };
}

/** Where our mock issues tokens. The other answers of the realm repeat what the vendor sent (`state`, `id_token_hint`). */
const ISSUING = new Set(["psc.token", "psc.userinfo", "psc.ciba"]);
/** Requests that carry an assertion of the vendor by protocol (dmp.md section 3, ins.md section 4). */
const ASSERTING = /^(?:dmp|ins)\./;

function* ofExchange({ operation, direction, requestBytes, responseBytes }: Exchange): Generator<string> {
  if (direction !== "in") return;
  if (ISSUING.has(operation) && responseBytes) {
    const body = readHttpResponse(responseBytes)?.body;
    if (body) for (const { value } of tokensOf(body)) yield value;
  }
  if (operation === "psc.token") {
    // Client credentials and client assertions, and nothing else that the body may hold.
    const request = readHttpRequest(requestBytes);
    if (request) yield* clientCredentials(header(request, "authorization"), request.body);
  }
  if (ASSERTING.test(operation)) {
    for (const { form, value } of tokensOf(requestBytes)) if (form === "saml") yield value;
  }
}

function tokensOf(bytes: Uint8Array) {
  return [...secretTokensIn(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1"))];
}

function* clientCredentials(authorization: string | null, body: Uint8Array): Generator<string> {
  const basic = /^Basic +(\S+)$/i.exec(authorization ?? "")?.[1];
  if (basic !== undefined) {
    yield basic;
    const plain = Buffer.from(basic, "base64").toString("utf8");
    const secret = plain.slice(plain.indexOf(":") + 1);
    // RFC 6749 §2.3.1: form-encoded before it is joined. A configuration shows it plain.
    yield secret;
    yield formDecoded(secret);
  }
  const form = new URLSearchParams(Buffer.from(body).toString("latin1"));
  for (const name of ["client_secret", "client_assertion"]) {
    const value = form.get(name);
    if (value !== null) yield value;
  }
}

function formDecoded(text: string): string {
  return new URLSearchParams(`v=${text}`).get("v") ?? text;
}

function publishedKeys({ responseBytes }: Exchange): KeyObject[] {
  const body = responseBytes && readHttpResponse(responseBytes)?.body;
  if (!body) return [];
  try {
    const { keys } = JSON.parse(Buffer.from(body).toString("utf8")) as { keys?: unknown };
    return Array.isArray(keys) ? keys.slice(0, 20).flatMap((jwk: unknown) => publicKeyOf(jwk)) : [];
  } catch {
    return []; // a fault broke the answer
  }
}

function publicKeyOf(jwk: unknown): KeyObject[] {
  try {
    return [createPublicKey({ key: jwk as Record<string, string>, format: "jwk" })];
  } catch {
    return [];
  }
}

/** Whether one of the keys signed this compact JWT (RS256: what our mock signs with). */
export function signedByOne(jwt: string, keys: readonly KeyObject[]): boolean {
  const end = jwt.lastIndexOf(".");
  const [signed, signature] = [Buffer.from(jwt.slice(0, end)), Buffer.from(jwt.slice(end + 1), "base64url")];
  return keys.some((key) => key.asymmetricKeyType === "rsa" && verify("RSA-SHA256", signed, key, signature));
}
