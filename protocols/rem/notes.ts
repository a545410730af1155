/** Anomalies as they are found. */
import type { RemAnomaly, RemAnomalyKind } from "./types.js";

/** Characters of a value that are kept: enough to find it again. */
const MAX_VALUE = 200;

export interface Notes {
  readonly add: (kind: RemAnomalyKind, row: number, column: string, value: string, mended?: string) => void;
  readonly list: () => readonly RemAnomaly[];
}

export function notesOf(sheet: string): Notes {
  const found: RemAnomaly[] = [];
  return {
    add: (kind, row, column, value, mended) => {
      const kept = mended === undefined ? null : excerpt(mended);
      found.push({ kind, at: { sheet, row, column }, value: excerpt(value), mended: kept });
    },
    list: () => found,
  };
}

function excerpt(text: string): string {
  if (text.length <= MAX_VALUE) return text;
  // Not through the middle of a surrogate pair.
  const cut = text.slice(0, MAX_VALUE - 1).replace(/[\ud800-\udbff]$/, "");
  return `${cut}…`;
}
