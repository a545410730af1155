/** Bundles shared out among worker processes. What ends a worker ends that bundle alone: the others go on. */
import { byCodeUnit, SuiteError } from "../../core/model/index.js";
import type { FoundFile } from "./bundles.js";
import type { CampaignContext, CampaignInput } from "./context.js";
import type { Ending } from "./summary.js";
import { type Bounds, type Outcome, WorkerProcess } from "./worker-process.js";

const MAX_STARTS = 3;

export interface PoolOptions {
  readonly input: CampaignInput;
  readonly context: CampaignContext;
  readonly jobs: number;
  readonly bounds: Bounds;
  readonly signal: AbortSignal;
  /** Once per bundle, in the order of ending. What it throws ends everything. */
  readonly ended: (file: string, ending: Ending) => void;
  /** So many bundles are tried again. */
  readonly retried: (count: number) => void;
  /** A fault of the suite itself. */
  readonly fault: (file: string, text: string) => void;
}

/**
 * Returns when every bundle has ended or the signal is aborted; no worker lives then. A bundle that ended its worker is tried once
 * more when all others are done, alone in a fresh one: what a neighbour did to it must not get an honest bundle refused. Throws
 * what `ended` throws, and SuiteError of a worker that does not start.
 */
export async function judgeAll(bundles: readonly FoundFile[], options: PoolOptions): Promise<void> {
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  options.signal.addEventListener("abort", abort, { once: true });
  if (options.signal.aborted) abort();
  const again: FoundFile[] = [];
  const queue = [...bundles].reverse();
  try {
    const lanes = Array.from({ length: options.jobs }, async () => {
      try {
        await lane(() => queue.pop(), again, options, stop.signal);
      } catch (error) {
        // The other lanes end their workers; the first error is told.
        abort();
        throw error;
      }
    });
    const failed = (await Promise.allSettled(lanes)).find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
    if (stop.signal.aborted || again.length === 0) return;
    options.retried(again.length);
    for (const bundle of again.sort((a, b) => byCodeUnit(a.file, b.file))) {
      await alone(bundle, options, stop.signal);
      if (stop.signal.aborted) return;
    }
  } finally {
    options.signal.removeEventListener("abort", abort);
  }
}

/** One worker after the other, one bundle after the other. */
async function lane(
  next: () => FoundFile | undefined,
  again: FoundFile[],
  options: PoolOptions,
  signal: AbortSignal,
): Promise<void> {
  let worker: WorkerProcess | null = null;
  const kill = (): void => worker?.kill();
  signal.addEventListener("abort", kill);
  try {
    for (let bundle = next(); bundle && !signal.aborted; bundle = next()) {
      worker ??= await startWorker(options, signal);
      const outcome: Outcome | undefined = await worker?.judge(bundle.path);
      if (signal.aborted || !outcome) return;
      if (outcome.kind === "verified" || outcome.kind === "unread") {
        options.ended(bundle.file, endingOf(outcome));
        if (!worker?.worn) continue;
      } else {
        again.push(bundle);
      }
      await worker?.end();
      worker = null;
    }
  } finally {
    signal.removeEventListener("abort", kill);
    await worker?.end();
  }
}

async function alone(bundle: FoundFile, options: PoolOptions, signal: AbortSignal): Promise<void> {
  const worker = await startWorker(options, signal);
  if (!worker) return;
  const kill = (): void => worker.kill();
  signal.addEventListener("abort", kill);
  try {
    const outcome = await worker.judge(bundle.path);
    if (signal.aborted) return;
    if (outcome.kind === "fault") options.fault(bundle.file, outcome.text);
    if (outcome.kind === "died") options.fault(bundle.file, outcome.how);
    options.ended(bundle.file, endingOf(outcome));
  } finally {
    signal.removeEventListener("abort", kill);
    await worker.end();
  }
}

/** A start may fail for the machine's sake, as when it is short of memory for a moment. */
async function startWorker(
  { input, context, bounds }: PoolOptions,
  signal: AbortSignal,
): Promise<WorkerProcess | null> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await WorkerProcess.start(input, context, bounds, signal);
    } catch (error) {
      if (attempt === MAX_STARTS || !(error instanceof SuiteError && error.code === "ERR_INTERNAL")) throw error;
    }
  }
}

function endingOf(outcome: Outcome): Ending {
  switch (outcome.kind) {
    case "verified":
      return { kind: "verified", entry: outcome.entry };
    case "unread":
      return { kind: "unread", obstacle: "unreadable" };
    case "timed_out":
    case "too_heavy":
      return { kind: "refused", refusal: { reason: outcome.kind, where: null, slots: {} } };
    case "died":
      return { kind: "failed", fault: "worker_died" };
    case "fault":
      return { kind: "failed", fault: "suite_fault" };
  }
}
