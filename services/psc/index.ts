/**
 * Reference mock of Pro Santé Connect: two listeners, one OpenID provider. The wallet listener answers the user-facing
 * authorization endpoint, the auth listener everything of the realm (psc.md §2).
 */
import type { IncomingMessage } from "node:http";
import type Provider from "oidc-provider";
import type { MockService, RunningService, ServiceContext } from "../../core/model/index.js";
import { SuiteError } from "../../core/model/index.js";
import { type HttpCall, openHttpListener } from "../shared/http-listener.js";
import type { OpenListener } from "../shared/listener.js";
import type { BridgeAnswer } from "./bridge.js";
import { ClientDirectory } from "./clients.js";
import { openKeys } from "./keys.js";
import { buildProvider } from "./provider.js";
import { answerCall, operationOf, REALM_PATH, type Realm } from "./routes.js";
import { EXPIRE } from "./sessions.js";
import { PscStore } from "./store.js";
import { TokenTable } from "./tokens.js";

export const pscService: MockService = { name: "psc", start };

async function start(context: ServiceContext): Promise<RunningService> {
  let realm: Realm | null = null;
  const open = (name: "psc-wallet" | "psc-auth"): Promise<OpenListener> => {
    const face = name === "psc-wallet" ? "wallet" : "native";
    return openHttpListener({
      name,
      service: "psc",
      context,
      clientCertificate: face === "wallet" ? "none" : "optional",
      operation: (req: IncomingMessage) => operationOf(face, req.method ?? "", req.url ?? ""),
      handle: async (call: HttpCall) => {
        if (realm) await write(call, await answerCall(realm, face, call));
        else call.cut();
      },
    });
  };
  const auth = await open("psc-auth");
  const wallet = await open("psc-wallet").catch(async (error: unknown) => {
    await auth.close();
    throw error;
  });
  realm = await buildRealm(context, publicUrl(context, auth, "auth."), publicUrl(context, wallet, "wallet."));
  return running(context, realm, [auth, wallet]);
}

async function buildRealm(context: ServiceContext, authUrl: string, walletUrl: string): Promise<Realm> {
  const issuer = `${authUrl}${REALM_PATH}`;
  const keys = await openKeys(context.stateFolder);
  const tokens = new TokenTable(context.tokens, keys, issuer);
  const store = new PscStore((model, id) => {
    if (model === "AccessToken") tokens.revoked(id);
  });
  const clients = new ClientDirectory(context);
  const parts = { context, issuer, keys, store, clients, tokens };
  const build = async (): Promise<{ wallet: Provider; native: Provider }> => ({
    wallet: await buildProvider(parts, "wallet"),
    native: await buildProvider(parts, "native"),
  });
  let providers = await build();
  return {
    ...parts,
    authUrl,
    walletUrl,
    provider: (face) => providers[face],
    // The library fixes its keys at construction: a rotation is a new pair of providers over the same store.
    async rotateKeys() {
      const { kid } = await keys.rotate();
      providers = await build();
      context.recorder.event("key.change", { service: "psc", kid });
      return kid;
    },
  };
}

function running(context: ServiceContext, realm: Realm, listeners: readonly OpenListener[]): RunningService {
  return {
    name: "psc",
    listeners: listeners.map(({ name, address, port, url }) => ({ name, address, port, url })),
    endpoints: {
      issuer: realm.issuer,
      walletDiscovery: `${realm.issuer}/.well-known/wallet-openid-configuration`,
      nativeDiscovery: `${realm.issuer}/.well-known/openid-configuration`,
      walletAuthorization: `${realm.walletUrl}/auth`,
    },
    async control(command, args = {}) {
      if (command === "rotate-keys") {
        const kid = await realm.rotateKeys();
        context.recorder.event("control", { service: "psc", command, args, kid });
        return { kid };
      }
      const expire = EXPIRE[command];
      if (!expire) {
        throw new SuiteError("ERR_USAGE", `Pro Santé Connect has no control call ${command}`, {
          mend: `use one of ${["rotate-keys", ...Object.keys(EXPIRE)].join(", ")}`,
        });
      }
      const expired = expire(realm.store);
      context.recorder.event("control", { service: "psc", command, args, expired });
      return { expired };
    },
    async stop() {
      await Promise.all(listeners.map((listener) => listener.close()));
    },
  };
}

/** `names` may give the two hosts of a vendor whose addresses are fixed: the one that starts as PSC's own is taken. */
function publicUrl({ settings }: ServiceContext, listener: OpenListener, prefix: string): string {
  const name = settings.names.find((candidate) => candidate.startsWith(prefix));
  if (settings.publicUrl !== undefined || name === undefined) return listener.url;
  return `https://${name}:${listener.port}`;
}

/** Sends the answer; resolves when the bytes were handed over or the connection is gone. */
function write(call: HttpCall, answer: BridgeAnswer): Promise<void> {
  return new Promise((resolve) => {
    call.res.on("close", () => resolve());
    const headers: Record<string, string | string[]> = { "content-length": String(answer.body.length) };
    for (const [name, value] of answer.headers) {
      const known = headers[name];
      headers[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
    }
    call.res.writeHead(answer.status, headers);
    call.res.end(call.req.method === "HEAD" ? undefined : answer.body, () => resolve());
  });
}
