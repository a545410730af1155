/** Which call is what, and how each is answered: the request is shaped before the provider, its answer after. */
import { createHash } from "node:crypto";
import type Provider from "oidc-provider";
import type { FaultSpec, ServiceContext } from "../../core/model/index.js";
import type { HttpCall } from "../shared/http-listener.js";
import {
  answerHeader,
  answerJson,
  ask,
  type BridgeAnswer,
  type BridgeRequest,
  bridge,
  htmlAnswer,
  jsonAnswer,
  redirectAnswer,
  withHeader,
  withJson,
} from "./bridge.js";
import type { ClientDirectory } from "./clients.js";
import { discoveryDocument } from "./discovery.js";
import { changesUserinfo, faultyCallback, faultyIdToken, faultyUserinfo, outage } from "./faults.js";
import type { SigningKeys } from "./keys.js";
import { errorPage, loginPage } from "./pages.js";
import { ACR, subjectOf } from "./people.js";
import { type Face, ROUTES, sessionOf } from "./provider.js";
import { confirmLogout, forgetUser, logout } from "./sessions.js";
import type { PscStore } from "./store.js";
import type { TokenTable } from "./tokens.js";

export const REALM_PATH = "/auth/realms/esante-wallet";
const MAX_BODY = 64 * 1024;

/** Everything behind the two listeners. */
export interface Realm {
  readonly context: ServiceContext;
  readonly issuer: string;
  readonly authUrl: string;
  readonly walletUrl: string;
  readonly keys: SigningKeys;
  readonly store: PscStore;
  readonly clients: ClientDirectory;
  readonly tokens: TokenTable;
  provider(face: Face): Provider;
  rotateKeys(): Promise<string>;
}

/** Path below the realm to operation, on the auth listener. */
const OPERATIONS: Readonly<Record<string, string>> = {
  "/.well-known/openid-configuration": "psc.discovery",
  "/.well-known/wallet-openid-configuration": "psc.discovery",
  [ROUTES.authorization]: "psc.authorize",
  [ROUTES.token]: "psc.token",
  [ROUTES.userinfo]: "psc.userinfo",
  [ROUTES.jwks]: "psc.jwks",
  [ROUTES.introspection]: "psc.introspect",
  [ROUTES.revocation]: "psc.revoke",
  [ROUTES.end_session]: "psc.logout",
  [`${ROUTES.end_session}/confirm`]: "psc.interaction",
  [ROUTES.backchannel_authentication]: "psc.ciba",
};

export function operationOf(face: Face, method: string, target: string): string {
  const { path } = split(target);
  // Browsers ask for it by themselves.
  if (method === "GET" && path === "/favicon.ico") return "psc.interaction";
  if (face === "wallet") {
    if (path === "/auth") return "psc.authorize";
    return /^\/(auth|interaction)\/[^/]+$/.test(path) ? "psc.interaction" : "psc.unexpected";
  }
  if (!path.startsWith(`${REALM_PATH}/`)) return "psc.unexpected";
  const below = path.slice(REALM_PATH.length);
  if (/^\/(protocol\/openid-connect\/auth|interaction)\/[^/]+$/.test(below)) return "psc.interaction";
  return OPERATIONS[below] ?? "psc.unexpected";
}

export async function answerCall(realm: Realm, face: Face, call: HttpCall): Promise<BridgeAnswer> {
  const { path, query } = split(call.req.url ?? "");
  const below = face === "native" ? path.slice(REALM_PATH.length) : path;
  const method = call.req.method ?? "GET";
  let body: Buffer;
  try {
    body = await call.body(MAX_BODY);
  } catch {
    return { status: 413, headers: [["connection", "close"]], body: Buffer.alloc(0) };
  }
  const asked: Asked = { realm, face, call, method, below, query, body };
  if (path === "/favicon.ico") return { status: 204, headers: [], body: Buffer.alloc(0) };
  switch (operationOf(face, method, call.req.url ?? "")) {
    case "psc.discovery":
      return (await struckBefore(asked, "discovery")) ?? discovery(asked);
    case "psc.authorize":
      return authorize(asked);
    case "psc.interaction":
      return interaction(asked);
    case "psc.token":
      return (await struckBefore(asked, "token")) ?? token(asked);
    case "psc.userinfo":
      return userinfo(asked);
    case "psc.jwks":
      return (await struckBefore(asked, "jwks")) ?? forward(asked);
    case "psc.introspect":
      return introspect(asked);
    case "psc.revoke":
      return forward(asked, { body: withInnerToken(asked) });
    case "psc.logout":
      return logout(realm, paramsOf(asked), `${REALM_PATH}${ROUTES.end_session}/confirm?${query}`);
    case "psc.ciba":
      return ciba(asked);
    default:
      return htmlAnswer(404, errorPage("not_found", path));
  }
}

interface Asked {
  readonly realm: Realm;
  readonly face: Face;
  readonly call: HttpCall;
  readonly method: string;
  /** Path below the realm (native) or the host (wallet). */
  readonly below: string;
  readonly query: string;
  readonly body: Buffer;
}

