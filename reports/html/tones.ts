/** Tone of a decision: the colour that goes with the word, never alone. */
import type { Decision, PerimeterResult } from "../../core/model/index.js";
import type { Tone } from "./checks-view.js";

const DECISION_TONES: Readonly<Record<Decision, Tone>> = {
  referencable: "good",
  not_referencable: "bad",
  undetermined: "warn",
};

/** Something merely owed is no breach: it is said with less alarm. */
export function decisionTone({ decision, reason }: PerimeterResult): Tone {
  return reason === "owed" ? "wait" : DECISION_TONES[decision];
}
