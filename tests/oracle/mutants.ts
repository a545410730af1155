/**
 * The documents the engines are compared on: the official examples, copies broken at random places, and copies grown so that rules apply
 * which no example reaches. All from a seed; kept in a cache under the digest of their bytes, since Saxon reads files.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Document, parseXmlDocument, serializeToWellFormedString } from "slimdom";
import { BREAKINGS, renamePrefix } from "./breaking.js";
import { allElements, headerElements, nourish, reach } from "./growing.js";
import { dice } from "./random.js";
import type { NumberedRule } from "./rules.js";

export interface Sample {
  readonly sha256: string;
  /** Name of the example and, for a changed copy, what was done to it. */
  readonly name: string;
  /** Name of the example it comes from, without `.xml`. */
  readonly base: string;
  /** Path in the cache. */
  readonly file: string;
  /** Grown for the rules of this layer; null for the others. */
  readonly grownFor: string | null;
  /** Place in its list; layers that see a part of the documents take every n-th. */
  readonly rank: number;
}

/** Rules tried in one grown copy: a dozen, since each copy costs a run of its layer; few for a volet, whose rules crowd each other. */
const RULES_PER_COPY = 12;
const RULES_PER_VOLET_COPY = 4;
/** Changes to a broken copy of a volet's example. */
const BLOWS = 25;
/** Copies are made of examples up to this size: time goes into rules then, not into text. */
const SMALL = 90_000;

export class SampleShelf {
  readonly #folder: string;
  readonly #seen = new Set<string>();
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Null when the same bytes stand there already. */
  put(bytes: Uint8Array, facts: Pick<Sample, "name" | "base" | "grownFor" | "rank">): Sample | null {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if (this.#seen.has(sha256)) return null;
    this.#seen.add(sha256);
    const file = path.join(this.#folder, `${sha256}.xml`);
    if (!existsSync(file)) writeFileSync(file, bytes);
    return { ...facts, sha256, file };
  }
}

export function examples(dir: string, shelf: SampleShelf): Sample[] {
  const folder = path.join(dir, "ExemplesCDA");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".xml"))
    .sort()
    .flatMap((name, rank) => {
      const base = name.slice(0, -".xml".length).normalize("NFC");
      return shelf.put(readFileSync(path.join(folder, name)), { name: base, base, grownFor: null, rank }) ?? [];
    });
}

function parse(sample: Sample): Document {
  return parseXmlDocument(readFileSync(sample.file, "utf8").replace(/^\uFEFF/, ""));
}

/** Those of small size; the smallest when none is. */
function smallOnes(from: readonly Sample[]): Sample[] {
  const sized = from.map((sample) => ({ sample, size: statSync(sample.file).size })).sort((a, b) => a.size - b.size);
  const small = from.filter((sample) => statSync(sample.file).size <= SMALL);
  return small.length > 0 ? small : sized.slice(0, 1).map(({ sample }) => sample);
}

/** Copies with one, three, ten or thirty things broken; every ninth instead with another prefix for HL7's namespace. */
export function brokenCopies(from: readonly Sample[], count: number, seed: string, shelf: SampleShelf): Sample[] {
  const bases = smallOnes(from);
  const made: Sample[] = [];
  for (let rank = 0; rank < count; rank += 1) {
    const base = bases[rank % bases.length];
    if (!base) break;
    const thrower = dice(`${seed}/broken/${rank}`);
    const document = parse(base);
    const done: string[] = [];
    if (rank % 9 === 8) {
      renamePrefix(document, "zz");
      done.push("rename-prefix");
    }
    const blows = [1, 3, 10, 30][rank % 4] ?? 1;
    for (let blow = 0; blow < blows; blow += 1) {
      const breaking = thrower.pick(BREAKINGS);
      const elements = thrower.below(2) === 0 ? headerElements(document) : allElements(document);
      if (breaking?.apply(elements, thrower)) done.push(breaking.id);
    }
    const name = `${base.name} ~${rank} ${done.length === 1 ? (done[0] ?? "") : `${done.length} changes`}`;
    made.push(...put(document, shelf, { name, base: base.base, grownFor: null, rank }));
  }
  return made;
}

/**
 * Copies in which some rules of a layer are made to apply: bare, and fed with what their tests mention; for a volet, whose own examples
 * are few, also broken ones.
 */
export function grownCopies(
  layer: string,
  rules: readonly NumberedRule[],
  from: readonly Sample[],
  seed: string,
  shelf: SampleShelf,
): Sample[] {
  const bases = smallOnes(from);
  const volet = layer.startsWith("volet:");
  const step = volet ? RULES_PER_VOLET_COPY : RULES_PER_COPY;
  const made: Sample[] = [];
  let rank = 0;
  for (let first = 0; first < rules.length; first += step) {
    for (const way of volet ? ["bare", "fed", "broken"] : ["bare", "fed"]) {
      const base = bases[rank % bases.length];
      if (!base) return made;
      const thrower = dice(`${seed}/grown/${layer}/${rank}`);
      const document = parse(base);
      for (const rule of way === "broken" ? [] : rules.slice(first, first + step)) {
        const element = reach(document, rule.context, thrower);
        if (way === "fed" && element) for (const each of rule.assertions) nourish(element, each.test, thrower);
      }
      for (let blow = 0; blow < (way === "broken" ? BLOWS : 0); blow += 1) {
        thrower.pick(BREAKINGS)?.apply(allElements(document), thrower);
      }
      const name = `${base.name} +${layer}/${rank} ${way}`;
      made.push(...put(document, shelf, { name, base: base.base, grownFor: layer, rank }));
      rank += 1;
    }
  }
  return made;
}

function put(
  document: Document,
  shelf: SampleShelf,
  facts: Pick<Sample, "name" | "base" | "grownFor" | "rank">,
): Sample[] {
  const sample = shelf.put(new TextEncoder().encode(serializeToWellFormedString(document)), facts);
  return sample ? [sample] : [];
}
