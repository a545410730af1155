/** `segur mock`: the national services alone, kept up until Ctrl-C. Everything they receive is recorded all the same. */
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { packageRoot, type SegurConfig, type ServiceName, SuiteError } from "../../core/model/index.js";
import { defaultServices, loadConfig, openSchemas } from "../../core/plan/index.js";
import { createRecording } from "../../core/record/recorder.js";
import { environmentOf, SERVICE_NAMES, startHost } from "../../services/host.js";
import { ensurePki } from "../../services/pki/pki.js";
import { scriptedFaults } from "../../services/shared/fault-plan.js";
import { loadIdentities } from "../../services/shared/identities.js";
import { openControlServer } from "../control-server.js";
import { visible } from "../../reports/safe.js";
import { listenForInterrupt } from "../interruption.js";
import { type ExitCode, type Lang, progressOn } from "../output.js";
import { servedNames } from "../road.js";
import { createRunFolder } from "../run-folder.js";

export interface MockOptions {
  readonly config?: string;
  readonly services?: string;
  readonly learn?: boolean;
  readonly json?: boolean;
  readonly lang: Lang;
}

/** Client for people who try the mock without a configuration. Fictitious, printed with the addresses. */
const TRY_CLIENT = {
  id: "segur-essai",
  method: "client_secret_basic",
  secret: "secret-fictif-pour-essayer-le-mock",
  redirectUris: ["https://localhost:8443/callback"],
  logoutUris: ["https://localhost:8443/"],
} as const;

/** Taken when no `--config` is given and it is there. */
const OWN = "segur.yaml";

const SAID = {
  fr: {
    configured: (file: string) => `Adresses et clients de ${file}.`,
    trying: "Pas de segur.yaml ici : ports libres et client d'essai.",
    up: "Services simulés prêts (Ctrl-C pour arrêter) :",
    env: "Certificats",
    control: "Appels de contrôle",
    rec: "Enregistrement",
  },
  en: {
    configured: (file: string) => `Addresses and clients of ${file}.`,
    trying: "No segur.yaml here: free ports and a client to try.",
    up: "Mock services ready (Ctrl-C ends them):",
    env: "Certificates",
    control: "Control calls",
    rec: "Recording",
  },
} as const;

export async function mock(options: MockOptions): Promise<ExitCode> {
  const root = packageRoot(import.meta.url);
  const progress = progressOn(process.stderr);
  const said = SAID[options.lang];
  // Addresses and client must be those of `segur run`: whoever copies them into a software does it once.
  const file = options.config ?? (existsSync(OWN) ? OWN : null);
  const config = file
    ? loadConfig(file, { schemas: openSchemas(path.join(root, "specs", "schemas")) }).config
    : tryConfig();
  process.stderr.write(`${file ? said.configured(visible(file)) : said.trying}\n`);
  const services = named(options.services);
  const pki = await ensurePki(path.join(config.stateFolder, "pki"), { names: servedNames(config) });
  const { folder, id } = createRunFolder(config.runsFolder, () => new Date());
  let failure: SuiteError | null = null;
  const interruption = listenForInterrupt(() => undefined);
  const recording = createRecording(folder.recording, {
    id,
    onFailure: (error) => {
      failure = error;
    },
  });
  const faults = scriptedFaults();
  try {
    const host = await startHost({
      identities: loadIdentities(root),
      config,
      pscClients: config.psc.clients,
      pki,
      recorder: recording.recorder,
      faults,
      stateFolder: path.join(folder.path, "state"),
      services,
      learn: options.learn ? (block) => progress.line(block) : null,
      log: (line) => progress.line(`! ${line}`),
    });
    const controls = await openControlServer(host, faults);
    const environment = {
      ...environmentOf(host, pki, config.psc.clients[0], config.candidate),
      control: { url: controls.url },
    };
    if (options.json) process.stdout.write(`${JSON.stringify(environment)}\n`);
    else {
      const lines: string[] = [said.up];
      for (const [name, service] of host.running) {
        for (const listener of service.listeners) {
          lines.push(`  ${listener.name.padEnd(12)} ${listener.url}   (${listener.address}:${listener.port})`);
        }
        for (const [key, value] of Object.entries(service.endpoints)) lines.push(`    ${name}.${key} = ${value}`);
      }
      lines.push(`${said.control}: ${controls.url} (docs/mock.md)`);
      lines.push(`${said.env}: ${pki.folder}`, `${said.rec}: ${folder.path}`);
      process.stdout.write(`${lines.join("\n")}\n`);
    }
    // The listeners keep the process alive; this only waits for the signal.
    while (!interruption.signal.aborted && !failure) {
      await pause(3_600_000, undefined, { signal: interruption.signal }).catch(() => undefined);
    }
    await controls.close();
    await host.stop();
    if (failure) throw failure;
    return 0;
  } finally {
    recording.close();
    interruption.dispose();
  }
}

function named(list: string | undefined): readonly ServiceName[] {
  if (!list) return SERVICE_NAMES;
  const names = list.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !SERVICE_NAMES.some((known) => known === name));
  if (unknown !== undefined) {
    throw new SuiteError("ERR_USAGE", `there is no service ${JSON.stringify(unknown)}`, {
      where: "--services",
      mend: `name some of: ${SERVICE_NAMES.join(",")}`,
    });
  }
  return SERVICE_NAMES.filter((known) => names.includes(known));
}

function tryConfig(): Pick<SegurConfig, "services" | "lifetimes" | "psc" | "candidate" | "stateFolder" | "runsFolder"> {
  return {
    services: defaultServices(),
    lifetimes: { accessToken: 120, refreshToken: 1_800, session: 14_400, code: 60 },
    psc: { clients: [TRY_CLIENT] },
    candidate: { vendor: "-", product: "-", version: "-" },
    stateFolder: path.resolve(".segur"),
    runsFolder: path.resolve("runs"),
  };
}
