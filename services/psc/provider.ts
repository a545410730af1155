/**
 * The OpenID provider behind both listeners: oidc-provider set up as psc.md says PSC is. Two instances share one store
 * and one key set: the native one serves the realm, the wallet one only the user-facing authorization endpoint.
 */
import { X509Certificate } from "node:crypto";
import type Provider from "oidc-provider";
import type { Configuration, KoaContextWithOIDC } from "oidc-provider";
import type { ServiceContext } from "../../core/model/index.js";
import type { BridgedMessage } from "./bridge.js";
import { type ClientDirectory, sameSubject } from "./clients.js";
import type { SigningKeys } from "./keys.js";
import { errorPage } from "./pages.js";
import { ACR, accessTokenClaims, claimNames, findBySubject, idTokenClaims, subjectOf } from "./people.js";
import type { PscStore } from "./store.js";
import { type TokenTable, uuidFrom } from "./tokens.js";

/** Business scopes of the discovery document (psc.md §3), with the Keycloak defaults that concern a login. */
export const SCOPES = [
  "openid",
  "scope_all",
  "scope_1",
  "scope_2",
  "identity",
  "rpps",
  "referentiel",
  "interop",
  "eidas1",
  "eidas2",
  "offline_access",
  "profile",
  "email",
];

export interface ProviderParts {
  readonly context: ServiceContext;
  readonly issuer: string;
  readonly keys: SigningKeys;
  readonly store: PscStore;
  readonly clients: ClientDirectory;
  readonly tokens: TokenTable;
}

export type Face = "wallet" | "native";

/** Paths below the realm (psc.md §2), as the provider's routes want them. */
export const ROUTES = {
  authorization: "/protocol/openid-connect/auth",
  token: "/protocol/openid-connect/token",
  userinfo: "/protocol/openid-connect/userinfo",
  introspection: "/protocol/openid-connect/token/introspect",
  revocation: "/protocol/openid-connect/revoke",
  end_session: "/protocol/openid-connect/logout",
  jwks: "/protocol/openid-connect/certs",
  backchannel_authentication: "/protocol/openid-connect/ext/ciba/auth",
} as const;

/** Loaded on first use: the library takes a while to import. */
export async function buildProvider(parts: ProviderParts, face: Face): Promise<Provider> {
  const { default: ProviderClass, interactionPolicy, errors } = await loadLibrary();
  const { context, issuer, keys, store, clients, tokens } = parts;
  const { lifetimes, professionals } = context;
  // PSC asks no consent; the login prompt is the only one.
  const policy = interactionPolicy.base();
  policy.remove("consent");

  const configuration: Configuration = {
    adapter: (model) =>
      model === "Client"
        ? { ...store.adapter(model), find: async (id: string) => clients.metadata(id) }
        : store.adapter(model),
    jwks: { keys: keys.published.map(({ jwk }) => jwk) },
    routes: face === "wallet" ? { ...ROUTES, authorization: "/auth" } : ROUTES,
    scopes: SCOPES,
    acrValues: [ACR],
    claims: {
      openid: [
        "sub",
        "acr",
        "auth_time",
        "azp",
        "sid",
        "session_state",
        "preferred_username",
        "given_name",
        "family_name",
        "SubjectNameID",
      ],
      scope_all: claimNames(professionals),
    },
    conformIdTokenClaims: false,
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: ["client_secret_basic", "client_secret_post", "tls_client_auth"],
    clockTolerance: 0,
    cookies: {
      // Cookies only hold random ids: nothing to sign. None: the login returns from a form of another site.
      keys: [],
      long: { httpOnly: true, sameSite: "none", secure: true, path: "/" },
      short: { httpOnly: true, sameSite: "none", secure: true },
    },
    enableHttpPostMethods: true,
    expiresWithSession: () => true,
    issueRefreshToken: () => true,
    rotateRefreshToken: false,
    responseTypes: ["code", "none"],
    pkce: { required: () => false },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
      ciba: {
        enabled: true,
        deliveryModes: ["poll"],
        processLoginHint: async (_ctx, hint) =>
          hint !== undefined && professionals.some(({ nationalId }) => nationalId === hint)
            ? subjectOf(hint)
            : undefined,
        processLoginHintToken: async () => undefined,
        verifyUserCode: () => undefined,
        validateRequestContext: () => undefined,
        validateBindingMessage: (_ctx, message) => {
          // Two digits, made by the client (psc.md §7).
          if (!/^\d{2}$/.test(message ?? "")) throw new errors.InvalidBindingMessage("binding_message: two digits");
        },
        // The professional approves at the first poll (see the token endpoint).
        triggerAuthenticationDevice: () => undefined,
      },
      mTLS: {
        enabled: true,
        tlsClientAuth: true,
        getCertificate: (ctx) => {
          const der = bridged(ctx).peerCertificate;
          return der ? new X509Certificate(der) : undefined;
        },
        certificateAuthorized: (ctx) => bridged(ctx).peerAuthorized,
        certificateSubjectMatches: (ctx, property, expected) => {
          const der = bridged(ctx).peerCertificate;
          return property === "tls_client_auth_subject_dn" && der !== null && sameSubject(der, expected);
        },
      },
    },
    ttl: {
      AccessToken: lifetimes.accessToken,
      AuthorizationCode: lifetimes.code,
      BackchannelAuthenticationRequest: 120,
      Grant: lifetimes.session,
      IdToken: lifetimes.accessToken,
      Interaction: 1800,
      RefreshToken: lifetimes.refreshToken,
      Session: lifetimes.session,
    },
    interactions: {
      policy,
      url: (ctx, interaction) => `${mountOf(ctx)}/interaction/${interaction.uid}`,
    },
    findAccount: (ctx, subject, token) => {
      const person = findBySubject(professionals, subject);
      if (!person) return undefined;
      return {
        accountId: subject,
        claims: async (use) => {
          const source = token as { sessionUid?: string; grantId?: string; clientId?: string } | undefined;
          const clientId = ctx.oidc.client?.clientId ?? source?.clientId ?? "";
          return use === "id_token"
            ? { sub: subject, ...idTokenClaims(person, clientId, sessionOf(source)) }
            : { ...person.claims, sub: subject };
        },
      };
    },
    loadExistingGrant: async (ctx) => {
      const clientId = ctx.oidc.client?.clientId;
      const accountId = ctx.oidc.account?.accountId;
      if (clientId === undefined || accountId === undefined) return undefined;
      const known = ctx.oidc.session?.grantIdFor(clientId);
      const grant =
        (known === undefined ? undefined : await ctx.oidc.provider.Grant.find(known)) ??
        new ctx.oidc.provider.Grant({ clientId, accountId });
      grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(" "));
      await grant.save();
      return grant;
    },
    extraTokenClaims: async (ctx, token) => {
      if (token.kind !== "AccessToken") return undefined;
      const person = findBySubject(professionals, token.accountId);
      const { AuthorizationCode, RefreshToken, BackchannelAuthenticationRequest } = ctx.oidc.entities;
      const source = AuthorizationCode ?? RefreshToken ?? BackchannelAuthenticationRequest;
      if (!person || !source) return undefined;
      const { authTime, acr } = source as { authTime?: number; acr?: string };
      return accessTokenClaims(person, {
        clientId: source.clientId ?? "",
        session: sessionOf(source),
        authTime: authTime ?? Math.floor(Date.now() / 1000),
        // The observed token carries an empty string here (psc.md §6.1).
        nonce: "",
        acr: acr ?? ACR,
      });
    },
    renderError: async (ctx, out) => {
      ctx.type = "html";
      ctx.body = errorPage(out.error, out.error_description ?? "");
    },
  };
  const provider = new ProviderClass(issuer, configuration);
  provider.on("server_error", (_ctx, error) => context.log(`psc: ${error.stack ?? error.message}`));
  writeTokensAsPsc(provider, tokens);
  return provider;
}

