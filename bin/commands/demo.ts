/** `segur demo`: the bundled run. Same road as `segur run`, with a configuration filled in for this machine. */
import path from "node:path";
import { type SessionMode, SuiteError } from "../../core/model/index.js";
import { type LoadedConfig, openSchemas } from "../../core/plan/index.js";
import { nearest } from "../../core/plan/problems.js";
import { freePort } from "../../drivers/vendor-process.js";
import { DEFECTS } from "../../fixtures/vendors/reference/defects.js";
import { bundledConfig } from "../bundled.js";
import type { ExitCode, Lang } from "../output.js";
import { withDossier } from "../dossier/merge.js";
import { exampleDossier } from "../dossier/open.js";
import { openToldSuite, type Suite, today } from "../suite.js";
import { perform } from "./run.js";

export interface DemoOptions {
  readonly only?: readonly string[];
  readonly defect?: string;
  readonly listDefects?: boolean;
  readonly runs?: string;
  /** With the example dossier of fictitious proofs. */
  readonly dossier?: boolean;
  readonly json?: boolean;
  /** File of known failures, and where to write a first one. */
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly mode: SessionMode;
  readonly challenge?: string;
  /** Folder of a rule pack. */
  readonly specs?: string;
  /** File of trusted keys, to name the signer of the pack. */
  readonly trust?: string;
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
}

export async function demo(options: DemoOptions): Promise<ExitCode> {
  const ids = DEFECTS.map((one) => one.id as string);
  if (options.listDefects) {
    process.stdout.write(DEFECTS.map(({ id, says }) => `${id.padEnd(34)} ${says}\n`).join(""));
    return 0;
  }
  if (options.defect !== undefined && !ids.includes(options.defect)) {
    const near = nearest(options.defect, ids);
    throw new SuiteError("ERR_USAGE", `the reference software has no defect ${options.defect}`, {
      where: "--defect",
      mend: near === undefined ? "`segur demo --list-defects` lists them" : `did you mean ${near}?`,
    });
  }
  const suite = openToldSuite(options);
  const loaded = bundledConfig({
    root: suite.root,
    specs: suite.specs,
    port: await freePort(),
    runsFolder: options.runs ?? "runs",
    ...(options.defect ? { defect: options.defect } : {}),
  });
  return perform(suite, options.dossier ? withExample(loaded, suite) : loaded, options);
}

function withExample(loaded: LoadedConfig, suite: Suite): LoadedConfig {
  const schemas = openSchemas(path.join(suite.root, "specs", "schemas"));
  const config = { ...loaded.config, dossier: exampleDossier(suite.root) };
  return { ...loaded, config: withDossier(config, suite.specs, schemas, today()).config };
}
