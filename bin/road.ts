/** The road of a run: plan, services up, drive, record. Judging is another room (judgement.ts) and needs none of this. */
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Played, playScenario } from "../core/drive/play.js";
import {
  type CheckDef,
  type Driver,
  type PkiMaterial,
  packageRoot,
  type Recorder,
  type RulePackFacts,
  type Scenario,
  type SegurConfig,
  type ServiceName,
  type SessionMode,
  SuiteError,
  VENDOR_OPERATIONS,
  type VendorOperation,
} from "../core/model/index.js";
import { buildPlan, type Specs } from "../core/plan/index.js";
import { continueRecording, createRecording } from "../core/record/recorder.js";
import { execDriver } from "../drivers/exec.js";
import type { Browse } from "../drivers/http.js";
import { httpDriver } from "../drivers/http.js";
import { manualDriver } from "../drivers/manual.js";
import { userAgent } from "../drivers/user-agent.js";
import { freePort, startVendor, type VendorProcess } from "../drivers/vendor-process.js";
import { MESSAGES } from "../reports/messages/index.js";
import { environmentOf, type Host, loadServices, SERVICE_NAMES, startHost } from "../services/host.js";
import { ensurePki } from "../services/pki/pki.js";
import { scriptedFaults } from "../services/shared/fault-plan.js";
import { drawIdentities } from "../services/shared/draw.js";
import { drawOrder, drawSession } from "../services/shared/draw-scenarios.js";
import { type Identities, loadIdentities } from "../services/shared/identities.js";
import { beginRun } from "./begin-run.js";
import { inLanes } from "./lanes.js";
import type { Lang, Progress } from "./output.js";
import { type RunFolder, writeRunMeta } from "./run-folder.js";
import { noting } from "./step-troubles.js";

export interface RoadOptions {
  readonly config: SegurConfig;
  readonly configHash: string;
  readonly specs: Specs;
  readonly checks: readonly CheckDef[];
  /** Digest of the rule set in force, and the rule pack in it. */
  readonly ruleSet: string;
  readonly rules: RulePackFacts | null;
  readonly only: readonly string[] | null;
  /** Play exactly these scenarios (selftest); else those of the plan. */
  readonly scenarios?: readonly string[];
  /** Run to go on with: scenarios not yet done are played. */
  readonly continued?: RunFolder;
  readonly lang: Lang;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly learn?: boolean;
  /** Default `sandbox`. */
  readonly mode?: SessionMode;
  /** Identities, document values and order of scenarios are drawn from it. `seed`: 32 bytes; `envelope`: as signed, kept. */
  readonly challenge?: { readonly id: string; readonly seed: Uint8Array; readonly envelope?: Uint8Array };
}

export interface Driven {
  readonly folder: RunFolder;
  readonly played: readonly Played[];
  readonly interrupted: boolean;
  /** Why driving ended early; the recording so far is kept. */
  readonly failure: SuiteError | null;
}

const clock = (): Date => new Date();

