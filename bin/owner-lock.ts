/**
 * One process at a time on one folder. The lock is a file that names its owner; the lock of an owner that died is taken over, so
 * that what was killed goes on without a hand.
 */
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import type { SuiteError } from "../core/model/index.js";

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in the words of its system; null where it tells nothing. Tells a process from one that got its id. */
  readonly start: string | null;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

export interface Lock {
  /** Throws what `lost` makes when somebody took or removed the lock. */
  demand(): void;
  release(): void;
}

/** What is said when the lock cannot be had or kept: each folder has words of its own. */
export interface LockErrors {
  busy(file: string, pid: number, host: string): SuiteError;
  lost(file: string): SuiteError;
  unwritable(file: string, cause: unknown): SuiteError;
}

/** Throws what `busy` makes when another process works there, what `unwritable` makes when the folder takes no file. */
export function takeOwnerLock(file: string, errors: LockErrors): Lock {
  const own: Owner = {
    pid: process.pid,
    host: hostname(),
    start: startOf(process.pid),
    token: randomBytes(8).toString("hex"),
  };
  const held = (): boolean => readOwner(file)?.token === own.token;
  while (!place(file, own, errors)) {
    const owner = readOwner(file);
    if (owner && alive(owner)) throw errors.busy(file, owner.pid, owner.host);
    setAside(file, owner);
  }
  return {
    demand() {
      if (held()) return;
      throw errors.lost(file);
    },
    release() {
      if (held()) rmSync(file, { force: true });
    },
  };
}

/** True when the lock is ours now. A link fails where the name is taken, and the file is never there without its content. */
function place(file: string, owner: Owner, errors: LockErrors): boolean {
  const temporary = `${file}.${owner.token}`;
  try {
    writeFileSync(temporary, JSON.stringify(owner), { flag: "wx" });
    linkSync(temporary, file);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw errors.unwritable(file, cause);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Takes the lock of a dead owner away; gives it back when somebody else's stood there by now. */
function setAside(file: string, dead: Owner | null): void {
  const aside = `${file}.${randomBytes(8).toString("hex")}`;
  try {
    renameSync(file, aside);
    const found = readOwner(aside);
    if (found && found.token !== dead?.token) linkSync(aside, file);
  } catch {
    // Gone, or taken again: the next attempt sees what is there.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Null when there is no lock, or none that we wrote. */
function readOwner(file: string): Owner | null {
  try {
    const { pid, host, start, token } = JSON.parse(readFileSync(file, "utf8")) as Partial<Owner>;
    if (!Number.isSafeInteger(pid) || pid === undefined || pid <= 0) return null;
    if (typeof host !== "string" || typeof token !== "string") return null;
    return { pid, host, start: typeof start === "string" ? start : null, token };
  } catch {
    return null;
  }
}

function alive({ pid, host, start }: Owner): boolean {
  // Of a process on another machine nothing can be told: a person decides.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const now = startOf(pid);
  return start === null || now === null || now === start;
}

/** Boot of the machine and clock ticks since, as Linux tells them; null elsewhere. `ended`: it only waits to be buried. */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    // The second field is the program's name in brackets, and may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? "ended" : `${boot} ${fields[18] ?? ""}`;
  } catch {
    return null;
  }
}
