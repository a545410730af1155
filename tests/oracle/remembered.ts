/** Layers already compared: by the same interpreter, on the same documents. A long run can be cut and taken up again. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LayerRecord } from "./record.js";
import type { Sample } from "./mutants.js";

/** SHA-256 of the interpreter and of what feeds it, as compiled. */
export function interpreterDigest(): string {
  const rooms = [
    "../../protocols/schematron",
    "../../protocols/xml.js",
    "../../bin/official/vocabulary.js",
    "../oracle",
  ];
  const files = rooms.flatMap((room) => {
    const at = path.join(import.meta.dirname, room);
    return room.endsWith(".js") ? [at] : readdirSync(at).map((name) => path.join(at, name));
  });
  const hash = createHash("sha256");
  for (const file of files.filter((each) => /(?<!\.test)\.js$/.test(each)).sort()) hash.update(readFileSync(file));
  return hash.digest("hex");
}

/** SHA-256 of what makes the documents, as compiled. */
function makerDigest(): string {
  const hash = createHash("sha256");
  for (const name of ["mutants", "breaking", "growing", "random", "rules", "selection"]) {
    hash.update(readFileSync(path.join(import.meta.dirname, `${name}.js`)));
  }
  return hash.digest("hex");
}

/** The list of documents, made once for a seed and a number: making them takes as long as judging a layer. */
export function samplesOnce(folder: string, basis: readonly string[], make: () => Sample[]): Sample[] {
  const key = createHash("sha256")
    .update([makerDigest(), ...basis].join("\n"))
    .digest("hex");
  const file = path.join(folder, `samples-${key.slice(0, 16)}.json`);
  if (existsSync(file)) {
    const known = JSON.parse(readFileSync(file, "utf8")) as Sample[];
    if (known.every((sample) => existsSync(sample.file))) return known;
  }
  const samples = make();
  writeFileSync(file, JSON.stringify(samples));
  return samples;
}

export class Remembered {
  readonly #folder: string;
  readonly #basis: string;

  constructor(folder: string, basis: readonly string[]) {
    this.#folder = folder;
    this.#basis = [interpreterDigest(), ...basis].join("\n");
    mkdirSync(folder, { recursive: true });
  }

  #file(layer: string, samples: readonly Sample[]): string {
    const documents = samples.map((sample) => sample.sha256).sort();
    const key = createHash("sha256")
      .update([this.#basis, layer, ...documents].join("\n"))
      .digest("hex");
    return path.join(this.#folder, `${layer.replace(":", "-")}-${key.slice(0, 16)}.json`);
  }

  /** A record without disagreement; one with some is made again, so that they are shown. */
  find(layer: string, samples: readonly Sample[]): LayerRecord | null {
    const file = this.#file(layer, samples);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as LayerRecord) : null;
  }

  keep(record: LayerRecord, samples: readonly Sample[]): void {
    if (record.engines.every((each) => each.disagreements === 0)) {
      writeFileSync(this.#file(record.id, samples), JSON.stringify(record));
    }
  }
}