/** Drives the vendor through the plan. Throws SuiteError before anything was recorded; afterwards failures are in `Driven`. */
export async function drive(options: RoadOptions): Promise<Driven> {
  const { config, specs, progress } = options;
  const root = packageRoot(import.meta.url);
  const { identities, drawn } = castOf(options, loadIdentities(root));
  const toPlay = (driverCan: readonly VendorOperation[]): Scenario[] =>
    drawn(
      options.scenarios
        ? inOrder(specs.scenarios.filter((scenario) => options.scenarios?.includes(scenario.id)))
        : buildPlan({
            config,
            specs,
            checks: options.checks,
            driverCan,
            ...(options.only ? { only: options.only } : {}),
          }).scenarios.map(({ scenario }) => scenario),
    );
  // Before anything is written: a selection of nothing leaves no folder behind.
  toPlay(config.drivers.can ?? VENDOR_OPERATIONS);
  const { folder, meta, counts, done, lock } = beginRun(options, identities);
  let failure: SuiteError | null = null;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const recordingOptions = {
    id: meta.id,
    clock,
    candidate: config.candidate,
    mode: meta.mode,
    ...(meta.challenge ? { challenge: meta.challenge.id } : {}),
    onFailure: (error: SuiteError) => {
      failure ??= error;
      stop.abort(error);
    },
  };
  const recording = counts
    ? continueRecording(folder.recording, recordingOptions, counts)
    : createRecording(folder.recording, recordingOptions);
  const faults = scriptedFaults();
  const played: Played[] = [];
  let host: Host | null = null;
  let vendor: VendorProcess | null = null;
  let driver: Driver | null = null;
  try {
    // All of them, whatever is played: a software that reads its settings or calls one at its start finds it there.
    const services = SERVICE_NAMES;
    // Loading the services' libraries takes as long as making keys: do both at once.
    const [pki] = await Promise.all([
      ensurePki(path.join(config.stateFolder, "pki"), { names: servedNames(config) }),
      loadServices(services),
    ]);
    host = await startHost({
      identities,
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
    const environmentFile = folder.file("environment.json");
    writeFileSync(
      environmentFile,
      `${JSON.stringify(environmentOf(host, pki, config.psc.clients[0], config.candidate), null, 2)}\n`,
    );
    vendor = await startVendorIfAsked(config, environmentFile, folder, recording.recorder);
    const process = vendor;
    const browse = userAgent({
      recorder: recording.recorder,
      ca: [pki.caBundlePem, ...(config.drivers.http?.trust ?? [])],
      services: host.running.get("psc")?.listeners ?? [],
      vendor: vendorAddresses(config),
    });
    const noted = noting(
      makeDriver({
        options,
        browse,
        pki,
        recorder: recording.recorder,
        environmentFile,
        folder,
        professionals: Object.fromEntries(
          identities.professionals.map((one) => [one.key, `${one.givenName} ${one.familyName} (${one.nationalId})`]),
        ),
        alive: () => !process?.exited,
        output: process,
      }),
    );
    driver = noted.driver;
    await driver.open();
    const driverCan = await driver.can();
    // A run that goes on keeps what it could once: scenarios already played belong to its plan.
    const couldOnce = options.continued ? (meta.driverCan ?? []) : [];
    writeRunMeta(folder, { ...meta, driverCan: [...new Set([...couldOnce, ...driverCan])] });
    const final = toPlay(driverCan);
    const control = (service: ServiceName, command: string, args: Record<string, unknown>): Promise<unknown> => {
      if (!host) throw new Error("no host");
      return host.control(service, command, args);
    };
    const running = driver;
    const left = final.filter((scenario) => !done.get(scenario.id)?.done);
    // In the order of their end: two lanes go on at once.
    let ended = final.length - left.length;
    await inLanes(left, config.drivers.concurrent && config.drivers.kind !== "manual" ? 2 : 1, async (scenario) => {
      if (signal.aborted) return;
      const started = performance.now();
      const result = await playScenario(scenario, (done.get(scenario.id)?.attempt ?? 0) + 1, {
        recording,
        faults,
        driver: running,
        driverCan,
        patients: identities.patients,
        professionals: identities.professionals,
        control,
        signal,
        clock,
        ...(config.drivers.quiet === undefined ? {} : { quiet: config.drivers.quiet }),
        progress: ({ doing }) =>
          progress.now(`[${ended + 1}/${final.length}] ${scenario.id}${MESSAGES[options.lang].colon}${doing}`),
      });
      played.push(result);
      ended += 1;
      const told = playedText(
        result,
        (performance.now() - started) / 1000,
        result.state === "interrupted" ? null : noted.troubleOf(result.key, options.lang),
        options.lang,
      );
      progress.line(`[${ended}/${final.length}] ${scenario.id}${told}`);
    });
  } catch (error) {
    if (error instanceof SuiteError) failure ??= error;
    else if (!signal.aborted) throw error;
  } finally {
    progress.end();
    await driver?.close();
    await vendor?.stop();
    await host?.stop();
    recording.close();
    lock.release();
  }
  if (failure && played.length === 0 && !options.continued) {
    // Nothing of a run is there: `last` goes on naming the one before. What the software wrote stays.
    rmSync(folder.file("run.json"), { force: true });
    throw failure;
  }
  return { folder, played, interrupted: options.signal.aborted, failure };
}

/** ` : joué jusqu'au bout, 0,4 s`, in the words of the report, then what a step answered when it was not carried out. */
function playedText({ state, reason }: Played, seconds: number, trouble: string | null, lang: Lang): string {
  const words = MESSAGES[lang];
  const why = reason ? ` (${words.reasons[reason] ?? reason})` : "";
  const lasted = lang === "fr" ? seconds.toFixed(1).replace(".", ",") : seconds.toFixed(1);
  return `${words.colon}${words.states[state]}${why}, ${lasted} s${trouble === null ? "" : ` · ${trouble}`}`;
}

/** Who is played with, and the scenarios as they are played: of the fixtures, or drawn from the challenge. */
function castOf(
  { challenge }: RoadOptions,
  identities: Identities,
): { readonly identities: Identities; readonly drawn: (scenarios: readonly Scenario[]) => Scenario[] } {
  if (!challenge) return { identities, drawn: (scenarios) => [...scenarios] };
  const { seed } = challenge;
  return {
    identities: drawIdentities(identities, seed),
    drawn: (scenarios) => drawOrder(drawSession(identities, scenarios, seed).scenarios, seed),
  };
}

/** Controls before the scenarios that lean on them. */
function inOrder(scenarios: readonly Scenario[]): Scenario[] {
  return [...scenarios].sort((a, b) => Number(a.control !== undefined) - Number(b.control !== undefined));
}

/** Names in our server certificate: those of every service. */
export function servedNames(config: Pick<SegurConfig, "services">): string[] {
  return [...new Set(Object.values(config.services).flatMap((service) => service.names))];
}

/** Where our browser may go at the vendor's: its base URL and the addresses PSC sends back to. */
function vendorAddresses(config: SegurConfig): string[] {
  const { http } = config.drivers;
  return [
    ...(http ? [http.baseUrl] : []),
    ...config.psc.clients.flatMap((client) => [...client.redirectUris, ...client.logoutUris]),
  ];
}

async function startVendorIfAsked(
  config: SegurConfig,
  environmentFile: string,
  folder: RunFolder,
  recorder: Recorder,
): Promise<VendorProcess | null> {
  const { start } = config.drivers;
  if (!start) return null;
  return startVendor(start, {
    port: start.port || (await freePort()),
    environmentFile,
    logFile: folder.file("vendor.log"),
    recorder,
  });
}

function makeDriver(facts: {
  options: RoadOptions;
  pki: PkiMaterial;
  recorder: Recorder;
  environmentFile: string;
  folder: RunFolder;
  browse: Browse;
  /** As the mock's login page shows them, by key. */
  professionals: Readonly<Record<string, string>>;
  alive: () => boolean;
  output: VendorProcess | null;
}): Driver {
  const { options, browse, pki, recorder, environmentFile, folder, professionals, alive, output } = facts;
  const config = options.config.drivers;
  const context = {
    recorder,
    caBundlePem: pki.caBundlePem,
    environmentFile,
    progress: (line: string) => options.progress.line(line),
  };
  if (config.kind === "http") return httpDriver({ config, context, browse, alive, output });
  if (config.kind === "exec") return execDriver(config, context, browse);
  return manualDriver({
    config,
    lang: options.lang,
    professionals,
    answerFile: config.manual?.answerFile ?? folder.file("manual-answers.jsonl"),
    terminal: {
      interactive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
      input: process.stdin,
      write: (text) => {
        options.progress.end();
        process.stderr.write(text);
      },
    },
  });
}
