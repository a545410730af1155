/**
 * The tokens as PSC writes them. The provider keeps opaque ones; PSC's access tokens are JWT without `aud`
 * (psc.md §6.1) and each refresh gives a new refresh token while the former one stays usable, as Keycloak does by
 * default. This table holds which is which, and tells the token board.
 */
import { createHash, randomBytes } from "node:crypto";
import { decodeJwt, SignJWT } from "jose";
import type { TokenBoard } from "../../core/model/index.js";
import { type SigningKeys, signer } from "./keys.js";
import { nationalIdOf } from "./people.js";

export interface AccessTokenFacts {
  /** Value the provider knows. */
  readonly inner: string;
  readonly subject: string;
  readonly clientId: string;
  readonly scope: string;
  /** Seconds since epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly claims: Readonly<Record<string, unknown>>;
}

const CAPACITY = 20_000;

export class TokenTable {
  readonly #board: TokenBoard;
  readonly #keys: SigningKeys;
  readonly #issuer: string;
  /** Wire value to inner value, both kinds. */
  readonly #inner = new Map<string, string>();
  /** Inner value to access token on the wire. */
  readonly #access = new Map<string, string>();

  constructor(board: TokenBoard, keys: SigningKeys, issuer: string) {
    this.#board = board;
    this.#keys = keys;
    this.#issuer = issuer;
  }

  /** The JWT handed out for an access token of the provider. */
  async issueAccess(facts: AccessTokenFacts): Promise<string> {
    const { kid } = this.#keys.current;
    const jwt = await new SignJWT({ ...facts.claims, scope: facts.scope })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid })
      .setIssuer(this.#issuer)
      .setSubject(facts.subject)
      .setJti(uuidFrom(facts.inner))
      .setIssuedAt(facts.issuedAt)
      .setExpirationTime(facts.expiresAt)
      .sign(await signer(this.#keys.current));
    this.#remember(this.#inner, jwt, facts.inner);
    this.#remember(this.#access, facts.inner, jwt);
    this.#board.issued(jwt, {
      subject: nationalIdOf(facts.subject),
      clientId: facts.clientId,
      expiresAt: facts.expiresAt * 1000,
    });
    return jwt;
  }

  /**
   * An ID token of the provider as PSC writes it: `typ` in the header besides `alg` and `kid` (psc.md §3), `at_hash` of
   * the access token issued with it (psc.md §6.2; `accessInner` is the provider's value, null when there is none).
   */
  async asPscWritesIt(idToken: string, accessInner: string | null): Promise<string> {
    const { kid } = this.#keys.current;
    const access = accessInner === null ? undefined : this.#access.get(accessInner);
    return new SignJWT({ ...decodeJwt(idToken), ...(access === undefined ? {} : { at_hash: halfHash(access) }) })
      .setProtectedHeader({ alg: "RS256", typ: "JWT", kid })
      .sign(await signer(this.#keys.current));
  }

  /** A new name on the wire for the provider's refresh token. */
  issueRefresh(inner: string): string {
    const wire = randomBytes(48).toString("base64url");
    this.#remember(this.#inner, wire, inner);
    return wire;
  }

  /** The provider's value of a token seen on the wire; unknown ones pass as they are, to be refused there. */
  innerOf(wire: string): string {
    return this.#inner.get(wire) ?? wire;
  }

  /** The provider dropped an access token before its time. */
  revoked(inner: string): void {
    const jwt = this.#access.get(inner);
    if (jwt !== undefined) this.#board.revoked(jwt);
  }

  #remember(table: Map<string, string>, key: string, value: string): void {
    table.set(key, value);
    if (table.size > CAPACITY) {
      const oldest = table.keys().next().value;
      if (oldest !== undefined) table.delete(oldest);
    }
  }
}

/** Left half of the SHA-256, in base64url (OIDC Core §3.1.3.6). */
function halfHash(token: string): string {
  return createHash("sha256").update(token, "ascii").digest().subarray(0, 16).toString("base64url");
}

/** A stable identifier in the form of a UUID for an internal one: session ids on the wire look as Keycloak's do. */
export function uuidFrom(id: string): string {
  const hex = createHash("sha256").update(id).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
