/** The command line called inside the test's process: the code under test is the one just built beside the test. */
import { main } from "../../bin/segur.js";
import type { CliResult } from "./cli.js";

/** One call at a time: what is printed meanwhile goes into the answer. */
export async function segurInProcess(args: readonly string[]): Promise<CliResult> {
  const printed = { stdout: "", stderr: "" };
  const streams = { stdout: process.stdout, stderr: process.stderr };
  const originals = { stdout: streams.stdout.write, stderr: streams.stderr.write };
  for (const name of ["stdout", "stderr"] as const) {
    streams[name].write = (text: string | Uint8Array): boolean => {
      printed[name] += typeof text === "string" ? text : Buffer.from(text).toString("utf8");
      return true;
    };
  }
  try {
    const code = await main(["node", "segur", ...args]);
    return { code, ...printed };
  } finally {
    for (const name of ["stdout", "stderr"] as const) streams[name].write = originals[name];
  }
}
