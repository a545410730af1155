/** What Saxon-HE says with the style sheets of the tree itself. Verdicts are remembered by document, so that a second run only compares. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../core/model/index.js";
import type { Sample } from "./mutants.js";
import { runJobs, type Saxon } from "./saxon.js";
import { readSvrl, type Verdict } from "./svrl.js";
import type { Layer, PreparedTree } from "./tree.js";

/** Where one layer's files lie: beside its entry (relative paths of the rules resolve from there). */
export function compiledPath(tree: PreparedTree, layer: Layer): string {
  return path.join(tree.folder, layer.entry.replace(/\.sch$/, ".oracle.xsl"));
}

/** The expanded schematron with its numbers. */
export function numberedPath(tree: PreparedTree, layer: Layer): string {
  return path.join(tree.folder, layer.entry.replace(/\.sch$/, ".oracle-numbered.xml"));
}

/** Compiles the layers that are not compiled yet, with the four steps of the tree and one of ours (numbering). Seconds by layer. */
export async function compileLayers(
  saxon: Saxon,
  tree: PreparedTree,
  layers: readonly Layer[],
  say: (line: string) => void,
): Promise<ReadonlyMap<string, number>> {
  const engine = (file: string): string => path.join(tree.folder, "schematrons", "moteur", file);
  const seconds = new Map<string, number>();
  for (const layer of layers) {
    const xsl = compiledPath(tree, layer);
    if (existsSync(xsl)) continue;
    const [pasted, concrete] = [`${xsl}.1.tmp`, `${xsl}.2.tmp`];
    const jobs = [
      ["transform", engine("iso_dsdl_include.xsl"), path.join(tree.folder, layer.entry), pasted],
      ["transform", engine("iso_abstract_expand.xsl"), pasted, concrete],
      [
        "transform",
        path.join(packageRoot(import.meta.url), "tests", "oracle", "number.xsl"),
        concrete,
        numberedPath(tree, layer),
      ],
      ["transform", engine("iso_svrl_for_xslt2.xsl"), numberedPath(tree, layer), xsl, "full-path-notation=1"],
      ["load", xsl],
    ];
    const answer = await runJobs(saxon, jobs, `${xsl}.jobs.tmp`);
    const failed = answer.answers.find((each) => !each.ok);
    for (const file of [pasted, concrete, `${xsl}.jobs.tmp`]) rmSync(file, { force: true });
    if (failed) {
      rmSync(xsl, { force: true });
      throw new Error(`${layer.id} does not compile with Saxon: ${failed.code} ${failed.message}`);
    }
    seconds.set(layer.id, answer.seconds);
    say(`compiled ${layer.id} in ${answer.seconds.toFixed(1)} s, peak heap ${(answer.peakHeap / 1e6).toFixed(0)} MB`);
  }
  return seconds;
}

export interface Wanted {
  readonly layer: Layer;
  readonly samples: readonly Sample[];
}

/** Has Saxon judge what it has not judged yet: many layers in one JVM, since a new one is slow for a long time. */
export async function askSaxon(
  saxon: Saxon,
  tree: PreparedTree,
  wanted: readonly Wanted[],
  say: (line: string) => void,
): Promise<void> {
  const todo = wanted.flatMap(({ layer, samples }) => {
    const known = saxonVerdicts(tree, layer);
    return samples.filter((sample) => !known.has(sample.sha256)).map((sample) => ({ layer, sample }));
  });
  const folder = path.join(path.dirname(tree.folder), `svrl-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  for (let from = 0; from < todo.length; from += BATCH) {
    const batch = todo.slice(from, from + BATCH);
    const out = (index: number): string => path.join(folder, `${index}.svrl`);
    const jobs = batch.map(({ layer, sample }, index) => [
      "transform",
      compiledPath(tree, layer),
      sample.file,
      out(index),
    ]);
    const { answers, seconds } = await runJobs(saxon, jobs, path.join(folder, "jobs"));
    batch.forEach(({ layer, sample }, index) => {
      const answer = answers[index];
      const verdict: Verdict = answer?.ok
        ? readSvrl(readFileSync(out(index)))
        : { error: `${answer?.code ?? ""} ${answer?.message ?? ""}`.trim(), fired: {}, failures: [] };
      rmSync(out(index), { force: true });
      appendFileSync(memoryOf(tree, layer), `${JSON.stringify({ sha256: sample.sha256, verdict })}\n`);
    });
    say(`Saxon: ${from + batch.length} of ${todo.length} documents (${seconds.toFixed(1)} s)`);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Documents of one JVM: reports are large, and are read and deleted before the next one. */
const BATCH = 500;

function memoryOf(tree: PreparedTree, layer: Layer): string {
  return path.join(path.dirname(tree.folder), "saxon", `${layer.id.replace(":", "-")}.jsonl`);
}

/** What Saxon said so far of one layer, by digest of the document. */
export function saxonVerdicts(tree: PreparedTree, layer: Layer): ReadonlyMap<string, Verdict> {
  const known = new Map<string, Verdict>();
  const file = memoryOf(tree, layer);
  mkdirSync(path.dirname(file), { recursive: true });
  if (!existsSync(file)) return known;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    // The last line of a run that was cut.
    if (!line.endsWith("}")) continue;
    const entry = JSON.parse(line) as { sha256: string; verdict: Verdict };
    known.set(entry.sha256, entry.verdict);
  }
  return known;
}
