/**
 * `npm run bench -- cda [DIR]`: what judging a CDA costs, one document in a new process and a batch in one: our own rules; the official
 * rules of a checkout of the agency's tree (DIR, or SEGUR_OFFICIAL) through our interpreter, by each engine; beside them, on the same
 * documents and rules, Saxon-HE (a JVM for every layer, as the tree's own procedure; then warm in one JVM) and SaxonJS (without the header
 * rules, which it cannot compile). Saxon-HE must be on the machine; SaxonJS is installed with --saxonjs only, outside the project's dependencies.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import path from "node:path";
import { chooseVolet, factsOfDocument, voletsOf } from "../bin/official/volets.js";
import { openOfficialTree } from "../bin/official/tree.js";
import { packageRoot } from "../core/model/index.js";
import { innerDocument } from "../protocols/auto-presentable.js";
import { document as ownSample } from "../tests/checks/dmp-document/sample.js";
import { findSaxon, INSTALL_SAXON, runJobs, type Saxon } from "../tests/oracle/saxon.js";
import { compileSaxonJs, installedSaxonJs, installSaxonJs, runSaxonJs } from "../tests/oracle/saxonjs.js";
import { compiledPath, compileLayers } from "../tests/oracle/theirs.js";
import { type Layer, notOfficial, type PreparedTree, prepareTree } from "../tests/oracle/tree.js";
import type { WorkerAnswer } from "./cda-worker.js";

const REPEATS = 3;
/** The document measured alone is the official example nearest to this size, among those with a volet of their own. */
const WANTED_SIZE = 200_000;
/** Documents of the batch: every n-th example, so that a run ends within minutes. */
const BATCH_STEP = 4;
/** Rounds nobody counts, before a warm measure. */
const WARM_UP = 8;
/** A JVM goes on getting faster for longer. */
const WARM_UP_JVM = 40;
const SAMPLE_PERIOD = 50;

export interface CdaBench {
  readonly folder: string;
  readonly words: readonly string[];
  readonly print: (line: string) => void;
}

export async function benchCda({ folder, words, print }: CdaBench): Promise<void> {
  const given = words.find((word) => !word.startsWith("-")) ?? process.env["SEGUR_OFFICIAL"];
  const bare = await repeated(() => timed(process.execPath, ["-e", "0"]));
  const base = { name: "bare node", seconds: middle(bare.map((run) => run.seconds)) };
  print(row(base.name, bare, 1, base));
  if (given === undefined || notOfficial(given) !== null) {
    const why = given === undefined ? "no folder given" : `${given}: ${notOfficial(given) ?? ""}`;
    print(`official rules: not measured (${why}); give a checkout: npm run bench -- cda DIR, or SEGUR_OFFICIAL`);
    const own = path.join(folder, "own.xml");
    writeFileSync(own, (await ownSample()).cda);
    print(
      row("own rules, one document cold", await repeated(() => timed(process.execPath, [WORKER, "own", own])), 1, base),
    );
    return;
  }
  const dir = path.resolve(given);
  const all = readdirSync(path.join(dir, "ExemplesCDA"))
    .filter((name) => name.endsWith(".xml"))
    .sort()
    .map((name) => path.join(dir, "ExemplesCDA", name));
  const one = nearest(all, dir);
  const batch = all.filter((_, index) => index % BATCH_STEP === 0);
  print(
    `one document: ${path.basename(one.file)}, ${statSync(one.file).size} bytes; batch: ${batch.length} official examples`,
  );

  const own = await repeated(() => timed(process.execPath, [WORKER, "own", one.file]));
  print(row("own rules, one document cold", own, 1, base));
  const ownBatch = await timed(process.execPath, [WORKER, "own", ...batch]);
  print(row("own rules, batch in one process", [ownBatch], batch.length, base));
  for (const engine of ["fontoxpath", "fast"]) {
    const cold = await repeated(() => timed(process.execPath, [WORKER, engine, dir, "-", one.file]));
    print(row(`official rules, ${engine}, one cold`, cold, 1, base));
    const again = Array.from({ length: WARM_UP }, () => one.file);
    const warm = await timed(process.execPath, [WORKER, engine, dir, "-", ...again]);
    const last = warm.answer?.milliseconds.slice(-3) ?? [];
    print(`${`official rules, ${engine}, one warm`.padEnd(WIDTH)} ${(middle(last) / 1000).toFixed(3).padStart(8)} s`);
    const many = await timed(process.execPath, [WORKER, engine, dir, "-", ...batch]);
    print(row(`official rules, ${engine}, batch`, [many], batch.length, base));
  }
  await witnesses({ dir, folder, one, batch, words, print, base });
}

