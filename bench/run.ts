/**
 * `npm run bench [-- mock|demo|upload|verify]`: how long users wait, and what a large document takes; `verify` takes a quarter of an hour and runs only when it is named.
 * Prints medians and ratios against a baseline taken in the same run, with the facts of the machine. Figures are dated records;
 * nothing compares them in CI.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import path from "node:path";
import { packageRoot } from "../core/model/index.js";
import { benchUpload } from "./upload.js";
import { benchCda } from "./cda.js";
import { benchVerify } from "./verify.js";

const root = packageRoot(import.meta.url);
const segur = path.join(root, "bin", "segur.mjs");
const wanted = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), "segur-bench-"));

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function seconds(command: readonly string[]): number {
  const started = performance.now();
  const run = spawnSync(process.execPath, command, { cwd: folder, stdio: "ignore" });
  if (run.error) throw run.error;
  return (performance.now() - started) / 1000;
}

/** Time until `segur mock --json` has printed its addresses. */
function mockUp(): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [segur, "mock", "--json"], {
      cwd: folder,
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.on("error", reject);
    let printed = Number.NaN;
    child.stdout.once("data", () => {
      printed = (performance.now() - started) / 1000;
      child.kill("SIGTERM");
    });
    child.on("close", () =>
      Number.isNaN(printed) ? reject(new Error("segur mock printed nothing")) : resolve(printed),
    );
  });
}

async function repeat(times: number, measure: () => Promise<number> | number): Promise<number[]> {
  const values: number[] = [];
  for (let i = 0; i < times; i += 1) values.push(await measure());
  return values;
}

function print(name: string, values: readonly number[], baseline: { name: string; value: number }): void {
  const middle = median(values);
  const spread = `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
  process.stdout.write(
    `${name.padEnd(44)} ${middle.toFixed(2)} s (${spread}, n=${values.length})   ×${(middle / baseline.value).toFixed(1)} of ${baseline.name}\n`,
  );
}

try {
  process.stdout.write(
    `${new Date().toISOString()} node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}\n`,
  );
  const bare = { name: "bare node", value: median(await repeat(5, () => seconds(["-e", "0"]))) };
  process.stdout.write(`${bare.name.padEnd(44)} ${bare.value.toFixed(2)} s\n`);
  if (wanted.length === 0 || wanted.includes("mock")) {
    print("segur mock, first start (makes the PKI)", [await mockUp()], bare);
    print("segur mock, addresses printed", await repeat(5, mockUp), bare);
  }
  if (wanted.length === 0 || wanted.includes("demo")) {
    const demos = await repeat(3, () => seconds([segur, "demo"]));
    const judged = {
      name: "judging it again",
      value: median(await repeat(3, () => seconds([segur, "judge", "last"]))),
    };
    process.stdout.write(`${"segur judge last".padEnd(44)} ${judged.value.toFixed(2)} s\n`);
    print("segur demo (whole bundled run)", demos, judged);
  }
  if (wanted.length === 0 || wanted.includes("upload")) await benchUpload();
  if (wanted.includes("cda")) {
    const words = wanted.filter((word) => word !== "cda");
    await benchCda({ folder, words, print: (line) => process.stdout.write(`${line}\n`) });
  }
  if (wanted.includes("verify")) {
    await benchVerify({ segur, folder, print: (line) => process.stdout.write(`${line}\n`) });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
