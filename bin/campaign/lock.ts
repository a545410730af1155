/** One campaign at a time on one folder, so that two of them do not write one journal. */
import { SuiteError } from "../../core/model/index.js";
import { type Lock, takeOwnerLock } from "../owner-lock.js";

/** Throws SuiteError ERR_CAMPAIGN when another campaign works there, ERR_DISK when the folder takes no file. */
export function takeLock(file: string): Lock {
  return takeOwnerLock(file, {
    busy: (where, pid, host) =>
      new SuiteError("ERR_CAMPAIGN", `another campaign works on this folder (process ${pid} on ${host})`, {
        where,
        mend: "wait until it has ended, or give another folder with --out; if that machine is no more, remove the file",
      }),
    lost: (where) =>
      new SuiteError("ERR_CAMPAIGN", "another campaign took over the folder", {
        where,
        mend: "what was verified is kept: wait until the other has ended, then start the same command again",
      }),
    unwritable: (where, cause) =>
      new SuiteError("ERR_DISK", "the folder of the campaign cannot be written", {
        where,
        mend: "check that it is writable and has room, or give another with --out",
        cause,
      }),
  });
}
