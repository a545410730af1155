/**
 * Draws from a seed: the same seed and the same label give the same draws, on any machine, in any version of Node. Bytes are
 * HMAC-SHA-256(seed, label NUL counter), counter 0, 1, 2… in decimal; numbers are read from them four bytes at a time, big-endian.
 * A label per thing drawn: one more patient in the fixtures changes nobody else.
 */
import { createHmac } from "node:crypto";
import { SuiteError } from "../../core/model/index.js";

export const SEED_BYTES = 32;

export interface Dice {
  /** A whole number from 0 to `sides` - 1, each as likely. `sides`: 1 to 2^32. */
  below(sides: number): number;
}

/** Throws SuiteError ERR_INTERNAL for a seed of another length. */
export function diceOf(seed: Uint8Array, label: string): Dice {
  if (seed.length !== SEED_BYTES) {
    throw new SuiteError("ERR_INTERNAL", `a seed has ${SEED_BYTES} bytes, not ${seed.length}`);
  }
  let counter = 0;
  let block = Buffer.alloc(0);
  const next = (): number => {
    if (block.length === 0) {
      block = createHmac("sha256", seed).update(`${label}\0${counter}`).digest();
      counter += 1;
    }
    const value = block.readUInt32BE(0);
    block = block.subarray(4);
    return value;
  };
  return {
    below(sides) {
      // Values above the last whole multiple would make small numbers likelier.
      const whole = 2 ** 32 - (2 ** 32 % sides);
      let value = next();
      while (value >= whole) value = next();
      return value % sides;
    },
  };
}

const CONSONANTS = "BDFGKLMNPRSTVZ";
const VOWELS = "AEIOU";

/** A word that nobody bears: the prefix, then syllables of one consonant and one vowel, in capitals. */
export function wordOf(dice: Dice, prefix: string, syllables: number): string {
  let word = prefix;
  for (let i = 0; i < syllables; i += 1) {
    word += CONSONANTS.charAt(dice.below(CONSONANTS.length)) + VOWELS.charAt(dice.below(VOWELS.length));
  }
  return word;
}

/** Draws again, with another label, until the value is none of those taken; the value is then taken too. */
export function distinct(seed: Uint8Array, label: string, taken: Set<string>, draw: (dice: Dice) => string): string {
  for (let attempt = 0; attempt < 10_000; attempt += 1) {
    const value = draw(diceOf(seed, attempt === 0 ? label : `${label}\0again ${attempt}`));
    if (taken.has(value)) continue;
    taken.add(value);
    return value;
  }
  throw new SuiteError("ERR_INTERNAL", `nothing is left to draw for ${label}`);
}
