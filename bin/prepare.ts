/** Build step: writes dist/rule-set.json, and dist/specs.json (the specs, read and verified). */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { allChecks } from "../checks/index.js";
import { packageRoot } from "../core/model/index.js";
import { keyOfSpecs, loadSpecs, MistakesError, writePrepared } from "../core/plan/index.js";
import { computeRuleSet } from "./rule-set.js";
import { preparedSpecsFile } from "./suite.js";

const root = packageRoot(import.meta.url);
writeFileSync(path.join(root, "dist", "rule-set.json"), `${JSON.stringify(computeRuleSet(root))}\n`);
try {
  const specs = loadSpecs(root, { checks: allChecks });
  writeFileSync(preparedSpecsFile(root), writePrepared(keyOfSpecs(root, allChecks), specs));
} catch (error) {
  if (!(error instanceof MistakesError)) throw error;
  // Whoever runs a command is told the same, with the way out of it.
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