const WORKER = path.join(import.meta.dirname, "cda-worker.js");
const WIDTH = 40;

interface Baseline {
  readonly name: string;
  readonly seconds: number;
}

interface One {
  readonly file: string;
  /** Entry of the volet it is judged by. */
  readonly volet: string;
}

function nearest(files: readonly string[], dir: string): One {
  const volets = voletsOf(openOfficialTree(dir).files);
  const known = files.flatMap((file): One[] => {
    const { root } = innerDocument(readFileSync(file));
    const chosen = root && chooseVolet(factsOfDocument(root), volets);
    return chosen && "volet" in chosen ? [{ file, volet: chosen.volet.entry }] : [];
  });
  const off = ({ file }: One): number => Math.abs(statSync(file).size - WANTED_SIZE);
  const [first] = known.sort((a, b) => off(a) - off(b));
  if (!first) throw new Error("no example of the tree has a volet");
  return first;
}

interface Timed {
  readonly seconds: number;
  /** Peak resident memory in bytes; 0 where the system does not tell. */
  readonly peak: number;
  /** Seconds of processor; 0 where the system does not tell. */
  readonly cpu: number;
  readonly answer: WorkerAnswer | null;
}

/** One process from start to end. Throws when it fails: a figure of a failure would be read as speed. */
function timed(program: string, words: readonly string[]): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, words, {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    let [peak, cpu] = [0, 0];
    let out = "";
    const sampler = setInterval(() => {
      peak = Math.max(peak, highest(child));
      cpu = Math.max(cpu, processor(child));
    }, SAMPLE_PERIOD);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(sampler);
      if (code !== 0) return reject(new Error(`exit code ${code} of ${program} ${words.slice(0, 3).join(" ")}`));
      const answer = out.startsWith("{") ? (JSON.parse(out) as WorkerAnswer) : null;
      resolve({
        seconds: (performance.now() - started) / 1000,
        peak: answer?.peakRss ?? peak,
        cpu: answer?.cpu ?? cpu,
        answer,
      });
    });
  });
}

