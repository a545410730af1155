/** One process at a time drives a run: `segur run --continue` on a run that still goes on would write into its recording. */
import { SuiteError } from "../core/model/index.js";
import { type Lock, takeOwnerLock } from "./owner-lock.js";
import type { RunFolder } from "./run-folder.js";

/** Throws SuiteError ERR_RUN_FOLDER when another process drives this run, ERR_DISK when the folder takes no file. */
export function lockRun(folder: RunFolder): Lock {
  return takeOwnerLock(folder.file("run.lock"), {
    busy: (where, pid, host) =>
      new SuiteError("ERR_RUN_FOLDER", `this run is still going on (process ${pid} on ${host})`, {
        where,
        mend: "wait until it has ended, or end that process; if that machine is no more, remove the file",
      }),
    lost: (where) =>
      new SuiteError("ERR_RUN_FOLDER", "another process took over the folder of the run", {
        where,
        mend: "start a new run",
      }),
    unwritable: (where, cause) =>
      new SuiteError("ERR_DISK", "a file of the run cannot be written", {
        where,
        mend: "check that the folder is writable and has room",
        cause,
      }),
  });
}
