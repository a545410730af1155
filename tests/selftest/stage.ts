/** Services kept warm for many vendors: each play gets a fresh recording, a fresh vendor process and a fresh browser. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bundledConfig } from "../../bin/bundled.js";
import { inLanes } from "../../bin/lanes.js";
import type { Suite } from "../../bin/suite.js";
import { playScenario } from "../../core/drive/play.js";
import type { OpenRecording, PkiMaterial, Recorder, Scenario } from "../../core/model/index.js";
import { type RecordingRecords, readRecords, type StreamSource, streamsOf } from "../../core/record/reader.js";
import { createRecording } from "../../core/record/recorder.js";
import { httpDriver } from "../../drivers/http.js";
import { userAgent } from "../../drivers/user-agent.js";
import { freePort, startVendor } from "../../drivers/vendor-process.js";
import { environmentOf, SERVICE_NAMES, startHost } from "../../services/host.js";
import { ensurePki } from "../../services/pki/pki.js";
import { scriptedFaults } from "../../services/shared/fault-plan.js";
import { loadIdentities } from "../../services/shared/identities.js";

export interface PlayedStage {
  readonly records: RecordingRecords;
  readonly source: StreamSource;
  /** State of each scenario played. */
  readonly states: ReadonlyMap<string, string>;
}

export interface Stage {
  readonly pki: PkiMaterial;
  /** Plays the scenarios (and nothing else) with the reference vendor, honest (`null`) or with one defect. */
  play(defect: string | null, scenarios: readonly Scenario[]): Promise<PlayedStage>;
  close(): Promise<void>;
}

export async function openStage(suite: Suite, pkiFolder: string): Promise<Stage> {
  const folder = mkdtempSync(path.join(tmpdir(), "segur-selftest-"));
  const port = await freePort();
  const pki = await ensurePki(pkiFolder);
  const faults = scriptedFaults();
  const identities = loadIdentities(suite.root);
  let current: OpenRecording | null = null;
  const now = (): Recorder => {
    if (!current) throw new Error("traffic outside any play");
    return current.recorder;
  };
  const recorder: Recorder = {
    openConnection: (facts) => now().openConnection(facts),
    event: (kind, data, options) => now().event(kind, data, options),
    currentScenario: (service) => current?.recorder.currentScenario(service) ?? null,
  };
  const { config } = bundledConfig({ root: suite.root, port });
  const host = await startHost({
    identities,
    config,
    pscClients: config.psc.clients,
    pki,
    recorder,
    faults,
    stateFolder: path.join(folder, "state"),
    services: SERVICE_NAMES,
    learn: null,
    log: (line) => process.stderr.write(`! ${line}\n`),
  });
  const environmentFile = path.join(folder, "environment.json");
  writeFileSync(environmentFile, JSON.stringify(environmentOf(host, pki, config.psc.clients[0], config.candidate)));
  let plays = 0;
  return {
    pki,
    async play(defect, scenarios) {
      plays += 1;
      const where = path.join(folder, `play-${plays}`);
      mkdirSync(where);
      const recording = createRecording(path.join(where, "recording"), {
        id: `selftest-${defect ?? "good"}`,
        candidate: config.candidate,
      });
      current = recording;
      for (const name of SERVICE_NAMES) await host.control(name, "reset", {}).catch(() => undefined);
      const { config: own } = bundledConfig({ root: suite.root, port, ...(defect ? { defect } : {}) });
      if (!own.drivers.start) throw new Error("the bundled configuration starts nothing");
      const vendor = await startVendor(own.drivers.start, {
        port,
        environmentFile,
        logFile: path.join(where, "vendor.log"),
        recorder,
      });
      const states = new Map<string, string>();
      try {
        const driver = httpDriver({
          config: own.drivers,
          context: { recorder, caBundlePem: pki.caBundlePem, environmentFile, progress: () => undefined },
          browse: userAgent({
            recorder,
            ca: [pki.caBundlePem],
            services: host.running.get("psc")?.listeners ?? [],
            vendor: [own.drivers.http?.baseUrl ?? "", ...own.psc.clients.flatMap((client) => client.redirectUris)],
          }),
          alive: () => !vendor.exited,
        });
        await driver.open();
        const driverCan = await driver.can();
        await inLanes(scenarios, 2, async (scenario) => {
          const played = await playScenario(scenario, 1, {
            recording,
            faults,
            driver,
            driverCan,
            patients: identities.patients,
            professionals: identities.professionals,
            control: (service, command, args) => host.control(service, command, args),
            signal: new AbortController().signal,
            clock: () => new Date(),
            quiet: 50,
            progress: () => undefined,
          });
          states.set(scenario.id, played.reason ? `${played.state} (${played.reason})` : played.state);
        });
      } finally {
        await vendor.stop();
        recording.close();
      }
      const recorded = path.join(where, "recording");
      return { records: readRecords(recorded), source: streamsOf(recorded), states };
    },
    async close() {
      await host.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
