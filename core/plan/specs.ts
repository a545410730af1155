/** Loads specs/: rows, conditions, perimeters, scenarios. Everything is validated; all mistakes are told at once. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import {
  byCodeUnit,
  type CheckDef,
  type Condition,
  type Perimeter,
  type Requirement,
  type Scenario,
  SuiteError,
  type UnidentifiedRequirement,
} from "../model/index.js";
import { crossProblems } from "./cross-checks.js";
import { type Problem, refuse } from "./problems.js";
import { openSchemas, type SchemaName, type Schemas } from "./schema.js";
import { readYaml, type YamlFile } from "./yaml.js";

export interface Specs {
  /** Sorted by id. */
  readonly requirements: readonly Requirement[];
  /** Rows whose official id nobody has read: listed, no verdict. */
  readonly unidentified: readonly UnidentifiedRequirement[];
  readonly conditions: readonly Condition[];
  /** Sorted by id. */
  readonly perimeters: readonly Perimeter[];
  /** Sorted by id. */
  readonly scenarios: readonly Scenario[];
}

/** A thing read from YAML, with the file and the path it stands at, for the cross checks. */
export interface Sourced<T> {
  readonly item: T;
  readonly file: YamlFile;
  readonly at: readonly (string | number)[];
}

export interface LoadSpecsOptions {
  /** The registry; when given, check ids of rows and scenario ids of checks are verified too. */
  readonly checks?: readonly CheckDef[];
}

/** `root`: package root. Throws MistakesError ERR_SPEC with every mistake found. */
export function loadSpecs(root: string, options: LoadSpecsOptions = {}): Specs {
  const reader = new Reader(root);
  const rows: Sourced<Requirement | UnidentifiedRequirement>[] = [];
  const conditions: Sourced<Condition>[] = [];
  for (const name of reader.yamlFiles("specs/requirements")) {
    if (path.posix.basename(name) === "conditions.yaml") conditions.push(...reader.list<Condition>(name, "conditions"));
    else rows.push(...reader.list<Requirement | UnidentifiedRequirement>(name, "requirements").map(withSupports));
  }
  const perimeters = reader.yamlFiles("specs/perimeters").flatMap((name) => reader.one<Perimeter>(name, "perimeter"));
  const scenarios = reader.yamlFiles("specs/scenarios").flatMap((name) => reader.oneOrMore<Scenario>(name, "scenario"));
  const keys = {
    patients: new Set(reader.keys("fixtures/identities/patients.yaml", "patients")),
    professionals: new Set(reader.keys("fixtures/identities/professionals.yaml", "professionals")),
  };
  // Cross checks would only repeat, in harder words, what a broken shape already says.
  refuse("ERR_SPEC", reader.problems);
  const identified = rows.filter((row): row is Sourced<Requirement> => row.item.id !== null);
  refuse(
    "ERR_SPEC",
    crossProblems({ rows: identified, conditions, perimeters, scenarios, keys, checks: options.checks }),
  );
  return {
    requirements: identified.map((row) => row.item).sort(byId),
    unidentified: rows.flatMap((row) => (row.item.id === null ? [row.item] : [])),
    conditions: conditions.map((condition) => condition.item),
    perimeters: perimeters.map((perimeter) => perimeter.item).sort(byId),
    scenarios: scenarios.map((scenario) => scenario.item).sort(byId),
  };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return byCodeUnit(a.id, b.id);
}

function withSupports<T extends Requirement | UnidentifiedRequirement>(row: Sourced<T>): Sourced<T> {
  return { ...row, item: { ...row.item, supports: row.item.supports ?? [] } };
}

class Reader {
  readonly problems: Problem[] = [];
  private readonly root: string;
  private readonly schemas: Schemas;

  constructor(root: string) {
    this.root = root;
    this.schemas = openSchemas(path.join(root, "specs", "schemas"));
  }

  /** Relative names with `/`, sorted, of the YAML files under a folder; none when the folder is missing. */
  yamlFiles(folder: string): string[] {
    let entries: string[];
    try {
      entries = readdirSync(path.join(this.root, folder), { recursive: true, encoding: "utf8" });
    } catch {
      return [];
    }
    const names = entries
      .filter((name) => name.endsWith(".yaml"))
      .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);
    return names.sort(byCodeUnit);
  }

  list<T extends object>(name: string, schema: SchemaName): Sourced<T>[] {
    const file = this.read(name, schema);
    return file ? (file.value as T[]).map((item, index) => located(item, file, [index])) : [];
  }

  one<T extends object>(name: string, schema: SchemaName): Sourced<T>[] {
    const file = this.read(name, schema);
    return file ? [located(file.value as T, file, [])] : [];
  }

  /** A file that holds one item, or a list of them. */
  oneOrMore<T extends object>(name: string, schema: SchemaName): Sourced<T>[] {
    const file = readYaml(this.text(name), name);
    if (!Array.isArray(file.value)) return this.one<T>(name, schema);
    return file.value.flatMap((item: T, index) => {
      const found = this.schemas.problems(schema, file, [index]);
      this.problems.push(...found);
      return found.length > 0 ? [] : [located(item, file, [index])];
    });
  }

  keys(name: string, schema: SchemaName): string[] {
    const file = this.read(name, schema);
    return file ? (file.value as { key: string }[]).map((row) => row.key) : [];
  }

  private read(name: string, schema: SchemaName): YamlFile | null {
    const file = readYaml(this.text(name), name);
    const found = this.schemas.problems(schema, file);
    this.problems.push(...found);
    return found.length > 0 ? null : file;
  }

  private text(name: string): string {
    try {
      return readFileSync(path.join(this.root, name), "utf8");
    } catch (cause) {
      throw new SuiteError("ERR_SPEC", "a file of the suite cannot be read", {
        where: name,
        mend: "Install again.",
        cause,
      });
    }
  }
}

function located<T extends object>(item: T, file: YamlFile, at: readonly (string | number)[]): Sourced<T> {
  const origin = file.where(at).replace(/:\d+( \(.*\))?$/, "");
  return { item: { ...item, origin }, file, at };
}
