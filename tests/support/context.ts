/** A throw-away ServiceContext with a real recording, for tests of services on real sockets. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type {
  FaultSpec,
  PscClientSettings,
  RecordingView,
  ScenarioFacts,
  ServiceContext,
  ServiceName,
} from "../../core/model/index.js";
import { packageRoot } from "../../core/model/index.js";
import { loadRecording } from "../../core/record/reader.js";
import { createRecording } from "../../core/record/recorder.js";
import { ensurePki } from "../../services/pki/pki.js";
import { scriptedFaults } from "../../services/shared/fault-plan.js";
import { loadIdentities } from "../../services/shared/identities.js";
import { tokenBoard } from "../../services/shared/token-board.js";

export interface TestContext extends ServiceContext {
  readonly logs: string[];
  /** Opens a scenario on the given services, with faults armed; returns the function that closes it. */
  scenario(
    id: string,
    services: readonly ServiceName[],
    faults?: readonly FaultSpec[],
    facts?: Partial<ScenarioFacts>,
  ): () => void;
  /** What was recorded so far, read back from disk. */
  view(): RecordingView;
  dispose(): void;
}

/** PKI of the test process, made once (RSA keys are slow). */
const sharedPki = mkdtempSync(path.join(tmpdir(), "segur-test-pki-"));
process.on("exit", () => rmSync(sharedPki, { recursive: true, force: true }));

export const TEST_CLIENT: PscClientSettings = {
  id: "test-client",
  method: "client_secret_basic",
  secret: "test-secret-of-the-suite-0123456789",
  redirectUris: ["https://localhost:9/callback"],
  logoutUris: ["https://localhost:9/"],
};

export async function testContext(overrides: Partial<ServiceContext> = {}): Promise<TestContext> {
  const folder = mkdtempSync(path.join(tmpdir(), "segur-test-"));
  const recording = createRecording(path.join(folder, "recording"), { id: "test" });
  mkdirSync(path.join(folder, "state"));
  const faults = scriptedFaults();
  const logs: string[] = [];
  const { patients, professionals } = loadIdentities(packageRoot());
  const context: ServiceContext = {
    recorder: recording.recorder,
    faults,
    tokens: tokenBoard(),
    pki: await ensurePki(sharedPki),
    settings: { bind: "127.0.0.1", port: 0, names: [], trust: [] },
    pscClients: [TEST_CLIENT],
    learn: null,
    patients,
    professionals,
    stateFolder: path.join(folder, "state"),
    lifetimes: { accessToken: 120, refreshToken: 1800, session: 14_400, code: 60 },
    log: (line) => logs.push(line),
    ...overrides,
  };
  return {
    ...context,
    logs,
    scenario(id, services, armed = [], facts = {}) {
      const key = recording.openScenario({
        id,
        attempt: 1,
        services,
        patient: null,
        professional: null,
        values: {},
        control: null,
        faults: armed,
        driverCan: [],
        ...facts,
      });
      faults.arm(key, armed);
      return () => {
        faults.disarm(key);
        recording.closeScenario(key, "done", null);
      };
    },
    view: () => loadRecording(path.join(folder, "recording")),
    dispose() {
      recording.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
