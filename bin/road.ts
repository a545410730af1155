/** The road of a run: plan, services up, drive, record. Judging is another room (judgement.ts) and needs none of this. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Played, playScenario } from "../core/drive/play.js";
import {
  type CheckDef,
  type Driver,
  type PkiMaterial,
  packageRoot,
  type Recorder,
  type Scenario,
  type SegurConfig,
  type ServiceName,
  SuiteError,
  VENDOR_OPERATIONS,
  type VendorOperation,
} from "../core/model/index.js";
import { buildPlan, type Specs } from "../core/plan/index.js";
import { countRecords, readRecords, runsOf } from "../core/record/reader.js";
import { continueRecording, createRecording } from "../core/record/recorder.js";
import { execDriver } from "../drivers/exec.js";
import type { Browse } from "../drivers/http.js";
import { httpDriver } from "../drivers/http.js";
import { manualDriver } from "../drivers/manual.js";
import { userAgent } from "../drivers/user-agent.js";
import { freePort, startVendor, type VendorProcess } from "../drivers/vendor-process.js";
import { MESSAGES } from "../reports/messages/index.js";
import { environmentOf, type Host, loadServices, startHost } from "../services/host.js";
import { ensurePki } from "../services/pki/pki.js";
import { scriptedFaults } from "../services/shared/fault-plan.js";
import { loadIdentities } from "../services/shared/identities.js";
import type { Lang, Progress } from "./output.js";
import { ruleSetDigest } from "./rule-set.js";
import { createRunFolder, RUN_FORMAT, type RunFolder, type RunMeta, readRunMeta, writeRunMeta } from "./run-folder.js";
import { toolVersion } from "./version.js";

export interface RoadOptions {
  readonly config: SegurConfig;
  readonly configHash: string;
  readonly specs: Specs;
  readonly checks: readonly CheckDef[];
  readonly only: readonly string[] | null;
  /** Play exactly these scenarios (selftest); else those of the plan. */
  readonly scenarios?: readonly string[];
  /** Run to go on with: scenarios not yet done are played. */
  readonly continued?: RunFolder;
  readonly lang: Lang;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly learn?: boolean;
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
  const toPlay = (driverCan: readonly VendorOperation[]): Scenario[] =>
    options.scenarios
      ? inOrder(specs.scenarios.filter((scenario) => options.scenarios?.includes(scenario.id)))
      : buildPlan({
          config,
          specs,
          checks: options.checks,
          driverCan,
          ...(options.only ? { only: options.only } : {}),
        }).scenarios.map(({ scenario }) => scenario);
  // Before anything is written: a selection of nothing leaves no folder behind.
  const expected = toPlay(config.drivers.can ?? VENDOR_OPERATIONS);
  const { folder, meta, counts, done } = options.continued
    ? continueRun(options, options.continued)
    : { ...newRun(options), counts: null, done: new Map<string, { attempt: number; done: boolean }>() };
  let failure: SuiteError | null = null;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const recordingOptions = {
    id: meta.id,
    clock,
    candidate: config.candidate,
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
    const identities = loadIdentities(root);
    const services = [...new Set(expected.flatMap((scenario) => scenario.services))];
    // Loading the services' libraries takes as long as making keys: do both at once.
    const [pki] = await Promise.all([
      ensurePki(path.join(config.stateFolder, "pki"), { names: servedNames(config) }),
      loadServices(services),
    ]);
    host = await startHost({
      root,
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
    driver = makeDriver({
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
    });
    await driver.open();
    const driverCan = await driver.can();
    writeRunMeta(folder, { ...meta, driverCan });
    const final = toPlay(driverCan);
    const control = (service: ServiceName, command: string, args: Record<string, unknown>): Promise<unknown> => {
      if (!host) throw new Error("no host");
      return host.control(service, command, args);
    };
    const running = driver;
    await inLanes(
      final,
      config.drivers.concurrent && config.drivers.kind !== "manual" ? 2 : 1,
      async (scenario, number) => {
        const before = done.get(scenario.id);
        if (signal.aborted || before?.done) return;
        const started = performance.now();
        const title = `[${number}/${final.length}] ${scenario.id}`;
        const result = await playScenario(scenario, (before?.attempt ?? 0) + 1, {
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
          progress: ({ doing }) => progress.now(`${title}${MESSAGES[options.lang].colon}${doing}`),
        });
        played.push(result);
        const seconds = ((performance.now() - started) / 1000).toFixed(1);
        progress.line(playedText(title, result, seconds, options.lang));
      },
    );
  } catch (error) {
    if (error instanceof SuiteError) failure ??= error;
    else if (!signal.aborted) throw error;
  } finally {
    progress.end();
    await driver?.close();
    await vendor?.stop();
    await host?.stop();
    recording.close();
  }
  if (failure && played.length === 0 && !options.continued) throw failure;
  return { folder, played, interrupted: options.signal.aborted, failure };
}

/** `[3/66] mss-subject : joué jusqu'au bout, 0.4 s`. The words of the report, so that both say the same. */
function playedText(title: string, { state, reason }: Played, seconds: string, lang: Lang): string {
  const words = MESSAGES[lang];
  const why = reason ? ` (${words.reasons[reason] ?? reason})` : "";
  return `${title}${words.colon}${words.states[state]}${why}, ${seconds} s`;
}

function newRun(options: RoadOptions): { folder: RunFolder; meta: RunMeta } {
  const { config } = options;
  const { folder, id } = createRunFolder(config.runsFolder, clock);
  const root = packageRoot(import.meta.url);
  const identities = loadIdentities(root);
  const meta: RunMeta = {
    format: RUN_FORMAT,
    id,
    startedAt: clock().toISOString(),
    toolVersion: toolVersion(root),
    ruleSet: ruleSetDigest(root),
    configHash: options.configHash,
    configFile: path.basename(config.file),
    config: {
      candidate: config.candidate,
      perimeters: config.perimeters,
      subProfiles: config.subProfiles,
      conditions: config.conditions,
      ...(config.alternatives ? { alternatives: config.alternatives } : {}),
      proofs: config.proofs,
    },
    driver: config.drivers.kind,
    driverCan: null,
    only: options.only,
    maskNames: [
      ...identities.patients.flatMap((patient) => [patient.birthName, ...patient.birthFirstNames.split(" ")]),
      ...identities.professionals.flatMap((professional) => [professional.familyName, professional.givenName]),
    ],
  };
  writeRunMeta(folder, meta);
  return { folder, meta };
}

/** Refused when the configuration or the rules are no longer those of the run: results of two worlds must not mix. */
function continueRun(options: RoadOptions, folder: RunFolder) {
  const meta = readRunMeta(folder);
  if (meta.configHash !== options.configHash) {
    throw new SuiteError("ERR_RUN_FOLDER", "the configuration changed since this run began", {
      where: folder.path,
      mend: "start a new run, or put the configuration back as it was",
    });
  }
  if (meta.ruleSet !== ruleSetDigest(packageRoot(import.meta.url))) {
    throw new SuiteError("ERR_RULE_SET", "the rule set changed since this run began", {
      where: folder.path,
      mend: "start a new run",
    });
  }
  const records = readRecords(folder.recording);
  const done = new Map<string, { attempt: number; done: boolean }>();
  for (const run of runsOf(records.events, [])) {
    done.set(run.facts.id, { attempt: run.facts.attempt, done: run.state === "done" });
  }
  return { folder, meta, counts: countRecords(records), done };
}

/**
 * Plays scenarios in their order, at most `lanes` at once: two run together only when their services are disjoint, and an
 * exclusive one runs alone. A throw of one lets the others under way end, then is thrown.
 */
export async function inLanes(
  scenarios: readonly Scenario[],
  lanes: number,
  play: (scenario: Scenario, number: number) => Promise<void>,
): Promise<void> {
  const waiting = scenarios.map((scenario, index) => ({ scenario, number: index + 1 }));
  const active = new Map<Scenario, Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  const fits = (scenario: Scenario): boolean => {
    if (active.size === 0) return true;
    if (active.size >= lanes || scenario.exclusive) return false;
    return [...active.keys()].every(
      (other) => !other.exclusive && !other.services.some((service) => scenario.services.includes(service)),
    );
  };
  while ((waiting.length > 0 && !failure) || active.size > 0) {
    for (let next = waiting.findIndex((entry) => !failure && fits(entry.scenario)); next >= 0;) {
      const [entry] = waiting.splice(next, 1);
      if (!entry) break;
      const { scenario, number } = entry;
      const playing = play(scenario, number)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => active.delete(scenario));
      active.set(scenario, playing);
      next = waiting.findIndex((waitingEntry) => !failure && fits(waitingEntry.scenario));
    }
    await Promise.race(active.values());
  }
  if (failure) throw (failure as { readonly error: unknown }).error;
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
}): Driver {
  const { options, browse, pki, recorder, environmentFile, folder, professionals, alive } = facts;
  const config = options.config.drivers;
  const context = {
    recorder,
    caBundlePem: pki.caBundlePem,
    environmentFile,
    progress: (line: string) => options.progress.line(line),
  };
  if (config.kind === "http") return httpDriver({ config, context, browse, alive });
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
