/** Paths inside a rule tree: relative references, never outside the tree, letter case ignored only when nothing else fits. */
import type { RuleFiles } from "./types.js";

/** Paths by lower case, per tree: asked for only when an exact name is missing. */
const lowered = new WeakMap<RuleFiles, Map<string, string>>();

function byLowerCase(files: RuleFiles): Map<string, string> {
  let map = lowered.get(files);
  if (!map) {
    map = new Map();
    // Sorted, so that of two names differing by case the same one is taken on every machine.
    for (const path of [...files.paths()].sort()) {
      const key = path.toLowerCase();
      if (!map.has(key)) map.set(key, path);
    }
    lowered.set(files, map);
  }
  return map;
}

/** Path of `reference` seen from the file `from`; null when it is no relative path or leaves the tree. */
export function resolvePath(from: string, reference: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(reference);
  } catch {
    return null;
  }
  if (decoded.startsWith("/") || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(decoded) || /[\\\0]/.test(decoded)) return null;
  const parts = from.split("/").slice(0, -1);
  for (const part of decoded.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

/** The path as the tree spells it, its bytes with it; null when it is not there in any letter case. */
export function findFile(files: RuleFiles, path: string): { path: string; bytes: Uint8Array } | null {
  const exact = files.read(path);
  if (exact) return { path, bytes: exact };
  const other = byLowerCase(files).get(path.toLowerCase());
  if (other === undefined || other === path) return null;
  const bytes = files.read(other);
  return bytes ? { path: other, bytes } : null;
}
