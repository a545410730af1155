/** Documents that rules read (`doc`, `document`), parsed once per rule tree and shared by its schematrons. */
import { XmlError } from "../xml.js";
import { findFile, resolvePath } from "./files.js";
import { parseTree, type STree } from "./tree.js";
import type { RuleFiles, RunErrorCode } from "./types.js";

/** A document of the rules that cannot be had: what the official engine stops at. */
export class DocumentError extends Error {
  readonly code: RunErrorCode;
  constructor(code: RunErrorCode, message: string) {
    super(message);
    this.name = "DocumentError";
    this.code = code;
  }
}

const caches = new WeakMap<RuleFiles, Map<string, STree | DocumentError>>();

/** `uri` is relative to the folder of `entry`, where the official engine's compiled style sheet stands. */
export function loadDocument(files: RuleFiles, entry: string, uri: string): STree {
  const path = resolvePath(entry, uri);
  if (path === null) throw new DocumentError("missing_document", `"${uri}" is not a path inside the tree`);
  let cache = caches.get(files);
  if (!cache) caches.set(files, (cache = new Map()));
  let known = cache.get(path);
  if (!known) {
    known = read(files, path);
    cache.set(path, known);
  }
  if (known instanceof DocumentError) throw known;
  return known;
}

function read(files: RuleFiles, path: string): STree | DocumentError {
  const found = findFile(files, path);
  if (!found) return new DocumentError("missing_document", `"${path}" is not in the tree`);
  try {
    return parseTree(found.bytes);
  } catch (error) {
    if (error instanceof XmlError) return new DocumentError("bad_document", `"${path}": ${error.message}`);
    throw error;
  }
}

/** Whether the document is there and readable. */
export function hasDocument(files: RuleFiles, entry: string, uri: string): boolean {
  try {
    loadDocument(files, entry, uri);
    return true;
  } catch (error) {
    if (error instanceof DocumentError) return false;
    throw error;
  }
}
