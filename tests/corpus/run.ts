/** `npm run test:corpus -- DIR`: tests on official and public sample files. Says plainly when they are not there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../core/model/index.js";

const [folder] = process.argv.slice(2);
if (!folder || !existsSync(path.join(folder, "SOURCES.md"))) {
  process.stderr.write(
    `test:corpus: no corpus at ${folder ?? "(no folder given)"}; give the folder that holds SOURCES.md and cda/, insi/, mtom/, xdm/, hl7v2/.\n`,
  );
  process.exit(2);
}
const root = packageRoot(import.meta.url);
const run = spawnSync(
  process.execPath,
  [
    path.join(root, "node_modules", "mocha", "bin", "mocha.js"),
    "--no-config",
    "--timeout",
    "120000",
    "--exit",
    "dist/tests/corpus/**/*.test.js",
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, SEGUR_CORPUS: path.resolve(folder) } },
);
process.exit(run.status ?? 1);
