/** What `segur specs diff` finds: two perimeters row by row and, for one run, what its judgement would be under each. */
import { compareJudged, compareSpecs, type RunUnderBoth, type SpecsChanges } from "../../core/compare/index.js";
import type { Perimeter, PerimeterResult, RulePackFacts } from "../../core/model/index.js";
import { loadRecording, recordingDigest } from "../../core/record/reader.js";
import { scorePerimeters } from "../../core/score/index.js";
import { normalRequirementId } from "../../protocols/rem/ids.js";
import { answersOf, demandRules, judgeView, planOf } from "../judgement.js";
import { type RunFolder, readRunMeta } from "../run-folder.js";
import type { Suite } from "../suite.js";
import type { Side } from "./side.js";

export const SPECS_DIFF_FORMAT = "segur-specs-diff/1";

export interface SpecsDiffSide extends Pick<Perimeter, "id" | "couloir" | "wave" | "frozen" | "basis"> {
  readonly named: string;
  readonly rows: number;
  /** Null for a perimeter of the suite. */
  readonly rules: RulePackFacts | null;
  /** False where nobody signed it. */
  readonly signed: boolean;
}

/** Output of `--json` (specs/schemas/specs-diff.schema.json). */
export interface SpecsDiff extends SpecsChanges {
  readonly format: typeof SPECS_DIFF_FORMAT;
  readonly before: SpecsDiffSide;
  readonly after: SpecsDiffSide;
  /** Null without `--run`. */
  readonly run: (RunUnderBoth & { readonly name: string; readonly recording: string }) | null;
}

/** `own`: the suite without a rule pack. Throws SuiteError when the run cannot be judged with what is at hand. */
export function diffSpecs(
  before: Side,
  after: Side,
  own: Suite,
  run: RunFolder | null,
  onThrow: (check: string, error: unknown) => void = () => undefined,
): SpecsDiff {
  const changes = compareSpecs(specsOf(before), specsOf(after), normalRequirementId);
  return {
    format: SPECS_DIFF_FORMAT,
    before: sideOf(before),
    after: sideOf(after),
    ...changes,
    run: run ? judgedUnder(before, after, own, run, changes, onThrow) : null,
  };
}

/**
 * The checks judge the recording once, under the rules the run was made with; both perimeters are then scored from the same
 * outcomes and the same declarations of the candidate.
 */
function judgedUnder(
  before: Side,
  after: Side,
  own: Suite,
  run: RunFolder,
  changes: SpecsChanges,
  onThrow: (check: string, error: unknown) => void,
): SpecsDiff["run"] {
  const meta = readRunMeta(run);
  const digest = meta.rules?.digest ?? null;
  const made = [own, before.suite, after.suite].find(({ rules }) => (rules?.digest ?? null) === digest) ?? own;
  demandRules(meta, made);
  const view = loadRecording(run.recording);
  const { checks } = judgeView(view, recordingDigest(run.recording), meta, planOf(meta, made), made, onThrow);
  const score = ({ perimeter, suite }: Side): PerimeterResult => {
    const { requirements } = suite.specs;
    const [result] = scorePerimeters({
      perimeters: [perimeter],
      requirements,
      checks,
      answers: answersOf(meta, suite),
    });
    if (!result) throw new Error("one perimeter gives one result");
    return result;
  };
  return {
    name: run.name,
    recording: recordingDigest(run.recording),
    ...compareJudged(score(before), score(after), changes.moved),
  };
}

function specsOf({ perimeter, suite }: Side) {
  return { perimeter, requirements: suite.specs.requirements };
}

function sideOf({ named, perimeter, suite, signed }: Side): SpecsDiffSide {
  const { id, couloir, wave, frozen, basis } = perimeter;
  const rows = perimeter.groups.reduce((sum, group) => sum + group.rows.length, 0);
  return { named, id, couloir, wave, frozen, basis, rows, rules: suite.rules, signed };
}
