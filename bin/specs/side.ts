/**
 * One side of `segur specs diff`: a perimeter of the suite, of a rule pack, or of a draft that nobody signed yet. Nothing is
 * decided with it, so an unsigned folder is read too; what it holds is validated as everywhere.
 */
import { existsSync, lstatSync, readFileSync } from "node:fs";
import path from "node:path";
import { allChecks } from "../../checks/index.js";
import { type Perimeter, type RulePackFacts, SuiteError } from "../../core/model/index.js";
import { loadSpecs, openSchemas, type Specs } from "../../core/plan/index.js";
import { nearest, refuse } from "../../core/plan/problems.js";
import { readYaml } from "../../core/plan/yaml.js";
import { RULES_CARD, RULES_ENVELOPE, rulePackDigest, rulePackManifest } from "../../core/seal/rule-pack.js";
import { demandRuleSet, loadRulePack, overlayOf, readCard, readRulesFolder } from "../rule-pack.js";
import { effectiveDigest, loadRuleSet } from "../rule-set.js";
import type { Suite } from "../suite.js";

/** A perimeter file is read up to this many bytes; ours have some ten thousand. */
const MAX_PERIMETER_FILE = 500_000;

export interface Side {
  /** As the user named it. */
  readonly named: string;
  readonly perimeter: Perimeter;
  /** The suite with the rule pack of this side over it, if there is one. `pack` stays null where nobody signed it. */
  readonly suite: Suite;
  readonly signed: boolean;
}

/**
 * `named`: id of a perimeter of `own`; folder of a rule pack or draft, with `#id` where it holds several perimeters; YAML file of
 * a perimeter. Throws SuiteError ERR_USAGE, ERR_RULES or ERR_SPEC.
 */
export function openSide(named: string, own: Suite): Side {
  const known = perimeterOf(own.specs, named);
  if (known) return { named, perimeter: known, suite: own, signed: true };
  const [, place = named, wanted = null] = /^(.*)#([^#/\\]+)$/.exec(named) ?? [];
  const facts = lstatSync(place, { throwIfNoEntry: false });
  if (facts?.isDirectory()) return packSide({ named, folder: place, wanted }, own);
  if (facts?.isFile()) return fileSide(named, place, own);
  const ids = own.specs.perimeters.map(({ id }) => id);
  const near = nearest(named, ids);
  throw new SuiteError("ERR_USAGE", `there is no perimeter, folder or file ${named}`, {
    where: path.resolve(place),
    mend: near === undefined ? `the suite has: ${ids.join(", ")}` : `did you mean ${near}?`,
  });
}

interface PackPlace {
  readonly named: string;
  readonly folder: string;
  /** Id of the perimeter; null = the only one. */
  readonly wanted: string | null;
}

function packSide({ named, folder, wanted }: PackPlace, own: Suite): Side {
  const opened = openPack(folder, own);
  const brought = opened.suite.specs.overlaid?.filter((item) => item.kind === "perimeter").map(({ id }) => id) ?? [];
  const id = wanted ?? (brought.length === 1 ? brought[0] : undefined);
  if (id === undefined) {
    throw new SuiteError(
      "ERR_USAGE",
      brought.length === 0 ? "the rule pack brings no perimeter" : "the rule pack brings several perimeters",
      {
        where: folder,
        mend:
          brought.length === 0
            ? "name one of the suite: FOLDER#ID"
            : `name one: ${brought.map((one) => `${folder}#${one}`).join(", ")}`,
      },
    );
  }
  const perimeter = perimeterOf(opened.suite.specs, id);
  if (perimeter) return { named, perimeter, ...opened };
  throw new SuiteError("ERR_USAGE", `the rule pack has no perimeter ${id}`, {
    where: folder,
    mend: `name one: ${brought.map((one) => `${folder}#${one}`).join(", ")}`,
  });
}

/** A perimeter file inside a pack is that pack's; alone, its rows are those of the suite. */
function fileSide(named: string, file: string, own: Suite): Side {
  const above = path.dirname(path.dirname(path.resolve(file)));
  const inPack =
    path.basename(path.dirname(path.resolve(file))) === "perimeters" && existsSync(path.join(above, RULES_CARD));
  const perimeter = readPerimeter(file, own);
  if (inPack) return packSide({ named, folder: above, wanted: perimeter.id }, own);
  const known = new Set(own.specs.requirements.map(({ id }) => id));
  const missing = perimeter.groups.flatMap(({ rows }) => rows).find((id) => !known.has(id));
  if (missing === undefined) return { named, perimeter, suite: own, signed: false };
  throw new SuiteError("ERR_USAGE", `there is no row "${missing}"`, {
    where: file,
    mend: "give the folder of the rule pack that brings this row",
  });
}

function readPerimeter(file: string, own: Suite): Perimeter {
  const schemas = openSchemas(path.join(own.root, "specs", "schemas"));
  const size = lstatSync(file).size;
  if (size > MAX_PERIMETER_FILE) {
    throw new SuiteError("ERR_FILE", "this is not the file of a perimeter", {
      where: file,
      mend: "give the id of a perimeter, the folder of a rule pack, or the YAML file of a perimeter",
    });
  }
  const yaml = readYaml(readFileSync(file, "utf8"), file);
  refuse("ERR_RULES", schemas.problems("perimeter", yaml));
  return yaml.value as Perimeter;
}

function openPack(folder: string, own: Suite): { readonly suite: Suite; readonly signed: boolean } {
  const schemas = openSchemas(path.join(own.root, "specs", "schemas"));
  const ruleSet = loadRuleSet(own.root);
  const signed = existsSync(path.join(folder, RULES_ENVELOPE));
  if (signed) {
    const pack = loadRulePack(folder, schemas);
    demandRuleSet(folder, pack.card, ruleSet);
    const specs = loadSpecs(own.root, { checks: allChecks, overlay: pack.overlay });
    return {
      suite: { ...own, specs, ruleSet: effectiveDigest(ruleSet, pack.facts.digest), rules: pack.facts, pack },
      signed,
    };
  }
  const files = readRulesFolder(folder);
  const card = readCard(folder, files, schemas);
  demandRuleSet(folder, card, ruleSet);
  const digest = rulePackDigest(rulePackManifest(card, files));
  const rules: RulePackFacts = { name: card.name, version: card.version, digest };
  const specs = loadSpecs(own.root, { checks: allChecks, overlay: overlayOf(folder, files) });
  return { suite: { ...own, specs, ruleSet: effectiveDigest(ruleSet, digest), rules, pack: null }, signed };
}

function perimeterOf(specs: Specs, id: string): Perimeter | undefined {
  return specs.perimeters.find((one) => one.id === id);
}
