/**
 * One worker process of a campaign: gets the path of a bundle, answers with what became of it. It writes no file and prints
 * nothing; it ends when its parent does.
 */
import { once } from "node:events";
import { closeSync, readFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { verifyBundle } from "../verification.js";
import { openPlain } from "./bundles.js";
import { type CampaignInput, openContext } from "./context.js";
import { entryOf } from "./entry.js";
import type { FromWorker, ToWorker } from "./messages.js";

const input = JSON.parse(process.argv[2] ?? "null") as CampaignInput;

process.once("disconnect", () => process.exit(0));
// Ctrl-C reaches every process of a terminal: the parent decides.
process.on("SIGINT", () => undefined);
const watch = new Worker(new URL("./orphan.js", import.meta.url), { workerData: { parent: process.ppid } });
await once(watch, "message");
watch.unref();

const { suite, schemas, trust, context } = openContext(input);

process.on("message", (message: ToWorker) => {
  void answer(message.path).then(send);
});
send({ kind: "ready", context });

async function answer(path: string): Promise<FromWorker> {
  let bytes: Uint8Array;
  try {
    bytes = read(path);
  } catch {
    return { kind: "unread" };
  }
  try {
    const entry = entryOf(await verifyBundle(bytes, { suite, schemas, trust }), trust !== null);
    return { kind: "verified", entry, rss: process.memoryUsage.rss() };
  } catch (error) {
    return { kind: "fault", text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function read(path: string): Uint8Array {
  const fd = openPlain(path);
  try {
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}
