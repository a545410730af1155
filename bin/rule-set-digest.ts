/** Build step: writes dist/rule-set.json. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { packageRoot } from "../core/model/index.js";
import { computeRuleSet } from "./rule-set.js";

const root = packageRoot(import.meta.url);
writeFileSync(path.join(root, "dist", "rule-set.json"), `${JSON.stringify(computeRuleSet(root))}\n`);
