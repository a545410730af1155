/** Starts the mock services that are needed, hands each what it may know, and gives their addresses. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import type {
  FaultPlan,
  MockService,
  PkiMaterial,
  PkiRole,
  PscClientSettings,
  Recorder,
  RunningService,
  SegurConfig,
  ServiceName,
} from "../core/model/index.js";
import type { Identities } from "./shared/identities.js";
import { tokenBoard } from "./shared/token-board.js";

export const SERVICE_NAMES: readonly ServiceName[] = ["psc", "ins", "dmp", "mss"];

/** Loaded only when started: the OIDC library alone takes a sixth of a second. */
const LOADERS: Readonly<Record<ServiceName, () => Promise<MockService>>> = {
  psc: async () => (await import("./psc/index.js")).pscService,
  ins: async () => (await import("./ins/index.js")).insService,
  dmp: async () => (await import("./dmp/index.js")).dmpService,
  mss: async () => (await import("./mss/index.js")).mssService,
};

export interface HostOptions {
  /** The people the services know. */
  readonly identities: Identities;
  readonly config: Pick<SegurConfig, "services" | "lifetimes">;
  readonly pscClients: readonly PscClientSettings[];
  readonly pki: PkiMaterial;
  readonly recorder: Recorder;
  readonly faults: FaultPlan;
  readonly stateFolder: string;
  readonly services: readonly ServiceName[];
  readonly learn: ((block: string) => void) | null;
  readonly log: (line: string) => void;
}

export interface Host {
  readonly running: ReadonlyMap<ServiceName, RunningService>;
  control(service: ServiceName, command: string, args: Record<string, unknown>): Promise<unknown>;
  stop(): Promise<void>;
}

/** Loads the code of services before they are started. */
export async function loadServices(names: readonly ServiceName[]): Promise<void> {
  await Promise.all(names.map((name) => LOADERS[name]()));
}

/** Starts the services together; when one cannot start, those already up are stopped and its error is thrown. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { identities } = options;
  const tokens = tokenBoard();
  const started = await Promise.allSettled(
    options.services.map(async (name): Promise<[ServiceName, RunningService]> => {
      const service = await LOADERS[name]();
      const stateFolder = path.join(options.stateFolder, name);
      mkdirSync(stateFolder, { recursive: true });
      const running = await service.start({
        recorder: options.recorder,
        faults: options.faults,
        tokens,
        pki: options.pki,
        settings: options.config.services[name],
        pscClients: options.pscClients,
        learn: options.learn,
        patients: identities.patients,
        professionals: identities.professionals,
        stateFolder,
        lifetimes: options.config.lifetimes,
        log: options.log,
      });
      return [name, running];
    }),
  );
  const running = new Map<ServiceName, RunningService>();
  for (const result of started) if (result.status === "fulfilled") running.set(...result.value);
  const stop = async (): Promise<void> => {
    await Promise.allSettled([...running.values()].map((service) => service.stop()));
  };
  const failed = started.find((result) => result.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    running,
    control: async (name, command, args) => {
      const service = running.get(name);
      if (!service) throw new Error(`the service ${name} is not running`);
      return service.control(command, args);
    },
    stop,
  };
}

/** The environment file: everything a vendor has to type in (docs/architecture.md). */
export function environmentOf(
  host: Host,
  pki: PkiMaterial,
  client: PscClientSettings | undefined,
  candidate: SegurConfig["candidate"],
): Record<string, unknown> {
  const role = (name: PkiRole) => {
    const entry = pki.roles[name];
    return { key: entry.keyFile, cert: entry.certFile, p12: entry.p12File, p12Password: entry.p12Password };
  };
  return {
    format: "segur-mock/1",
    services: Object.fromEntries(
      [...host.running].map(([name, service]) => [
        name,
        { listeners: service.listeners, endpoints: service.endpoints },
      ]),
    ),
    pki: {
      caBundle: pki.caBundleFile,
      rootCer: pki.rootCerFile,
      auth: role("auth"),
      sign: role("sign"),
      insi: role("insi"),
      vendor: role("vendor"),
    },
    ...(client
      ? {
          pscClient: {
            id: client.id,
            method: client.method,
            ...(client.secret === undefined ? {} : { secret: client.secret }),
            redirectUri: client.redirectUris[0] ?? "",
            logoutUri: client.logoutUris[0] ?? "",
          },
        }
      : {}),
    candidate,
  };
}
