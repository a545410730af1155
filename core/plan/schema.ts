/** Validation by the JSON Schemas of specs/schemas, told in plain words with the place and the mend. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { SuiteError } from "../model/index.js";
import { nearest, type Problem } from "./problems.js";
import type { Path, YamlFile } from "./yaml.js";

export type SchemaName =
  | "requirements"
  | "conditions"
  | "perimeter"
  | "scenario"
  | "segur"
  | "dossier"
  | "dossier-view"
  | "result"
  | "recording"
  | "mock"
  | "check"
  | "official"
  | "coverage"
  | "plan"
  | "patients"
  | "professionals"
  | "bundle"
  | "run"
  | "challenge"
  | "countersignature"
  | "baseline"
  | "diff"
  | "specs-diff"
  | "specs-import"
  | "trust"
  | "rules"
  | "review"
  | "label"
  | "verification"
  | "revocations"
  | "campaign";

export interface Schemas {
  /** Mistakes in a value read from YAML (or from JSON, given as a YamlFile). Empty when it is valid. */
  problems(schema: SchemaName, file: YamlFile, base?: Path): Problem[];
  /** The compiled schema itself, or one of its `$defs`. */
  validator(schema: SchemaName, definition?: string): ValidateFunction;
}

/** `folder`: specs/schemas of the package. Throws SuiteError ERR_SPEC when a schema is missing or broken. */
export function openSchemas(folder: string): Schemas {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictTypes: false, strictRequired: false });
  const loaded = new Set<SchemaName>();
  const validator = (name: SchemaName, definition?: string): ValidateFunction => {
    const file = path.join(folder, `${name}.schema.json`);
    const id = `https://segur.invalid/schemas/${name}.schema.json`;
    try {
      if (!loaded.has(name)) {
        ajv.addSchema(JSON.parse(readFileSync(file, "utf8")) as object);
        loaded.add(name);
      }
      const found = ajv.getSchema(definition === undefined ? id : `${id}#/$defs/${definition}`);
      if (found) return found;
    } catch (cause) {
      throw new SuiteError("ERR_SPEC", "a schema cannot be used", { where: file, mend: "Install again.", cause });
    }
    throw new SuiteError("ERR_SPEC", `the schema has no definition "${definition}"`, { where: file });
  };
  return {
    validator,
    problems(schema, file, base = []) {
      if (file.problems.length > 0) return [...file.problems];
      const validate = validator(schema);
      const value = base.reduce<unknown>((at, part) => (at as Record<string | number, unknown>)?.[part], file.value);
      if (validate(value)) return [];
      return tell(validate.errors ?? [], file, base);
    },
  };
}

/** Errors of composition only repeat their parts; a `oneOf` is told once by its description. */
function tell(errors: readonly ErrorObject[], file: YamlFile, base: Path): Problem[] {
  const composed = errors.filter((error) => error.keyword === "oneOf" || error.keyword === "anyOf");
  const inside = (error: ErrorObject) =>
    composed.some((outer) => error !== outer && error.schemaPath.startsWith(`${outer.schemaPath}/`));
  const problems: Problem[] = [];
  for (const error of errors) {
    if (inside(error) || error.keyword === "if" || error.keyword === "propertyNames") continue;
    if (misspelt(error, errors)) continue;
    problems.push(phrase(error, file, [...base, ...pointer(error.instancePath)]));
  }
  return problems;
}

/** A missing key that stands there under a misspelt name is told once, as the misspelling. */
function misspelt(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword !== "required") return false;
  const known = Object.keys((error.parentSchema as Parent | undefined)?.properties ?? {});
  return errors.some((other) => {
    if (other.keyword !== "additionalProperties" || other.instancePath !== error.instancePath) return false;
    return nearest(String(other.params.additionalProperty), known) === error.params.missingProperty;
  });
}

