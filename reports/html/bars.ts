/** Stacked bars as plain numbers for the template's SVG. The words of a bar are in its title and in the table beside it. */
import type { Verdict } from "../../core/model/index.js";

export interface BarSegment {
  readonly x: number;
  readonly width: number;
  readonly verdict: Verdict;
}

export interface Bar {
  readonly title: string;
  readonly segments: readonly BarSegment[];
}

/** Segments over a width of 100, in the order given; parts of zero are left out. */
export function bar(title: string, parts: readonly { readonly key: Verdict; readonly count: number }[]): Bar {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const segments: BarSegment[] = [];
  let before = 0;
  for (const part of parts) {
    if (part.count <= 0) continue;
    const x = round((before * 100) / total);
    before += part.count;
    segments.push({ x, width: round((before * 100) / total - x), verdict: part.key });
  }
  return { title, segments };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
