/**
 * `npm run oracle -- DIR`: the outside witness of the schematron interpreter. See README.md beside. Exit 0: no disagreement; 1: some;
 * 2: it could not run.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../core/model/index.js";
import { SchematronError } from "../../protocols/schematron/index.js";
import { compare, type Difference, evaluations, leftOver, VerdictDigest, withoutFile } from "./compare.js";
import { brokenCopies, examples, grownCopies, type Sample, SampleShelf } from "./mutants.js";
import { type Options, readOptions, USAGE, wants } from "./options.js";
import { openLayer, openTree, type OurVerdict, readSample } from "./ours.js";
import { type EngineRecord, type LayerRecord, writeRecord } from "./record.js";
import { type NumberedSchema, readNumbered } from "./rules.js";
import { Remembered, samplesOnce } from "./remembered.js";
import { findSaxon, INSTALL_SAXON, type Saxon } from "./saxon.js";
import { compareSaxonJs } from "./saxonjs.js";
import { isOwn, samplesFor } from "./selection.js";
import type { Verdict } from "./svrl.js";
import { askSaxon, compileLayers, numberedPath, saxonVerdicts } from "./theirs.js";
import { type Layer, notOfficial, type PreparedTree, prepareTree } from "./tree.js";

const SHOWN = 40;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (typeof options === "string") return refuse(`${options}\n\n${USAGE}`);
  const not = notOfficial(options.dir);
  if (not !== null) return refuse(`${options.dir} is no official tree: ${not}`);
  const saxon = findSaxon();
  if (!saxon) return refuse(INSTALL_SAXON);
  const prepared = prepareTree(
    options.dir,
    path.join(packageRoot(import.meta.url), "node_modules", ".cache", "oracle"),
  );
  const layers = prepared.layers.filter((layer) => wants(options, layer.id));
  // All of them, whatever is asked: the documents of a layer must not depend on which others are compared.
  await compileLayers(saxon, prepared, prepared.layers, say);
  const schemas = new Map(prepared.layers.map((layer) => [layer.id, readNumbered(numberedPath(prepared, layer))]));
  const basis = [prepared.digest, options.seed, String(options.mutants)];
  const home = path.dirname(prepared.folder);
  const samples = samplesOnce(home, basis, () => makeSamples(options, prepared, schemas));
  const table = path.join(path.dirname(prepared.folder), `differences-${process.pid}.tsv`);
  writeFileSync(table, "engine\tlayer\tkind\tassertion\tdocument\tlocation\ttheirs\tours\n");

  const official = openTree(options.dir);
  const remembered = new Remembered(path.join(path.dirname(prepared.folder), "records"), [
    ...options.engines,
    String(options.fontoxpathEvery),
  ]);
  const wanted = layers
    .map((layer) => ({ layer, samples: samplesFor(layer, samples) }))
    .filter(({ layer, samples: chosen }) => remembered.find(layer.id, chosen) === null);
  await askSaxon(saxon, prepared, wanted, say);
  const records: LayerRecord[] = [];
  let disagreements = 0;
  for (const layer of layers) {
    const numbered = schemas.get(layer.id);
    if (!numbered) continue;
    const chosen = samplesFor(layer, samples);
    const record =
      remembered.find(layer.id, chosen) ?? compareLayer(prepared, official, layer, numbered, chosen, options, table);
    remembered.keep(record, chosen);
    records.push(record);
    disagreements += record.engines.reduce((sum, each) => sum + each.disagreements, 0);
    say(
      `${layer.id}: ${record.documents} documents, ${record.evaluations} evaluations, ${record.assertionsFailed} of ${record.assertions} assertions failed at least once, disagreements ${record.engines.map((each) => `${each.engine} ${each.disagreements} (${each.documents} documents, ${each.seconds.toFixed(0)} s)`).join(", ")}`,
    );
  }
  const refused = prepared.unusable
    .filter((layer) => wants(options, layer.id))
    .map((layer) => ({ id: layer.id, missing: layer.missing.length, ours: refusalOf(options.dir, layer) }));
  disagreements += refused.filter((each) => each.ours !== "missing_include").length;
  const js =
    options.saxonjs === "none"
      ? []
      : await compareSaxonJs(
          prepared,
          layers,
          samples,
          options.saxonjs === "all",
          (layer) => saxonVerdicts(prepared, layer),
          say,
        );
  if (options.record) {
    writeRecord({
      date: new Date().toISOString().slice(0, 10),
      treeDigest: official.facts.digest,
      treeCommit: official.facts.commit,
      node: process.versions.node,
      saxon: await versionOf(saxon),
      seed: options.seed,
      mutants: options.mutants,
      layers: records,
      unusable: refused,
      saxonjs: js,
    });
  }
  say(`disagreements: ${disagreements}; the whole table: ${table}`);
  return disagreements === 0 ? 0 : 1;
}

function compareLayer(
  prepared: PreparedTree,
  official: ReturnType<typeof openTree>,
  layer: Layer,
  numbered: NumberedSchema,
  samples: readonly Sample[],
  options: Options,
  table: string,
): LayerRecord {
  const theirs = saxonVerdicts(prepared, layer);
  let lacking: Lacking = new Map();
  const engines = options.engines.map((engine): EngineRecord => {
    const own = engine === "fontoxpath" ? oneIn(options.fontoxpathEvery, samples) : samples;
    const judged = judgeLayer(() => openLayer(official, layer, engine, numbered), own, theirs);
    lacking = new Map([...lacking, ...judged.lacking]);
    show(engine, layer, judged.found, table);
    return {
      engine,
      documents: own.length,
      disagreements: judged.found.length,
      digest: judged.digest,
      saxonDigest: digestOf(own, theirs, judged.lacking),
      seconds: judged.seconds,
    };
  });
  return recordOf(layer, samples, theirs, numbered, lacking, engines);
}

/** Examples and changed copies alike: they stand one after the other in the list. */
function oneIn(every: number, samples: readonly Sample[]): readonly Sample[] {
  return samples.filter((_, index) => index % every === 0);
}

