/** Files that people keep: written whole or not at all, and never over another one unasked. */
import { randomBytes } from "node:crypto";
import { linkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { SuiteError } from "../core/model/index.js";

/** Throws SuiteError ERR_FILE. `mode`: as `chmod`, for private keys. */
export function writeNewFile(file: string, content: Uint8Array | string, force: boolean, mode = 0o644): void {
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, content, { flag: "wx", mode });
    // A link fails where the name is taken, so that two writers cannot both believe they made the file.
    if (force) renameSync(temporary, file);
    else linkSync(temporary, file);
  } catch (cause) {
    const taken = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new SuiteError("ERR_FILE", taken ? "the file is already there" : "the file cannot be written", {
      where: file,
      mend: taken ? "give another name, or --force to replace it" : "check that the folder exists and is writable",
      cause,
    });
  } finally {
    rmSync(temporary, { force: true });
  }
}
