/** OpenID Connect messages out of HTTP bytes (OIDC Core 1.0, RFC 6749, RFC 6750). Bytes that are not HTTP give null. */
import { type HttpMessage, header, readHttpRequest, readHttpResponse } from "./http.js";

export interface OidcRequest {
  readonly method: string;
  readonly path: string;
  /** What stands in the request line. */
  readonly query: URLSearchParams;
  /** What a form body carries; empty when the body is none. */
  readonly form: URLSearchParams;
  /** Parameters of the endpoint: the form of a POST, else the query. */
  readonly params: URLSearchParams;
  /** Request target as sent. */
  readonly target: string;
  readonly origin: string | null;
  /** Credentials of the client, as presented. */
  readonly client: ClientCredentials;
  /** Bearer token and where it stood. */
  readonly bearer: { readonly token: string; readonly where: "header" | "query" | "body" } | null;
}

/** How a client says who it is (RFC 6749 §2.3.1, OIDC Core §9). `none`: nothing but perhaps `client_id`. */
export interface ClientCredentials {
  readonly method: "basic" | "post" | "assertion" | "none";
  readonly id: string | null;
  readonly secret: string | null;
}

export interface OidcAnswer {
  readonly status: number;
  /** `Location`, when the answer is a redirect. */
  readonly location: string | null;
  /** Members of a JSON object; null when the body is none. */
  readonly json: Readonly<Record<string, unknown>> | null;
}

/** Longest form that is read. */
const MAX_FORM = 256 * 1024;

export function readOidcRequest(bytes: Uint8Array): OidcRequest | null {
  const request = readHttpRequest(bytes);
  if (!request) return null;
  const at = request.target.indexOf("?");
  const path = at < 0 ? request.target : request.target.slice(0, at);
  const query = new URLSearchParams(at < 0 ? "" : request.target.slice(at + 1));
  const form = readForm(request);
  return {
    method: request.method,
    path,
    query,
    form,
    params: request.method === "POST" ? form : query,
    target: request.target,
    origin: header(request, "origin"),
    client: readClient(header(request, "authorization"), form),
    bearer: readBearer(header(request, "authorization"), query, form),
  };
}

export function readOidcAnswer(bytes: Uint8Array | null): OidcAnswer | null {
  const response = bytes ? readHttpResponse(bytes) : null;
  if (!response) return null;
  const redirect = response.status >= 300 && response.status < 400;
  return {
    status: response.status,
    location: redirect ? header(response, "location") : null,
    json: readJson(response),
  };
}

/** A member of a JSON answer as text; null when absent or not text. */
export function textMember(answer: OidcAnswer | null, name: string): string | null {
  const value = answer?.json?.[name];
  return typeof value === "string" ? value : null;
}

function readForm(message: HttpMessage): URLSearchParams {
  const type = (header(message, "content-type") ?? "").toLowerCase();
  if (!type.startsWith("application/x-www-form-urlencoded") || message.body.length > MAX_FORM) {
    return new URLSearchParams();
  }
  return new URLSearchParams(Buffer.from(message.body).toString("utf8"));
}

function readJson(message: HttpMessage): Record<string, unknown> | null {
  if (!/[/+]json\b/i.test(header(message, "content-type") ?? "")) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(message.body).toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function readClient(authorization: string | null, form: URLSearchParams): ClientCredentials {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded !== undefined) {
    const text = Buffer.from(encoded, "base64").toString("utf8");
    const at = text.indexOf(":");
    if (at >= 0) return { method: "basic", id: decode(text.slice(0, at)), secret: decode(text.slice(at + 1)) };
  }
  const id = form.get("client_id");
  const secret = form.get("client_secret");
  if (secret !== null) return { method: "post", id, secret };
  return { method: form.has("client_assertion") ? "assertion" : "none", id, secret: null };
}

/** Both halves are form-encoded before they are joined (RFC 6749 §2.3.1); many clients skip it, so both are accepted. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll("+", "%20"));
  } catch {
    return part;
  }
}

function readBearer(
  authorization: string | null,
  query: URLSearchParams,
  form: URLSearchParams,
): { token: string; where: "header" | "query" | "body" } | null {
  const inHeader = /^bearer\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (inHeader !== undefined) return { token: inHeader, where: "header" };
  const inQuery = query.get("access_token");
  if (inQuery !== null) return { token: inQuery, where: "query" };
  const inBody = form.get("access_token");
  return inBody === null ? null : { token: inBody, where: "body" };
}
