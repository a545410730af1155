/** `node dist/tests/hostile/write-page.js`: writes docs/hostile-bundles.md. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../../core/model/index.js";
import { hostilePage } from "./page.js";

writeFileSync(path.join(packageRoot(import.meta.url), "docs", "hostile-bundles.md"), hostilePage());
