/**
 * A user's own checkout of the agency's public rules for CDA contents, read into memory once: what is judged with is what the digest
 * names, whatever happens on the disk meanwhile. Only the files that rules are made of are read; nothing is followed, run or written.
 */
import { createHash } from "node:crypto";
import { type Dirent, closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { byCodeUnit, type OfficialTreeFacts, SuiteError } from "../../core/model/index.js";
import type { RuleFiles } from "../../protocols/schematron/index.js";

export const XSD_ENTRY = "infrastructure/cda/CDA_extended.xsd";

export interface OfficialTree {
  readonly facts: OfficialTreeFacts;
  readonly files: RuleFiles;
  /** Terminologies and other files left out for their size; their digest counts all the same. */
  readonly tooLarge: readonly string[];
}

/** The rooms of the tree that rules are made of. */
const ROOMS = ["schematrons", "jeuxDeValeurs", "infrastructure"];
/** The agency's engine and what it leaves behind: not rules. */
const ASIDE = new Set(["schematrons/moteur", "schematrons/rapports"]);
/** Style sheets are not among them: the agency's engine writes its compiled ones beside the schematrons. */
const KINDS = /\.(?:sch|xml|xsd|dtd|rdf)$/i;

const MAX_DEPTH = 16;
const MAX_FILES = 20_000;
/** Largest file kept, in bytes; a terminology above that is hashed and not served. */
const MAX_FILE = 32 * 1024 * 1024;
/** Of all files kept together. The public tree has some 35 MB. */
const MAX_TOTAL = 256 * 1024 * 1024;
/** Of all files hashed together. */
const MAX_HASHED = 4 * 1024 * 1024 * 1024;

/** Throws SuiteError ERR_OFFICIAL. */
export function openOfficialTree(folder: string): OfficialTree {
  const root = rootOf(folder);
  const names = namesIn(root);
  const kept = new Map<string, Uint8Array>();
  const tooLarge: string[] = [];
  const digests: string[] = [];
  let total = 0;
  let hashed = 0;
  for (const name of names) {
    const file = path.join(root, name.onDisk);
    const size = sizeOf(file);
    hashed += size;
    if (hashed > MAX_HASHED) refuseSize(folder);
    if (size > MAX_FILE) {
      tooLarge.push(name.path);
      digests.push(`${digestOf(file)}  ${name.path}\n`);
      continue;
    }
    const bytes = readWhole(file);
    total += bytes.length;
    if (total > MAX_TOTAL) refuseSize(folder);
    kept.set(name.path, bytes);
    digests.push(`${createHash("sha256").update(bytes).digest("hex")}  ${name.path}\n`);
  }
  if (!kept.has(XSD_ENTRY) || ![...kept.keys()].some((name) => /^schematrons\/[^/]+\.sch$/.test(name))) {
    refuseKind(folder);
  }
  return {
    facts: {
      digest: createHash("sha256").update(digests.join("")).digest("hex"),
      commit: commitOf(root),
      files: names.length,
    },
    files: { read: (name) => kept.get(name) ?? null, paths: () => kept.keys() },
    tooLarge,
  };
}

function rootOf(folder: string): string {
  let root: string;
  let isFolder: boolean;
  try {
    root = realpathSync(folder);
    isFolder = statSync(root).isDirectory();
  } catch (cause) {
    throw new SuiteError("ERR_OFFICIAL", "the folder of the official rules cannot be read", {
      where: path.resolve(folder),
      mend: "give the folder of your own checkout of the agency's rules (docs/official-rules.md)",
      cause,
    });
  }
  return isFolder ? root : refuseKind(folder);
}

function refuseKind(folder: string): never {
  throw new SuiteError("ERR_OFFICIAL", "this is not a checkout of the agency's rules for CDA contents", {
    where: path.resolve(folder),
    mend: "give the folder that holds infrastructure/cda/CDA_extended.xsd and schematrons/ (docs/official-rules.md)",
  });
}

function refuseSize(folder: string): never {
  throw new SuiteError("ERR_OFFICIAL", "the official rules hold more files or bytes than are read", {
    where: path.resolve(folder),
    mend: "give a checkout of the public repository, without other files in it",
  });
}

interface Name {
  /** As rules write it: POSIX, composed accents. */
  readonly path: string;
  readonly onDisk: string;
}

/** Files of the rooms, sorted by name. */
function namesIn(root: string): readonly Name[] {
  const found: Name[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const entry of entriesOf(root, folder)) {
      const onDisk = `${folder}/${entry.name}`;
      const posix = onDisk.normalize("NFC");
      if (entry.isDirectory()) {
        if (ASIDE.has(posix) || entry.name.startsWith(".")) continue;
        if (depth >= MAX_DEPTH) refuseSize(root);
        walk(onDisk, depth + 1);
        continue;
      }
      if (entry.isSymbolicLink()) {
        throw new SuiteError("ERR_OFFICIAL", "a link stands among the official rules", {
          where: path.join(root, onDisk),
          mend: "links are not followed: give a plain checkout",
        });
      }
      if (!entry.isFile() || !KINDS.test(entry.name)) continue;
      found.push({ path: posix, onDisk });
      if (found.length > MAX_FILES) refuseSize(root);
    }
  };
  for (const room of ROOMS) {
    const facts = statSync(path.join(root, room), { throwIfNoEntry: false });
    if (facts?.isDirectory()) walk(room, 1);
  }
  return found.sort((a, b) => byCodeUnit(a.path, b.path));
}

function entriesOf(root: string, folder: string): readonly Dirent[] {
  try {
    return readdirSync(path.join(root, folder), { withFileTypes: true });
  } catch (cause) {
    return unreadable(path.join(root, folder), cause);
  }
}

function unreadable(file: string, cause: unknown): never {
  throw new SuiteError("ERR_OFFICIAL", "a file of the official rules cannot be read", {
    where: file,
    mend: "check its rights; the whole tree must be readable, or its digest would say nothing",
    cause,
  });
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (cause) {
    return unreadable(file, cause);
  }
}

function readWhole(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    return unreadable(file, cause);
  }
}

/** SHA-256 of a file too large to be held. */
function digestOf(file: string): string {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(1024 * 1024);
  try {
    const handle = openSync(file, "r");
    try {
      for (;;) {
        const read = readSync(handle, buffer);
        if (read === 0) return hash.digest("hex");
        hash.update(buffer.subarray(0, read));
      }
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    return unreadable(file, cause);
  }
}

/** Commit that a git checkout stands on; null where there is none to be read. git itself is not called. */
function commitOf(root: string): string | null {
  const read = (name: string): string => {
    try {
      const file = path.join(root, ".git", name);
      return statSync(file).size > 4 * 1024 * 1024 ? "" : readFileSync(file, "utf8");
    } catch {
      return "";
    }
  };
  const head = read("HEAD").trim();
  if (/^[0-9a-f]{40}$/.test(head)) return head;
  const name = /^ref: (refs\/[A-Za-z0-9._/-]{1,200})$/.exec(head)?.[1];
  if (name === undefined || name.includes("..")) return null;
  const loose = read(name).trim();
  if (/^[0-9a-f]{40}$/.test(loose)) return loose;
  const packed = read("packed-refs").split("\n");
  return packed.find((line) => line.slice(41) === name && /^[0-9a-f]{40} /.test(line))?.slice(0, 40) ?? null;
}
