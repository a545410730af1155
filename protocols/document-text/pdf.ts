/**
 * Text of a PDF, read in a thread of its own: the reader of PDFs is large, and a hostile file can make it loop or swell. The
 * thread has a bounded time and a bounded memory, and is ended at either bound; else it waits for the next file.
 */
import { Worker } from "node:worker_threads";

const MOST_MILLISECONDS = 10_000;
const MOST_HEAP_MEGABYTES = 384;
/** Growth of the whole process meanwhile: what the reader inflates lies outside the heap of its thread. */
const MOST_GROWTH = 512 * 1024 * 1024;
const LOOK_EVERY = 50;

/** A thread that has done its work well, kept: to start one costs more than to read most files. */
let waiting: Worker | null = null;

/** Null when there is no text (a scan), or none within the bounds. */
export function pdfText(view: Buffer, most: number): Promise<string | null> {
  return new Promise((resolve) => {
    const worker = waiting ?? start();
    waiting = null;
    worker.ref();
    // A copy: the thread takes its bytes with it, and the caller keeps its own.
    const bytes = new Uint8Array(view);
    const before = process.memoryUsage.rss();
    const end = (text: string | null, well: boolean): void => {
      clearTimeout(time);
      clearInterval(memory);
      worker.off("message", said).off("error", failed).off("exit", failed);
      if (well && waiting === null) {
        worker.unref();
        waiting = worker;
      } else {
        void worker.terminate();
      }
      resolve(text);
    };
    const time = setTimeout(() => end(null, false), MOST_MILLISECONDS);
    const memory = setInterval(() => {
      if (process.memoryUsage.rss() - before > MOST_GROWTH) end(null, false);
    }, LOOK_EVERY);
    const said = (text: unknown): void => end(typeof text === "string" ? text : null, true);
    const failed = (): void => end(null, false);
    worker.on("message", said).on("error", failed).on("exit", failed);
    worker.postMessage({ bytes, most }, [bytes.buffer]);
  });
}

function start(): Worker {
  const worker = new Worker(new URL("./pdf-thread.js", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MEGABYTES },
    // What a broken file makes the reader say is nobody's business.
    stdout: true,
    stderr: true,
  });
  // It may still fail after its answer, while nobody listens.
  const gone = (): void => {
    if (waiting === worker) waiting = null;
  };
  return worker.on("error", gone).on("exit", gone);
}