/** Peak as Linux keeps it (VmHWM), in bytes. */
function highest({ pid }: ChildProcess): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Processor time as Linux keeps it (ticks of 10 ms), in seconds; a little short, since it is read while the process runs. */
function processor({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1")
      .replace(/^.*\) /, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

async function repeated(measure: () => Promise<Timed>): Promise<Timed[]> {
  const runs: Timed[] = [];
  for (let i = 0; i < REPEATS; i += 1) runs.push(await measure());
  return runs;
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function row(name: string, runs: readonly Timed[], documents: number, base: Baseline): string {
  const seconds = middle(runs.map((run) => run.seconds));
  const peak = Math.max(...runs.map((run) => run.peak));
  const rate = documents > 1 ? `  ${(documents / seconds).toFixed(2)} documents/s` : "";
  const memory = peak > 0 ? `  peak ${(peak / 1e6).toFixed(0)} MB` : "";
  const cpu = middle(runs.map((run) => run.cpu));
  const busy = cpu > 0 ? `  processor ${cpu.toFixed(2)} s` : "";
  return `${name.padEnd(WIDTH)} ${seconds.toFixed(2).padStart(8)} s  ×${(seconds / base.seconds).toFixed(1)} of ${base.name}${busy}${rate}${memory}  n=${runs.length}  load ${(loadavg()[0] ?? 0).toFixed(1)}`;
}

interface Beside {
  readonly dir: string;
  readonly folder: string;
  readonly one: One;
  readonly batch: readonly string[];
  readonly words: readonly string[];
  readonly print: (line: string) => void;
  readonly base: Baseline;
}

async function witnesses(beside: Beside): Promise<void> {
  const { dir, one, print, words } = beside;
  const saxon = findSaxon();
  if (!saxon) {
    print(`Saxon-HE and SaxonJS: not measured. ${INSTALL_SAXON}`);
    return;
  }
  const cache = path.join(packageRoot(import.meta.url), "node_modules", ".cache", "oracle");
  const tree = prepareTree(dir, cache);
  const layers = tree.layers.filter((layer) => !layer.id.startsWith("volet:") || layer.entry === one.volet);
  await compileLayers(saxon, tree, layers, print);
  await besideSaxon(saxon, tree, layers, beside);
  const js = words.includes("--saxonjs") ? installSaxonJs(print) : installedSaxonJs();
  if (!js)
    return print("SaxonJS: not measured; --saxonjs installs it under node_modules/.cache (it is not open source)");
  let total = 0;
  let peak = 0;
  for (const layer of layers.filter((each) => each.id !== "header")) {
    const compiled = await compileSaxonJs(js, compiledPath(tree, layer));
    const documents = Array.from({ length: WARM_UP }, () => ({ file: one.file, out: "" }));
    const run = compiled && (await runSaxonJs(js, compiled.sef, documents));
    const last = run?.milliseconds.flatMap((each) => each ?? []).slice(-3) ?? [];
    if (!compiled || !run || last.length === 0) {
      print(`${`SaxonJS, ${layer.id}`.padEnd(WIDTH)} does not compile or run`);
      continue;
    }
    total += middle(last) / 1000;
    peak = Math.max(peak, run.peakRss);
    const took = compiled.seconds > 0 ? `  compiled in ${compiled.seconds.toFixed(0)} s` : "";
    print(`${`SaxonJS, ${layer.id}, one warm`.padEnd(WIDTH)} ${(middle(last) / 1000).toFixed(3).padStart(8)} s${took}`);
  }
  print(
    `${"SaxonJS, those layers, one warm".padEnd(WIDTH)} ${total.toFixed(3).padStart(8)} s  peak ${(peak / 1e6).toFixed(0)} MB a process`,
  );
}

/** Cold: a JVM for each layer, style sheets compiled beforehand. Warm: one JVM, after rounds that are not counted. */
async function besideSaxon(saxon: Saxon, tree: PreparedTree, layers: readonly Layer[], beside: Beside): Promise<void> {
  const { one, batch, folder, print, base } = beside;
  mkdirSync(folder, { recursive: true });
  const out = path.join(folder, "out.svrl");
  let [seconds, peak, cpu] = [0, 0, 0];
  for (const layer of layers) {
    const words = [
      "-Xss64m",
      "-cp",
      saxon.jar,
      "net.sf.saxon.Transform",
      `-s:${one.file}`,
      `-xsl:${compiledPath(tree, layer)}`,
      `-o:${out}`,
    ];
    const run = await timed(saxon.java, words);
    seconds += run.seconds;
    cpu += run.cpu;
    peak = Math.max(peak, run.peak);
  }
  print(row(`Saxon-HE, ${layers.length} layers, one cold`, [{ seconds, peak, cpu, answer: null }], 1, base));
  const jobs = layers.flatMap((layer) => {
    const xsl = compiledPath(tree, layer);
    return [
      ["load", xsl],
      ["repeat", String(WARM_UP_JVM), xsl, one.file],
      ["transform", xsl, one.file, out],
    ];
  });
  const warm = await runJobs(saxon, jobs, path.join(folder, "jobs"), { gently: false });
  const times = warm.answers.filter((_, index) => index % 3 === 2).map((answer) => answer.run / 1000);
  const sum = times.reduce((total, time) => total + time, 0);
  const header = times[layers.findIndex((layer) => layer.id === "header")] ?? Number.NaN;
  print(
    `${"Saxon-HE, one warm, one JVM".padEnd(WIDTH)} ${sum.toFixed(3).padStart(8)} s  header ${header.toFixed(3)} s  heap ${(warm.peakHeap / 1e6).toFixed(0)} MB`,
  );
  const many = layers.flatMap((layer) => batch.map((file) => ["transform", compiledPath(tree, layer), file, out]));
  const {
    answers,
    seconds: whole,
    peakHeap,
  } = await runJobs(saxon, many, path.join(folder, "jobs"), { gently: false });
  const spent = answers.reduce((total, answer) => total + answer.run, 0) / 1000;
  print(
    `${"Saxon-HE, batch, one JVM".padEnd(WIDTH)} ${whole.toFixed(2).padStart(8)} s  ×${(whole / base.seconds).toFixed(1)} of ${base.name}  ${(batch.length / whole).toFixed(2)} documents/s (${(batch.length / spent).toFixed(2)} without loading)  heap ${(peakHeap / 1e6).toFixed(0)} MB`,
  );
}
