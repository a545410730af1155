/** The folder of a dossier: dossier.yaml and the files beside it, read, hashed and written. */
import { createHash } from "node:crypto";
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  readSync,
  realpathSync,
  rmdirSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { type Document, isMap, isSeq, parseDocument } from "yaml";
import { SuiteError } from "../../core/model/index.js";
import { type DossierEntry, type DossierFile, type DossierState } from "../../core/dossier/index.js";
import type { Schemas } from "../../core/plan/index.js";
import { type Problem, refuse } from "../../core/plan/problems.js";
import { readYaml, type YamlFile } from "../../core/plan/yaml.js";
import { writeFileAtomic } from "../run-folder.js";

export const DOSSIER_YAML = "dossier.yaml";

export interface OpenedDossier {
  /** Absolute path of the folder. */
  readonly folder: string;
  readonly file: DossierFile;
  readonly yaml: YamlFile;
  /** dossier.yaml as it was read. */
  readonly text: string;
  /** SHA-256 of the files that are there, by path as written. */
  readonly digests: ReadonlyMap<string, string>;
}

export function dossierFile(folder: string): string {
  return path.join(folder, DOSSIER_YAML);
}

/** Throws SuiteError ERR_DOSSIER: not there, not valid, or a file outside the folder. */
export function openDossier(folder: string, schemas: Schemas): OpenedDossier {
  const file = dossierFile(folder);
  const text = readText(file);
  const yaml = readYaml(text, path.relative("", file) || file);
  refuse("ERR_DOSSIER", schemas.problems("dossier", yaml));
  const dossier = yaml.value as DossierFile;
  refuse("ERR_DOSSIER", problemsIn(dossier, folder, yaml));
  const paths = new Set((dossier.proofs ?? []).flatMap((entry) => entry.files.map((one) => one.path)));
  const digests = new Map<string, string>();
  for (const one of paths) {
    const digest = digestOf(path.join(folder, one));
    if (digest !== null) digests.set(one, digest);
  }
  return { folder, file: dossier, yaml, text, digests };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new SuiteError("ERR_DOSSIER", "there is no dossier here", {
      where: file,
      mend: "make one with `segur dossier init`, or correct `dossier` in segur.yaml",
      cause,
    });
  }
}

/** Files stand in the folder, so that the whole can be moved and handed on. */
function problemsIn(dossier: DossierFile, folder: string, yaml: YamlFile): Problem[] {
  const inside = (file: string): boolean => {
    if (path.isAbsolute(file) || file.includes("\\") || file.split("/").includes("..")) return false;
    try {
      const real = path.relative(realpathSync(folder), realpathSync(path.join(folder, file)));
      return !real.startsWith("..") && !path.isAbsolute(real);
    } catch {
      // Not there: a missing file is a state of the dossier, not a mistake in it.
      return true;
    }
  };
  const outside = (dossier.proofs ?? []).flatMap((entry, number) =>
    entry.files.flatMap((file, index) =>
      inside(file.path)
        ? []
        : [
            {
              what: `the file "${file.path}" is not in the folder of the dossier`,
              where: yaml.where(["proofs", number, "files", index, "path"]),
              mend: "Put it in with `segur dossier add`.",
            },
          ],
    ),
  );
  const rows = new Set<string>();
  const twice = (dossier.notApplicable ?? []).flatMap(({ row }, number) =>
    rows.size === rows.add(row).size
      ? [
          {
            what: `the row "${row}" stands twice`,
            where: yaml.where(["notApplicable", number, "row"]),
            mend: "Keep one of them.",
          },
        ]
      : [],
  );
  return [...outside, ...twice];
}

/** Null when it is no plain file, or cannot be read. Read in pieces: a video may be large. */
export function digestOf(file: string): string | null {
  let handle: number;
  try {
    if (!statSync(file).isFile()) return null;
    handle = openSync(file, "r");
  } catch {
    return null;
  }
  try {
    const hash = createHash("sha256");
    const piece = Buffer.alloc(1 << 20);
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece))
      hash.update(piece.subarray(0, read));
    return hash.digest("hex");
  } catch {
    return null;
  } finally {
    closeSync(handle);
  }
}

