/** Clients as PSC knows them: those of segur.yaml, and one learned on the fly when `--learn` says so. */
import { X509Certificate } from "node:crypto";
import type { AdapterPayload } from "oidc-provider";
import type { PscClientSettings, ServiceContext } from "../../core/model/index.js";

type Method = PscClientSettings["method"];

interface Known {
  readonly settings: PscClientSettings;
  /** Seen at the authorization endpoint only: how it authenticates is learned at its first token call. */
  readonly learning: boolean;
}

export class ClientDirectory {
  readonly #known = new Map<string, Known>();
  readonly #learn: ServiceContext["learn"];

  constructor(context: Pick<ServiceContext, "pscClients" | "learn" | "log">) {
    this.#learn = context.learn;
    for (const settings of context.pscClients) {
      for (const uri of settings.redirectUris) {
        if (!isHttps(uri)) context.log(`psc: redirect URI ${uri} of ${settings.id} is not https and will be refused`);
      }
      this.#known.set(settings.id, { settings, learning: false });
    }
  }

  get(id: string): PscClientSettings | null {
    return this.#known.get(id)?.settings ?? null;
  }

  /** Metadata in the provider's words; undefined when unknown, or when it has no address PSC would register. */
  metadata(id: string): AdapterPayload | undefined {
    const settings = this.get(id);
    const redirectUris = settings?.redirectUris.filter(isHttps) ?? [];
    if (!settings || redirectUris.length === 0) return undefined;
    return {
      client_id: settings.id,
      ...(settings.secret === undefined ? {} : { client_secret: settings.secret }),
      token_endpoint_auth_method: settings.method,
      ...(settings.method === "tls_client_auth" ? { tls_client_auth_subject_dn: settings.subjectDn ?? "" } : {}),
      redirect_uris: redirectUris,
      post_logout_redirect_uris: [...settings.logoutUris],
      grant_types: ["authorization_code", "refresh_token", "urn:openid:params:grant-type:ciba"],
      response_types: ["code"],
      backchannel_token_delivery_mode: "poll",
      id_token_signed_response_alg: "RS256",
    };
  }

  /** `--learn`: an unknown client at the authorization endpoint is taken as it presents itself. */
  meet(id: string | null, redirectUri: string | null): void {
    if (!this.#learn || !id || !redirectUri || this.#known.has(id) || !isHttps(redirectUri)) return;
    this.#known.set(id, {
      learning: true,
      settings: {
        id,
        method: "client_secret_basic",
        secret: "unknown-until-the-first-token-call",
        redirectUris: [redirectUri],
        logoutUris: [],
      },
    });
  }

  /** First token call of a learned client: its way to authenticate is kept, and the block to paste is told. */
  authenticate(call: {
    readonly authorization: string | null;
    readonly form: URLSearchParams;
    readonly certificate: Uint8Array | null;
  }): void {
    const basic = readBasic(call.authorization);
    const id = basic?.id ?? call.form.get("client_id");
    const known = id === null ? undefined : this.#known.get(id);
    if (!this.#learn || !known?.learning) return;
    const posted = call.form.get("client_secret");
    const shown: { method: Method; secret?: string; subjectDn?: string } | null = basic
      ? { method: "client_secret_basic", secret: basic.secret }
      : posted !== null
        ? { method: "client_secret_post", secret: posted }
        : call.certificate
          ? { method: "tls_client_auth", subjectDn: subjectDn(call.certificate) }
          : null;
    if (!shown) return;
    const { redirectUris, logoutUris } = known.settings;
    const settings: PscClientSettings = { id: known.settings.id, ...shown, redirectUris, logoutUris };
    this.#known.set(settings.id, { settings, learning: false });
    this.#learn(block(settings));
  }
}

/** Subject of a certificate as one line, in the order of RFC 4514 (most specific first). */
export function subjectDn(der: Uint8Array): string {
  return relativeNames(new X509Certificate(der).subject.split("\n")).reverse().join(",");
}

/** True when both name the same subject, whichever end each starts from. */
export function sameSubject(der: Uint8Array, expected: string): boolean {
  const shown = relativeNames(new X509Certificate(der).subject.split("\n"));
  const wanted = relativeNames(expected.replace(/^\//, "").split(/(?<!\\)[,/](?=\s*[A-Za-z0-9.]+\s*=)/));
  const same = (names: readonly string[]) =>
    names.length === shown.length && names.every((name, i) => name === shown[i]);
  return same(wanted) || same([...wanted].reverse());
}

function relativeNames(parts: readonly string[]): string[] {
  return parts.map((part) => {
    const at = part.indexOf("=");
    return `${part.slice(0, at).trim().toUpperCase()}=${part
      .slice(at + 1)
      .trim()
      .replaceAll("\\", "")}`;
  });
}

function readBasic(authorization: string | null): { id: string; secret: string } | null {
  const encoded = /^basic\s+(\S+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const at = text.indexOf(":");
  if (at < 0) return null;
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part.replaceAll("+", "%20"));
    } catch {
      return part;
    }
  };
  return { id: decode(text.slice(0, at)), secret: decode(text.slice(at + 1)) };
}

function isHttps(uri: string): boolean {
  return URL.canParse(uri) && new URL(uri).protocol === "https:";
}

/** The lines to paste into segur.yaml. */
function block(settings: PscClientSettings): string {
  const lines = [
    "psc:",
    "  clients:",
    `    - id: ${JSON.stringify(settings.id)}`,
    `      method: ${settings.method}`,
    ...(settings.secret === undefined ? [] : [`      secret: ${JSON.stringify(settings.secret)}`]),
    ...(settings.subjectDn === undefined ? [] : [`      subjectDn: ${JSON.stringify(settings.subjectDn)}`]),
    `      redirectUris: ${JSON.stringify(settings.redirectUris)}`,
    `      logoutUris: ${JSON.stringify(settings.logoutUris)}`,
  ];
  return `${lines.join("\n")}\n`;
}