function digestOf(samples: readonly Sample[], theirs: ReadonlyMap<string, Verdict>, lacking: Lacking): string {
  const digest = new VerdictDigest();
  for (const sample of samples) {
    const verdict = theirs.get(sample.sha256);
    if (!verdict) continue;
    const fired = Object.values(verdict.fired).reduce((sum, times) => sum + times, 0);
    const compared = leftOver(verdict.failures, lacking.get(sample.sha256) ?? new Set());
    digest.add(sample.sha256, verdict.error !== null, fired, compared);
  }
  return digest.hex();
}

function refuse(reason: string): number {
  process.stderr.write(`oracle: ${reason}\n`);
  return 2;
}

async function versionOf(saxon: Saxon): Promise<string> {
  const { spawnSync } = await import("node:child_process");
  const run = spawnSync(saxon.java, ["-cp", saxon.jar, "net.sf.saxon.Version"], { encoding: "utf8" });
  return /(HE [\d.]+\w*|\d+\.\d+[\d.]*\w*)/.exec(`${run.stdout}${run.stderr}`)?.[1] ?? "unknown";
}

function makeSamples(options: Options, prepared: PreparedTree, schemas: ReadonlyMap<string, NumberedSchema>): Sample[] {
  const shelf = new SampleShelf(path.join(path.dirname(prepared.folder), "documents"));
  const official = examples(options.dir, shelf);
  if (options.mutants === 0) return official;
  const broken = brokenCopies(official, options.mutants, options.seed, shelf);
  const grown = prepared.layers.flatMap((layer) => {
    const volet = layer.id.startsWith("volet:") ? layer.id.slice("volet:".length) : null;
    const own = volet === null ? [] : official.filter((sample) => isOwn(volet, sample));
    const rules = schemas.get(layer.id)?.active ?? [];
    return grownCopies(layer.id, rules, own.length > 0 ? own : official, options.seed, shelf);
  });
  say(`documents: ${official.length} examples, ${broken.length} broken copies, ${grown.length} grown copies`);
  return [...official, ...broken, ...grown];
}

interface Found extends Difference {
  readonly document: string;
}

type Lacking = ReadonlyMap<string, ReadonlySet<string>>;

