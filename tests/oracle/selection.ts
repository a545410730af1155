/** Which documents a layer is compared on. */
import type { Sample } from "./mutants.js";
import type { Layer } from "./tree.js";

/** A volet sees one in so many documents that are not its own; layers see one in so many of those grown for another. */
const FOREIGN_EXAMPLES = 12;
const FOREIGN_BROKEN = 24;
const FOREIGN_GROWN = 9;

/**
 * Profiles apply to every document: they see all examples, all broken copies, those grown for them and some grown for others. A volet
 * sees the examples of its own name with their copies, those grown for it, and a few others.
 */
export function samplesFor(layer: Layer, samples: readonly Sample[]): Sample[] {
  const volet = layer.id.startsWith("volet:") ? layer.id.slice("volet:".length) : null;
  return samples.filter((sample) => {
    if (sample.grownFor === layer.id) return true;
    if (volet === null) return sample.grownFor === null || sample.rank % FOREIGN_GROWN === 0;
    if (sample.grownFor !== null) return false;
    if (isOwn(volet, sample)) return true;
    return sample.rank % (sample.name === sample.base ? FOREIGN_EXAMPLES : FOREIGN_BROKEN) === 0;
  });
}

/** Whether an example is of a volet, by their names (punctuation and year of the version aside). */
export function isOwn(volet: string, sample: Sample): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return plain(sample.base).startsWith(plain(volet.replace(/_\d{4}\.\d{2}$/, "")));
}
