/** A running PSC mock with a small vendor callback and a browser, for tests on real sockets. */
import { X509Certificate } from "node:crypto";
import https from "node:https";
import type { AddressInfo } from "node:net";
import * as client from "openid-client";
import { Agent, fetch as undiciFetch } from "undici";
import type { FaultSpec, PscClientSettings, RunningService } from "../../../core/model/index.js";
import { userAgent } from "../../../drivers/user-agent.js";
import { subjectDn } from "../../../services/psc/clients.js";
import { pscService } from "../../../services/psc/index.js";
import { TEST_CLIENT, type TestContext, testContext } from "../../support/context.js";

export const SECRET = TEST_CLIENT.secret ?? "";

export interface Bench {
  readonly context: TestContext;
  readonly psc: RunningService;
  readonly redirectUri: string;
  readonly logoutUri: string;
  readonly fetch: typeof undiciFetch;
  /** A foreign OIDC client set up from the wallet discovery document. */
  discover(auth?: client.ClientAuth): Promise<client.Configuration>;
  /** Sends a browser to the address; gives the callback URL it ended at. */
  browse(start: URL, professional?: string): Promise<URL>;
  /** A whole login by openid-client; checks what it checks. */
  login(config: client.Configuration, extra?: Record<string, string>, professional?: string): Promise<Login>;
  userinfo(token: string): Promise<Answer>;
  /** A form posted to a path of the realm; authenticated with the test secret unless a header says otherwise. */
  post(
    path: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
    role?: "auth" | "sign",
  ): Promise<Answer>;
  token(fields: Record<string, string>, headers?: Record<string, string>, role?: "auth" | "sign"): Promise<Answer>;
  dispose(): Promise<void>;
}

export interface Login {
  readonly tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers;
  readonly callback: URL;
  readonly verifier: string;
}

export interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

export interface BenchOptions {
  readonly method?: PscClientSettings["method"];
  readonly learn?: (block: string) => void;
  /** No client is registered. */
  readonly unknown?: boolean;
}

export const form = {
  basic: (id: string, secret: string): string =>
    `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`,
};

export async function bench(options: BenchOptions = {}): Promise<Bench> {
  const received: URL[] = [];
  const base = await testContext();
  const vendor = https.createServer(
    { key: base.pki.roles.vendor.keyPem, cert: base.pki.roles.vendor.certPem },
    (req, res) => {
      received.push(new URL(req.url ?? "", `https://${req.headers.host}`));
      res.end("back at the vendor");
    },
  );
  await new Promise<void>((resolve) => vendor.listen(0, "127.0.0.1", resolve));
  const origin = `https://localhost:${(vendor.address() as AddressInfo).port}`;
  const redirectUri = `${origin}/callback`;
  const logoutUri = `${origin}/bye`;
  base.dispose();
  const context = await testContext({
    pscClients: options.unknown
      ? []
      : [
          {
            ...TEST_CLIENT,
            redirectUris: [redirectUri],
            logoutUris: [logoutUri],
            ...(options.method === "tls_client_auth"
              ? { method: options.method, subjectDn: subjectDn(new X509Certificate(base.pki.roles.auth.certPem).raw) }
              : {}),
          },
        ],
    learn: options.learn ?? null,
  });
  const psc = await pscService.start(context);
  const { roles, caBundlePem } = context.pki;
  const connect = (role: "auth" | "sign") => ({ ca: caBundlePem, cert: roles[role].certPem, key: roles[role].keyPem });
  const agents = { auth: new Agent({ connect: connect("auth") }), sign: new Agent({ connect: connect("sign") }) };
  const fetch = ((url: string | URL, init: object) =>
    undiciFetch(url, { dispatcher: agents.auth, ...init })) as typeof undiciFetch;
  const walk = userAgent({ recorder: context.recorder, ca: [caBundlePem], services: psc.listeners, vendor: [origin] });
  const { issuer, walletDiscovery } = psc.endpoints as Record<string, string>;

  const at = (path: string): string => `${issuer}${path}`;
  const self: Bench = {
    context,
    psc,
    redirectUri,
    logoutUri,
    fetch,
    async discover(auth = client.ClientSecretBasic(SECRET)) {
      const document = (await (await fetch(walletDiscovery ?? "", {})).json()) as client.ServerMetadata;
      if (document.issuer !== issuer) throw new Error("issuer differs");
      const config = new client.Configuration(document, TEST_CLIENT.id, {}, auth);
      config[client.customFetch] = fetch as unknown as client.CustomFetch;
      client.enableNonRepudiationChecks(config);
      return config;
    },
    async browse(start, professional) {
      received.length = 0;
      const walked = await walk(start.href, {
        professional: professional ?? null,
        signal: AbortSignal.timeout(60_000),
      });
      const last = received.at(-1);
      if (!last) throw new Error(`the browser did not come back: ${walked.detail}`);
      return last;
    },
    async login(config, extra = {}, professional) {
      const verifier = client.randomPKCECodeVerifier();
      const state = client.randomState();
      const nonce = client.randomNonce();
      const start = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: "openid scope_all",
        acr_values: "eidas1",
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...extra,
      });
      const callback = await self.browse(start, professional);
      const tokens = await client.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      return { tokens, callback, verifier };
    },
    async userinfo(token) {
      return read(
        await fetch(at("/protocol/openid-connect/userinfo"), { headers: { authorization: `Bearer ${token}` } }),
      );
    },
    async post(path, fields, headers = {}, role = "auth") {
      const { authorization = form.basic(TEST_CLIENT.id, SECRET), ...others } = headers;
      return read(
        await fetch(at(path), {
          method: "POST",
          body: new URLSearchParams(fields),
          headers: { ...(authorization === "" ? {} : { authorization }), ...others },
          dispatcher: agents[role],
        }),
      );
    },
    token: (fields, headers, role) => self.post("/protocol/openid-connect/token", fields, headers, role),
    async dispose() {
      await psc.stop();
      await Promise.all([agents.auth.destroy(), agents.sign.destroy()]);
      vendor.closeAllConnections();
      await new Promise((resolve) => vendor.close(resolve));
      context.dispose();
    },
  };
  return self;
}

async function read(response: Awaited<ReturnType<typeof undiciFetch>>): Promise<Answer> {
  const text = await response.text();
  const json = /json/.test(response.headers.get("content-type") ?? "")
    ? (JSON.parse(text) as Record<string, unknown>)
    : {};
  return { status: response.status, json };
}

export function pscFault(at: string, kind: string): FaultSpec {
  return { service: "psc", at, kind };
}
