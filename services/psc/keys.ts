/** Signing keys of the realm: made at first start, kept in the state folder, rotated by a control call or a fault. */
import { createPublicKey, type KeyObject, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";

export interface SigningKey {
  readonly kid: string;
  /** Private JWK, with `kid`, `alg` and `use`. */
  readonly jwk: JWK;
}

export interface SigningKeys {
  /** Signs what is issued now. */
  readonly current: SigningKey;
  /** Published in the JWKS: current first, then those retired. */
  readonly published: readonly SigningKey[];
  /** A new current key; the former one stays published. */
  rotate(): Promise<SigningKey>;
}

const FILE = "psc-signing-keys.json";
/** Retired keys still published. */
const KEPT = 3;

export async function openKeys(stateFolder: string): Promise<SigningKeys> {
  const file = path.join(stateFolder, FILE);
  let keys: SigningKey[] = load(file) ?? [];
  const save = (): void => {
    mkdirSync(stateFolder, { recursive: true });
    writeFileSync(file, JSON.stringify(keys.map(({ jwk }) => jwk)), { mode: 0o600 });
  };
  const add = async (): Promise<SigningKey> => {
    const key = await generateSigningKey();
    keys = [key, ...keys].slice(0, KEPT);
    save();
    return key;
  };
  let current = keys[0] ?? (await add());
  return {
    get current() {
      return current;
    },
    get published() {
      return keys;
    },
    async rotate() {
      current = await add();
      return current;
    },
  };
}

/** A fresh RS256 key; also for tokens signed with a key that nobody publishes. */
export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = `${(await calculateJwkThumbprint(jwk)).slice(0, 20)}-${randomBytes(3).toString("hex")}`;
  return { kid, jwk: { ...jwk, kid, alg: "RS256", use: "sig" } };
}

/** Key to sign with jose. */
export function signer(key: SigningKey): Promise<CryptoKey | Uint8Array> {
  return importJWK(key.jwk, "RS256");
}

export function publicKey(key: SigningKey): KeyObject {
  return createPublicKey({ key: key.jwk as Record<string, string>, format: "jwk" });
}

function load(file: string): SigningKey[] | null {
  if (!existsSync(file)) return null;
  const jwks = JSON.parse(readFileSync(file, "utf8")) as JWK[];
  return jwks.map((jwk) => ({ kid: jwk.kid ?? "", jwk }));
}
