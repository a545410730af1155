import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { packageRoot } from "../../core/model/index.js";
import { openSchemas, type SchemaName } from "../../core/plan/index.js";

const folder = path.join(packageRoot(), "specs", "schemas");
const names = readdirSync(folder).map((file) => file.replace(/\.schema\.json$/, "") as SchemaName);

/** Every subschema that describes an object. */
function* objects(schema: unknown, at: string): Generator<{ schema: Record<string, unknown>; at: string }> {
  if (Array.isArray(schema)) {
    for (const [index, item] of schema.entries()) yield* objects(item, `${at}/${index}`);
  } else if (typeof schema === "object" && schema !== null) {
    const record = schema as Record<string, unknown>;
    if ("properties" in record && "required" in record) yield { schema: record, at };
    for (const [key, value] of Object.entries(record)) if (key !== "enum") yield* objects(value, `${at}/${key}`);
  }
}

describe("the JSON Schemas", () => {
  const schemas = openSchemas(folder);

  for (const name of names) {
    it(`${name} is a 2020-12 schema that compiles in strict mode and refuses unknown keys everywhere`, () => {
      const text = readFileSync(path.join(folder, `${name}.schema.json`), "utf8");
      const schema = JSON.parse(text) as Record<string, unknown>;
      expect(schema.$schema).to.equal("https://json-schema.org/draft/2020-12/schema");
      expect(schemas.validator(name)).to.be.a("function");
      for (const found of objects(schema, name)) {
        expect(found.schema.additionalProperties, found.at).to.equal(false);
      }
    });
  }

  it("describe each kind of record of a recording", () => {
    const range = { stream: "c0001.in", start: 0, end: 12 };
    const at = "2026-11-21T18:25:00.000Z";
    const exchange = {
      id: "x0001",
      connection: "c0001",
      direction: "in",
      service: "ins",
      operation: "ins.search",
      scenario: "ins-traits#1",
      startedAt: at,
      endedAt: at,
      request: range,
      response: null,
      complete: true,
      faults: [],
    };
    const segment = { connection: "c0001", at, direction: "in", phase: "tls", start: 0, end: 12 };
    for (const [kind, record] of Object.entries({ exchange, segment })) {
      const validate = schemas.validator("recording", kind);
      expect(validate(record), kind).to.equal(true);
      expect(validate({ ...record, extra: 1 }), kind).to.equal(false);
    }
    const event = schemas.validator("recording", "event");
    const step = { id: "e0001", at, kind: "step.begin", scenario: "ins-traits#1", exchange: null };
    expect(event({ ...step, data: { step: 0, operation: "ins.search", input: {} } })).to.equal(true);
    expect(event({ ...step, data: { operation: "ins.search", input: {} } })).to.equal(false);
  });
});
