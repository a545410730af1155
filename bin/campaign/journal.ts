/**
 * campaign.jsonl: one line per bundle that was verified to its end, appended and brought to the disk before the next is begun.
 * Whatever is killed, at whatever moment, what stands there was done and stays done. Lines are keyed by the bytes of the bundle
 * and by the context, so that a file, a rule set or a trust file that changed is judged again.
 */
import { closeSync, fdatasyncSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { canonicalJson, SuiteError } from "../../core/model/index.js";
import type { CampaignContext } from "./context.js";
import type { CampaignEntry } from "./entry.js";

export const JOURNAL_FORMAT = "segur-campaign-line/1";

interface JournalLine {
  readonly format: typeof JOURNAL_FORMAT;
  readonly context: CampaignContext;
  /** SHA-256 of the bundle. */
  readonly sha256: string;
  readonly entry: CampaignEntry;
}

export interface Journal {
  /** How many bundles it knows in this context. */
  readonly size: number;
  /** What a start found damaged in the middle and left aside; those bundles are verified again. */
  readonly damaged: number;
  known(sha256: string): CampaignEntry | null;
  /** Returns when it is on the disk. Throws SuiteError ERR_DISK. */
  add(entry: CampaignEntry): void;
  close(): void;
}

/** `isLine`: validation by the schema. The caller holds the folder's lock. Throws SuiteError ERR_DISK. */
export function openJournal(file: string, context: CampaignContext, isLine: (value: unknown) => boolean): Journal {
  const fd = attempt(file, () => openSync(file, "a+", 0o644));
  const wanted = canonicalJson(context);
  const entries = new Map<string, CampaignEntry>();
  let damaged = 0;
  attempt(file, () => {
    const bytes = readFileSync(file);
    // A writer that was killed leaves at most one line without its end; what follows must not be glued to it.
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end < bytes.length) ftruncateSync(fd, end);
    for (const text of linesOf(bytes.subarray(0, end))) {
      const line = parse(text, isLine);
      if (!line) damaged += 1;
      else if (canonicalJson(line.context) === wanted) entries.set(line.sha256, line.entry);
    }
    syncFolder(path.dirname(file));
  });
  return {
    size: entries.size,
    damaged,
    known: (sha256) => entries.get(sha256) ?? null,
    add(entry) {
      const { sha256 } = entry.bundle;
      const line: JournalLine = { format: JOURNAL_FORMAT, context, sha256, entry };
      attempt(file, () => {
        writeAll(fd, Buffer.from(canonicalJson(line)));
        fdatasyncSync(fd);
      });
      entries.set(sha256, entry);
    },
    close: () => closeSync(fd),
  };
}

function* linesOf(bytes: Buffer): Generator<string> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    yield bytes.toString("utf8", at, end);
    at = end + 1;
  }
}

function parse(text: string, isLine: (value: unknown) => boolean): JournalLine | null {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? (value as JournalLine) : null;
  } catch {
    return null;
  }
}

/** Appended whole: a disk that takes a part only takes the rest next, or says why not. */
function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

/** Brings the name of a new file to the disk. Systems that cannot open a folder do that by themselves. */
function syncFolder(folder: string): void {
  let fd: number;
  try {
    fd = openSync(folder, "r");
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } catch {
    // Some file systems refuse it for folders.
  } finally {
    closeSync(fd);
  }
}

function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new SuiteError("ERR_DISK", "the journal of the campaign cannot be written", {
      where: file,
      mend: "check that the folder is writable and has room, then start the same command again",
      cause,
    });
  }
}
