/** How a run begins: a folder of its own with its run.json, or the folder of an earlier one that goes on. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot, SuiteError } from "../core/model/index.js";
import { countRecords, readRecords, runsOf } from "../core/record/reader.js";
import type { Identities } from "../services/shared/identities.js";
import type { Lock } from "./owner-lock.js";
import type { RoadOptions } from "./road.js";
import { createRunFolder, RUN_FORMAT, type RunFolder, type RunMeta, readRunMeta, writeRunMeta } from "./run-folder.js";
import { lockRun } from "./run-lock.js";
import { toolVersion } from "./version.js";

const clock = (): Date => new Date();

export interface Begun {
  readonly folder: RunFolder;
  readonly meta: RunMeta;
  /** What the recording holds already; null for a new one. */
  readonly counts: ReturnType<typeof countRecords> | null;
  /** By scenario. */
  readonly done: ReadonlyMap<string, { readonly attempt: number; readonly done: boolean }>;
  readonly lock: Lock;
}

/** A run that goes on is locked before it is read: two processes that write one recording would spoil it. */
export function beginRun(options: RoadOptions, identities: Identities): Begun {
  if (!options.continued) {
    const run = newRun(options, identities);
    return { ...run, counts: null, done: new Map(), lock: lockRun(run.folder) };
  }
  const lock = lockRun(options.continued);
  try {
    return { ...continueRun(options, options.continued), lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function newRun(options: RoadOptions, identities: Identities): { folder: RunFolder; meta: RunMeta } {
  const { config } = options;
  const { folder, id } = createRunFolder(config.runsFolder, clock);
  const root = packageRoot(import.meta.url);
  const meta: RunMeta = {
    format: RUN_FORMAT,
    id,
    startedAt: clock().toISOString(),
    toolVersion: toolVersion(root),
    ruleSet: options.ruleSet,
    rules: options.rules,
    configHash: options.configHash,
    configFile: path.basename(config.file),
    config: {
      candidate: config.candidate,
      perimeters: config.perimeters,
      subProfiles: config.subProfiles,
      conditions: config.conditions,
      ...(config.alternatives ? { alternatives: config.alternatives } : {}),
      proofs: config.proofs,
      ...(config.notApplicable ? { notApplicable: config.notApplicable } : {}),
      ...(config.maturity ? { maturity: config.maturity } : {}),
    },
    driver: config.drivers.kind,
    driverCan: null,
    only: options.only,
    maskNames: [
      ...identities.patients.flatMap((patient) => [patient.birthName, ...patient.birthFirstNames.split(" ")]),
      ...identities.professionals.flatMap((professional) => [professional.familyName, professional.givenName]),
    ],
    mode: options.mode ?? "sandbox",
    challenge: challengeFacts(options),
  };
  writeRunMeta(folder, meta);
  if (options.challenge?.envelope) writeFileSync(folder.file("challenge.dsse.json"), options.challenge.envelope);
  return { folder, meta };
}

function challengeFacts({ challenge }: RoadOptions): RunMeta["challenge"] {
  return challenge ? { id: challenge.id, seed: Buffer.from(challenge.seed).toString("hex") } : null;
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
  if (meta.ruleSet !== options.ruleSet) {
    throw new SuiteError("ERR_RULE_SET", "the rule set changed since this run began", {
      where: folder.path,
      mend: "start a new run",
    });
  }
  if (meta.mode !== (options.mode ?? "sandbox") || meta.challenge?.seed !== challengeFacts(options)?.seed) {
    throw new SuiteError("ERR_RUN_FOLDER", "the run began in another mode or with another challenge", {
      where: folder.path,
      mend: "go on without --mode and --challenge, or start a new run",
    });
  }
  const records = readRecords(folder.recording);
  const done = new Map<string, { attempt: number; done: boolean }>();
  for (const run of runsOf(records.events, [])) {
    done.set(run.facts.id, { attempt: run.facts.attempt, done: run.state === "done" });
  }
  return { folder, meta, counts: countRecords(records), done };
}
