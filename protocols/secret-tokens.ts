/**
 * Tokens and credentials in a text: JWT and JWE, bearer, access and refresh tokens, SAML assertions, Basic credentials,
 * passwords in addresses, client secrets, API keys of known shapes. Recognising only: whose they are and whether they may stand
 * where they stand is for the privacy gate to say (docs/privacy-gate.md).
 */
import { CertificateError, readCertificate } from "./certificate.js";
import { readJwt } from "./jwt.js";

export type TokenForm =
  | "jwt"
  | "jwe"
  | "access_token"
  | "refresh_token"
  | "bearer"
  | "saml"
  | "basic"
  | "password"
  | "client_secret"
  | "api_key"
  | "named_api_key";

export interface SecretToken {
  readonly at: number;
  readonly form: TokenForm;
  /** The token itself (of an assertion its ID): to be compared, never to be shown. */
  readonly value: string;
  /** What a person may read of it. */
  readonly shown: string;
  /** Of a JWT its `iss`, of an assertion its Issuer; null when it has none. */
  readonly issuer: string | null;
  /**
   * Of an assertion, by the certificate in its signature: `test` and `production` as the private extension of IGC-Santé says,
   * `other` for a certificate without it, null when it is not signed with one.
   */
  readonly signer: "test" | "production" | "other" | null;
}

/** Tokens of a text, given as Latin-1 of its bytes. */
export function* secretTokensIn(text: string): Generator<SecretToken> {
  yield* jsonWebTokens(text);
  yield* named(text);
  yield* basicCredentials(text);
  yield* passwordsInAddresses(text);
  yield* apiKeys(text);
  if (text.includes("Assertion")) yield* assertions(text);
}

function token(at: number, form: TokenForm, value: string, more: Partial<SecretToken> = {}): SecretToken {
  return { at, form, value, shown: masked(value), issuer: null, signer: null, ...more };
}

/** First and last characters of a long value, fewer of a short one. */
function masked(value: string): string {
  const ends = value.length >= 24 ? 4 : value.length >= 12 ? 2 : 1;
  return `${value.slice(0, ends)}…${value.length >= 24 ? value.slice(-2) : ""} (${value.length})`;
}

// ---- JWT and JWE -------------------------------------------------------------------------------------------------------

/** A header begins `{"`, or with white space behind the brace. */
const COMPACT =
  /(?<![A-Za-z0-9_-])(?:eyJ|ewo|ewk|ey[AI])[\w-]{8,8192}\.[\w-]{0,65536}\.[\w-]{0,65536}(?:\.[\w-]{1,65536}\.[\w-]{1,1024})?/g;

function* jsonWebTokens(text: string): Generator<SecretToken> {
  if (!text.includes("ey") && !text.includes("ewo") && !text.includes("ewk")) return;
  for (const hit of text.matchAll(COMPACT)) {
    const value = hit[0];
    const parts = value.split(".");
    if (parts.length === 5) {
      const header = jsonOf(parts[0] ?? "");
      if (typeof header?.enc === "string") yield token(hit.index, "jwe", value);
      continue;
    }
    const jwt = readJwt(value);
    if (jwt)
      yield token(hit.index, "jwt", value, { issuer: typeof jwt.claims.iss === "string" ? jwt.claims.iss : null });
  }
}

