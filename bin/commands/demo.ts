/** `segur demo`: the bundled run. Same road as `segur run`, with a configuration filled in for this machine. */
import { freePort } from "../../drivers/vendor-process.js";
import { bundledConfig } from "../bundled.js";
import type { ExitCode, Lang } from "../output.js";
import { openSuite } from "../suite.js";
import { perform } from "./run.js";

export interface DemoOptions {
  readonly only?: readonly string[];
  readonly defect?: string;
  readonly runs?: string;
  readonly json?: boolean;
  readonly gate: "checks" | "wave";
  readonly lang: Lang;
}

export async function demo(options: DemoOptions): Promise<ExitCode> {
  const suite = openSuite();
  const loaded = bundledConfig({
    root: suite.root,
    specs: suite.specs,
    port: await freePort(),
    runsFolder: options.runs ?? "runs",
    ...(options.defect ? { defect: options.defect } : {}),
  });
  return perform(suite, loaded, options);
}
