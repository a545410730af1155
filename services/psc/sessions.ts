/** Ending PSC sessions and expiring what hangs on them: logout and control calls. */
import { compactVerify, createLocalJWKSet } from "jose";
import type { PscClientSettings } from "../../core/model/index.js";
import { type BridgeAnswer, htmlAnswer, redirectAnswer } from "./bridge.js";
import type { ClientDirectory } from "./clients.js";
import { publicKey, type SigningKeys } from "./keys.js";
import { errorPage, loggedOutPage, logoutPage } from "./pages.js";
import type { PscStore } from "./store.js";
import { uuidFrom } from "./tokens.js";

const TOKENS = ["AccessToken", "RefreshToken", "AuthorizationCode"] as const;

export interface LogoutParts {
  readonly store: PscStore;
  readonly keys: SigningKeys;
  readonly clients: ClientDirectory;
  readonly issuer: string;
}

/** RP-initiated logout (psc.md §9). The session named by the hint is closed at once; without a hint a page asks. */
export async function logout(parts: LogoutParts, params: URLSearchParams, confirmAt: string): Promise<BridgeAnswer> {
  const hint = params.get("id_token_hint");
  if (hint === null) return htmlAnswer(200, logoutPage(confirmAt));
  const claims = await verifyHint(parts, hint);
  if (!claims) return htmlAnswer(400, errorPage("invalid_request", "id_token_hint"));
  if (typeof claims.sid === "string") endSession(parts.store, claims.sid);
  return leave(parts.clients.get(String(claims.aud)), params);
}

/** The page was answered: the browser's own session is closed. */
export function confirmLogout(parts: LogoutParts, params: URLSearchParams, sessionCookie: string | null): BridgeAnswer {
  const session = sessionCookie === null ? undefined : parts.store.get("Session", sessionCookie);
  if (session?.uid !== undefined) endSession(parts.store, uuidFrom(session.uid));
  return leave(parts.clients.get(params.get("client_id") ?? ""), params);
}

function leave(client: PscClientSettings | null, params: URLSearchParams): BridgeAnswer {
  const target = params.get("post_logout_redirect_uri");
  if (target === null) return htmlAnswer(200, loggedOutPage());
  if (!client?.logoutUris.includes(target)) {
    return htmlAnswer(400, errorPage("invalid_redirect_uri", "post_logout_redirect_uri"));
  }
  const url = new URL(target);
  const state = params.get("state");
  if (state !== null) url.searchParams.set("state", state);
  return redirectAnswer(302, url.href);
}

/** Claims of an ID token we issued, expired or not; null when it is not ours. */
async function verifyHint({ keys, issuer }: LogoutParts, hint: string): Promise<Record<string, unknown> | null> {
  const published = keys.published.map((key) => ({
    ...publicKey(key).export({ format: "jwk" }),
    kid: key.kid,
    alg: "RS256",
  }));
  try {
    const { payload } = await compactVerify(hint, createLocalJWKSet({ keys: published }));
    const claims = JSON.parse(Buffer.from(payload).toString("utf8")) as Record<string, unknown>;
    return claims.iss === issuer ? claims : null;
  } catch {
    return null;
  }
}

/** Closes the session with this id on the wire, and everything issued in it. Says whether there was one. */
export function endSession(store: PscStore, sid: string): boolean {
  const uids = store
    .list("Session")
    .flatMap(({ payload: { uid } }) => (uid !== undefined && uuidFrom(uid) === sid ? [uid] : []));
  const of = (payload: { sessionUid?: string | undefined; grantId?: string | undefined }): boolean =>
    uuidFrom(payload.sessionUid ?? payload.grantId ?? "") === sid;
  let found = store.removeWhere("Session", ({ uid }) => uid !== undefined && uids.includes(uid));
  for (const model of TOKENS) found += store.removeWhere(model, of);
  return found > 0;
}

/** Somebody else logs in where a session stood: the former one's tokens go, and the session starts empty. */
export function forgetUser(store: PscStore, uid: string): void {
  for (const model of TOKENS) store.removeWhere(model, ({ sessionUid }) => sessionUid === uid);
  for (const { payload } of store.list("Session").filter((session) => session.payload.uid === uid)) {
    payload.accountId = undefined;
    payload.authorizations = undefined;
  }
}

/** Control calls that expire something now; each gives how many things it touched. */
export const EXPIRE: Readonly<Record<string, (store: PscStore) => number>> = {
  "expire-access-token": (store) => store.removeWhere("AccessToken", () => true),
  "expire-refresh-token": (store) => store.removeWhere("RefreshToken", () => true),
  "expire-code": (store) => store.removeWhere("AuthorizationCode", () => true),
  "expire-session": (store) => {
    const sessions = store.removeWhere("Session", () => true);
    for (const model of TOKENS) store.removeWhere(model, () => true);
    return sessions;
  },
  reset: (store) =>
    ["Session", "Grant", "Interaction", "BackchannelAuthenticationRequest", ...TOKENS].reduce(
      (sum, model) => sum + store.removeWhere(model, () => true),
      0,
    ),
};
