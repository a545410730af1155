/** The folder of a run: `runs/20261121T182500Z-<id>/` with run.json, recording/, result.json and renderings. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ChallengeFacts, RulePackFacts, SegurConfig, SessionMode, VendorOperation } from "../core/model/index.js";
import { packageRoot, SESSION_MODES, SuiteError } from "../core/model/index.js";
import { openSchemas, type Schemas } from "../core/plan/index.js";

export const RUN_FORMAT = "segur-run/1";

/** What judging needs to know besides recording and rule set: what was asked, and what the candidate declared. */
export interface RunMeta {
  readonly format: typeof RUN_FORMAT;
  readonly id: string;
  readonly startedAt: string;
  readonly toolVersion: string;
  readonly ruleSet: string;
  /** The rule pack in it, so that whoever judges again knows which to ask for; null where an older run.json says nothing. */
  readonly rules: RulePackFacts | null;
  /** SHA-256 of the configuration as written by the user. */
  readonly configHash: string;
  readonly configFile: string;
  readonly config: Pick<
    SegurConfig,
    "candidate" | "perimeters" | "subProfiles" | "conditions" | "alternatives" | "proofs" | "notApplicable" | "maturity"
  >;
  /** Null until the vendor was asked. */
  readonly driverCan: readonly VendorOperation[] | null;
  readonly driver: string;
  /** `--only`, as typed; null = everything. */
  readonly only: readonly string[] | null;
  /** Names shown masked by `report --mask`. */
  readonly maskNames: readonly string[];
  /** `sandbox` where an older run.json says nothing. */
  readonly mode: SessionMode;
  /** What identities, values and order were drawn from; null = the fixtures as they are. */
  readonly challenge: ChallengeFacts | null;
}

export interface RunFolder {
  readonly path: string;
  readonly name: string;
  readonly recording: string;
  file(name: string): string;
}

export function runFolderAt(folder: string): RunFolder {
  const full = path.resolve(folder);
  return {
    path: full,
    name: path.basename(full),
    recording: path.join(full, "recording"),
    file: (name) => path.join(full, name),
  };
}

/** A new folder whose name sorts by time and holds no `:`. Throws SuiteError ERR_RUN_FOLDER. */
export function createRunFolder(runsFolder: string, clock: () => Date): { folder: RunFolder; id: string } {
  const stamp = clock()
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z");
  const id = randomBytes(3).toString("hex");
  const folder = runFolderAt(path.join(runsFolder, `${stamp}-${id}`));
  try {
    makeFolder(folder.path);
  } catch (error) {
    throw new SuiteError("ERR_RUN_FOLDER", "the folder of the run cannot be made", {
      where: folder.path,
      mend: "check that this folder is writable and has room, or set `runs` in segur.yaml",
      cause: error,
    });
  }
  return { folder, id: `${stamp}-${id}` };
}

/** As `mkdir -p`. Not Node's own `recursive`, which never returns where the system refuses with ENOENT (as under /proc). */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolder(above);
  mkdirSync(folder);
}

/** Finds the run a user names: a folder, the name of a run under `runs/`, or `last`. Throws SuiteError ERR_RUN_FOLDER. */
export function findRun(name: string, runsFolder = "runs"): RunFolder {
  const candidates = [name, path.join(runsFolder, name)];
  if (name === "last" && existsSync(runsFolder)) {
    // Sealed bundles and their reviews stand beside the runs under the same name; a run that never began has no run.json.
    const newest = readdirSync(runsFolder)
      .filter((entry) => /^\d{8}T\d{6}Z-/.test(entry) && existsSync(path.join(runsFolder, entry, "run.json")))
      .sort()
      .at(-1);
    if (newest) candidates.push(path.join(runsFolder, newest));
  }
  const found = candidates.find((candidate) => existsSync(path.join(candidate, "run.json")));
  if (!found) {
    throw new SuiteError("ERR_RUN_FOLDER", `no run named ${name}`, {
      where: path.resolve(name),
      mend: "give the folder of a run (it holds run.json), its name under runs/, or `last`",
    });
  }
  return runFolderAt(found);
}

/** Written whole or not at all. */
export function writeFileAtomic(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new SuiteError("ERR_DISK", "a file of the run cannot be written", {
      where: file,
      mend: "check that the folder is writable and has room",
      cause: error,
    });
  }
}

export function writeRunMeta(folder: RunFolder, meta: RunMeta | RunJson): void {
  writeFileAtomic(folder.file("run.json"), runText(meta));
}

export function runText(meta: RunMeta | RunJson): string {
  return `${JSON.stringify(meta, null, 2)}\n`;
}

/** run.json as it was written: what an older version left out is not filled in. */
export type RunJson = Omit<RunMeta, "mode" | "challenge" | "rules"> & {
  readonly mode?: unknown;
  readonly challenge?: unknown;
  readonly rules?: RunMeta["rules"];
};

/** Throws SuiteError ERR_RUN_FOLDER when it is not ours or not readable. */
export function readRunJson(folder: RunFolder): RunJson {
  const file = folder.file("run.json");
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new SuiteError("ERR_RUN_FOLDER", "run.json cannot be read", {
      where: file,
      mend: "the folder of the run is damaged: run again",
      cause: error,
    });
  }
  const written = value as RunJson | null;
  if (written?.format !== RUN_FORMAT) {
    throw new SuiteError("ERR_RUN_FOLDER", `run.json has format ${JSON.stringify(written?.format)}`, {
      where: file,
      mend: `this version reads ${RUN_FORMAT} only`,
    });
  }
  return written;
}

/** Throws SuiteError ERR_RUN_FOLDER, as `readRunJson`. */
export function readRunMeta(folder: RunFolder): RunMeta {
  const written = readRunJson(folder);
  const mode = SESSION_MODES.find((known) => known === (written.mode ?? "sandbox"));
  const challenge = challengeFacts(written.challenge ?? null);
  if (mode === undefined || challenge === undefined) {
    throw new SuiteError("ERR_RUN_FOLDER", "run.json names a mode or a challenge that is none", {
      where: folder.file("run.json"),
      mend: "the folder of the run is damaged: run again",
    });
  }
  const meta = { ...written, mode, challenge, rules: written.rules ?? null };
  const [problem] = problemsOf(meta);
  if (problem === undefined) return meta;
  throw new SuiteError("ERR_RUN_FOLDER", "run.json is not as this tool writes it", {
    where: `${folder.file("run.json")} ${problem}`,
    mend: "put it back as it was, or run again; proofs and claims are changed by `segur proof` and `segur dossier apply`",
  });
}

let validate: ReturnType<Schemas["validator"]> | undefined;

/** Places in run.json that the schema does not allow, as JSON pointers: somebody may have edited it. */
function problemsOf(meta: RunMeta): string[] {
  validate ??= openSchemas(path.join(packageRoot(import.meta.url), "specs", "schemas")).validator("run");
  if (validate(meta)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath.slice(0, 200)} ${message ?? ""}`);
}

/** Undefined when it is neither null nor a challenge. */
function challengeFacts(value: unknown): ChallengeFacts | null | undefined {
  if (value === null) return null;
  if (typeof value !== "object") return undefined;
  const { id, seed } = value as { readonly id?: unknown; readonly seed?: unknown };
  return typeof id === "string" && typeof seed === "string" && /^[0-9a-f]{64}$/.test(seed) ? { id, seed } : undefined;
}
