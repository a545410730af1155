/**
 * `npm run bench -- verify`: bundles per second of `segur verify FOLDER`, from 1 to 1,000 bundles, with two worker processes and
 * with one, and the memory of parent and workers; beside it one bundle verified alone, by one start of `segur verify`. The bundles
 * are those of one full run of the reference software (about 1,400 files, 1.2 MB), each with a version and a run id of its own,
 * signed again; all are verified with a fresh journal.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import path from "node:path";
import { runFolderAt } from "../bin/run-folder.js";
import { sealRun } from "../bin/sealing.js";
import { openSuite } from "../bin/suite.js";
import { readArchive } from "../core/seal/archive.js";
import { generateKeyPem, readSigningKey } from "../core/seal/keys.js";
import { variantOf } from "../tests/support/variants.js";

const SIZES = [1, 10, 100, 1000];
/** How often a batch is repeated; the median counts. */
const REPEATS: Readonly<Record<number, number>> = { 1: 3, 10: 3 };
const SAMPLE_PERIOD = 100;

export interface VerifyBench {
  /** bin/segur.mjs */
  readonly segur: string;
  /** Temporary; the caller removes it. */
  readonly folder: string;
  readonly print: (line: string) => void;
}

export async function benchVerify({ segur, folder, print }: VerifyBench): Promise<void> {
  const made = await makeBundles(segur, path.join(folder, "bundles"), Math.max(...SIZES));
  print(
    `bundles: ${made.count} of ${made.files} files, ${(made.bytes / 1e6).toFixed(1)} MB each; load: of the machine, last minute`,
  );

  const [one = ""] = readdirSync(path.join(folder, "bundles"));
  const alone: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    alone.push((await timed([segur, "verify", path.join(folder, "bundles", one)])).seconds);
  }
  const baseline = 1 / middle(alone);
  print(line("one bundle, `segur verify BUNDLE`", middle(alone), 1, baseline, ""));
  for (const jobs of [2, 1]) {
    for (const size of SIZES) {
      const runs: Timed[] = [];
      for (let i = 0; i < (REPEATS[size] ?? 1); i += 1) runs.push(await campaign(segur, folder, size, jobs));
      const seconds = middle(runs.map((run) => run.seconds));
      const peak = (of: (run: Timed) => number): string => (Math.max(...runs.map(of)) / 1024).toFixed(0);
      const memory = `peak ${peak((run) => run.parent)} MB parent, ${peak((run) => run.worker)} MB a worker`;
      print(line(`${size} bundle${size === 1 ? "" : "s"}, --jobs ${jobs}`, seconds, size, baseline, memory));
    }
  }
}

function line(name: string, seconds: number, size: number, baseline: number, memory: string): string {
  const rate = size / seconds;
  return `${name.padEnd(36)} ${seconds.toFixed(2).padStart(8)} s  ${rate.toFixed(2)} bundles/s  ×${(rate / baseline).toFixed(2)}  load ${(loadavg()[0] ?? 0).toFixed(1)}  ${memory}`;
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** One campaign over the first `size` bundles, in a folder of its own. Throws when a bundle is not `equal`. */
async function campaign(segur: string, folder: string, size: number, jobs: number): Promise<Timed> {
  const [received, out] = ["received", "out"].map((name) => path.join(folder, name));
  if (received === undefined || out === undefined) throw new Error("no folder");
  for (const each of [received, out]) rmSync(each, { recursive: true, force: true });
  mkdirSync(received);
  const names = readdirSync(path.join(folder, "bundles")).slice(0, size);
  for (const name of names) linkSync(path.join(folder, "bundles", name), path.join(received, name));
  const run = await timed([segur, "verify", received, "--out", out, "--jobs", String(jobs)]);
  const summary = JSON.parse(readFileSync(path.join(out, "campaign.json"), "utf8")) as { counts: { equal: number } };
  if (summary.counts.equal !== size) throw new Error(`${summary.counts.equal} of ${size} bundles are equal`);
  return run;
}

interface Timed {
  readonly seconds: number;
  /** Peak resident memory in kB, of the process and of the largest of its children. */
  readonly parent: number;
  readonly worker: number;
}

function timed(command: readonly string[]): Promise<Timed> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, command, { stdio: "ignore" });
    const peak = { parent: 0, worker: 0 };
    const sampler = setInterval(() => sample(child, peak), SAMPLE_PERIOD);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(sampler);
      if (code !== 0) reject(new Error(`exit code ${code} of ${command.join(" ")}`));
      else resolve({ seconds: (performance.now() - started) / 1000, ...peak });
    });
  });
}

/** Peaks as Linux keeps them (VmHWM); zero elsewhere. */
function sample({ pid }: ChildProcess, peak: { parent: number; worker: number }): void {
  const text = (file: string): string => {
    try {
      return readFileSync(`/proc/${file}`, "latin1");
    } catch {
      return "";
    }
  };
  const highest = (process: number | string): number =>
    Number(/^VmHWM:\s+(\d+) kB$/m.exec(text(`${process}/status`))?.[1] ?? 0);
  if (pid === undefined) return;
  peak.parent = Math.max(peak.parent, highest(pid));
  for (const worker of text(`${pid}/task/${pid}/children`).trim().split(" ")) {
    if (worker !== "") peak.worker = Math.max(peak.worker, highest(worker));
  }
}

/** The bundles of one full run under many versions. */
async function makeBundles(
  segur: string,
  folder: string,
  count: number,
): Promise<{ readonly count: number; readonly files: number; readonly bytes: number }> {
  mkdirSync(folder);
  const runs = path.join(path.dirname(folder), "runs");
  await timed([segur, "demo", "--runs", runs]);
  const key = readSigningKey(generateKeyPem("ed25519").privatePem, "key of the benchmark");
  const [run = ""] = readdirSync(runs);
  const { bytes } = await sealRun(runFolderAt(path.join(runs, run)), openSuite(), key);
  const files = await readArchive(bytes);
  for (let i = 0; i < count; i += 1) {
    const change = { candidate: { version: `1.${i}` }, run: `${run}-${i}` };
    writeFileSync(path.join(folder, `${String(i).padStart(4, "0")}.segur.zip`), variantOf(files, change, key));
  }
  return { count, files: files.size, bytes: bytes.length };
}
