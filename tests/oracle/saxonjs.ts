/**
 * SaxonJS as a second witness. It is free of charge and not open source: it is never a dependency, this command installs it beside its
 * own cache, and nothing else may use it. It runs the same compiled style sheets as Saxon-HE, where it can compile them in time.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../core/model/index.js";
import type { Sample } from "./mutants.js";
import type { SaxonJsRecord } from "./record.js";
import { samplesFor } from "./selection.js";
import { readSvrl, type Verdict } from "./svrl.js";
import { compare } from "./compare.js";
import { compiledPath } from "./theirs.js";
import type { Layer, PreparedTree } from "./tree.js";

const VERSION = "2.7.0";
/** Compilation takes minutes for the largest layers, and does not end for the header rules (measured). */
const COMPILE_SECONDS = 600;
const RUN_SECONDS = 900;

export interface SaxonJs {
  /** Folder that holds node_modules. */
  readonly folder: string;
}

/** What an earlier run installed, or null. */
export function installedSaxonJs(): SaxonJs | null {
  const folder = path.join(packageRoot(import.meta.url), "node_modules", ".cache", "oracle", "saxonjs");
  return existsSync(path.join(folder, "node_modules", "xslt3", "package.json")) ? { folder } : null;
}

/** Installs the two packages once. Throws with npm's words when that fails. */
export function installSaxonJs(say: (line: string) => void): SaxonJs {
  const folder = path.join(packageRoot(import.meta.url), "node_modules", ".cache", "oracle", "saxonjs");
  if (!installedSaxonJs()) {
    mkdirSync(folder, { recursive: true });
    say(`installing saxon-js and xslt3 ${VERSION} in node_modules/.cache (not open source: never a dependency)`);
    const words = [
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--prefix",
      folder,
      `saxon-js@${VERSION}`,
      `xslt3@${VERSION}`,
    ];
    const run = spawnSync("npm", words, { encoding: "utf8", shell: process.platform === "win32" });
    if (run.status !== 0) throw new Error(`npm could not install SaxonJS: ${run.stderr.slice(-500)}`);
  }
  return { folder };
}

/** Compiled style sheet of SaxonJS for one of Saxon-HE's; seconds taken, 0 when it was there. Null when it does not compile in time. */
export async function compileSaxonJs(
  js: SaxonJs,
  xsl: string,
): Promise<{ readonly sef: string; readonly seconds: number } | null> {
  const sef = `${xsl}.sef.json`;
  if (existsSync(sef)) return { sef, seconds: 0 };
  const command = path.join(js.folder, "node_modules", "xslt3", "xslt3.js");
  const started = performance.now();
  const done = await finished(
    ["--stack-size=8000", command, `-xsl:${xsl}`, `-export:${sef}`, "-nogo", "-relocate:on"],
    COMPILE_SECONDS,
  );
  if (done.code !== 0) {
    rmSync(sef, { force: true });
    return null;
  }
  return { sef, seconds: (performance.now() - started) / 1000 };
}

/** Runs documents in one process; milliseconds of each, null where it failed. */
export async function runSaxonJs(
  js: SaxonJs,
  sef: string,
  documents: readonly { readonly file: string; readonly out: string }[],
): Promise<{ readonly milliseconds: readonly (number | null)[]; readonly peakRss: number } | null> {
  const jobs = `${sef}.jobs`;
  writeFileSync(jobs, JSON.stringify({ folder: js.folder, sef, documents }));
  const runner = path.join(packageRoot(import.meta.url), "tests", "oracle", "saxonjs-runner.mjs");
  const done = await finished(["--stack-size=8000", runner, jobs], RUN_SECONDS);
  return done.code === 0 ? (JSON.parse(done.stdout) as { milliseconds: (number | null)[]; peakRss: number }) : null;
}

function finished(
  words: readonly string[],
  seconds: number,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "ignore"] });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout });
    });
  });
}

/** One volet in eight and the ANS models; `all`: every layer but the header. The documents of each layer's list, one in four of the changed ones. */
export async function compareSaxonJs(
  tree: PreparedTree,
  layers: readonly Layer[],
  samples: readonly Sample[],
  all: boolean,
  theirs: (layer: Layer) => ReadonlyMap<string, Verdict>,
  say: (line: string) => void,
): Promise<SaxonJsRecord[]> {
  const js = installSaxonJs(say);
  const records: SaxonJsRecord[] = [];
  const volets = layers.filter((layer) => layer.id.startsWith("volet:"));
  const sample = [...layers.filter((layer) => layer.id === "ans-models"), ...volets.filter((_, i) => i % 8 === 0)];
  for (const layer of all ? layers.filter((each) => each.id !== "header") : sample) {
    const wanted = samplesFor(layer, samples).filter((each) => each.name === each.base || each.rank % 4 === 0);
    const record = await compareOne(js, tree, layer, wanted, theirs(layer));
    records.push(record);
    say(
      `SaxonJS ${layer.id}: ${record.problem ?? `${record.documents} documents, ${record.disagreements} disagreements`}`,
    );
  }
  return records;
}

async function compareOne(
  js: SaxonJs,
  tree: PreparedTree,
  layer: Layer,
  wanted: readonly Sample[],
  theirs: ReadonlyMap<string, Verdict>,
): Promise<SaxonJsRecord> {
  const nothing = { id: layer.id, documents: 0, disagreements: 0, compileSeconds: 0, secondsPerDocument: 0 };
  const compiled = await compileSaxonJs(js, compiledPath(tree, layer));
  if (!compiled) return { ...nothing, problem: `not compiled within ${COMPILE_SECONDS} s` };
  const folder = path.join(path.dirname(tree.folder), "svrl");
  mkdirSync(folder, { recursive: true });
  const documents = wanted.map((sample) => ({ file: sample.file, out: path.join(folder, `${sample.sha256}.js.svrl`) }));
  const run = await runSaxonJs(js, compiled.sef, documents);
  if (!run) return { ...nothing, compileSeconds: compiled.seconds, problem: `not run within ${RUN_SECONDS} s` };
  let disagreements = 0;
  let milliseconds = 0;
  wanted.forEach((sample, index) => {
    const verdict = theirs.get(sample.sha256);
    const [time, document] = [run.milliseconds[index], documents[index]];
    if (!verdict || !document) return;
    milliseconds += time ?? 0;
    const seen = typeof time === "number" ? readSvrl(readFileSync(document.out)) : null;
    const fired = Object.values(seen?.fired ?? {}).reduce((sum, times) => sum + times, 0);
    disagreements += compare(verdict, {
      errors: seen ? [] : [{ code: "failed", assertion: "", detail: "" }],
      fired,
      failures: seen?.failures ?? [],
    }).length;
    rmSync(document.out, { force: true });
  });
  return {
    id: layer.id,
    problem: null,
    documents: wanted.length,
    disagreements,
    compileSeconds: compiled.seconds,
    secondsPerDocument: milliseconds / 1000 / Math.max(1, wanted.length),
  };
}
