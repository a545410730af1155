/** `npm run tables`: regenerates the coverage tables of docs/tables. The kill table comes from `npm run selftest`. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { coverageOf } from "./commands/coverage.js";
import { coverageTables } from "./coverage-tables.js";
import { openSuite } from "./suite.js";

const suite = openSuite();
const folder = path.join(suite.root, "docs", "tables");
mkdirSync(folder, { recursive: true });
const tables = coverageTables(coverageOf(suite, { list: true }), suite.specs.perimeters);
for (const [name, text] of tables) writeFileSync(path.join(folder, name), text);
