/** Finds the broken cases: the sibling `x.broken.ts` of every check of the registry. */
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Broken } from "../../core/model/index.js";

/** Built checks, beside this file's build. */
const built = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "checks");

/** Throws when a check has no broken case, or its file speaks of another check. */
export async function brokenOf(check: string): Promise<Broken> {
  const [slice = "", name = ""] = check.split("/");
  const file = ["", "document", "lifecycle"]
    .map((room) => path.join(built, slice, room, `${name}.broken.js`))
    .find((candidate) => existsSync(candidate));
  if (!file) throw new Error(`${check} has no broken case`);
  const { default: broken } = (await import(pathToFileURL(file).href)) as { default: Broken };
  if (broken.check !== check) throw new Error(`${file} breaks ${broken.check}, not ${check}`);
  return broken;
}
