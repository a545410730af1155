/**
 * Private keys in bytes, of every form in which software keeps them: PEM (plain, encrypted, OpenSSH), PGP blocks, PuTTY files,
 * JSON Web Keys, and the binary forms of `der-keys.ts`. What only speaks of a key (its first line without a body) is none.
 */
import { binaryKeysIn, type KeyForm } from "./der-keys.js";

export interface SecretKey {
  readonly at: number;
  readonly form: KeyForm | "pem" | "pgp" | "putty" | "jwk";
  /** What a person may read of it: its label, never a character of the key. */
  readonly shown: string;
}

export function* secretKeysIn(bytes: Buffer, text: string): Generator<SecretKey> {
  yield* armoured(text);
  yield* puttyFiles(text);
  yield* jsonWebKeys(text);
  for (const { at, form } of binaryKeysIn(bytes)) yield { at, form, shown: form.toUpperCase() };
}

/** RFC 7468 §10 and 11, the forms of OpenSSL before it, RFC 4880 §6.2. */
const ARMOUR = /-{4,5} ?BEGIN ((?:[A-Z0-9]{2,12} ){0,3})PRIVATE KEY( BLOCK)? ?-{4,5}/g;
/** Characters behind the first line in which its body must begin. */
const BODY_WITHIN = 2000;
/** Characters of base64 that make a body: an Ed25519 key has 64. */
const LEAST_BODY = 40;

function* armoured(text: string): Generator<SecretKey> {
  for (const hit of text.matchAll(ARMOUR)) {
    const behind = text.slice(hit.index + hit[0].length, hit.index + hit[0].length + BODY_WITHIN);
    const body = behind.split("-----", 1)[0] ?? "";
    if (!hasBody(body)) continue;
    const label = `${hit[1] ?? ""}PRIVATE KEY${hit[2] ?? ""}`;
    yield { at: hit.index, form: hit[2] ? "pgp" : "pem", shown: `BEGIN ${label}` };
  }
}

/** Base64 in long lines, after the headers that may stand before it; `xxxx` or `…` in its place is an example. */
function hasBody(body: string): boolean {
  const plain = body.replace(/\\[rnt]/g, "\n").replace(/^[\w-]+: [^\n]*$/gm, "");
  const runs = plain.match(/[A-Za-z0-9+/=]{16,}/g)?.join("") ?? "";
  return runs.length >= LEAST_BODY && new Set(runs).size > 12;
}

const LARGEST_PUTTY = 16_384;

function* puttyFiles(text: string): Generator<SecretKey> {
  for (const hit of text.matchAll(/PuTTY-User-Key-File-\d: /g)) {
    const rest = text.slice(hit.index, hit.index + LARGEST_PUTTY);
    // A file that begins again before its private part is none.
    if (/^.{20}(?:(?!PuTTY-User)[^])*?Private-Lines:/.test(rest)) {
      yield { at: hit.index, form: "putty", shown: "PuTTY-User-Key-File" };
    }
  }
}

/** Member `d` of a key with `kty` RSA, EC or OKP, `k` of one with `oct` (RFC 7518 §6, RFC 8037 §2). */
const SECRET_MEMBER = /"([dk])"\s*:\s*"([A-Za-z0-9_-]{16,})"/g;
/** An RSA key of 4096 bits with all its members has less. */
const LARGEST_JWK = 8192;

function* jsonWebKeys(text: string): Generator<SecretKey> {
  for (const hit of text.matchAll(SECRET_MEMBER)) {
    const before = text.slice(Math.max(0, hit.index - LARGEST_JWK), hit.index);
    const behind = text.slice(hit.index, hit.index + LARGEST_JWK);
    if (!before.includes("{")) continue;
    const object = before.slice(before.lastIndexOf("{")) + (behind.split("}", 1)[0] ?? "");
    const kty = /"kty"\s*:\s*"(RSA|EC|OKP|oct)"/.exec(object)?.[1];
    if (kty && (kty === "oct") === (hit[1] === "k"))
      yield { at: hit.index, form: "jwk", shown: `JWK ${kty} "${hit[1] ?? ""}"` };
  }
}
