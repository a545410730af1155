/** Cookies of one browser, as much of RFC 6265 as a login needs: host, path, Secure, expiry. In memory. */

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  /** Hosts below `host` get it too (a Domain attribute was given). */
  readonly wide: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly expiresAt: number | null;
}

const MAX_COOKIES = 200;

export class CookieJar {
  #cookies: Cookie[] = [];

  /** Keeps what `Set-Cookie` headers of an answer say; a cookie for a foreign domain is ignored. */
  store(url: URL, setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const cookie = parse(url, line);
      if (!cookie) continue;
      this.#cookies = this.#cookies.filter(
        ({ name, host, path }) => name !== cookie.name || host !== cookie.host || path !== cookie.path,
      );
      if (cookie.expiresAt === null || cookie.expiresAt > Date.now()) this.#cookies.push(cookie);
    }
    this.#cookies = this.#cookies.slice(-MAX_COOKIES);
  }

  /** Value of the Cookie header for a request, null when there is none to send. Longer paths first. */
  header(url: URL): string | null {
    const sent = this.#cookies
      .filter((cookie) => hostMatches(cookie, url.hostname) && pathMatches(cookie.path, url.pathname))
      .filter((cookie) => (!cookie.secure || url.protocol === "https:") && (cookie.expiresAt ?? Infinity) > Date.now())
      .sort((a, b) => b.path.length - a.path.length);
    return sent.length === 0 ? null : sent.map(({ name, value }) => `${name}=${value}`).join("; ");
  }
}

function parse(url: URL, line: string): Cookie | null {
  const [pair = "", ...rest] = line.split(";");
  const at = pair.indexOf("=");
  if (at < 1) return null;
  const attributes = new Map(
    rest.map((part) => {
      const [name = "", ...value] = part.split("=");
      return [name.trim().toLowerCase(), value.join("=").trim()] as const;
    }),
  );
  const domain = attributes.get("domain")?.replace(/^\./, "").toLowerCase();
  if (domain && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) return null;
  const path = attributes.get("path");
  return {
    name: pair.slice(0, at).trim(),
    value: pair.slice(at + 1).trim(),
    host: domain || url.hostname,
    wide: Boolean(domain),
    path: path?.startsWith("/") ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf("/"))),
    secure: attributes.has("secure"),
    expiresAt: expiry(attributes.get("max-age"), attributes.get("expires")),
  };
}

function expiry(maxAge: string | undefined, expires: string | undefined): number | null {
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) return Date.now() + Number(maxAge) * 1000;
  const at = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(at) ? null : at;
}

function hostMatches({ host, wide }: Cookie, hostname: string): boolean {
  return hostname === host || (wide && hostname.endsWith(`.${host}`));
}

function pathMatches(path: string, pathname: string): boolean {
  return pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);
}