export function stateOf(dossier: OpenedDossier, productVersion: string, on: string): DossierState {
  return {
    absolute: (file) => path.join(dossier.folder, file),
    digests: dossier.digests,
    productVersion,
    on,
  };
}

/**
 * Copies a file into the dossier under a name that is free, and gives its path there; `fresh`: the same bytes were not there before.
 * Throws SuiteError ERR_DISK.
 */
export function takeIn(
  folder: string,
  source: string,
  chapter: string,
  name: string,
): { readonly file: string; readonly fresh: boolean } {
  const { name: stem, ext } = path.parse(name);
  for (let number = 1; ; number++) {
    const candidate = `${chapter}/${stem}${number === 1 ? "" : `-${number}`}${ext}`;
    const target = path.join(folder, candidate);
    const there = digestOf(target);
    if (there !== null && there === digestOf(source)) return { file: candidate, fresh: false };
    try {
      if (statSync(target, { throwIfNoEntry: false })) continue;
      mkdirSync(path.dirname(target), { recursive: true });
      copyFileSync(source, target);
    } catch (cause) {
      throw new SuiteError("ERR_DISK", "a file cannot be copied into the dossier", {
        where: target,
        mend: "check that the folder is writable and has room",
        cause,
      });
    }
    return { file: candidate, fresh: true };
  }
}

/** Takes back a file that was copied in and that no entry names, and its folder when nothing else is in it. */
export function dropFile(folder: string, file: string): void {
  const target = path.join(folder, file);
  rmSync(target, { force: true });
  const chapter = path.dirname(target);
  if (readdirSync(chapter).length === 0) rmdirSync(chapter);
}

/** Called under its lock: places in the lists, and what is said of files, are those of `dossier`. Throws SuiteError ERR_FILE. */
export function demandUnchanged(dossier: OpenedDossier): void {
  const file = dossierFile(dossier.folder);
  if (readText(file) === dossier.text) return;
  throw new SuiteError("ERR_FILE", "another command has changed this file in the meantime", {
    where: file,
    mend: "nothing was written; give the command again",
  });
}

/** Changes dossier.yaml in place: comments and order of what is not touched stay. What would not be read again is not written. */
export function editDossier(dossier: OpenedDossier, schemas: Schemas, edit: (document: Document) => void): void {
  demandUnchanged(dossier);
  const file = dossierFile(dossier.folder);
  const document = parseDocument(dossier.text, { version: "1.2" });
  edit(document);
  const lines = document.toString({ lineWidth: 120 });
  // As an editor of another system wrote them: else every line would be another to whoever compares versions.
  const text = /^[^\n]*\r\n/.test(dossier.text) ? lines.replace(/\r?\n/g, "\r\n") : lines;
  const yaml = readYaml(text, file);
  refuse("ERR_DOSSIER", schemas.problems("dossier", yaml));
  refuse("ERR_DOSSIER", problemsIn(yaml.value as DossierFile, dossier.folder, yaml));
  writeFileAtomic(file, text);
}

export function addEntry(document: Document, entry: DossierEntry): void {
  addTo(document, "proofs", entry);
}

export function addTo(document: Document, list: "proofs" | "notApplicable", value: object): void {
  const items = document.get(list);
  if (!isSeq(items)) document.set(list, document.createNode([]));
  else if (items.items.length === 0) items.flow = false;
  document.addIn([list], document.createNode(value));
}

/** Adds a review to the entry at a place of a list. */
export function addReview(document: Document, list: "proofs" | "notApplicable", at: number, review: object): void {
  const entry = document.getIn([list, at]);
  if (!isMap(entry)) return;
  if (!isSeq(entry.get("reviews"))) entry.set("reviews", document.createNode([]));
  document.addIn([list, at, "reviews"], document.createNode(review));
}
