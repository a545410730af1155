/** What separates from each wave, in sentences the text, Markdown and HTML renderings share. */
import type { Facts } from "./facts.js";
import type { WaveGap } from "./separation.js";

/** `met, nothing separates from it`, or how many rows are missing and how many of them were already missing before. */
export function gapText(facts: Facts, { met, own, also }: WaveGap): string {
  const { waves } = facts.t;
  if (met) return waves.met;
  const alone = also.length === 0;
  const lack = alone ? waves.counts.missing : waves.counts.more;
  const first = lack(own.length, facts.number(own.length));
  return alone ? first : `${first}, ${waves.counts.also(also.length, facts.number(also.length))}`;
}
