/**
 * A thread of a worker process that ends it when its parent is gone. The process hears that by itself when it next rests; a bundle
 * made to hang would never let it.
 */
import { parentPort, workerData } from "node:worker_threads";

const PERIOD = 1000;
const { parent } = workerData as { readonly parent: number };

function gone(): boolean {
  // Where processes are adopted the number changes; elsewhere it stays, and asking for the process fails.
  if (process.ppid !== parent) return true;
  try {
    process.kill(parent, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

setInterval(() => {
  if (gone()) process.kill(process.pid, "SIGKILL");
}, PERIOD);
// A thread comes up only while its process rests: whoever started it waits for this word before work begins.
parentPort?.postMessage("watching");
