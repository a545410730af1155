/** Where the package's own files (specs, docs of checks, templates, fixtures) lie, in a clone or installed. */
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Nearest folder upwards that holds package.json and specs/. */
export function packageRoot(from: string = import.meta.url): string {
  let folder = path.dirname(fileURLToPath(from));
  for (;;) {
    if (existsSync(path.join(folder, "package.json")) && existsSync(path.join(folder, "specs"))) return folder;
    const up = path.dirname(folder);
    if (up === folder) throw new Error("the package root was not found");
    folder = up;
  }
}
