export { proofProblems } from "./config-answers.js";
export {
  defaultServices,
  type LoadConfigOptions,
  type LoadedConfig,
  loadConfig,
  type ParseConfigOptions,
  parseConfig,
} from "./config.js";
export { describePlan, type PlanOutput } from "./output.js";
export {
  buildPlan,
  type OwedProof,
  type Plan,
  type PlanInput,
  type PlannedCheck,
  type PlannedRow,
  type PlannedScenario,
  type UnplannedCheck,
} from "./plan.js";
export { keyOfSpecs, readPrepared, writePrepared } from "./prepared.js";
export { MistakesError, type Problem } from "./problems.js";
export { openSchemas, type SchemaName, type Schemas } from "./schema.js";
export { type LoadSpecsOptions, loadSpecs, type Overlaid, type OverlayFiles, type Specs } from "./specs.js";
