/** The words after `npm run oracle --`. */
import { parseArgs } from "node:util";
import type { SchematronEngine } from "../../protocols/schematron/index.js";

export const USAGE = `npm run oracle -- DIR [--mutants N] [--seed TEXT] [--layers a,b] [--engines fontoxpath,fast] [--fontoxpath-every N] [--saxonjs none|sample|all] [--no-record]

Compares the schematron interpreter with Saxon-HE, assertion by assertion, on the rules of a checkout of the agency's public tree.
  --mutants N   copies of the examples broken at random (default 200); 0 also leaves out the copies grown for rules
  --layers      header, ihe, models, ans-models, terminologies, volets, or volet:NAME (default: all); a record needs all
  --engines     engines of the interpreter to compare (default: both)
  --fontoxpath-every N   fontoxpath, which is slow, judges one document in N (default 1: all); the record says how many
  --saxonjs     also SaxonJS, installed by this command under node_modules/.cache: none (default), sample (ANS models, some volets), all but the header
  --no-record   does not write docs/tables/oracle.md and oracle.json
`;

export interface Options {
  readonly dir: string;
  readonly mutants: number;
  readonly seed: string;
  /** Null: all. */
  readonly layers: readonly string[] | null;
  readonly engines: readonly SchematronEngine[];
  /** One document in so many is judged by fontoxpath. */
  readonly fontoxpathEvery: number;
  readonly saxonjs: "none" | "sample" | "all";
  readonly record: boolean;
}

const ENGINES: readonly SchematronEngine[] = ["fontoxpath", "fast"];
const SAXONJS = ["none", "sample", "all"] as const;

/** The options, or what is wrong with them. */
export function readOptions(words: readonly string[]): Options | string {
  const options = {
    mutants: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    layers: { type: "string" },
    engines: { type: "string", default: ENGINES.join(",") },
    "fontoxpath-every": { type: "string", default: "1" },
    saxonjs: { type: "string", default: "none" },
    "no-record": { type: "boolean", default: false },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
    const [dir, ...more] = positionals;
    if (dir === undefined || more.length > 0) return "give the folder of one official tree";
    if (!/^\d{1,5}$/.test(values.mutants)) return "--mutants is a number";
    const every = values["fontoxpath-every"];
    if (!/^[1-9]\d{0,3}$/.test(every)) return "--fontoxpath-every is a number from 1";
    const engines = ENGINES.filter((engine) => values.engines.split(",").includes(engine));
    if (engines.length !== values.engines.split(",").length) return `--engines are among ${ENGINES.join(", ")}`;
    const saxonjs = SAXONJS.find((word) => word === values.saxonjs);
    if (saxonjs === undefined) return `--saxonjs is one of ${SAXONJS.join(", ")}`;
    const layers = values.layers?.split(",") ?? null;
    return {
      dir,
      mutants: Number(values.mutants),
      seed: values.seed,
      layers,
      engines,
      fontoxpathEvery: Number(every),
      saxonjs,
      record: !values["no-record"] && layers === null,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function wants(options: Options, layer: string): boolean {
  if (options.layers === null) return true;
  return options.layers.includes(layer) || (options.layers.includes("volets") && layer.startsWith("volet:"));
}
