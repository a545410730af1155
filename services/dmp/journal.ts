/** A file of JSON lines that a restart reads again. A disk that takes nothing more ends as a SuiteError, never as a stack. */
import { appendFileSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { SuiteError } from "../../core/model/index.js";

export interface Journal<T> {
  /** What earlier starts wrote, in order. */
  readonly lines: readonly T[];
  /** Returns when the line is handed to the file. Throws SuiteError ERR_DISK. */
  append(line: T): void;
  clear(): void;
}

/**
 * Opens the journal of a path whose folder exists. `read` validates a line of an earlier start: null drops it, as a line
 * that another version of the mock wrote. The rest of a line cut by a crash is taken off, or the next one would be lost.
 */
export function openJournal<T>(file: string, read: (value: unknown) => T | null): Journal<T> {
  const lines: T[] = [];
  onDisk("the state of the DMP mock cannot be read", file, () => {
    const bytes = readIfThere(file);
    const whole = bytes.lastIndexOf(0x0a) + 1;
    for (const line of bytes.subarray(0, whole).toString("utf8").split("\n")) {
      const value = line === "" ? null : read(parse(line));
      if (value !== null) lines.push(value);
    }
    if (whole < bytes.length) truncateSync(file, whole);
  });
  return {
    lines,
    append(line) {
      onDisk("the state of the DMP mock cannot be written", file, () =>
        appendFileSync(file, `${JSON.stringify(line)}\n`),
      );
    },
    clear() {
      onDisk("the state of the DMP mock cannot be written", file, () => rmSync(file, { force: true }));
    },
  };
}

/** Runs a disk access; whatever error it gives becomes a SuiteError ERR_DISK that names the place. */
export function onDisk<T>(what: string, where: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new SuiteError("ERR_DISK", what, {
      where: `${where} (${code})`,
      mend: "free some space, check the rights on the folder, then start again",
      cause: error,
    });
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
