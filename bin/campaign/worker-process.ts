/** A worker process as its parent sees it: started, given one bundle at a time, watched, ended. */
import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { canonicalJson, SuiteError } from "../../core/model/index.js";
import type { CampaignContext, CampaignInput } from "./context.js";
import type { Bound } from "./entry.js";
import type { FromWorker, ToWorker } from "./messages.js";

export interface Bounds {
  /** Milliseconds one bundle may take. */
  readonly timeout: number;
  /** Bytes one worker process may use. */
  readonly memory: number;
}

export type Outcome =
  | Exclude<FromWorker, { readonly kind: "ready" }>
  | { readonly kind: Bound }
  /** It ended without our doing. */
  | { readonly kind: "died"; readonly how: string };

/** Bundles after which a worker is replaced, so that nothing that a foreign library keeps can pile up. */
const MAX_BUNDLES = 200;
/** Resident bytes after which it is: WebAssembly memory grows and never shrinks. */
const WORN = 512 * 1024 * 1024;
const START_TIMEOUT = 120_000;
const WATCH_PERIOD = 100;
/** End of what a worker wrote on stderr, kept to tell why it died. */
const MAX_TAIL = 4096;

export class WorkerProcess {
  private readonly child: ChildProcess;
  private readonly bounds: Bounds;
  private readonly exited: Promise<void>;
  /** Why we ended it. */
  private reason: Bound | null = null;
  private how: string | null = null;
  private tail = "";
  private bundles = 0;
  private rss = 0;

  private constructor(child: ChildProcess, bounds: Bounds) {
    this.child = child;
    this.bounds = bounds;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.tail = (this.tail + text).slice(-MAX_TAIL);
    });
    // Sending to a process that just died is told by its end.
    child.on("error", () => undefined);
    this.exited = new Promise((resolve) => {
      child.once("close", (code, signal) => {
        this.how = signal ?? `exit code ${code}`;
        resolve();
      });
      // No process came to be.
      child.once("error", (error: NodeJS.ErrnoException) => {
        if (child.pid !== undefined) return;
        this.how = error.code ?? "not started";
        resolve();
      });
    });
  }

  /**
   * Null when `signal` is aborted. Throws SuiteError ERR_INTERNAL when it does not start, ERR_CAMPAIGN when what it opened is not
   * what its parent did.
   */
  static async start(
    input: CampaignInput,
    expected: CampaignContext,
    bounds: Bounds,
    signal: AbortSignal,
  ): Promise<WorkerProcess | null> {
    if (signal.aborted) return null;
    const child = fork(new URL("./worker.js", import.meta.url), [JSON.stringify(input)], {
      execArgv: [`--max-old-space-size=${Math.floor(bounds.memory / 1024 / 1024)}`],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const worker = new WorkerProcess(child, bounds);
    const timer = setTimeout(() => worker.kill(), START_TIMEOUT);
    const abort = (): void => worker.kill();
    signal.addEventListener("abort", abort, { once: true });
    const ready = new Promise<FromWorker>((resolve) =>
      child.once("message", (message: FromWorker) => resolve(message)),
    );
    const first = await Promise.race([ready, worker.exited.then(() => null)]);
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
    if (signal.aborted) {
      await worker.end();
      return null;
    }
    if (first?.kind !== "ready") {
      throw new SuiteError("ERR_INTERNAL", `a worker process does not start (${worker.how})`, {
        where: worker.tail.trim().slice(-500) || "no word from it",
        mend: "start again; if it stays so, raise --memory",
      });
    }
    if (canonicalJson(first.context) !== canonicalJson(expected)) {
      await worker.end();
      throw new SuiteError("ERR_CAMPAIGN", "the rule set or the trust file changed while the campaign went on", {
        mend: "start the same command again: what was verified is kept for the one it was verified with",
      });
    }
    return worker;
  }

  /** Never rejects. After any answer but `verified` and `unread` the process is not used again. */
  judge(path: string): Promise<Outcome> {
    this.bundles += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.kill("timed_out"), this.bounds.timeout);
      const watch = setInterval(() => {
        if (residentBytes(this.child.pid) > this.bounds.memory) this.kill("too_heavy");
      }, WATCH_PERIOD);
      const finish = (outcome: Outcome): void => {
        clearTimeout(timer);
        clearInterval(watch);
        this.child.off("message", hear);
        resolve(outcome);
      };
      const hear = (message: FromWorker): void => {
        if (message.kind === "ready") return;
        if (message.kind === "verified") this.rss = message.rss;
        finish(message);
      };
      this.child.on("message", hear);
      void this.exited.then(() => finish(this.death()));
      const job: ToWorker = { path };
      if (this.child.connected) this.child.send(job, () => undefined);
    });
  }

  get worn(): boolean {
    return this.bundles >= MAX_BUNDLES || this.rss > Math.min(WORN, this.bounds.memory * 0.75);
  }

  /** Nothing of it is worth an orderly end: it writes nothing. */
  async end(): Promise<void> {
    this.kill();
    await this.exited;
  }

  kill(reason: Bound | null = null): void {
    this.reason ??= reason;
    if (this.how === null) this.child.kill("SIGKILL");
  }

  private death(): Outcome {
    if (this.reason) return { kind: this.reason };
    // V8 gives up with SIGABRT (134 where signals are exit codes) when its heap is full, a system short of memory kills.
    const full = /heap out of memory|heap limit|out of memory/i.test(this.tail);
    const killed = this.how === "SIGKILL" || this.how === "SIGABRT" || this.how === "exit code 134";
    return full || killed ? { kind: "too_heavy" } : { kind: "died", how: this.how ?? "" };
  }
}

/** Resident memory of a process as Linux tells it; 0 elsewhere, where only the bound of the heap holds. */
function residentBytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
