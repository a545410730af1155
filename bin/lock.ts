/** One writer at a time of a file that is read, added to and replaced. */
import { closeSync, openSync, rmSync } from "node:fs";
import { SuiteError } from "../core/model/index.js";

/** Runs `act` while `FILE.lock` is held. Throws SuiteError ERR_FILE when somebody else holds it, or it cannot be made. */
export function withLock<T>(file: string, act: () => T): T {
  const lock = `${file}.lock`;
  try {
    closeSync(openSync(lock, "wx"));
  } catch (cause) {
    const taken = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new SuiteError("ERR_FILE", taken ? "another command is writing this file" : "the file cannot be written", {
      where: taken ? lock : file,
      mend: taken
        ? "wait for it; if none is under way, delete this file"
        : "check that the folder exists and is writable",
      cause,
    });
  }
  try {
    return act();
  } finally {
    rmSync(lock, { force: true });
  }
}