/**
 * The library warns at import that it prefers Node 22; the suite runs it on Node 20 on purpose (its tests cover what we
 * use), and a warning in every run would only teach people to skip warnings.
 */
async function loadLibrary(): Promise<typeof import("oidc-provider")> {
  const { warn } = console;
  console.warn = (...parts: unknown[]) => {
    if (!String(parts[0]).includes("Unsupported runtime")) warn(...parts);
  };
  try {
    return await import("oidc-provider");
  } finally {
    console.warn = warn;
  }
}

/** Session id on the wire of a code, token or CIBA request. */
export function sessionOf(
  source: { sessionUid?: string | undefined; grantId?: string | undefined } | undefined,
): string {
  return uuidFrom(source?.sessionUid ?? source?.grantId ?? "");
}

/**
 * Access tokens leave as PSC's JWT and come back by it; refresh tokens come back by any name they were given. ID
 * tokens say `typ: JWT` and carry `at_hash`. Done where the library makes and finds them, so that `at_hash` is that of the token really sent.
 */
function writeTokensAsPsc(provider: Provider, tokens: TokenTable): void {
  const { AccessToken, RefreshToken, IdToken } = provider;
  const issue = IdToken.prototype.issue;
  IdToken.prototype.issue = async function (this: InstanceType<typeof IdToken>, ...options: Parameters<typeof issue>) {
    const idToken = await issue.apply(this, options);
    return tokens.asPscWritesIt(idToken, this.ctx.oidc.entities.AccessToken?.jti ?? null);
  };
  const save = AccessToken.prototype.save;
  AccessToken.prototype.save = async function (this: InstanceType<typeof AccessToken>) {
    const inner = await save.call(this);
    const stored = await AccessToken.adapter.find(inner);
    return tokens.issueAccess({
      inner,
      subject: this.accountId,
      clientId: this.clientId ?? "",
      scope: this.scope ?? "",
      issuedAt: stored?.iat ?? Math.floor(Date.now() / 1000),
      expiresAt: stored?.exp ?? Math.floor(Date.now() / 1000),
      claims: this.extra ?? {},
    });
  };
  const findAccess = AccessToken.find;
  AccessToken.find = function (this: typeof AccessToken, value: string, options?: object) {
    return findAccess.call(this, tokens.innerOf(value), options);
  } as typeof findAccess;
  const findRefresh = RefreshToken.find;
  RefreshToken.find = function (this: typeof RefreshToken, value: string, options?: object) {
    return findRefresh.call(this, tokens.innerOf(value), options);
  } as typeof findRefresh;
}

function bridged(ctx: KoaContextWithOIDC): BridgedMessage {
  return ctx.req as BridgedMessage;
}

/** What stands before the provider's own paths in the address the browser used. */
function mountOf(ctx: KoaContextWithOIDC): string {
  const { originalUrl, url = "" } = bridged(ctx);
  return originalUrl.slice(0, originalUrl.length - url.length);
}