/** JSON pointer to path; digits stay text unless they index a list, which `where` does not need to know. */
function pointer(text: string): (string | number)[] {
  const parts = text.split("/").slice(1);
  return parts.map((part) => {
    const plain = part.replaceAll("~1", "/").replaceAll("~0", "~");
    return /^(0|[1-9]\d*)$/.test(plain) ? Number(plain) : plain;
  });
}

interface Parent {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

function phrase(error: ErrorObject, file: YamlFile, at: Path): Problem {
  const params = error.params as Record<string, unknown>;
  const parent = (error.parentSchema ?? {}) as Parent;
  const expected = parent.description === undefined ? "" : ` Expected: ${parent.description}.`;
  const here = file.where(at);
  switch (error.keyword) {
    case "additionalProperties": {
      const key = String(params.additionalProperty);
      const known = Object.keys(parent.properties ?? {});
      const near = nearest(key, known);
      return {
        what: `unknown key "${key}"`,
        where: file.where([...at, key], "key"),
        mend:
          near === undefined ? `Remove it. Known keys here: ${known.join(", ")}.` : `Write "${near}", or remove it.`,
      };
    }
    case "required":
      return {
        what: `the key "${String(params.missingProperty)}" is missing`,
        where: here,
        mend: `Add "${String(params.missingProperty)}".${property(parent, String(params.missingProperty))}`,
      };
    case "dependentRequired":
      return {
        what: `"${String(params.property)}" stands without "${String(params.deps)}"`,
        where: here,
        mend: `Add "${String(params.deps)}".`,
      };
    case "type":
      return {
        what: `${kindOf(error.data)} where ${typeName(params.type)} is expected`,
        where: here,
        mend: `Write ${typeName(params.type)}.${expected}`,
      };
    case "enum": {
      // A propertyNames error also comes as an enum error, with the key as data.
      const allowed = (params.allowedValues as unknown[]).map(String);
      const key = error.propertyName;
      const near = nearest(String(error.data), allowed);
      const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
      return {
        what: `${key === undefined ? "" : "key "}${shown(error.data)} is not one of the known values`,
        where: key === undefined ? here : file.where([...at, key], "key"),
        mend: `Write one of: ${allowed.join(", ")}.${hint}`,
      };
    }
    case "const":
      return {
        what: `${shown(error.data)} is not allowed`,
        where: here,
        mend: `Write ${shown(params.allowedValue)}, or leave it out.`,
      };
    case "pattern":
      return {
        what: `${shown(error.data)} has not the expected form`,
        where: here,
        mend: `${expected.trim() || "Write it as the documentation shows."}`,
      };
    case "minLength":
      return {
        what: error.data === "" ? "the text is empty" : "the text is too short",
        where: here,
        mend: `Write it out.${expected}`,
      };
    case "minItems":
      return { what: "the list is empty", where: here, mend: `Give at least ${String(params.limit)}.${expected}` };
    case "uniqueItems":
      return {
        what: "the list holds the same value twice",
        where: file.where([...at, Number(params.i)]),
        mend: "Keep one of them.",
      };
    case "minimum":
    case "maximum":
      return {
        what: `${shown(error.data)} is out of range`,
        where: here,
        mend: `Must be ${String(params.comparison)} ${String(params.limit)}.${expected}`,
      };
    default:
      return {
        what: "the value has not the expected shape",
        where: here,
        mend: expected.trim() || "See the schema in specs/schemas.",
      };
  }
}

function property(parent: Parent, key: string): string {
  const schema = parent.properties?.[key] as { description?: string } | undefined;
  return schema?.description === undefined ? "" : ` It is ${schema.description}.`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "a block of keys",
  null: "nothing",
};

function typeName(type: unknown): string {
  const names = (Array.isArray(type) ? type : [type]).map((one) => TYPE_NAMES[String(one)] ?? String(one));
  return names.join(" or ");
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing stands";
  if (Array.isArray(value)) return "a list stands";
  if (typeof value === "object") return "a block of keys stands";
  return `${shown(value)} stands`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
