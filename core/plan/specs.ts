/**
 * Loads specs/: rows, conditions, perimeters, scenarios, and over them those of a rule pack. Everything is validated; all
 * mistakes are told at once.
 */
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
  /** What a rule pack brought, by kind then id; absent without one. */
  readonly overlaid?: readonly Overlaid[];
}

export interface Overlaid {
  readonly kind: "requirement" | "condition" | "perimeter" | "scenario";
  readonly id: string;
  /** True when it stands in the place of one of ours. */
  readonly replaces: boolean;
}

/** Texts of the YAML files of a rule pack, by name from its folder (`requirements/x.yaml`). */
export interface OverlayFiles {
  /** Shown before the names in messages. */
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
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
  /** A rule pack: its items take the place of ours of the same id, the others are added. Nothing is removed. */
  readonly overlay?: OverlayFiles;
}

/** `root`: package root. Throws MistakesError ERR_SPEC with every mistake found. */
export function loadSpecs(root: string, options: LoadSpecsOptions = {}): Specs {
  const schemas = openSchemas(path.join(root, "specs", "schemas"));
  const reader = new Reader(packageFiles(root), schemas);
  const packReader = options.overlay ? new Reader(packFiles(options.overlay), schemas) : null;
  const own = itemsOf(reader, "specs/");
  const pack = packReader ? itemsOf(packReader, "") : null;
  const keys = {
    patients: new Set(reader.keys("fixtures/identities/patients.yaml", "patients")),
    professionals: new Set(reader.keys("fixtures/identities/professionals.yaml", "professionals")),
  };
  // Cross checks would only repeat, in harder words, what a broken shape already says.
  refuse("ERR_SPEC", [...reader.problems, ...(packReader?.problems ?? []), ...(pack ? namelessRows(pack) : [])]);
  const { rows, conditions, perimeters, scenarios } = pack ? overlay(own, pack) : own;
  const identified = rows.filter(isIdentified);
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
    ...(pack ? { overlaid: overlaidBy(own, pack) } : {}),
  };
}

interface Items {
  readonly rows: readonly Sourced<Requirement | UnidentifiedRequirement>[];
  readonly conditions: readonly Sourced<Condition>[];
  readonly perimeters: readonly Sourced<Perimeter>[];
  readonly scenarios: readonly Sourced<Scenario>[];
}

/** `above`: what stands before the names of the three folders. */
function itemsOf(reader: Reader, above: "specs/" | ""): Items {
  const files = reader.names(`${above}requirements`);
  const isConditions = (name: string) => path.posix.basename(name) === "conditions.yaml";
  return {
    rows: files
      .filter((name) => !isConditions(name))
      .flatMap((name) => reader.list<Requirement | UnidentifiedRequirement>(name, "requirements").map(withSupports)),
    conditions: files.filter(isConditions).flatMap((name) => reader.list<Condition>(name, "conditions")),
    perimeters: reader.names(`${above}perimeters`).flatMap((name) => reader.one<Perimeter>(name, "perimeter")),
    scenarios: reader.names(`${above}scenarios`).flatMap((name) => reader.oneOrMore<Scenario>(name, "scenario")),
  };
}

/** Ids that stand twice inside the pack are still there twice: the cross checks tell them. */
function overlay(own: Items, pack: Items): Items {
  const over = <T extends { readonly id: string | null }>(
    under: readonly Sourced<T>[],
    above: readonly Sourced<T>[],
  ) => {
    const replaced = new Set(above.map(({ item }) => item.id));
    return [...under.filter(({ item }) => !replaced.has(item.id)), ...above];
  };
  return {
    rows: over(own.rows, pack.rows),
    conditions: over(own.conditions, pack.conditions),
    perimeters: over(own.perimeters, pack.perimeters),
    scenarios: over(own.scenarios, pack.scenarios),
  };
}

function overlaidBy(own: Items, pack: Items): Overlaid[] {
  const of = (
    kind: Overlaid["kind"],
    under: readonly Sourced<{ readonly id: string | null }>[],
    above: readonly Sourced<{ readonly id: string | null }>[],
  ) => {
    const known = new Set(under.map(({ item }) => item.id));
    return above.flatMap(({ item: { id } }) => (id === null ? [] : [{ kind, id, replaces: known.has(id) }])).sort(byId);
  };
  return [
    ...of("perimeter", own.perimeters, pack.perimeters),
    ...of("requirement", own.rows, pack.rows),
    ...of("condition", own.conditions, pack.conditions),
    ...of("scenario", own.scenarios, pack.scenarios),
  ];
}

/** A row without an id can be in no perimeter: in our own register it is a gap, in a pack a slip. */
function namelessRows({ rows }: Items): Problem[] {
  return rows
    .filter((row) => !isIdentified(row))
    .map((row) => ({
      what: "a row of a rule pack has no id",
      where: row.file.where([...row.at, "id"]),
      mend: "Give it one.",
    }));
}

function isIdentified(row: Sourced<Requirement | UnidentifiedRequirement>): row is Sourced<Requirement> {
  return row.item.id !== null;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return byCodeUnit(a.id, b.id);
}

function withSupports<T extends Requirement | UnidentifiedRequirement>(row: Sourced<T>): Sourced<T> {
  return { ...row, item: { ...row.item, supports: row.item.supports ?? [] } };
}

/** Where YAML files come from: the package, or a rule pack already read. */
interface Source {
  /** Names with `/`, sorted, of the YAML files under a folder; none when the folder is missing. */
  names(folder: string): string[];
  text(name: string): string;
  /** The name as messages show it. */
  shown(name: string): string;
}

function packageFiles(root: string): Source {
  return {
    shown: (name) => name,
    names(folder) {
      try {
        return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".yaml"))
          .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
          .sort(byCodeUnit);
      } catch {
        return [];
      }
    },
    text(name) {
      try {
        return readFileSync(path.join(root, name), "utf8");
      } catch (cause) {
        throw new SuiteError("ERR_SPEC", "a file of the suite cannot be read", {
          where: name,
          mend: "Install again.",
          cause,
        });
      }
    },
  };
}

function packFiles({ folder, files }: OverlayFiles): Source {
  return {
    shown: (name) => path.join(folder, name),
    names: (inside) => [...files.keys()].filter((name) => name.startsWith(`${inside}/`)).sort(byCodeUnit),
    text: (name) => files.get(name) ?? "",
  };
}

class Reader {
  readonly problems: Problem[] = [];
  private readonly source: Source;
  private readonly schemas: Schemas;

  constructor(source: Source, schemas: Schemas) {
    this.source = source;
    this.schemas = schemas;
  }

  names(folder: string): string[] {
    return this.source.names(folder);
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
    const file = this.yaml(name);
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
    const file = this.yaml(name);
    const found = this.schemas.problems(schema, file);
    this.problems.push(...found);
    return found.length > 0 ? null : file;
  }

  private yaml(name: string): YamlFile {
    return readYaml(this.source.text(name), this.source.shown(name));
  }
}

function located<T extends object>(item: T, file: YamlFile, at: readonly (string | number)[]): Sourced<T> {
  const origin = file.where(at).replace(/:\d+( \(.*\))?$/, "");
  return { item: { ...item, origin }, file, at };
}