function split(target: string): { path: string; query: string } {
  const at = target.indexOf("?");
  return at < 0 ? { path: target, query: "" } : { path: target.slice(0, at), query: target.slice(at + 1) };
}

/** Parameters of a GET or of a posted form. */
function paramsOf({ method, query, body }: Asked): URLSearchParams {
  return new URLSearchParams(method === "POST" ? body.toString("utf8") : query);
}

function next(asked: Asked, at: string): FaultSpec | null {
  const fault = asked.realm.context.faults.next("psc", at);
  if (fault) asked.call.exchange.fault(fault);
  return fault;
}

/** A fault that stands in front of the provider: its answer, or null to go on. */
async function struckBefore(asked: Asked, at: string): Promise<BridgeAnswer | null> {
  const fault = next(asked, at);
  return fault ? outage(fault) : null;
}

function request(asked: Asked, change: { query?: string; body?: Buffer } = {}): BridgeRequest {
  const { call, face, realm, below, method } = asked;
  const query = change.query ?? asked.query;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(call.req.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  // Behind a proxy the Host header is not the address the browser uses.
  if (realm.context.settings.publicUrl !== undefined || headers.host === undefined) {
    headers.host = new URL(face === "wallet" ? realm.walletUrl : realm.authUrl).host;
  }
  return {
    method,
    url: query === "" ? below : `${below}?${query}`,
    mount: face === "wallet" ? "" : REALM_PATH,
    headers,
    body: change.body ?? asked.body,
    certificate: call.peerCertificates[0] ?? null,
    authorized: call.authorized,
  };
}

function forward(asked: Asked, change: { query?: string; body?: Buffer } = {}): Promise<BridgeAnswer> {
  return ask(asked.realm.provider(asked.face).callback(), request(asked, change));
}

function discovery({ realm, below }: Asked): BridgeAnswer {
  const wallet = below.endsWith("/wallet-openid-configuration");
  const endpoint = wallet ? `${realm.walletUrl}/auth` : `${realm.issuer}${ROUTES.authorization}`;
  return jsonAnswer(200, discoveryDocument(realm.issuer, endpoint));
}

/** The vendor's redirect arrives here, carried by the browser. */
async function authorize(asked: Asked): Promise<BridgeAnswer> {
  const params = paramsOf(asked);
  asked.realm.clients.meet(params.get("client_id"), params.get("redirect_uri"));
  const shaped = asProviderTakesIt(params);
  const answer = await forward(
    asked,
    shaped === null
      ? {}
      : asked.method === "POST"
        ? { body: Buffer.from(shaped.toString()) }
        : { query: shaped.toString() },
  );
  return callback(asked, answer);
}

/** Where PSC is laxer than the library; null when nothing has to change. */
function asProviderTakesIt(params: URLSearchParams): URLSearchParams | null {
  const shaped = new URLSearchParams(params);
  let changed = false;
  const challenge = params.get("code_challenge");
  if (challenge !== null && (params.get("code_challenge_method") ?? "plain") === "plain") {
    // PSC announces `plain` (psc.md §3), the library knows S256 only: S256 of a plain challenge is checked the same way.
    shaped.set("code_challenge", sha256(challenge));
    shaped.set("code_challenge_method", "S256");
    changed = true;
  }
  if (!(params.get("scope") ?? "").split(" ").includes("openid")) {
    // A request without `openid` is plain OAuth for Keycloak; the library refuses OIDC parameters then.
    for (const name of ["nonce", "acr_values", "max_age", "id_token_hint", "claims", "claims_locales"]) {
      changed ||= shaped.has(name);
      shaped.delete(name);
    }
  }
  return changed ? shaped : null;
}

/** A success answer gets PSC's shape (302, `session_state`) and the fault of the point `callback`, if any. */
function callback(asked: Asked, answer: BridgeAnswer): BridgeAnswer {
  const location = answerHeader(answer, "location");
  const url = location === null || !URL.canParse(location) ? null : new URL(location);
  const code = url?.searchParams.get("code");
  if (!url || code === null || code === undefined) return answer;
  const stored = asked.realm.store.get("AuthorizationCode", code);
  if (!stored) return answer;
  url.searchParams.set("session_state", sessionOf(stored));
  const fault = next(asked, "callback");
  return withHeader({ ...answer, status: 302 }, "location", fault ? faultyCallback(fault, url.href) : url.href);
}

/** The login page, the choice made on it, and the way back to the vendor. */
async function interaction(asked: Asked): Promise<BridgeAnswer> {
  const { realm, face, below, method } = asked;
  if (below.startsWith(ROUTES.end_session)) {
    const cookie = /(?:^|;\s*)_session=([^;]+)/.exec(asked.call.req.headers.cookie ?? "")?.[1] ?? null;
    return confirmLogout(realm, new URLSearchParams(asked.query), cookie);
  }
  if (!below.startsWith("/interaction/")) return callback(asked, await forward(asked));
  const provider = realm.provider(face);
  const { req, res } = bridge(request(asked));
  try {
    const details = await provider.interactionDetails(req, res);
    if (method !== "POST") {
      const action = `${face === "wallet" ? "" : REALM_PATH}${below}`;
      return htmlAnswer(200, loginPage(action, String(details.params.client_id), realm.context.professionals));
    }
    const form = paramsOf(asked);
    const chosen = realm.context.professionals.find(({ nationalId }) => nationalId === form.get("professional"));
    const { uid, accountId } = details.session ?? {};
    const answer = form.get("answer") === "cancel" ? null : chosen;
    const back = await provider.interactionResult(
      req,
      res,
      answer
        ? { login: { accountId: subjectOf(answer.nationalId), acr: ACR } }
        : { error: "access_denied", error_description: "the user gave up" },
    );
    if (answer && uid !== undefined && accountId !== undefined && accountId !== subjectOf(answer.nationalId)) {
      forgetUser(realm.store, uid);
    }
    return redirectAnswer(303, back);
  } catch (error) {
    if (error instanceof Error && error.name === "SessionNotFound") {
      return htmlAnswer(
        400,
        errorPage("invalid_request", "the login was not started in this browser, or took too long"),
      );
    }
    throw error;
  }
}

async function token(asked: Asked): Promise<BridgeAnswer> {
  const { realm, call } = asked;
  const form = paramsOf(asked);
  realm.clients.authenticate({
    authorization: call.req.headers.authorization ?? null,
    form,
    certificate: call.peerCertificates[0] ?? null,
  });
  const planned = realm.context.faults.peek("psc", "id-token");
  if (planned?.kind === "kid-rotated") {
    next(asked, "id-token");
    await realm.rotateKeys();
  }
  const answer = await forward(asked);
  const members = answerJson(answer);
  if (answer.status !== 200 || !members) {
    if (members?.error === "authorization_pending") await approveCiba(realm, form.get("auth_req_id") ?? "");
    return answer;
  }
  const idToken = typeof members.id_token === "string" ? members.id_token : null;
  const fault = idToken === null || planned?.kind === "kid-rotated" ? null : next(asked, "id-token");
  return withJson(answer, {
    ...members,
    ...refreshMembers(realm, form, members),
    "not-before-policy": 0,
    ...(fault && idToken !== null ? { id_token: await faultyIdToken(fault, idToken, realm.keys.current) } : {}),
  });
}

/** The refresh token under a new name, its lifetime, and the session (psc.md §4). */
function refreshMembers(
  realm: Realm,
  form: URLSearchParams,
  members: Record<string, unknown>,
): Record<string, unknown> {
  if (typeof members.refresh_token !== "string") return {};
  const inner = realm.tokens.innerOf(form.get("refresh_token") ?? members.refresh_token);
  const stored = realm.store.get("RefreshToken", inner);
  return {
    refresh_token: realm.tokens.issueRefresh(inner),
    refresh_expires_in: Math.max(0, (stored?.exp ?? 0) - Math.floor(Date.now() / 1000)),
    session_state: sessionOf(stored),
  };
}

async function userinfo(asked: Asked): Promise<BridgeAnswer> {
  const planned = asked.realm.context.faults.peek("psc", "userinfo");
  const changes = planned !== null && changesUserinfo(planned);
  if (planned && !changes) {
    const struck = await struckBefore(asked, "userinfo");
    if (struck) return struck;
  }
  const answer = await forward(asked);
  const claims = answerJson(answer);
  if (!changes || answer.status !== 200 || !claims) return answer;
  const fault = next(asked, "userinfo");
  return fault ? withJson(answer, faultyUserinfo(fault, claims)) : answer;
}

/** The library refuses structured tokens here; PSC's own are structured. */
function withInnerToken(asked: Asked): Buffer {
  const form = paramsOf(asked);
  const wire = form.get("token");
  if (wire === null) return asked.body;
  form.set("token", asked.realm.tokens.innerOf(wire));
  return Buffer.from(form.toString());
}

async function introspect(asked: Asked): Promise<BridgeAnswer> {
  const answer = await forward(asked, { body: withInnerToken(asked) });
  const members = answerJson(answer);
  if (members?.active !== true) return answer;
  const session = typeof members.session_state === "string" ? { sid: members.session_state } : {};
  const username = typeof members.preferred_username === "string" ? { username: members.preferred_username } : {};
  return withJson(answer, { ...members, ...session, ...username });
}

async function ciba(asked: Asked): Promise<BridgeAnswer> {
  const answer = await forward(asked);
  const members = answerJson(answer);
  return answer.status === 200 && members ? withJson(answer, { ...members, interval: 5 }) : answer;
}

/** The fictitious professional approves after the first poll, so that a client always meets `authorization_pending`. */
async function approveCiba(realm: Realm, id: string): Promise<void> {
  const provider = realm.provider("native");
  const pending = await provider.BackchannelAuthenticationRequest.find(id);
  if (!pending?.clientId || !pending.accountId) return;
  const grant = new provider.Grant({ clientId: pending.clientId, accountId: pending.accountId });
  grant.addOIDCScope(pending.scope ?? "openid");
  await grant.save();
  await provider.backchannelResult(pending, grant, { acr: ACR, authTime: Math.floor(Date.now() / 1000) });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
