/** Which files a campaign is about: every `*.zip` under a folder, in one order on every machine. */
import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  createReadStream,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
} from "node:fs";
import path from "node:path";
import { byCodeUnit, SuiteError } from "../../core/model/index.js";

/** Why a file cannot be read at all. A folder that cannot be listed stands as a line of its own. */
export type Obstacle = "link" | "not_a_file" | "unreadable";

export interface FoundFile {
  /** Path below the folder, with `/`: the same wherever the folder stands. */
  readonly file: string;
  readonly path: string;
  /** In bytes, as listed. */
  readonly size: number;
  readonly obstacle: Obstacle | null;
}

const MAX_FILES = 100_000;

/**
 * Sorted by code unit. Links are not followed: one named `*.zip` is told as such, one that leads to a folder is passed over.
 * Throws SuiteError ERR_USAGE when there are too many.
 */
export function findBundles(folder: string): FoundFile[] {
  const found: FoundFile[] = [];
  const open = [""];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    const entries = list(path.join(folder, below));
    if (!entries) {
      found.push({ file: below || ".", path: path.join(folder, below), size: 0, obstacle: "unreadable" });
      continue;
    }
    for (const entry of entries) {
      const file = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) open.push(file);
      else if (/\.zip$/i.test(entry.name)) found.push(facts(file, path.join(folder, file)));
    }
    if (found.length > MAX_FILES) {
      throw new SuiteError("ERR_USAGE", `the folder holds more than ${MAX_FILES} bundles`, {
        where: folder,
        mend: "verify it part by part, each with an --out of its own",
      });
    }
  }
  return found.sort((a, b) => byCodeUnit(a.file, b.file));
}

function list(folder: string): Dirent[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return null;
  }
}

function facts(file: string, full: string): FoundFile {
  try {
    const stat = lstatSync(full);
    const obstacle = stat.isSymbolicLink() ? "link" : stat.isFile() ? null : "not_a_file";
    return { file, path: full, size: stat.size, obstacle };
  } catch {
    return { file, path: full, size: 0, obstacle: "unreadable" };
  }
}

/**
 * Opens a plain file for reading, also when something else took its name since it was listed: a pipe would be waited for without
 * end. Throws.
 */
export function openPlain(file: string): number {
  // Windows knows neither flag.
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants> & { O_RDONLY: number };
  const fd = openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw new Error("not a plain file");
}

/** SHA-256 of a file; null when it cannot be read. */
export async function digestOf(file: string): Promise<string | null> {
  try {
    const hash = createHash("sha256");
    for await (const chunk of createReadStream("", { fd: openPlain(file) })) hash.update(chunk as Buffer);
    return hash.digest("hex");
  } catch {
    return null;
  }
}