interface JudgedLayer {
  readonly found: readonly Found[];
  /** Assertions left out, by digest of the document: they name a file the tree lacks. */
  readonly lacking: Lacking;
  readonly digest: string;
  readonly seconds: number;
}

function judgeLayer(
  open: () => ReturnType<typeof openLayer>,
  samples: readonly Sample[],
  theirs: ReadonlyMap<string, Verdict>,
): JudgedLayer {
  const found: Found[] = [];
  const lacking = new Map<string, ReadonlySet<string>>();
  const digest = new VerdictDigest();
  let milliseconds = 0;
  let layer: ReturnType<typeof openLayer>;
  try {
    layer = open();
  } catch (error) {
    const ours = error instanceof Error ? error.message : String(error);
    found.push({ kind: "error", assertion: "", location: "", theirs: "compiles", ours, document: "" });
    return { found, lacking, digest: digest.hex(), seconds: 0 };
  }
  for (const sample of samples) {
    const verdict = theirs.get(sample.sha256);
    if (!verdict) continue;
    const input = readSample(sample);
    const started = performance.now();
    const ours = typeof input === "string" ? unread(input) : layer.judge(input);
    milliseconds += performance.now() - started;
    const out = withoutFile(ours);
    if (out.size > 0) lacking.set(sample.sha256, out);
    digest.add(sample.sha256, ours.errors.length > out.size, ours.fired, ours.failures);
    for (const difference of compare(verdict, ours)) found.push({ ...difference, document: sample.name });
  }
  return { found, lacking, digest: digest.hex(), seconds: milliseconds / 1000 };
}

/** Bytes our reader refuses. */
function unread(reason: string): OurVerdict {
  return { errors: [{ code: "not_read", assertion: "", detail: reason }], fired: 0, failures: [] };
}

function show(engine: string, layer: Layer, found: readonly Found[], table: string): void {
  const cell = (text: string): string => text.replace(/\s+/g, " ").slice(0, 300);
  const lines = found.map((each) =>
    [engine, layer.id, each.kind, each.assertion, each.document, each.location, each.theirs, each.ours]
      .map(cell)
      .join("\t"),
  );
  if (lines.length > 0) appendFileSync(table, `${lines.join("\n")}\n`);
  for (const line of lines.slice(0, SHOWN)) say(`  ${line.replaceAll("\t", " | ")}`);
  if (lines.length > SHOWN) say(`  … and ${lines.length - SHOWN} more`);
}

function recordOf(
  layer: Layer,
  samples: readonly Sample[],
  theirs: ReadonlyMap<string, Verdict>,
  numbered: NumberedSchema,
  lacking: Lacking,
  engines: readonly EngineRecord[],
): LayerRecord {
  const failed = new Set<string>();
  const reached = new Set<string>();
  let [evaluated, errors, failures] = [0, 0, 0];
  for (const sample of samples) {
    const verdict = theirs.get(sample.sha256);
    if (!verdict) continue;
    evaluated += evaluations(verdict, numbered);
    failures += verdict.failures.length;
    if (verdict.error !== null) errors += 1;
    for (const rule of Object.keys(verdict.fired)) reached.add(rule);
    for (const failure of verdict.failures) failed.add(failure.assertion);
  }
  return {
    id: layer.id,
    documents: samples.length,
    examples: samples.filter((sample) => sample.name === sample.base).length,
    rules: numbered.active.length,
    rulesReached: reached.size,
    assertions: new Set(numbered.active.flatMap((rule) => rule.assertions.map((each) => each.id))).size,
    assertionsFailed: failed.size,
    evaluations: evaluated,
    failures,
    saxonErrors: errors,
    withoutFile: new Set([...lacking.values()].flatMap((set) => [...set])).size,
    digest: digestOf(samples, theirs, lacking),
    engines,
  };
}

/** What our interpreter says of a schematron that cannot be assembled. */
function refusalOf(dir: string, layer: Layer): string {
  try {
    openLayer(openTree(dir), layer, "fontoxpath", { rules: [], active: [] });
    return "accepted";
  } catch (error) {
    return error instanceof SchematronError ? error.code : "another error";
  }
}

process.exitCode = await main();
