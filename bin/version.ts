/** Version of the tool, from its package.json. */
import { readFileSync } from "node:fs";
import path from "node:path";

export function toolVersion(root: string): string {
  const parsed = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version?: string };
  return parsed.version ?? "0";
}
