/** The configuration of the bundled run, filled in for this machine. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { type LoadedConfig, openSchemas, parseConfig, type Specs } from "../core/plan/index.js";

export interface BundledOptions {
  readonly root: string;
  readonly specs?: Specs;
  /** Port of the reference software; 0 in plans, where nothing is started. */
  readonly port: number;
  readonly runsFolder?: string;
  readonly defect?: string;
}

/** The hash is that of the template: ports differ from run to run, what is asked does not. */
export function bundledConfig(options: BundledOptions): LoadedConfig {
  const { root, specs, port, defect } = options;
  const template = readFileSync(path.join(root, "fixtures", "vendors", "reference", "segur.yaml"), "utf8");
  const text = template
    .replaceAll("{port}", String(port || 1))
    .replaceAll("{root}", root.replaceAll("\\", "/"))
    .replace('"--port"', defect ? `"--defect", ${JSON.stringify(defect)}, "--port"` : '"--port"');
  const loaded = parseConfig(text, {
    schemas: openSchemas(path.join(root, "specs", "schemas")),
    file: "<bundled>",
    ...(specs ? { specs } : {}),
  });
  const hashed = parseConfig(template.replaceAll("{port}", "1"), {
    schemas: openSchemas(path.join(root, "specs", "schemas")),
    file: "<bundled>",
  });
  return {
    ...loaded,
    sha256: hashed.sha256,
    config: { ...loaded.config, ...(options.runsFolder ? { runsFolder: path.resolve(options.runsFolder) } : {}) },
  };
}
