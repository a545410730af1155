/** Which processes run, as the system tells: `/proc` where there is one, else `ps`. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

interface Process {
  readonly pid: number;
  readonly parent: number;
  /** First letter of its state; `Z` only waits to be buried. */
  readonly state: string;
}

function processes(): Process[] {
  if (existsSync("/proc/self/stat")) {
    return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (fromProc(Number(name)) ?? []) : []));
  }
  const text = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat="], { encoding: "utf8" });
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [pid = "", parent = "", state = ""] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), state: state.charAt(0) };
    });
}

/** Null when it ended meanwhile. */
function fromProc(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", parent = ""] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid, parent: Number(parent), state };
  } catch {
    return null;
  }
}

/** Resolves when none of them runs any more; the test's own timeout is the bound. */
export async function ended(...pids: number[]): Promise<void> {
  const gone = (): boolean => !processes().some(({ pid, state }) => pids.includes(pid) && !["Z", "X"].includes(state));
  while (!gone()) await pause(20);
}

export function childrenOf(parent: number): number[] {
  return processes().flatMap((one) => (one.parent === parent ? [one.pid] : []));
}
