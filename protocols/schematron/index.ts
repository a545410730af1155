/** The schematron interpreter: compile rules once, run them on any number of documents. See README.md beside. */
export { compileSchematron, type CompileOptions } from "./schema.js";
export { prepareDocument, runSchematron, type RunOptions, type SchematronInput } from "./run.js";
export {
  SchematronError,
  type AskedDocument,
  type CaseFix,
  type RuleFiles,
  type RunErrorCode,
  type Schematron,
  type SchematronEngine,
  type SchematronErrorCode,
  type SchematronFailure,
  type SchematronLimits,
  type SchematronPattern,
  type SchematronRun,
  type SchematronRunError,
} from "./types.js";
