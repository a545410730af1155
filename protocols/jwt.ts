/** JSON Web Tokens as text to objects (RFC 7519, compact form of RFC 7515). Reading only: nothing is verified here. */

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** True when the third part is there and not empty. */
  readonly signed: boolean;
}

/** A token larger than this is not read. */
const MAX_TOKEN = 64 * 1024;

/** Header and claims of a compact JWT; null when the text is not one. */
export function readJwt(text: string): Jwt | null {
  if (text.length > MAX_TOKEN) return null;
  const parts = text.split(".");
  if (parts.length !== 3) return null;
  const [header, claims] = [readPart(parts[0] ?? ""), readPart(parts[1] ?? "")];
  if (!header || !claims || typeof header.alg !== "string") return null;
  return { header, claims, signed: parts[2] !== "" };
}

/** `aud` as a list; a single string counts as one. */
export function audiences(jwt: Jwt): string[] {
  const { aud } = jwt.claims;
  if (typeof aud === "string") return [aud];
  return Array.isArray(aud) ? aud.filter((entry): entry is string => typeof entry === "string") : [];
}

function readPart(part: string): Record<string, unknown> | null {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