function jsonOf(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

// ---- by their name -----------------------------------------------------------------------------------------------------

/** Quotes, also escaped ones, and what stands between a name and its value in JSON, YAML, a form, XML and a header. */
const IS = String.raw`\\?["']?\s{0,4}[:=>,]\s{0,4}\\?["']?`;
/** Without a look at what stands before: the library searches for plain beginnings many times faster. */
const NAMED: readonly (readonly [RegExp, (name: string) => TokenForm])[] = [
  [
    new RegExp(String.raw`((?:access|refresh|id|offline)_token)${IS}([\w.~+/=-]{16,8192})`, "gi"),
    (name) => (/^(?:refresh|offline)/i.test(name) ? "refresh_token" : "access_token"),
  ],
  [/(bearer)(?:[ +]|%20){1,2}([\w.~+/=-]{16,8192})/gi, () => "bearer"],
  [new RegExp(String.raw`(client_?secret)${IS}([^\s"'&<>,;{}\\]{8,512})`, "gi"), () => "client_secret"],
  [new RegExp(String.raw`(api[-_]?key)${IS}([\w.-]{20,512})`, "gi"), () => "named_api_key"],
];

function* named(text: string): Generator<SecretToken> {
  for (const [pattern, formOf] of NAMED) {
    for (const hit of text.matchAll(pattern)) {
      const [whole, name = "", value = ""] = hit;
      const form = formOf(name);
      // `x-api-key`, `esante-api-key`, `ANNUAIRE_API_KEY`: whatever stands before.
      if (form !== "named_api_key" && !standsAlone(text, hit.index)) continue;
      // A JWT is told as such.
      if (/^e[yw][A-Za-z]/.test(value) && value.includes(".")) continue;
      if (isPlaceholder(value) || !(form === "client_secret" ? looksWritten(value) : looksRandom(value))) continue;
      yield token(hit.index + whole.length - value.length, form, value);
    }
  }
}

/** Not the end of a longer name. */
function standsAlone(text: string, at: number): boolean {
  return at === 0 || !/[\w-]/.test(text.charAt(at - 1));
}

/** Letters and digits in a mixture that nobody writes by hand. */
function looksRandom(value: string): boolean {
  return /\d/.test(value) && /[A-Za-z]/.test(value) && new Set(value).size >= 8;
}

/** A value, and no expression of a program. */
function looksWritten(value: string): boolean {
  return /\d/.test(value) && !/[()[\]]|^[A-Za-z_]+\.[A-Za-z_]/.test(value);
}

/** What an example or a screen shows in the place of a secret. */
function isPlaceholder(value: string): boolean {
  if (new Set(value).size < 4 || value.includes("...") || value.includes("***")) return true;
  return /^(?:[<[{$%(]|your|votre|example|exemple|changeme|change_me|redacted|masqu|secret$|xxx|null$|undefined$)/i.test(
    value,
  );
}

// ---- credentials -------------------------------------------------------------------------------------------------------

function* basicCredentials(text: string): Generator<SecretToken> {
  for (const hit of text.matchAll(/basic(?:[ +]|%20){1,2}([A-Za-z0-9+/]{8,1024}={0,2})/gi)) {
    if (!standsAlone(text, hit.index)) continue;
    const value = hit[1] ?? "";
    const plain = Buffer.from(value, "base64").toString("utf8");
    // `Basic authentication` decodes too: to what no name and password are made of.
    if (!/^[^\s:\x00-\x1f\x7f\ufffd]{1,200}:[^\x00-\x1f\x7f\ufffd]+$/.test(plain)) continue;
    if (isPlaceholder(plain.slice(plain.indexOf(":") + 1))) continue;
    yield token(hit.index + hit[0].length - value.length, "basic", value);
  }
}

/** From `://`, for most texts hold none with a password behind it; the scheme is looked at afterwards. */
const ADDRESS = /:\/\/[^\s/:@"'<>]{1,100}:([^\s/@"'<>]{4,200})@[\w.-]/g;
const SCHEME = /(?:https?|s?ftps?|smtps?|imaps?|ldaps?|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|rediss?|amqps?)$/i;

function* passwordsInAddresses(text: string): Generator<SecretToken> {
  for (const hit of text.matchAll(ADDRESS)) {
    const value = hit[1] ?? "";
    if (!SCHEME.test(text.slice(Math.max(0, hit.index - 12), hit.index))) continue;
    if (isPlaceholder(value) || /^pass(?:word)?$|^motdepasse$/i.test(value)) continue;
    yield token(hit.index + hit[0].lastIndexOf(`:${value}@`) + 1, "password", value);
  }
}

/** Shapes that their issuers publish so that they can be found: prefix, alphabet and length. */
const API_KEYS = new RegExp(
  [
    "(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])",
    "gh[pousr]_[A-Za-z0-9]{36,251}",
    "github_pat_\\w{60,100}",
    "glpat-[\\w-]{20,64}",
    "xox[abprs]-[\\w-]{20,250}",
    "[sr]k_live_[A-Za-z0-9]{16,250}",
    "AIza[\\w-]{35}(?![\\w-])",
    "npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])",
    "SG\\.[\\w-]{22}\\.[\\w-]{43}",
    "sk-(?:proj|ant|svcacct)-[\\w-]{20,250}",
    "hf_[A-Za-z0-9]{34}(?![A-Za-z0-9])",
    "ya29\\.[\\w-]{20,512}",
    "dop_v1_[a-f0-9]{64}",
  ].join("|"),
  "g",
);

function* apiKeys(text: string): Generator<SecretToken> {
  for (const hit of text.matchAll(API_KEYS)) {
    // Documentation of the issuers shows keys that end so.
    if (standsAlone(text, hit.index) && !/EXAMPLE/i.test(hit[0]) && new Set(hit[0]).size > 8)
      yield token(hit.index, "api_key", hit[0]);
  }
  for (const hit of text.matchAll(/AccountKey=([A-Za-z0-9+/]{86}==)/g)) {
    yield token(hit.index + 11, "api_key", hit[1] ?? "");
  }
}

// ---- SAML --------------------------------------------------------------------------------------------------------------

const SAML = "urn:oasis:names:tc:SAML:";
/** Characters of the largest assertion read. */
const LARGEST_ASSERTION = 256 * 1024;

/** Unfinished ones after which a text is given up: it is no file that software wrote. */
const MOST_UNFINISHED = 100;

/** Assertions with their issuer, whole. Of SAML 1.1 and 2.0. */
function* assertions(text: string): Generator<SecretToken> {
  if (!text.includes(SAML)) return;
  let unfinished = 0;
  let read = 0;
  for (const hit of text.matchAll(/<((?:[\w.-]{1,40}:)?Assertion)(?=[\s>])/g)) {
    if (hit.index < read) continue; // inside the one before
    const rest = text.slice(hit.index, hit.index + LARGEST_ASSERTION);
    const end = rest.indexOf(`</${hit[1] ?? ""}>`);
    if (end < 0) {
      unfinished += 1;
      if (unfinished >= MOST_UNFINISHED) return;
      continue;
    }
    const body = rest.slice(0, end);
    read = hit.index + end;
    const head = body.slice(0, body.indexOf(">"));
    const id = /\s(?:ID|AssertionID)\s*=\s*["']([^"']{1,200})["']/.exec(head)?.[1];
    const issuer =
      /<(?:[\w.-]{1,40}:)?Issuer[^>]{0,500}>([^<]{0,1000})</.exec(body)?.[1] ??
      /\sIssuer\s*=\s*["']([^"']{0,1000})["']/.exec(head)?.[1];
    if (id === undefined || issuer === undefined || id.includes("${")) continue;
    const certificate = /<(?:[\w.-]{1,40}:)?X509Certificate[^>]{0,200}>([A-Za-z0-9+/=\s]{100,20000})</.exec(body)?.[1];
    const signer = certificate === undefined ? null : signerOf(certificate);
    yield token(hit.index, "saml", id, { shown: masked(id), issuer: issuer.trim(), signer });
  }
}

/** By the octet of 1.2.250.1.71.1.2.5: its high bit is set on test certificates (other-services.md, section 5). */
function signerOf(base64: string): "test" | "production" | "other" {
  try {
    const { cardType } = readCertificate(Buffer.from(base64, "base64"));
    if (cardType === null) return "other";
    return (cardType & 0x80) === 0 ? "production" : "test";
  } catch (error) {
    if (error instanceof CertificateError) return "other";
    throw error;
  }
}
