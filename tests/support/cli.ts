/** Runs the true command line as a child process. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../core/model/index.js";

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the child once it runs, for signals. */
  readonly running?: (child: ChildProcess, output: () => string) => void;
}

export const SEGUR = path.join(packageRoot(import.meta.url), "bin", "segur.mjs");
export const FAKE_VENDOR = path.join(path.dirname(fileURLToPath(import.meta.url)), "fake-vendor.js");

export function segur(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SEGUR, ...args], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    options.running?.(child, () => stdout + stderr);
  });
}
