/** Processes as Linux tells of them. */
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** True for one that runs; one that only waits to be buried does not. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return !["Z", "X"].includes(stat.slice(stat.lastIndexOf(")") + 2).charAt(0));
  } catch {
    return false;
  }
}

/** Resolves when none of them runs any more; the test's own timeout is the bound. */
export async function ended(...pids: number[]): Promise<void> {
  while (pids.some(runs)) await pause(20);
}

export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim();
  return text === "" ? [] : text.split(" ").map(Number);
}
