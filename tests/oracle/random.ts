/** Numbers that look random and are the same every time: a run of the oracle can be repeated from its seed. */
export interface Dice {
  /** Integer from 0 to n - 1; 0 when n is 0. */
  below(n: number): number;
  pick<T>(list: readonly T[]): T | undefined;
}

/** mulberry32, seeded with an FNV-1a hash of the text. */
export function dice(seed: string): Dice {
  let state = 2166136261;
  for (let i = 0; i < seed.length; i += 1) state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)] };
}
