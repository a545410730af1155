export { type BaselineFacts, coverOf } from "./baseline.js";
export {
  type Change,
  type ChangeCause,
  type Changes,
  type ComparedRun,
  type ComparedRuns,
  changesBetween,
  type Direction,
} from "./changes.js";
export { compareResults, DIFFERENCE_KINDS, type Difference, type DifferenceKind } from "./compare.js";
export type { Shown } from "./places.js";
export {
  type AspectChange,
  type AspectValue,
  compareSpecs,
  type LoneRow,
  type MovedRow,
  type MoveReason,
  ROW_ASPECTS,
  type RowAspect,
  type SpecsChanges,
  type SpecsSide,
} from "./specs.js";
export { compareJudged, type JudgedChange, type RowStanding, type RunUnderBoth } from "./specs-run.js";
export type { CheckState, DecisionState, RowState, State } from "./states.js";
