/** Starts the vendor's software for the time of a run and ends it: a control message first (its stdin closes), then signals. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createWriteStream } from "node:fs";
import net from "node:net";
import type { DriverConfig, Recorder } from "../core/model/index.js";
import { SuiteError } from "../core/model/index.js";

export interface VendorProcess {
  readonly port: number;
  /** Null while it runs. */
  readonly exited: { readonly code: number | null; readonly signal: string | null } | null;
  /** Where its output goes. */
  readonly logFile: string;
  /** The end of that output, for a message. */
  lastWords(): string;
  /** Resolves when it has ended. */
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

/** Lines and characters of the software's output kept for a message. */
const LAST_LINES = 5;
const LAST_CHARS = 2_000;

type StartConfig = NonNullable<DriverConfig["start"]>;

/** `{port}`, `{env}` and `{node}` in the command are replaced; SEGUR_ENV names the environment file. Output goes to `logFile`. */
export async function startVendor(
  start: StartConfig,
  facts: { port: number; environmentFile: string; logFile: string; recorder: Recorder },
): Promise<VendorProcess> {
  const fill = (word: string): string =>
    word
      .replaceAll("{port}", String(facts.port))
      .replaceAll("{env}", facts.environmentFile)
      .replaceAll("{node}", process.execPath);
  const [program = "", ...args] = start.command.map(fill);
  const log = createWriteStream(facts.logFile, { flags: "a" });
  log.on("error", () => undefined);
  const child: ChildProcess = spawn(program, args, {
    ...(start.cwd === undefined ? {} : { cwd: start.cwd }),
    env: { ...process.env, ...start.env, SEGUR_ENV: facts.environmentFile },
    stdio: ["pipe", "pipe", "pipe"],
    windowsHide: true,
  });
  child.stdin?.on("error", () => undefined);
  let last = "";
  for (const output of [child.stdout, child.stderr]) {
    output?.pipe(log, { end: false });
    output?.on("data", (chunk: Buffer) => {
      last = (last + chunk.toString("utf8")).slice(-LAST_CHARS);
    });
  }
  let exited: VendorProcess["exited"] = null;
  let failure: Error | null = null;
  const gone = new Promise<void>((resolve) => {
    child.on("error", (error) => {
      failure = error;
      resolve();
    });
    child.on("exit", (code, signal) => {
      exited = { code, signal };
      facts.recorder.event("vendor.exit", { code, signal });
      resolve();
    });
  });
  await new Promise<void>((resolve) => {
    child.once("spawn", resolve);
    child.once("error", () => resolve());
  });
  if (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such program" : code === "EACCES" ? "it may not be executed" : message;
    throw new SuiteError("ERR_VENDOR_START", `the vendor's software cannot be started: ${why}`, {
      where: `drivers.start.command: ${program}`,
      mend: "check the path of the program and that it may be executed",
    });
  }
  facts.recorder.event("vendor.start", { command: [...start.command] });
  const within = (ms: number): Promise<boolean> =>
    Promise.race([
      gone.then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), ms).unref()),
    ]);
  return {
    port: facts.port,
    logFile: facts.logFile,
    lastWords: () => last.trim().split(/\r?\n/).slice(-LAST_LINES).join("\n"),
    get exited() {
      return exited;
    },
    gone,
    async stop() {
      if (!exited) {
        child.stdin?.end();
        if (!(await within(1_500))) child.kill("SIGTERM");
        if (!(await within(1_500))) child.kill("SIGKILL");
        await within(2_000);
      }
      log.end();
    },
  };
}

/**
 * A port nobody uses right now on loopback, below the range that systems give to outgoing connections: one of those could
 * take it between this answer and its use.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new SuiteError("ERR_PORT", "no free port was found on this machine", {
    where: "127.0.0.1:20000-32000",
    mend: "end programs that hold ports, or set `drivers.start.port`",
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
