/** What separates the candidate from each wave, for the page: in short in the summary, row by row with each perimeter. */
import type { PerimeterResult } from "../../core/model/index.js";
import type { Facts } from "../facts.js";
import { type CouloirGaps, type Need, separation, type WaveGap } from "../separation.js";
import { gapText } from "../waves.js";
import type { Anchors } from "./anchors.js";
import type { Line, Tone } from "./checks-view.js";
import { decisionTone } from "./tones.js";

export interface NeedView {
  readonly label: string;
  readonly count: string;
  /** False: ids alone. */
  readonly titled: boolean;
  readonly rows: readonly Line[];
}

export interface GapView {
  readonly own: readonly NeedView[];
  readonly also: readonly NeedView[];
  readonly text: string;
}

export interface WaveView {
  readonly anchor: string;
  readonly title: string;
  readonly decision: string;
  readonly tone: Tone;
  readonly text: string;
  /** Per task, the first rows missing for this wave only. */
  readonly needs: readonly (NeedView & { readonly more: string | null })[];
  readonly also: readonly { readonly label: string; readonly count: string }[];
}

export interface CouloirView {
  readonly couloir: string;
  readonly waves: readonly WaveView[];
}

/** Rows named in the summary per task; the others stand with their perimeter. */
const SHORT_MAX = 8;

export function couloirViews(facts: Facts, anchors: Anchors, gaps: readonly CouloirGaps[]): readonly CouloirView[] {
  return gaps.map(({ couloir, waves }) => ({
    couloir,
    waves: waves.map((gap) => waveView(facts, anchors, gap)),
  }));
}

function waveView(facts: Facts, anchors: Anchors, gap: WaveGap): WaveView {
  const { t } = facts;
  const { perimeter } = gap;
  return {
    anchor: anchors.of("perimeter", perimeter.id),
    title: t.wave(perimeter.wave),
    decision: t.decisions[perimeter.decision],
    tone: decisionTone(perimeter),
    text: gapText(facts, gap),
    needs: needViews(facts, anchors, gap, "own").map((need) => {
      const left = need.rows.length - SHORT_MAX;
      return {
        ...need,
        rows: need.rows.slice(0, SHORT_MAX),
        more: left > 0 ? t.counts.more(left, facts.number(left)) : null,
      };
    }),
    also: needViews(facts, anchors, gap, "also").map(({ label, count }) => ({ label, count })),
  };
}

/** The whole lists, for the section of one perimeter. */
export function gapView(facts: Facts, anchors: Anchors, perimeter: PerimeterResult): GapView {
  const gap = separation(facts.input.result.perimeters)
    .flatMap(({ waves }) => waves)
    .find((wave) => wave.perimeter === perimeter);
  if (!gap) return { own: [], also: [], text: "" };
  return {
    own: needViews(facts, anchors, gap, "own"),
    also: needViews(facts, anchors, gap, "also"),
    text: gapText(facts, gap),
  };
}

function needViews(facts: Facts, anchors: Anchors, gap: WaveGap, part: "own" | "also"): readonly NeedView[] {
  const { perimeter } = gap;
  return gap.needs
    .filter((need) => need[part].length > 0)
    .map((need: Need) => ({
      label: facts.t.waves.tasks[need.task],
      count: facts.number(need[part].length),
      titled: part === "own",
      rows: need[part].map((id) => ({
        href: anchors.of("row", perimeter.id, id),
        id,
        // What was missing before was told with its title there.
        title: part === "own" ? facts.rowTitle(id, perimeter.couloir) : "",
      })),
    }));
}
